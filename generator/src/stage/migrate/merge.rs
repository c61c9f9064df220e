//! Temporary table → its place in schema `ntsb`: rejects, then an upsert by natural key.

use anyhow::{Context, Result};
use dataset::schema::{self, Table};
use postgres::Transaction;

use super::staging;

/// How the staged rows fared.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) inserted: u64,
    pub(super) updated: u64,
    pub(super) unchanged: u64,
    pub(super) rejected: u64,
}

/// Moves staged rows of `table` into schema `ntsb`.
///
/// Kept out and recorded in `ntsb.reject`: rows without a complete key, second rows with the same
/// key, rows whose parent does not exist.
///
/// An empty table comes with `keys`, the statements that make its primary and foreign keys. If they
/// succeed on all rows there is nothing to keep out, which needs no further look.
pub(super) fn merge(
    transaction: &mut Transaction<'_>,
    table: &Table,
    load_id: i64,
    source_file: &str,
    keys: Option<&[String]>,
) -> Result<Merged> {
    let statements = Statements::of(table, keys.is_some());
    let keys = keys.unwrap_or_default();
    if !keys.is_empty()
        && let Some(merged) = insert_sound(transaction, &statements, source_file, keys)
            .with_context(|| format!("filling table {}", table.name))?
    {
        return Ok(merged);
    }
    let mut rejected = 0;
    for (condition, reason) in &statements.rejects {
        rejected += transaction
            .execute(
                &statements.reject(condition),
                &[&load_id, &table.sql_name(), reason],
            )
            .with_context(|| format!("rejecting rows of {}", table.name))?;
    }
    let staged: i64 = transaction.query_one(&statements.count, &[])?.get(0);
    let row = transaction
        .query_one(&statements.upsert, &[&source_file])
        .with_context(|| format!("merging table {}", table.name))?;
    for key in keys {
        transaction
            .batch_execute(key)
            .with_context(|| format!("making the keys of {}", table.name))?;
    }
    let (inserted, updated): (i64, i64) = (row.get(0), row.get(1));
    Ok(Merged {
        inserted: inserted as u64,
        updated: updated as u64,
        unchanged: (staged - inserted - updated) as u64,
        rejected,
    })
}

