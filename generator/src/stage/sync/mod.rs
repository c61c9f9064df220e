//! Newer files on top of what the database holds, and what they changed.
//!
//! A file is loaded as [`super::migrate`] loads it; within the same transaction it is told whether
//! the file is whole for the years it covers ([`coverage`]), rows that such a file no longer has
//! become tombstones ([`deletion`]), and `ntsb.change` is written. The statistics are refreshed after
//! the commit, while readers go on; `ntsb.stale_statistics` remembers it if the run is killed before.

mod change;
mod coverage;
mod deletion;
mod early;
mod report;
mod summary;
#[cfg(test)]
mod tests;

use anyhow::{Context, Result};
use postgres::{Client, Transaction};

use super::migrate::{self, Loaded, Opened, Source};
use crate::fetch::{Download, Location};
use crate::progress::Progress;

pub use change::Change;
pub use coverage::Coverage;
pub use report::{Applied, Outcome, SyncReport, SyncedFile};
pub use summary::Summary;

/// What a sync may do.
#[derive(Debug, Clone, Copy, Default)]
pub struct SyncOptions {
    /// Whether files are whole; `None` lets each be told by its events.
    pub whole: Option<bool>,
    /// Delete even if more than a slip of the rows would go.
    pub allow_mass_delete: bool,
    /// Load files that were loaded before.
    pub again: bool,
    /// Say what would change, and change nothing.
    pub dry_run: bool,
}

/// Brings the database up to date with `sources`, in the order given, and hands every change on.
///
/// # Errors
/// [`crate::fault::Fault::Input`] if a source cannot be used, its rows do not add up, or it would
/// delete more than is plausible; other errors if the network, PostgreSQL or the disk fails. Sources
/// before the failing one stay loaded, and are in `report`.
pub fn run(
    client: &mut Client,
    sources: &[Location],
    download: &Download,
    options: SyncOptions,
    progress: Progress,
    report: &mut SyncReport,
    on_change: &mut dyn FnMut(&Change) -> Result<()>,
) -> Result<()> {
    report.dry_run = options.dry_run;
    let synced = sources.iter().try_for_each(|location| {
        let path = location.file(download, progress)?;
        let source = Source::open(&path).inspect_err(|_| location.forget(download))?;
        let about = source.about.clone();
        let outcome = match migrate::when_seen(client, &about)?.filter(|_| !options.again) {
            Some(on) => Outcome::Seen { on },
            None => Outcome::Applied(apply(client, source, options, progress, on_change)?),
        };
        report.files.push(SyncedFile {
            from: location.to_string(),
            source: about,
            outcome,
        });
        anyhow::Ok(())
    });
    // What was loaded before a failure shows in the statistics, too.
    if !options.dry_run && migrate::are_stale(client)? {
        let bar = progress.bar("statistics", 1);
        let mut transaction = client.transaction()?;
        migrate::refresh(&mut transaction)?;
        transaction.commit().context("refreshing the statistics")?;
        bar.finish_and_clear();
        report.refreshed = true;
    }
    synced
}

fn apply(
    client: &mut Client,
    source: Source,
    options: SyncOptions,
    progress: Progress,
    on_change: &mut dyn FnMut(&Change) -> Result<()>,
) -> Result<Applied> {
    let file = Opened::of(source)?;
    let name = file.about.name.clone();
    let mut transaction = client.transaction()?;
    let applied = apply_within(&mut transaction, &file, options, progress, on_change)
        .with_context(|| format!("syncing {name} (the database keeps its earlier state)"))?;
    if options.dry_run {
        transaction.rollback()?;
    } else {
        transaction.commit().context("committing the sync")?;
    }
    Ok(applied)
}

fn apply_within(
    transaction: &mut Transaction<'_>,
    file: &Opened,
    options: SyncOptions,
    progress: Progress,
    on_change: &mut dyn FnMut(&Change) -> Result<()>,
) -> Result<Applied> {
    // On an empty database everything is new: that needs no telling row by row.
    let initial: bool = transaction
        .query_one("SELECT NOT EXISTS (SELECT FROM ntsb.load)", &[])?
        .get(0);
    let (mut loaded, coverage) = if file.is_early() {
        load_early(transaction, file, initial, options, progress)?
    } else {
        load(transaction, file, initial, options, progress)?
    };
    for table in &loaded.tables {
        migrate::record(transaction, loaded.id, table)?;
    }
    let events = change::read(transaction, loaded.id, &file.about.name, on_change)?;
    let applied = Applied {
        load_id: loaded.id,
        initial,
        coverage,
        events,
        tables: std::mem::take(&mut loaded.tables),
    };
    if applied.changed_anything() {
        migrate::mark_stale(transaction, applied.load_id)?;
    }
    Ok(applied)
}

fn load(
    transaction: &mut Transaction<'_>,
    file: &Opened,
    initial: bool,
    options: SyncOptions,
    progress: Progress,
) -> Result<(Loaded, Coverage)> {
    let mut loaded = migrate::load(transaction, file, !initial, progress)?;
    let coverage = coverage::tell(transaction, loaded.id, options.whole)?;
    if coverage.whole {
        deletion::delete(
            transaction,
            &mut loaded,
            &coverage,
            &file.about.name,
            options.allow_mass_delete,
        )?;
    }
    Ok((loaded, coverage))
}

/// Files of before 1982 are always whole, and replaced as a whole.
fn load_early(
    transaction: &mut Transaction<'_>,
    file: &Opened,
    initial: bool,
    options: SyncOptions,
    progress: Progress,
) -> Result<(Loaded, Coverage)> {
    if initial {
        let loaded = migrate::load(transaction, file, false, progress)?;
        return Ok((loaded, Coverage::default()));
    }
    early::remember(transaction)?;
    let mut loaded = migrate::load(transaction, file, true, progress)?;
    let coverage = early::follow(transaction, &mut loaded, options.allow_mass_delete)?;
    Ok((loaded, coverage))
}
