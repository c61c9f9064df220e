//! Input that cannot be loaded, and surroundings that fail during a load: one clear message, the exit
//! code, and a database that is as it was.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use jet::{ColumnSpec, Kind, Value, Writer};

use crate::harness::{Site, fail, folder, sampled, succeed};
use crate::table_hashes::table_hashes;

/// A site whose database is loaded; its hashes.
fn loaded() -> &'static (Site, BTreeMap<String, String>) {
    static LOADED: OnceLock<(Site, BTreeMap<String, String>)> = OnceLock::new();
    LOADED.get_or_init(|| {
        let site = sampled("broken", 120, 3);
        succeed(
            site.windsock("migrate")
                .args(["--replace", "sample/avall.mdb"]),
        );
        let hashes = table_hashes(&mut site.postgres().client);
        (site, hashes)
    })
}

/// Tries to load a file into the loaded database, and returns the message.
fn refused(name: &str, content: &[u8]) -> String {
    let (site, before) = loaded();
    fs::write(site.folder.join(name), content).unwrap();
    // Keeps the server up, so that tests side by side do not stop it for each other.
    let mut server = site.postgres();
    let mut load = site.windsock("migrate");
    // The lock of the work folder is for one at a time.
    let work = format!("work-{name}");
    let url = succeed(site.windsock("postgres").arg("start"));
    load.args(["--quiet", "--work-dir", &work, "--database-url", url.trim()]);
    let message = fail(load.arg(name), 3);
    assert!(message.contains(name), "{message}");
    assert_eq!(message.trim().lines().count(), 1, "{message}");
    assert_eq!(&table_hashes(&mut server.client), before, "{message}");
    message
}

fn avall() -> Vec<u8> {
    fs::read(loaded().0.folder.join("sample/avall.mdb")).unwrap()
}

/// A database of one table with rows.
fn database_of(table: &str, columns: &[ColumnSpec], rows: &[Vec<Value>]) -> Vec<u8> {
    let mut writer = Writer::create(Cursor::new(Vec::new())).unwrap();
    let mut out = writer.begin_table(table, columns).unwrap();
    for row in rows {
        out.push(row).unwrap();
    }
    out.finish().unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn no_mdb() {
    let message = refused("letter.mdb", b"Dear NTSB, ...");
    assert!(
        message.contains("not a Microsoft Access database"),
        "{message}"
    );
}

#[test]
fn truncated_mdbs() {
    let whole = avall();
    // Within the catalogue, within the rows, and without the last page.
    for cut in [5_000, whole.len() / 2, whole.len() - 4096] {
        let message = refused(&format!("cut-{cut}.mdb"), &whole[..cut]);
        assert!(
            [
                "cut",
                "damaged",
                "missing",
                "add up",
                "shorter",
                "truncated"
            ]
            .iter()
            .any(|word| message.contains(word)),
            "{message}"
        );
    }
}

#[test]
fn a_zip_without_an_mdb() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("readme.txt", options).unwrap();
    zip.write_all(b"see elsewhere").unwrap();
    let message = refused("empty.zip", &zip.finish().unwrap().into_inner());
    assert!(message.contains("holds 0 .mdb files"), "{message}");
}

#[test]
fn encrypted_databases() {
    let mut other_key = avall();
    // The key's four bytes in the header; the pages are not encoded with it.
    other_key[0x3E] ^= 0x55;
    let message = refused("password.mdb", &other_key);
    assert!(message.contains("without password"), "{message}");

    let mut modern = avall();
    modern[4..19].copy_from_slice(b"Standard ACE DB");
    let message = refused("modern.mdb", &modern);
    assert!(message.contains("without a password"), "{message}");
}

#[test]
fn a_missing_table() {
    let columns = [ColumnSpec::text("ev_id", 14)];
    let rows = [vec![Value::Text("20200101X00001".to_owned())]];
    let message = refused("headless.mdb", &database_of("aircraft", &columns, &rows));
    assert!(message.contains("neither a table `events`"), "{message}");
}

#[test]
fn more_columns_than_access_has() {
    let columns: Vec<_> = (0..255)
        .map(|n| match n {
            0 => ColumnSpec::text("ev_id", 14),
            n => ColumnSpec::new(&format!("unknown_{n}"), Kind::Long),
        })
        .collect();
    let row = |id: &str| {
        let mut row = vec![Value::Text(id.to_owned())];
        row.extend((1..255).map(Value::Long));
        row
    };
    let mut wide = database_of("events", &columns, &[row("20300101X00001")]);
    // As many as there can be are carried as columns that the schema does not know.
    let site = Site {
        folder: folder("wide"),
    };
    fs::write(site.folder.join("wide.mdb"), &wide).unwrap();
    succeed(site.windsock("migrate").args(["--replace", "wide.mdb"]));
    let carried = "SELECT count(*) FROM ntsb.events, jsonb_object_keys(extra)";
    let row = site.postgres().client.query_one(carried, &[]).unwrap();
    assert_eq!(row.get::<_, i64>(0), 254);

    let definition = wide
        .chunks_mut(4096)
        .find(|page| page[0] == 2 && page[0x2D..0x2F] == 255u16.to_le_bytes())
        .unwrap();
    definition[0x2D..0x2F].copy_from_slice(&300u16.to_le_bytes());
    let message = refused("wider.mdb", &wide);
    assert!(message.contains("255 columns"), "{message}");
}

