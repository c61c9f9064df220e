//! Killing a sync at any moment: the next one completes what it began.

use std::fs;
use std::process::Command;
use std::time::Instant;

use crate::harness::{Site, sampled, succeed};
use crate::killed::{kill_after, kills, moment};
use crate::table_hashes::table_hashes;

/// The state before: the whole files, and an event that the next edition of avall has not.
fn begin(site: &Site) {
    let mut migrate = site.windsock("migrate");
    succeed(migrate.args(["--replace", "sample/Pre2008.mdb", "sample/avall.mdb"]));
    let mut server = site.postgres();
    let columns: Vec<String> = dataset::schema::table("events")
        .unwrap()
        .columns
        .iter()
        .map(dataset::schema::Column::sql_name)
        .filter(|name| name != "ev_id")
        .collect();
    let columns = columns.join(", ");
    server
        .client
        .batch_execute(&format!(
            "INSERT INTO ntsb.events (ev_id, {columns}, row_sha256, source_file)
             SELECT 'gone', {columns}, 'x', source_file FROM ntsb.events
             WHERE ev_id = (SELECT max(ev_id) FROM ntsb.events WHERE source_file = 'avall.mdb')"
        ))
        .unwrap();
}

fn sync(site: &Site) -> Command {
    let mut sync = site.windsock("sync");
    sync.args(["sample/up08JAN.mdb", "second/avall.mdb"]);
    sync
}

#[test]
fn a_killed_sync_is_completed_by_the_next() {
    let site = sampled("killed-sync", 600, 3);
    // The same rows in a file of another hash: a page that belongs to nothing.
    let mut second = fs::read(site.folder.join("sample/avall.mdb")).unwrap();
    second.extend([0; 4096]);
    fs::create_dir_all(site.folder.join("second")).unwrap();
    fs::write(site.folder.join("second/avall.mdb"), second).unwrap();

    begin(&site);
    let before = table_hashes(&mut site.postgres().client);
    let start = Instant::now();
    succeed(&mut sync(&site));
    let whole = start.elapsed();
    let after = table_hashes(&mut site.postgres().client);
    for table in ["events", "change", "tombstone", "yearly_statistics", "load"] {
        assert_ne!(before[table], after[table], "{table}");
    }

    let (mut interrupted, all) = (0, kills());
    for number in 0..all {
        begin(&site);
        let moment = whole.mul_f64(moment(number, all));
        interrupted += u64::from(kill_after(&mut sync(&site), moment));
        succeed(&mut sync(&site));
        let now = table_hashes(&mut site.postgres().client);
        assert_eq!(now, after, "killed after {moment:?} of {whole:?}");
    }
    println!("{interrupted} of {all} runs killed before their end, of {whole:?} each");
    assert!(interrupted > 0, "every run had ended before it was killed");
}