/// Fills an empty table and makes its keys; `None`, and nothing done, if a row offends against them.
fn insert_sound(
    transaction: &mut Transaction<'_>,
    statements: &Statements,
    source_file: &str,
    keys: &[String],
) -> Result<Option<Merged>> {
    let mut attempt = transaction.savepoint("sound")?;
    match fill(&mut attempt, statements, source_file, keys) {
        Ok(inserted) => {
            attempt.commit()?;
            Ok(Some(Merged {
                inserted,
                ..Merged::default()
            }))
        }
        // Class 23 of the error codes: integrity constraint violation.
        Err(error)
            if error
                .code()
                .is_some_and(|code| code.code().starts_with("23")) =>
        {
            attempt.rollback()?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

fn fill(
    attempt: &mut Transaction<'_>,
    statements: &Statements,
    source_file: &str,
    keys: &[String],
) -> Result<u64, postgres::Error> {
    let row = attempt.query_one(&statements.upsert, &[&source_file])?;
    for key in keys {
        attempt.batch_execute(key)?;
    }
    Ok(row.get::<_, i64>(0) as u64)
}

struct Statements {
    stage: String,
    key: Vec<String>,
    /// Condition on the staged row `s`, and the reason to record.
    rejects: Vec<(String, &'static str)>,
    count: String,
    upsert: String,
}

impl Statements {
    fn of(table: &Table, fresh: bool) -> Self {
        let stage = staging::name(table);
        let key: Vec<String> = table.natural_key().iter().map(|c| c.sql_name()).collect();
        let columns: Vec<String> = table.columns.iter().map(schema::Column::sql_name).collect();
        let upsert = if key.is_empty() {
            insert_new_content(table, &columns, fresh)
        } else if fresh {
            insert_all(table, &columns)
        } else {
            upsert_by_key(table, &columns, &key)
        };
        Self {
            rejects: reject_conditions(table, &stage, &key),
            count: format!("SELECT count(*) FROM {stage}"),
            stage,
            key,
            upsert,
        }
    }

    /// Moves the staged rows that fulfil `condition` to `ntsb.reject`.
    fn reject(&self, condition: &str) -> String {
        let key = list(&self.key, |c| format!("gone.{c}"));
        format!(
            "WITH gone AS (DELETE FROM {stage} s WHERE {condition} RETURNING *)
             INSERT INTO ntsb.reject (load_id, table_name, row_key, reason, content)
             SELECT $1, $2, concat_ws(' ', {key}), $3,
                    jsonb_strip_nulls(to_jsonb(gone) - 'row_no' - 'extra')
                      || coalesce(gone.extra, '{{}}')
             FROM gone ORDER BY row_no",
            stage = self.stage,
        )
    }
}

fn reject_conditions(table: &Table, stage: &str, key: &[String]) -> Vec<(String, &'static str)> {
    let mut conditions = Vec::new();
    if key.is_empty() {
        return conditions;
    }
    let missing: Vec<String> = key.iter().map(|c| format!("s.{c} IS NULL")).collect();
    conditions.push((missing.join(" OR "), "a key column is empty"));

    let same = conjunction(key, |c| format!("first.{c} = s.{c}"));
    conditions.push((
        format!("EXISTS (SELECT FROM {stage} first WHERE {same} AND first.row_no < s.row_no)"),
        "second row with the same key",
    ));

    if let Some(parent) = table.parent().and_then(schema::table) {
        let parent_key: Vec<String> = parent.natural_key().iter().map(|c| c.sql_name()).collect();
        let found = conjunction(&parent_key, |c| format!("p.{c} = s.{c}"));
        conditions.push((
            format!(
                "NOT EXISTS (SELECT FROM ntsb.{} p WHERE {found})",
                parent.sql_name()
            ),
            "no parent row",
        ));
    }
    conditions
}

/// Rows equal to what the table holds are left alone, so that they count as unchanged.
fn upsert_by_key(table: &Table, columns: &[String], key: &[String]) -> String {
    let names = columns.join(", ");
    let assignments = list(columns, |c| format!("{c} = excluded.{c}"));
    let old = list(columns, |c| format!("old.{c}"));
    let new = list(columns, |c| format!("excluded.{c}"));
    format!(
        "WITH written AS (
           INSERT INTO ntsb.{target} AS old ({names}, extra, source_file)
           SELECT {names}, extra, $1 FROM {stage} ORDER BY row_no
           ON CONFLICT ({key}) DO UPDATE
             SET {assignments}, extra = excluded.extra, source_file = excluded.source_file
             WHERE ({old}, old.extra) IS DISTINCT FROM ({new}, excluded.extra)
           RETURNING (xmax = 0) AS inserted)
         SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted)
         FROM written",
        target = table.sql_name(),
        stage = staging::name(table),
        key = key.join(", "),
    )
}

/// Rows into an empty table.
fn insert_all(table: &Table, columns: &[String]) -> String {
    let names = columns.join(", ");
    format!(
        "WITH written AS (
           INSERT INTO ntsb.{target} ({names}, extra, source_file)
           SELECT {names}, extra, $1 FROM {stage}
           RETURNING 1)
         SELECT count(*), 0::bigint FROM written",
        target = table.sql_name(),
        stage = staging::name(table),
    )
}

/// Tables without key: a row is its content, and how many equal rows came before it in the file.
fn insert_new_content(table: &Table, columns: &[String], fresh: bool) -> String {
    let new = if fresh { "" } else { "ON CONFLICT DO NOTHING" };
    let names = columns.join(", ");
    format!(
        "WITH digested AS (
           SELECT *, md5(ROW({names}, extra)::text) AS md5 FROM {stage}
         ), written AS (
           INSERT INTO ntsb.{target} ({names}, extra, source_file, row_digest)
           SELECT {names}, extra, $1,
                  md5 || '-' || row_number() OVER (PARTITION BY md5 ORDER BY row_no)
           FROM digested
           {new}
           RETURNING 1)
         SELECT count(*), 0::bigint FROM written",
        target = table.sql_name(),
        stage = staging::name(table),
    )
}

fn list(columns: &[String], term: impl Fn(&str) -> String) -> String {
    columns
        .iter()
        .map(|c| term(c))
        .collect::<Vec<_>>()
        .join(", ")
}

fn conjunction(columns: &[String], term: impl Fn(&str) -> String) -> String {
    columns
        .iter()
        .map(|c| term(c))
        .collect::<Vec<_>>()
        .join(" AND ")
}
