//! MDB files → PostgreSQL, every row accounted for.
//!
//! A file is one transaction: its tables are staged, checked and merged by natural key, parents
//! before children, and the ledger is written with them; the last file's takes the statistics along.
//! A run that fails or is killed leaves the database as it was. Files are told by their tables:
//! those with the tables of today, and the flat ones of before 1982 ([`pre1982`]).
//!
//! [`super::sync`] loads files in the same way and follows what they change.

mod bulk;
mod convert;
mod history;
mod ledger;
mod load;
mod merge;
mod pre1982;
mod report;
mod source;
mod staging;
mod statistics;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use postgres::Client;

use crate::fault::Fault;
use crate::progress::Progress;

pub use history::{Fate, Load, Touched};
pub use ledger::{last_load, recorded};
pub(super) use ledger::{record, when_seen};
pub(super) use load::{Loaded, Opened, load};
pub use report::{LoadReport, SourceFile, TableLoad};
pub(super) use source::Source;
pub use source::is_zip;
pub(super) use staging::{DIGEST, name as stage_name};
pub(super) use statistics::{are_stale, mark_stale, refresh};

/// What to do with the rows the database already holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Update them by key.
    Keep,
    /// Remove them first, in the transaction of the first file.
    Replace,
}

/// Name, hash and size of a source file, without loading it.
///
/// # Errors
/// If the file cannot be read or is a zip without exactly one MDB.
pub fn identify(file: &Path) -> Result<SourceFile> {
    Ok(Source::open(file)?.about)
}

/// Loads source files, in the order given.
///
/// # Errors
/// [`Fault::Input`] if a file is no eADMS database or the rows of a table do not add up; other
/// errors if PostgreSQL or the disk fails. Files before the failing one stay loaded.
pub fn run(
    client: &mut Client,
    files: &[PathBuf],
    existing: Existing,
    progress: Progress,
) -> Result<LoadReport> {
    for (position, path) in some(files)?.iter().enumerate() {
        let replace = existing == Existing::Replace && position == 0;
        let last = position + 1 == files.len();
        let source = Source::open(path)?;
        let name = source.about.name.clone();
        run_one(client, source, replace, last, progress)
            .with_context(|| format!("loading {name} (the database keeps its earlier state)"))?;
    }
    recorded(client)
}

/// The files, if there are any.
///
/// # Errors
/// [`Fault::Input`] if there are none.
pub fn some(files: &[PathBuf]) -> Result<&[PathBuf]> {
    if files.is_empty() {
        let fix = "name MDB files on the command line or under sources.files in windsock.toml";
        return Err(Fault::Input(format!("no source files: {fix}")).into());
    }
    Ok(files)
}

fn run_one(
    client: &mut Client,
    source: Source,
    replace: bool,
    last: bool,
    progress: Progress,
) -> Result<()> {
    let file = Opened::of(source)?;
    let mut transaction = client.transaction()?;
    if replace {
        ledger::empty(&mut transaction)?;
    }
    let loaded = load(&mut transaction, &file, false, progress)?;
    for table in &loaded.tables {
        record(&mut transaction, loaded.id, table)?;
    }
    if last {
        refresh(&mut transaction)?;
    } else {
        mark_stale(&mut transaction, loaded.id)?;
    }
    transaction.commit().context("committing the load")
}
