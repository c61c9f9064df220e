//! MDB files → PostgreSQL, every row accounted for.
//!
//! A file is one transaction: its tables are staged, checked and merged by natural key, parents
//! before children, and the ledger is written with them; the last file's takes the statistics along.
//! A run that fails or is killed leaves the database as it was. Files are told by their tables:
//! those with the tables of today, and the flat ones of before 1982 ([`pre1982`]).

mod bulk;
mod convert;
mod ledger;
mod merge;
mod pre1982;
mod report;
mod source;
mod staging;
mod statistics;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use anyhow::{Context, Result};
use dataset::schema::{self, Table};
use indicatif::ProgressBar;
use jet::{Database, FileSource};
use postgres::{Client, Transaction};

use self::source::Source;
use crate::fault::Fault;
use crate::progress::Progress;

pub use ledger::recorded;
pub use report::{LoadReport, SourceFile, TableLoad};

/// What to do with the rows the database already holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Update them by key.
    Keep,
    /// Remove them first, in the transaction of the first file.
    Replace,
}

/// Names, hashes and sizes of source files, without loading them.
///
/// # Errors
/// If a file cannot be read or is a zip without exactly one MDB.
pub fn identify(files: &[PathBuf]) -> Result<Vec<SourceFile>> {
    some(files)?
        .iter()
        .map(|path| Ok(Source::open(path)?.about))
        .collect()
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
        load(client, source, replace, last, progress)
            .with_context(|| format!("loading {name} (the database keeps its earlier state)"))?;
    }
    recorded(client)
}

/// The files, if there are any.
fn some(files: &[PathBuf]) -> Result<&[PathBuf]> {
    if files.is_empty() {
        let fix = "name MDB files on the command line or under sources.files in windsock.toml";
        return Err(Fault::Input(format!("no source files: {fix}")).into());
    }
    Ok(files)
}

fn load(
    client: &mut Client,
    source: Source,
    replace: bool,
    refresh: bool,
    progress: Progress,
) -> Result<()> {
    let about = source.about;
    let database = Database::open(FileSource::new(source.file)?)
        .map_err(|error| Fault::Input(format!("{}: {error}", about.name)))?;
    let early = pre1982::is_held_by(&database);
    let definitions = if early {
        Vec::new()
    } else {
        definitions(&database, &about.name)?
    };

    let mut transaction = client.transaction()?;
    if replace {
        transaction.batch_execute(&truncate())?;
    }
    let load_id = ledger::begin(&mut transaction, &about)?;
    bulk::set_up(&mut transaction)?;
    let mut bulk = bulk::begin(&mut transaction, about.bytes)?;
    let mut faults = Vec::new();
    if early {
        for result in pre1982::load(&mut transaction, load_id, &database, &about, progress)? {
            ledger::record(&mut transaction, load_id, &result)?;
            faults.extend(Some(result).filter(|result| !result.adds_up()));
        }
    }
    let rows = definitions
        .iter()
        .map(|(_, source)| u64::from(source.row_count))
        .sum();
    let bar = progress.bar("migrate", rows);
    for (table, source) in &definitions {
        bar.set_message(format!("{} {}", about.name, table.name));
        let result = load_table(
            &mut transaction,
            load_id,
            &database,
            table,
            source,
            &about,
            bulk.fresh.then(|| bulk.keys_of(table)),
            &bar,
        )?;
        ledger::record(&mut transaction, load_id, &result)?;
        faults.extend(Some(result).filter(|result| !result.adds_up()));
    }
    bar.finish_and_clear();
    if let Some(fault) = faults.first() {
        return Err(Fault::Input(format!(
            "rows of {} do not add up in {} table(s); first {}: {} declared, {} read, {} bad pages",
            about.name,
            faults.len(),
            fault.table,
            fault.declared,
            fault.read,
            fault.bad_pages,
        ))
        .into());
    }
    bulk.finish(&mut transaction)?;
    if refresh {
        statistics::refresh(&mut transaction)?;
    }
    transaction.commit().context("committing the load")
}

#[expect(
    clippy::too_many_arguments,
    reason = "one line each of what a table is loaded with"
)]
fn load_table(
    transaction: &mut Transaction<'_>,
    load_id: i64,
    database: &Database<FileSource>,
    table: &Table,
    source: &jet::TableDef,
    about: &SourceFile,
    keys: Option<Vec<String>>,
    bar: &ProgressBar,
) -> Result<TableLoad> {
    let staged = staging::fill(transaction, table, database, source, bar)?;
    if !staged.unknown_columns.is_empty() {
        let names = staged.unknown_columns.join(", ");
        tracing::warn!(
            "{}: {} has new columns, kept in extra: {names}",
            about.name,
            table.name
        );
    }
    if !staged.missing_columns.is_empty() {
        let names = staged.missing_columns.join(", ");
        tracing::warn!(
            "{}: {} lacks columns, left NULL: {names}",
            about.name,
            table.name
        );
    }
    ledger::refuse(transaction, load_id, &table.sql_name(), &staged.refused)?;
    let merged = merge::merge(transaction, table, load_id, &about.name, keys.as_deref())?;
    let refused = staged.refused.len() as u64;
    Ok(TableLoad {
        source: about.name.clone(),
        table: table.sql_name(),
        declared: staged.declared,
        read: staged.counters.rows + staged.counters.bad_rows,
        inserted: merged.inserted,
        updated: merged.updated,
        unchanged: merged.unchanged,
        rejected: merged.rejected + refused + staged.counters.bad_rows,
        bad_pages: staged.counters.bad_pages,
        bad_cells: staged.counters.bad_cells,
        lossy_text: staged.counters.lossy_text,
    })
}

/// The eADMS tables that the file holds, parents first.
fn definitions(
    database: &Database<FileSource>,
    name: &str,
) -> Result<Vec<(&'static Table, jet::TableDef)>> {
    let mut found = Vec::new();
    let mut absent = Vec::new();
    for table in schema::tables() {
        if database
            .tables()
            .iter()
            .any(|entry| entry.name.eq_ignore_ascii_case(table.name))
        {
            let definition = database
                .table(table.name)
                .map_err(|error| Fault::Input(format!("{name}, table {}: {error}", table.name)))?;
            found.push((table, definition));
        } else {
            absent.push(table.name);
        }
    }
    if !found.iter().any(|(table, _)| table.name == "events") {
        let tables: Vec<&str> = database.tables().iter().map(|t| t.name.as_str()).collect();
        return Err(Fault::Input(format!(
            "{name} is no NTSB database: it has neither a table `events` (avall, Pre2008) nor \
             `tblFirstHalf` (PRE1982); its tables: {}",
            tables.join(", ")
        ))
        .into());
    }
    if !absent.is_empty() {
        tracing::warn!("{name} lacks tables: {}", absent.join(", "));
    }
    Ok(found)
}

fn truncate() -> String {
    let tables: Vec<String> = schema::tables()
        .iter()
        .map(|table| format!("ntsb.{}", table.sql_name()))
        .collect();
    format!(
        "TRUNCATE {}, ntsb.pre1982_raw, ntsb.ct_pre1982, ntsb.pre1982_occurrences, \
         ntsb.pre1982_causes, ntsb.load, ntsb.load_table, ntsb.reject",
        tables.join(", ")
    )
}
