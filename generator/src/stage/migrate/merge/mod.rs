//! Temporary table → its place in schema `ntsb`: rejects, then an upsert by natural key.

mod statements;

use anyhow::{Context, Result};
use dataset::schema::Table;
use postgres::Transaction;

use self::statements::Statements;

/// The load that rows belong to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load<'a> {
    pub(super) id: i64,
    pub(super) source_file: &'a str,
    /// Whether `ntsb.change` is to tell what became of each row.
    pub(super) changes: bool,
}

/// How the staged rows fared.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) inserted: u64,
    pub(super) updated: u64,
    pub(super) unchanged: u64,
    /// Of the unchanged: the database holds a newer state, or a newer file had them no longer.
    pub(super) older: u64,
    pub(super) rejected: u64,
}

/// Moves staged rows of `table` into schema `ntsb`.
///
/// Kept out and recorded in `ntsb.reject`: rows without a complete key, rows with whose key the file
/// has another row that is as new or newer, rows whose parent does not exist. Of two states of a row
/// the one with the newest `lchg_date` stays, whichever is loaded first.
///
/// An empty table without keys comes with the statements that make them. If they succeed on all rows
/// there is nothing to keep out, which needs no further look.
pub(super) fn merge(
    transaction: &mut Transaction<'_>,
    table: &Table,
    load: Load<'_>,
    keys: &[String],
) -> Result<Merged> {
    merge_with_keys(transaction, &Statements::of(table), load, keys)
        .with_context(|| format!("merging table {}", table.name))
}

fn merge_with_keys(
    transaction: &mut Transaction<'_>,
    statements: &Statements,
    load: Load<'_>,
    keys: &[String],
) -> Result<Merged> {
    // The statement that compares rows needs the primary key; a table that is empty can do without.
    let (primary, foreign) = keys.split_at(keys.len().min(1));
    if !keys.is_empty()
        && let Some(merged) = insert_sound(transaction, statements, load, keys)?
    {
        return Ok(merged);
    }
    for key in primary {
        transaction.batch_execute(key)?;
    }
    let merged = merge_by(transaction, statements, load)?;
    for key in foreign {
        transaction.batch_execute(key)?;
    }
    Ok(merged)
}

/// Fills an empty table and makes its keys; `None`, and nothing done, if a row offends against them.
fn insert_sound(
    transaction: &mut Transaction<'_>,
    statements: &Statements,
    load: Load<'_>,
    keys: &[String],
) -> Result<Option<Merged>> {
    let mut attempt = transaction.savepoint("sound")?;
    let fill = |attempt: &mut Transaction<'_>| {
        let inserted = attempt.execute(&statements.fill, &[&load.source_file])?;
        for key in keys {
            attempt.batch_execute(key)?;
        }
        Ok(inserted)
    };
    match fill(&mut attempt) {
        Ok(inserted) => {
            attempt.commit()?;
            Ok(Some(Merged {
                inserted,
                ..Merged::default()
            }))
        }
        // Class 23 of the error codes: integrity constraint violation.
        Err(error) if is_violation(&error) => {
            attempt.rollback()?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn is_violation(error: &postgres::Error) -> bool {
    error
        .code()
        .is_some_and(|code| code.code().starts_with("23"))
}

fn merge_by(
    transaction: &mut Transaction<'_>,
    statements: &Statements,
    load: Load<'_>,
) -> Result<Merged> {
    let mut merged = Merged::default();
    for (reason, statement) in &statements.own_rejects {
        merged.rejected += transaction.execute(statement, &[&load.id, reason])?;
    }
    // Before their children are found to lack a parent.
    let buried = match &statements.bury {
        Some(bury) => transaction.execute(bury, &[&load.id])?,
        None => 0,
    };
    if let Some((reason, statement)) = &statements.no_parent {
        merged.rejected += transaction.execute(statement, &[&load.id, reason])?;
    }
    let staged: i64 = transaction.query_one(&statements.count, &[])?.get(0);

    let holds_rows: bool = transaction.query_one(&statements.holds_rows, &[])?.get(0);
    if holds_rows {
        if let Some(older) = &statements.older {
            merged.older = transaction.query_one(older, &[])?.get::<_, i64>(0) as u64;
        }
        if let Some(note) = statements.note_updates.as_ref().filter(|_| load.changes) {
            transaction.execute(note, &[&load.id])?;
        }
    }
    let row = transaction.query_one(
        &statements.upsert,
        &[&load.source_file, &load.id, &load.changes],
    )?;
    let (inserted, updated): (i64, i64) = (row.get(0), row.get(1));
    transaction.execute(&statements.restore, &[&load.id])?;
    merged.inserted = inserted as u64;
    merged.updated = updated as u64;
    merged.unchanged = (staged - inserted - updated) as u64 + buried;
    merged.older += buried;
    Ok(merged)
}
