//! `PRE1982.MDB`: the accidents of 1962 to 1981 in the tables of today.
//!
//! The file has one record an aircraft, cut in two halves, with codes of its own. Its rows are staged
//! as they are, checked, and brought into the modern tables by SQL; a code whose meaning is not
//! certain stays out of them. Whatever the file says is kept in `ntsb.pre1982_raw` as well, code
//! lists in `ntsb.ct_pre1982`.
//!
//! A file of this kind is always whole: what it gives takes the place of what an earlier one gave.

mod account;
mod stage;
#[cfg(test)]
mod tests;
mod transform;

use anyhow::{Context, Result};
use jet::{Database, FileSource};
use postgres::Transaction;

use self::stage::Part;
use super::ledger;
use super::{SourceFile, TableLoad};
use crate::progress::Progress;

/// Whether the database is of this kind.
pub(super) fn is_held_by(database: &Database<FileSource>) -> bool {
    stage::entry(database, Part::FirstHalf).is_some()
}

/// Loads the file and says how the rows of each of its tables fared.
///
/// # Errors
/// [`crate::fault::Fault::Input`] if a table has no column `RecNum`; other errors if the file cannot
/// be read or PostgreSQL fails.
pub(super) fn load(
    transaction: &mut Transaction<'_>,
    load_id: i64,
    database: &Database<FileSource>,
    about: &SourceFile,
    progress: Progress,
) -> Result<Vec<TableLoad>> {
    let mut found = Vec::new();
    for part in Part::ALL {
        let Some(name) = stage::entry(database, part) else {
            tracing::warn!("{} lacks table {}", about.name, part.name());
            transaction.batch_execute(&part.create())?;
            continue;
        };
        let definition = database
            .table(name)
            .with_context(|| format!("reading the definition of {name}"))?;
        found.push((part, definition));
    }

    let rows = found
        .iter()
        .map(|(_, source)| u64::from(source.row_count))
        .sum();
    let bar = progress.bar("migrate", rows);
    let mut staged = Vec::new();
    for (part, definition) in &found {
        bar.set_message(format!("{} {}", about.name, part.name()));
        let mut rows = stage::fill(transaction, *part, database, definition, &about.name, &bar)?;
        ledger::refuse(transaction, load_id, part.name(), &rows.refused)?;
        // The first half comes first, so that the others are checked against what is left of it.
        rows.rejected = account::reject(transaction, load_id, *part)?;
        staged.push(rows);
    }
    bar.finish_and_clear();

    let mut loads = Vec::new();
    for rows in &staged {
        loads.push(account::compare(transaction, rows, &about.name)?);
    }
    transform::run(transaction, &about.name)?;
    Ok(loads)
}
