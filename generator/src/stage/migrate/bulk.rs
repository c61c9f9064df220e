//! Loading a file that is large beside what the database holds: indexes and foreign keys are dropped
//! before and made anew afterwards, all at once, which costs a fraction of keeping them row by row.
//!
//! All of it happens in the transaction of the load. Nobody can read the tables meanwhile, so a small
//! update of a large database goes without.

use anyhow::{Context, Result};
use dataset::schema::{self, Table};
use postgres::Transaction;

/// Files below this size (bytes) are loaded faster than indexes are made.
pub(super) const SMALLEST: u64 = 2 << 20;
/// A file counts as large if the tables take up at most so many times its size.
const SHARE: u64 = 20;

/// Tables of [`super::pre1982`] beside those of the schema.
const EARLY: [&str; 4] = [
    "pre1982_raw",
    "ct_pre1982",
    "pre1982_occurrences",
    "pre1982_causes",
];

/// What a bulk load has taken away and gives back at its end.
#[derive(Debug, Default)]
pub(super) struct Bulk {
    /// Whether the tables were empty: rows need not be compared with any, and have no primary keys.
    pub(super) fresh: bool,
    /// Makes the dropped constraints and indexes anew: table of a constraint, statement.
    restore: Vec<(Option<String>, String)>,
}

/// Sets the session up for large sorts and cheap storage, until the transaction ends.
///
/// # Errors
/// If PostgreSQL fails.
pub(super) fn set_up(transaction: &mut Transaction<'_>) -> Result<()> {
    // The stages are joined with themselves: hashes of that size belong in memory. PostgreSQL's own
    // compression is slow, and the other one is not in every server.
    transaction
        .batch_execute(
            "SET LOCAL work_mem = '64MB';
             SELECT set_config(name, 'lz4', true) FROM pg_settings
             WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)",
        )
        .context("preparing the load")
}

/// Drops what slows down a load of a file of this size, if that is worth while.
///
/// # Errors
/// If PostgreSQL fails.
pub(super) fn begin(transaction: &mut Transaction<'_>, bytes: u64) -> Result<Bulk> {
    let tables: Vec<String> = schema::tables()
        .iter()
        .map(Table::sql_name)
        .chain(EARLY.map(str::to_owned))
        .collect();
    let row = transaction.query_one(
        "SELECT sum(pg_table_size(format('ntsb.%I', name)::regclass))::bigint
         FROM unnest($1::text[]) AS name",
        &[&tables],
    )?;
    let held: i64 = row.get(0);
    if bytes < SMALLEST || bytes * SHARE < held as u64 {
        return Ok(Bulk::default());
    }
    let fresh = are_empty(transaction, &tables)?;
    if fresh {
        // PostgreSQL writes no log of what goes into files of this transaction, if the server is set
        // up for it as the private one is.
        let names: Vec<String> = tables.iter().map(|name| format!("ntsb.{name}")).collect();
        transaction.batch_execute(&format!("TRUNCATE {}", names.join(", ")))?;
    }
    let kinds: &[&str] = if fresh { &["f", "p", "u"] } else { &["f"] };
    let mut bulk = Bulk {
        fresh,
        restore: Vec::new(),
    };
    // Foreign keys go first and come back last: they need the keys they refer to.
    let constraints = transaction.query(
        "SELECT
           format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
           relname::text,
           format('ALTER TABLE %s ADD CONSTRAINT %I %s',
             conrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid))
         FROM pg_constraint
         JOIN pg_class ON pg_class.oid = conrelid
         WHERE connamespace = 'ntsb'::regnamespace AND contype::text = ANY ($2)
           AND conrelid = ANY (
             SELECT format('ntsb.%I', name)::regclass FROM unnest($1::text[]) AS name
           )
         ORDER BY contype = 'f' DESC, conrelid::regclass::text, conname",
        &[&tables, &kinds],
    )?;
    let indexes = transaction.query(
        "SELECT
           format('DROP INDEX %s', indexrelid::regclass),
           NULL,
           concat_ws('; ',
             pg_get_indexdef(indexrelid),
             format('COMMENT ON INDEX %s IS %L',
               indexrelid::regclass, obj_description(indexrelid, 'pg_class')))
         FROM pg_index
         WHERE indrelid = ANY (
             SELECT format('ntsb.%I', name)::regclass FROM unnest($1::text[]) AS name
           )
           AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
         ORDER BY indexrelid::regclass::text",
        &[&tables],
    )?;
    for row in constraints.iter().chain(&indexes) {
        transaction.batch_execute(row.get(0))?;
        bulk.restore.push((row.get(1), row.get(2)));
    }
    bulk.restore.reverse();
    Ok(bulk)
}

impl Bulk {
    /// Takes out the statements that give a table its keys, primary before foreign ones; its parents
    /// must have got theirs.
    pub(super) fn keys_of(&mut self, table: &Table) -> Vec<String> {
        let name = Some(table.sql_name());
        let (keys, rest): (Vec<_>, Vec<_>) = self
            .restore
            .drain(..)
            .partition(|(table, _)| *table == name);
        self.restore = rest;
        keys.into_iter().map(|(_, statement)| statement).collect()
    }

    /// Makes the constraints and indexes anew.
    ///
    /// # Errors
    /// If PostgreSQL fails, for example for want of disk space.
    pub(super) fn finish(self, transaction: &mut Transaction<'_>) -> Result<()> {
        for (_, statement) in self.restore {
            transaction
                .batch_execute(&statement)
                .with_context(|| format!("making indexes and keys: {statement}"))?;
        }
        Ok(())
    }
}

fn are_empty(transaction: &mut Transaction<'_>, tables: &[String]) -> Result<bool> {
    // What a newer file no longer had must not come back with an older one.
    let any: Vec<String> = tables
        .iter()
        .map(String::as_str)
        .chain(["tombstone"])
        .map(|table| format!("EXISTS (SELECT FROM ntsb.{table})"))
        .collect();
    let row = transaction.query_one(&format!("SELECT NOT ({})", any.join(" OR ")), &[])?;
    Ok(row.get(0))
}
