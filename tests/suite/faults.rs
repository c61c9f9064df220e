//! Bad input and broken surroundings: one clear message, the right exit code, nothing lost.

use std::fs;
use std::io::Write;

use crate::harness::{fail, folder, sampled, site, succeed, tree, web_dir, windsock};

/// A `windsock build` of one file in a folder of its own.
fn build(name: &str, file: &str, content: &[u8]) -> std::process::Command {
    let folder = folder(name);
    fs::write(folder.join(file), content).unwrap();
    let mut command = windsock();
    command
        .current_dir(folder)
        .args(["build", file, "--web-dir"])
        .arg(web_dir());
    command
}

#[test]
fn a_file_that_is_no_database() {
    let message = fail(&mut build("no-mdb", "notes.mdb", b"Dear NTSB, ..."), 3);
    assert!(message.contains("notes.mdb"), "{message}");
    assert!(!folder("no-mdb").join("dist").exists());
}

#[test]
fn a_database_that_was_cut_short() {
    let whole = fs::read(site().folder.join("sample/avall.mdb")).unwrap();
    let cut = &whole[..whole.len() / 2];
    let message = fail(&mut build("cut", "avall.mdb", cut), 3);
    assert!(message.contains("avall.mdb"), "{message}");
}

#[test]
fn a_database_of_something_else() {
    let mut writer = jet::Writer::create(std::io::Cursor::new(Vec::new())).unwrap();
    let columns = [jet::ColumnSpec::text("name", 20)];
    let table = writer.begin_table("customers", &columns).unwrap();
    table.finish().unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    let message = fail(&mut build("foreign", "shop.mdb", &bytes), 3);
    assert!(
        message.contains("events") && message.contains("customers"),
        "{message}"
    );
}

#[test]
fn a_zip_without_a_database() {
    // The end record alone is a valid, empty zip; a local header marks it as one.
    let message = fail(
        &mut build("empty-zip", "avall.zip", b"PK\x03\x04 nothing"),
        3,
    );
    assert!(message.contains("avall.zip"), "{message}");
}

#[test]
fn a_file_that_does_not_exist() {
    let mut command = windsock();
    command
        .current_dir(folder("no-file"))
        .args(["build", "missing.mdb"]);
    let message = fail(&mut command, 3);
    assert!(message.contains("missing.mdb"), "{message}");
}

#[test]
fn no_file_at_all() {
    let mut command = windsock();
    let message = fail(command.current_dir(folder("no-file")).arg("build"), 3);
    assert!(message.contains("windsock.toml"), "{message}");
}

#[test]
fn an_unknown_key_in_the_configuration() {
    let folder = folder("bad-config");
    fs::write(folder.join("windsock.toml"), "[site]\nbaseurl = '/'\n").unwrap();
    let message = fail(windsock().current_dir(folder).arg("lake"), 3);
    assert!(
        message.contains("baseurl") && message.contains("base_url"),
        "{message}"
    );
}

#[test]
fn no_postgresql_on_the_machine() {
    let site = sampled("no-postgres", 20, 1);
    fs::write(
        site.folder.join("windsock.toml"),
        "[database]\nbin_dir = 'nowhere'\n",
    )
    .unwrap();
    let message = fail(&mut site.build(), 1);
    assert!(
        message.contains("apt-get install") && message.contains("--database-url"),
        "{message}"
    );
}

#[test]
fn a_postgresql_that_does_not_answer() {
    let site = sampled("no-server", 20, 1);
    let url = "host=/nonexistent user=nobody password=secret-word";
    let message = fail(site.build().args(["--database-url", url]), 1);
    assert!(message.contains("connecting to PostgreSQL"), "{message}");
    assert!(!message.contains("secret-word"), "{message}");
}

#[test]
fn an_output_that_cannot_be_written_is_reported_before_the_work_begins() {
    let site = sampled("unwritable", 20, 1);
    fs::write(site.folder.join("file"), "in the way").unwrap();
    let message = fail(site.build().args(["--output", "file/dist"]), 1);
    assert!(message.contains("writable"), "{message}");
    assert!(!site.folder.join(".windsock/migrate.json").exists());
}

#[test]
fn a_second_build_in_the_same_work_folder_is_told_who_is_first() {
    let site = sampled("locked", 20, 1);
    let work = site.folder.join(".windsock");
    fs::create_dir_all(&work).unwrap();
    let mut lock = fs::File::create(work.join("lock")).unwrap();
    lock.lock().unwrap();
    writeln!(lock, "4242").unwrap();
    let message = fail(&mut site.build(), 1);
    assert!(message.contains("process 4242"), "{message}");
}

#[test]
fn data_that_fails_validation_is_not_published() {
    let site = sampled("invalid", 60, 5);
    let mut migrate = site.windsock("migrate");
    succeed(migrate.args(["--replace", "sample/Pre2008.mdb", "sample/avall.mdb"]));
    succeed(&mut site.build());
    let before = tree(&site.dist());
    // An event of the far future, written where only validation can find it.
    let mut server = site.postgres();
    let spoil = "UPDATE ntsb.events SET ev_date = '2999-01-01'
                 WHERE ev_id = (SELECT min(ev_id) FROM ntsb.events)";
    server.client.execute(spoil, &[]).unwrap();
    let message = fail(&mut site.windsock("validate"), 4);
    assert!(message.contains("validation failed"), "{message}");
    assert_eq!(tree(&site.dist()), before);
}

#[test]
fn missing_browser_files() {
    let site = sampled("no-web", 60, 5);
    let message = fail(
        site.windsock("build")
            .args(["sample/avall.mdb", "--web-dir", "none"]),
        1,
    );
    assert!(message.contains("make web"), "{message}");
}

#[test]
fn hours_that_are_no_hours() {
    let site = sampled("hours", 20, 5);
    fs::write(
        site.folder.join("hours.csv"),
        "year,segment,far_parts,hours\n2008,Part 91,91,22000000\n",
    )
    .unwrap();
    let message = fail(site.build().args(["--exposure", "hours.csv"]), 3);
    assert!(
        message.contains("line 2") && message.contains("`91`"),
        "{message}"
    );
    assert!(
        !site.folder.join(".windsock/migrate.json").exists(),
        "nothing was loaded before the file was looked at"
    );
}

#[test]
fn spark_that_is_not_there() {
    let mut analyse = windsock();
    analyse
        .current_dir(folder("no-spark"))
        .args(["analyse", "--engine", "spark", "--spark-python"])
        .arg("./no-python");
    let message = fail(&mut analyse, 1);
    assert!(message.contains("pip install pyspark"), "{message}");
}
