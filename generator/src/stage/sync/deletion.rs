//! Rows that a whole file no longer has: out of the tables, into `ntsb.tombstone`.
//!
//! A row is gone if the file has all of its event's year and not the row, unless
//!
//! * it was changed after anything in the file: the file is older than the row;
//! * its event came from another database that this one does not repeat (an event of 2008 that only
//!   Pre2008 has is not for avall to delete);
//! * rows of its table could not be read: it may be one of them.
//!
//! What belongs to a deleted row goes with it. Code lists follow the same rules, by the file that
//! brought each row.

use anyhow::{Context, Result};
use dataset::schema::{self, Column, Table};
use postgres::Transaction;

use super::coverage::Coverage;
use crate::fault::Fault;
use crate::stage::migrate::{DIGEST, Loaded, stage_name};

/// Deletions of more than one row in this many are implausible …
const PLAUSIBLE: i64 = 20;
/// … unless they are so few.
const FEW: i64 = 20;

/// Deletes what the file just merged no longer has, and counts it in `loaded`.
///
/// # Errors
/// [`Fault::Input`] if more would go than is plausible and `allow_mass` does not allow it; other
/// errors if PostgreSQL fails.
pub(super) fn delete(
    transaction: &mut Transaction<'_>,
    loaded: &mut Loaded,
    coverage: &Coverage,
    file: &str,
    allow_mass: bool,
) -> Result<()> {
    let Some(years) = coverage.years else {
        return Ok(());
    };
    scope(transaction, years, file)?;
    for table in schema::tables() {
        let complete = loaded.complete.contains(&table);
        transaction.batch_execute(&create_doomed(table))?;
        transaction
            .batch_execute(&gather_doomed(table, complete, loaded.id))
            .with_context(|| format!("looking for deleted rows of {}", table.name))?;
    }
    if !allow_mass {
        refuse_mass(transaction, file)?;
    }
    for table in schema::tables().iter().rev() {
        let deleted = transaction
            .execute(&bury(table), &[&loaded.id])
            .with_context(|| format!("deleting rows of {}", table.name))?;
        let name = table.sql_name();
        if let Some(load) = loaded.tables.iter_mut().find(|load| load.table == name) {
            load.deleted = deleted;
        }
    }
    Ok(())
}

/// The sources whose rows the file speaks for, and the events of its years that came from them.
fn scope(transaction: &mut Transaction<'_>, years: (i32, i32), file: &str) -> Result<()> {
    let (first, after) = (years.0, years.1 + 1);
    transaction.batch_execute(&format!(
        "CREATE TEMP TABLE sync_event ON COMMIT DROP AS
         SELECT e.ev_id, e.source_file, s.ev_id IS NOT NULL AS found
         FROM ntsb.events AS e
         LEFT JOIN stage_events AS s USING (ev_id)
         WHERE e.row_sha256 IS NOT NULL
           AND e.ev_date >= make_date({first}, 1, 1) AND e.ev_date < make_date({after}, 1, 1);
         CREATE TEMP TABLE sync_source (source_file text) ON COMMIT DROP;
         CREATE TEMP TABLE sync_share (table_name text, held bigint, gone bigint) ON COMMIT DROP"
    ))?;
    transaction.execute(
        "INSERT INTO sync_source
         SELECT $1
         UNION
         SELECT source_file FROM sync_event
         GROUP BY source_file HAVING count(*) FILTER (WHERE found) * 2 >= count(*)",
        &[&file],
    )?;
    transaction.batch_execute(
        "DELETE FROM sync_event
         WHERE NOT found AND source_file NOT IN (SELECT source_file FROM sync_source);
         CREATE UNIQUE INDEX ON sync_event (ev_id);
         ANALYZE sync_event",
    )?;
    Ok(())
}

fn doomed_name(table: &Table) -> String {
    format!("doomed_{}", table.sql_name())
}

/// What tells a row: its natural key, or its digest.
fn key(table: &Table) -> Vec<String> {
    let key: Vec<String> = table.natural_key().iter().map(|c| c.sql_name()).collect();
    if key.is_empty() {
        vec!["row_digest".to_owned()]
    } else {
        key
    }
}

fn same(key: &[String], left: &str, right: &str) -> String {
    let terms: Vec<String> = key
        .iter()
        .map(|c| format!("{left}.{c} = {right}.{c}"))
        .collect();
    terms.join(" AND ")
}

/// Makes the temporary table for the keys of the rows to delete.
fn create_doomed(table: &Table) -> String {
    format!(
        "CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM ntsb.{} WITH NO DATA",
        doomed_name(table),
        key(table).join(", "),
        table.sql_name()
    )
}

