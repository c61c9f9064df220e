//! `windsock sync`.

use std::fs::File;
use std::io;

use anyhow::Result;
use serde_json::{Value as Json, json};

use super::BY_HAND;
use super::table;
use crate::cli::SyncArgs;
use crate::config::Config;
use crate::fault::Fault;
use crate::fetch::{self, Download};
use crate::postgres::{Database, describe, lock};
use crate::progress::Progress;
use crate::stage::migrate;
use crate::stage::sync::{self, Applied, Outcome, Summary, SyncOptions, SyncReport, SyncedFile};
use crate::text::{plural, thousands};
use crate::workdir::WorkDir;

/// Syncs, writes the summary, tells the webhook however it ended, and prints the result.
pub(super) fn run(config: &Config, args: &SyncArgs, progress: Progress) -> Result<()> {
    let mut report = SyncReport::default();
    let synced = sync(config, args, progress, &mut report);
    if let Some(webhook) = &config.webhook {
        let error = synced.as_ref().err().map(|error| format!("{error:#}"));
        fetch::notify(webhook, &notice(&report, error.as_deref()));
    }
    synced
}

fn sync(
    config: &Config,
    args: &SyncArgs,
    progress: Progress,
    report: &mut SyncReport,
) -> Result<()> {
    if config.sync_sources.is_empty() {
        let fix = "name files or URLs on the command line or under sync.sources in windsock.toml";
        return Err(Fault::Input(format!("nothing to sync with: {fix}")).into());
    }
    let work = WorkDir::open(&config.work_dir)?;
    work.hold_for("sync", &describe(config))?;
    let mut database = Database::open(config)?;
    lock(&mut database.client, "sync")?;

    let download =
        Download::into_folder(work.downloads(), u64::from(args.max_download) * 1_000_000);
    let options = SyncOptions {
        whole: match (args.full, args.partial) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        },
        allow_mass_delete: args.allow_mass_delete,
        again: args.again,
        dry_run: args.dry_run,
    };
    let mut summary = Summary::begin(&work.sync_summary())?;
    let synced = sync::run(
        &mut database.client,
        &config.sync_sources,
        &download,
        options,
        progress,
        report,
        &mut |change| summary.add(change),
    );
    let error = synced.as_ref().err().map(|error| format!("{error:#}"));
    summary.finish(report, error.as_deref())?;
    if !args.dry_run {
        let load = migrate::recorded(&mut database.client)?;
        work.record("migrate", BY_HAND, &load)?;
    }
    if args.json {
        let mut file = File::open(work.sync_summary())?;
        io::copy(&mut file, &mut io::stdout().lock())?;
    } else {
        print(report);
    }
    synced
}

/// What the webhook is told: the summary without the single rows.
fn notice(report: &SyncReport, error: Option<&str>) -> Json {
    let status = match error {
        Some(_) => "failed",
        None if report.changed_anything() => "changed",
        None => "unchanged",
    };
    json!({ "windsock": "sync", "status": status, "error": error, "report": report })
}

fn print(report: &SyncReport) {
    for file in &report.files {
        match &file.outcome {
            Outcome::Seen { on } => println!(
                "{}: loaded before, on {on}; --again loads it once more",
                file.from
            ),
            Outcome::Applied(applied) => print_applied(file, applied),
        }
    }
    if report.dry_run {
        println!("nothing was changed: this was a dry run");
    } else if report.refreshed {
        println!("statistics refreshed");
    }
}

fn print_applied(file: &SyncedFile, applied: &Applied) {
    let rows: Vec<Vec<String>> = applied
        .tables
        .iter()
        .map(|table| {
            let numbers = [
                table.read,
                table.inserted,
                table.updated,
                table.unchanged,
                table.older,
                table.rejected,
                table.deleted,
            ];
            std::iter::once(table.table.clone())
                .chain(numbers.map(thousands))
                .collect()
        })
        .collect();
    let header = [
        "table",
        "read",
        "inserted",
        "updated",
        "unchanged",
        "of which older",
        "rejected",
        "deleted",
    ];
    println!("{}:", file.from);
    println!("{}", table::format(&header, &rows, 1));
    println!("{}", describe_coverage(applied));
    if applied.initial {
        println!("the database was empty: everything is new");
    } else {
        println!("{} changed", plural(applied.events, "event"));
    }
}

fn describe_coverage(applied: &Applied) -> String {
    let coverage = &applied.coverage;
    let known = format!(
        "{} of {} known",
        thousands(coverage.found),
        plural(coverage.known, "event")
    );
    let deleted: u64 = applied.tables.iter().map(|table| table.deleted).sum();
    match coverage.years {
        Some((first, last)) if coverage.whole => format!(
            "a whole file for {first} to {last} ({known}): {} deleted",
            plural(deleted, "row")
        ),
        None if coverage.whole => format!(
            "a whole file ({known}): {} deleted",
            plural(deleted, "record")
        ),
        _ => "not a whole file: nothing deleted".to_owned(),
    }
}
