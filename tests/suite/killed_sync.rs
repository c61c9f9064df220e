//! Killing a sync at any moment: the next one completes what it began.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::harness::{Site, sampled, succeed};
use crate::table_hashes::table_hashes;

/// How often a sync is killed; more with `KILLS=20`.
const KILLS: u64 = 5;

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

    let kills = std::env::var("KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let mut seed = 17_u64;
    let mut interrupted = 0;
    for kill in 0..kills {
        begin(&site);
        // Knuth's constants; the upper bits as a share of the time that a whole sync takes.
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let moment = Duration::from_secs_f64(
            whole.as_secs_f64() * (seed >> 40) as f64 / f64::from(1_u32 << 24),
        );
        let mut running = sync(&site)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(moment);
        interrupted += u32::from(running.try_wait().unwrap().is_none());
        running.kill().unwrap();
        running.wait().unwrap();
        succeed(&mut sync(&site));
        let now = table_hashes(&mut site.postgres().client);
        assert_eq!(now, after, "kill {kill} after {moment:?} of {whole:?}");
    }
    assert!(interrupted > 0, "at least one sync was still running");
}