/// Gathers these keys, parents before children.
fn gather_doomed(table: &Table, complete: bool, load_id: i64) -> String {
    let key = key(table);
    let as_of = format!("(SELECT as_of FROM ntsb.load WHERE load_id = {load_id})");
    let mut joins = Vec::new();
    let mut reasons = Vec::new();
    // A table that the file lacks has no stage.
    if complete {
        let stage = stage_name(table);
        let staged = if table.natural_key().is_empty() {
            format!("(SELECT {DIGEST} AS row_digest FROM {stage})")
        } else {
            stage
        };
        joins.push(format!(
            "LEFT JOIN {staged} AS s ON {}",
            same(&key, "s", "t")
        ));
        let newer = if table.is_lookup() {
            format!("EXISTS (SELECT FROM ntsb.load WHERE as_of > {as_of})")
        } else {
            format!("coalesce(t.lchg_date > {as_of}, false)")
        };
        reasons.push(format!("(s.{} IS NULL AND NOT {newer})", key[0]));
    }
    if let Some(parent) = table.parent().and_then(schema::table) {
        let parent_key = self::key(parent);
        let doomed = doomed_name(parent);
        joins.push(format!(
            "LEFT JOIN {doomed} AS p ON {}",
            same(&parent_key, "p", "t")
        ));
        reasons.push("p.ev_id IS NOT NULL".to_owned());
    }
    let scope = if table.is_lookup() {
        "t.source_file IN (SELECT source_file FROM sync_source)"
    } else {
        "t.ev_id IN (SELECT ev_id FROM sync_event)"
    };
    if reasons.is_empty() {
        reasons.push("false".to_owned());
    }
    format!(
        "WITH looked_at AS (
           SELECT {columns}, ({gone}) AS gone FROM ntsb.{name} AS t {joins} WHERE {scope}
         ), share AS (
           INSERT INTO sync_share
           SELECT '{name}', count(*), count(*) FILTER (WHERE gone) FROM looked_at
         )
         INSERT INTO {doomed} SELECT {keys} FROM looked_at WHERE gone",
        columns = list(&key, "t"),
        joins = joins.join(" "),
        gone = reasons.join(" OR "),
        keys = key.join(", "),
        name = table.sql_name(),
        doomed = doomed_name(table),
    )
}

fn list(key: &[String], row: &str) -> String {
    let terms: Vec<String> = key.iter().map(|c| format!("{row}.{c}")).collect();
    terms.join(", ")
}

fn refuse_mass(transaction: &mut Transaction<'_>, file: &str) -> Result<()> {
    let shares = transaction.query(
        "SELECT table_name, gone, held FROM sync_share
         WHERE gone > $1 AND gone * $2 > held ORDER BY gone::float8 / held DESC, table_name",
        &[&FEW, &PLAUSIBLE],
    )?;
    let Some(worst) = shares.first() else {
        return Ok(());
    };
    let (table, gone, held): (String, i64, i64) = (worst.get(0), worst.get(1), worst.get(2));
    Err(implausible(file, &table, gone, held).into())
}

/// The refusal of a file that lacks too much.
pub(super) fn implausible(file: &str, table: &str, gone: i64, held: i64) -> Fault {
    Fault::Input(format!(
        "{file} lacks {gone} of {held} rows of {table} that the database holds for its years, too \
         many to believe: if they are really gone, repeat with --allow-mass-delete; if the file has \
         only part of them, with --partial"
    ))
}

/// Whether so many are too many.
pub(super) fn is_implausible(gone: i64, held: i64) -> bool {
    gone > FEW && gone * PLAUSIBLE > held
}

/// Moves the doomed rows to `ntsb.tombstone`; `$1` is the load.
fn bury(table: &Table) -> String {
    let key = key(table);
    let mut kept: Vec<String> = table.columns.iter().map(Column::sql_name).collect();
    kept.extend(["extra".to_owned(), "source_file".to_owned()]);
    let ev_id = if table.is_lookup() {
        "NULL::text"
    } else {
        "ev_id"
    };
    let row_key = format!("jsonb_build_array({})", key.join(", "));
    format!(
        "WITH gone AS (
           DELETE FROM ntsb.{name} AS t USING {doomed} AS d WHERE {same} RETURNING t.*
         ), noted AS (
           INSERT INTO ntsb.change (load_id, table_name, ev_id, row_key, kind)
           SELECT $1, '{name}', {ev_id}, {row_key}, 'delete' FROM gone
         )
         INSERT INTO ntsb.tombstone (load_id, table_name, ev_id, row_key, content, as_of)
         SELECT $1, '{name}', {ev_id}, {row_key},
           (SELECT jsonb_strip_nulls(to_jsonb(kept)) FROM (SELECT {kept}) AS kept),
           (SELECT as_of FROM ntsb.load WHERE load_id = $1)
         FROM gone",
        name = table.sql_name(),
        doomed = doomed_name(table),
        same = same(&key, "t", "d"),
        kept = list(&kept, "gone"),
    )
}