/// The folder of a site's private cluster.
fn home(site: &Site) -> PathBuf {
    let status = succeed(site.windsock("postgres").arg("status"));
    let (_, home) = status.trim().split_once("data in ").unwrap();
    Path::new(home).to_owned()
}

#[test]
fn postgresql_killed_in_the_middle() {
    let site = sampled("gone", 900, 6);
    succeed(
        site.windsock("migrate")
            .args(["--replace", "sample/PRE1982.MDB"]),
    );
    let before = table_hashes(&mut site.postgres().client);
    // Keeps running between the commands, so that there is a process to kill.
    let mut server = site.postgres();
    let mut load = site.windsock("migrate");
    load.args(["--quiet", "sample/Pre2008.mdb"]);
    let mut child = load
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let busy = "SELECT count(*) FROM pg_stat_activity
                WHERE pid <> pg_backend_pid() AND xact_start IS NOT NULL AND query ~ 'stage_'";
    while server.client.query_one(busy, &[]).unwrap().get::<_, i64>(0) == 0 {
        assert!(child.try_wait().unwrap().is_none(), "the load has ended");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let lock = fs::read_to_string(home(&site).join("data/postmaster.pid")).unwrap();
    let postmaster = lock.lines().next().unwrap();
    let killed = Command::new("kill")
        .args(["-9", postmaster])
        .status()
        .unwrap();
    assert!(killed.success());

    let output = child.wait_with_output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(
        message.contains("PostgreSQL ended in the middle"),
        "{message}"
    );
    assert!(message.contains("keeps its earlier state"), "{message}");
    drop(server);
    assert_eq!(table_hashes(&mut site.postgres().client), before);
    succeed(site.windsock("migrate").arg("sample/Pre2008.mdb"));
    succeed(site.windsock("postgres").args(["remove", "--yes"]));
    assert!(!home(&site).exists());
}

#[test]
fn lock_files_of_a_crashed_server() {
    let site = sampled("crashed", 60, 6);
    succeed(
        site.windsock("migrate")
            .args(["--replace", "sample/avall.mdb"]),
    );
    let before = table_hashes(&mut site.postgres().client);
    // As after a crash of the machine: the number in the lock belongs to something else now.
    let other = std::process::id();
    let lock = home(&site).join("data/postmaster.pid");
    fs::write(&lock, format!("{other}\n/nowhere\n1\n5432\n/tmp\n\n\n")).unwrap();
    assert!(succeed(site.windsock("postgres").arg("status")).starts_with("Stopped"));
    assert_eq!(table_hashes(&mut site.postgres().client), before);
}

/// A small file system of its own, where mounting is allowed.
struct Mount(PathBuf);

impl Mount {
    fn at(place: PathBuf, megabytes: u32) -> Option<Self> {
        fs::create_dir_all(&place).unwrap();
        let size = format!("size={megabytes}m");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(&place);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: no file system can be mounted here");
        }
        mounted.then_some(Self(place))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        Command::new("umount").arg(&self.0).status().ok();
    }
}

#[test]
fn no_space_to_unpack_into() {
    let site = sampled("no-space", 120, 3);
    // Where everybody may go: the server, which is not root, has its socket in it.
    let place = std::env::temp_dir().join("windsock-suite-no-space");
    let Some(mount) = Mount::at(place, 1) else {
        return;
    };
    let mut zip = zip::ZipWriter::new(fs::File::create(site.folder.join("a.zip")).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("avall.mdb", options).unwrap();
    zip.write_all(&fs::read(site.folder.join("sample/avall.mdb")).unwrap())
        .unwrap();
    zip.finish().unwrap();
    let mut load = site.windsock("migrate");
    let message = fail(load.args(["--quiet", "a.zip"]).env("TMPDIR", &mount.0), 1);
    assert!(message.contains("no space left"), "{message}");
}

#[test]
fn no_space_for_postgresql() {
    let site = sampled("full-disk", 900, 3);
    succeed(site.windsock("postgres").args(["remove", "--yes"]));
    let Some(mount) = Mount::at(home(&site), 220) else {
        return;
    };
    succeed(site.windsock("migrate").arg("sample/PRE1982.MDB"));
    let before = table_hashes(&mut site.postgres().client);
    let ballast = mount.0.join("ballast");
    let free = free_bytes(&mount.0) - (6 << 20);
    fs::write(&ballast, vec![0; free]).unwrap();

    let message = fail(
        site.windsock("migrate")
            .args(["--quiet", "sample/Pre2008.mdb"]),
        1,
    );
    assert!(
        message.contains("no space left where PostgreSQL"),
        "{message}"
    );
    fs::remove_file(&ballast).unwrap();
    assert_eq!(table_hashes(&mut site.postgres().client), before);
    succeed(site.windsock("migrate").arg("sample/Pre2008.mdb"));
    succeed(site.windsock("postgres").arg("stop"));
}

/// Free bytes of a file system.
fn free_bytes(place: &Path) -> usize {
    let mut df = Command::new("df");
    let output = succeed(df.args(["--output=avail", "-B1"]).arg(place));
    output.lines().nth(1).unwrap().trim().parse().unwrap()
}
