//! One source file into the database, within a transaction of the caller.

use anyhow::Result;
use dataset::schema::{self, Table};
use indicatif::ProgressBar;
use jet::{Database, FileSource};
use postgres::Transaction;

use super::bulk::Bulk;
use super::merge::{self, Load};
use super::source::Source;
use super::{SourceFile, TableLoad};
use super::{bulk, ledger, pre1982, staging};
use crate::fault::Fault;
use crate::progress::Progress;

/// A source file that can be read.
#[derive(Debug)]
pub(in crate::stage) struct Opened {
    pub(in crate::stage) about: SourceFile,
    database: Database<FileSource>,
    /// The eADMS tables that it holds, parents first; none in a file of before 1982.
    definitions: Vec<(&'static Table, jet::TableDef)>,
}

/// What became of a file.
#[derive(Debug)]
pub(in crate::stage) struct Loaded {
    /// Its `load_id`.
    pub(in crate::stage) id: i64,
    pub(in crate::stage) tables: Vec<TableLoad>,
    /// Tables of which every row could be read: what they do not have, the file does not have.
    pub(in crate::stage) complete: Vec<&'static Table>,
}

impl Opened {
    /// Reads the catalogue of a file.
    ///
    /// # Errors
    /// [`Fault::Input`] if it is no database of the NTSB.
    pub(in crate::stage) fn of(source: Source) -> Result<Self> {
        let about = source.about;
        let database = Database::open(FileSource::new(source.file)?)
            .map_err(|error| Fault::Input(format!("{}: {error}", about.name)))?;
        let definitions = if pre1982::is_held_by(&database) {
            Vec::new()
        } else {
            definitions(&database, &about.name)?
        };
        Ok(Self {
            about,
            database,
            definitions,
        })
    }

    /// Whether it has the flat tables of before 1982.
    pub(in crate::stage) fn is_early(&self) -> bool {
        self.definitions.is_empty()
    }
}

/// Loads a file and checks that its rows add up. The caller records the tables in the ledger.
///
/// With `changes`, `ntsb.change` tells what became of each row of the tables of today.
///
/// # Errors
/// [`Fault::Input`] if rows do not add up; other errors if PostgreSQL or the disk fails.
pub(in crate::stage) fn load(
    transaction: &mut Transaction<'_>,
    file: &Opened,
    changes: bool,
    progress: Progress,
) -> Result<Loaded> {
    let Opened {
        about, database, ..
    } = file;
    let id = ledger::begin(transaction, about)?;
    bulk::set_up(transaction)?;
    // A sync must neither keep readers out nor miss what changes.
    let mut bulk = if changes {
        Bulk::default()
    } else {
        bulk::begin(transaction, about.bytes)?
    };
    let mut loaded = Loaded {
        id,
        tables: Vec::new(),
        complete: Vec::new(),
    };
    if file.is_early() {
        loaded.tables = pre1982::load(transaction, id, database, about, progress)?;
    }
    let rows = file
        .definitions
        .iter()
        .map(|(_, source)| u64::from(source.row_count))
        .sum();
    let bar = progress.bar("migrate", rows);
    for (table, source) in &file.definitions {
        bar.set_message(format!("{} {}", about.name, table.name));
        let load = Load {
            id,
            source_file: &about.name,
            changes,
        };
        let keys = bulk.fresh.then(|| bulk.keys_of(table));
        let keys = keys.unwrap_or_default();
        let (result, complete) =
            load_table(transaction, load, &keys, database, table, source, &bar)?;
        loaded.tables.push(result);
        loaded.complete.extend(complete.then_some(*table));
    }
    bar.finish_and_clear();
    check(&about.name, &loaded.tables)?;
    bulk.finish(transaction)?;
    Ok(loaded)
}

/// How the rows fared, and whether all of them could be read. An empty table comes with the statements
/// that make its keys.
fn load_table(
    transaction: &mut Transaction<'_>,
    load: Load<'_>,
    keys: &[String],
    database: &Database<FileSource>,
    table: &Table,
    source: &jet::TableDef,
    bar: &ProgressBar,
) -> Result<(TableLoad, bool)> {
    let staged = staging::fill(transaction, table, database, source, bar)?;
    warn_of_drift(load.source_file, table, &staged);
    ledger::refuse(transaction, load.id, &table.sql_name(), &staged.refused)?;
    if table.name == "events" {
        ledger::date(transaction, load.id)?;
    }
    let merged = merge::merge(transaction, table, load, keys)?;
    let unread = staged.refused.len() as u64 + staged.counters.bad_rows;
    let result = TableLoad {
        source: load.source_file.to_owned(),
        table: table.sql_name(),
        declared: staged.declared,
        read: staged.counters.rows + staged.counters.bad_rows,
        inserted: merged.inserted,
        updated: merged.updated,
        unchanged: merged.unchanged,
        older: merged.older,
        rejected: merged.rejected + unread,
        deleted: 0,
        bad_pages: staged.counters.bad_pages,
        bad_cells: staged.counters.bad_cells,
        lossy_text: staged.counters.lossy_text,
    };
    Ok((result, unread == 0))
}

fn warn_of_drift(file: &str, table: &Table, staged: &staging::Staged) {
    let table = table.name;
    if !staged.unknown_columns.is_empty() {
        let names = staged.unknown_columns.join(", ");
        tracing::warn!("{file}: {table} has new columns, kept in extra: {names}");
    }
    if !staged.missing_columns.is_empty() {
        let names = staged.missing_columns.join(", ");
        tracing::warn!("{file}: {table} lacks columns, left NULL: {names}");
    }
}

fn check(file: &str, tables: &[TableLoad]) -> Result<()> {
    let mut faults = tables.iter().filter(|table| !table.adds_up());
    let Some(first) = faults.next() else {
        return Ok(());
    };
    Err(Fault::Input(format!(
        "rows of {file} do not add up in {} table(s); first {}: {} declared, {} read, {} bad pages",
        faults.count() + 1,
        first.table,
        first.declared,
        first.read,
        first.bad_pages,
    ))
    .into())
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
