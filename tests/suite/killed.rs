//! A load that is killed leaves the database as it was, and the next run completes.

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::harness::{Site, sampled, succeed};
use crate::table_hashes::table_hashes;

const FILES: [&str; 3] = [
    "sample/Pre2008.mdb",
    "sample/avall.mdb",
    "sample/PRE1982.MDB",
];

/// What was loaded when, and what was kept out then.
const LEDGER: [&str; 3] = ["load", "load_table", "reject"];

/// Moments at which the tool is killed; `WINDSOCK_KILLS` sets another number.
pub(crate) fn kills() -> u64 {
    let given = std::env::var("WINDSOCK_KILLS").ok();
    given.and_then(|number| number.parse().ok()).unwrap_or(5)
}

/// A share of the whole, spread over it without order but the same in every run.
pub(crate) fn moment(number: u64, of: u64) -> f64 {
    // Multiples of the golden ratio leave no large gaps.
    let part = (number as f64 * 0.618_033_988_75).fract();
    (number as f64 / of as f64 + part).fract()
}

/// The database without what a killed run may leave: everything.
fn remove(site: &Site) {
    succeed(site.windsock("postgres").args(["remove", "--yes"]));
    std::fs::remove_dir_all(site.folder.join(".windsock")).ok();
}

fn migrate(site: &Site) -> Command {
    let mut command = site.windsock("migrate");
    command.args(FILES).arg("--quiet");
    command
}

#[test]
fn a_killed_load_is_completed_by_the_next() {
    let undisturbed = sampled("load-undisturbed", 900, 4);
    remove(&undisturbed);
    succeed(&mut migrate(&undisturbed));
    // Once more with a cluster that exists: about as long as the runs that are killed take.
    let started = Instant::now();
    succeed(migrate(&undisturbed).arg("--replace"));
    let whole = started.elapsed();
    let expected = table_hashes(&mut undisturbed.postgres().client);
    assert!(expected["events"] != expected["aircraft"] && expected.len() > 25);

    let site = sampled("load-killed", 900, 4);
    remove(&site);
    let (mut unfinished, all) = (0, kills());
    for number in 0..all {
        let after = whole.mul_f64(moment(number, all));
        // Some find the rows of a run before, some remove them first, some begin with nothing.
        let replace = number % 3 == 1;
        let with = |command: &mut Command| {
            command.args(replace.then_some("--replace"));
        };
        let mut command = migrate(&site);
        with(&mut command);
        unfinished += u64::from(kill_after(&mut command, after));
        let mut next = migrate(&site);
        with(&mut next);
        succeed(&mut next);
        let mut found = table_hashes(&mut site.postgres().client);
        let mut expected = expected.clone();
        if !replace {
            // Files that a killed run had committed were loaded twice, and the ledger says so.
            for table in LEDGER {
                found.remove(table);
                expected.remove(table);
            }
        }
        assert_eq!(found, expected, "killed after {after:?}");
        if number % 3 == 2 {
            remove(&site);
        }
    }
    println!("{unfinished} of {all} runs killed before their end, of {whole:?} each");
    assert!(unfinished > 0, "every run had ended before it was killed");
    remove(&site);
}

/// Kills the command with SIGKILL; whether it was still running.
pub(crate) fn kill_after(command: &mut Command, after: Duration) -> bool {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    sleep(after);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}
