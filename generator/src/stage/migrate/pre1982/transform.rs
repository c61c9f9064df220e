//! Staged rows → the tables of schema `ntsb`.

use anyhow::{Context, Result};
use dataset::codes;
use dataset::schema;
use postgres::Transaction;

/// Column, its code, and what it is in the modern tables. Only codes that rows or several sources
/// confirm; pilots one and two share a list.
const CODES: &str = include_str!("codes.tsv");
/// How single fields are read.
pub(super) const FUNCTIONS: &str = include_str!("sql/functions.sql");
/// Records, the events they belong to, and their pilots, as temporary tables.
const RECORD: &str = include_str!("sql/record.sql");

/// Codes that only the file's own list explains.
const LISTED: &str = include_str!("sql/listed.sql");
/// Occurrences and causes with what the file's list says of them, as temporary tables.
const MEANING: &str = include_str!("sql/meaning.sql");

/// What fills each table from the temporary ones, parents first; `$1` is the name of the file.
const TABLES: [(&str, &str); 12] = [
    ("events", include_str!("sql/events.sql")),
    ("aircraft", include_str!("sql/aircraft.sql")),
    ("engines", include_str!("sql/engines.sql")),
    ("flight_crew", include_str!("sql/flight_crew.sql")),
    ("flight_time", include_str!("sql/flight_time.sql")),
    ("injury", include_str!("sql/injury.sql")),
    ("narratives", include_str!("sql/narratives.sql")),
    ("occurrences", include_str!("sql/occurrences.sql")),
    (
        "pre1982_occurrences",
        include_str!("sql/pre1982_occurrences.sql"),
    ),
    ("seq_of_events", include_str!("sql/seq_of_events.sql")),
    ("pre1982_causes", include_str!("sql/pre1982_causes.sql")),
    ("pre1982_raw", include_str!("sql/raw.sql")),
];

/// Replaces what an earlier file of this kind gave by the staged rows.
///
/// # Errors
/// If PostgreSQL fails.
pub(super) fn run(transaction: &mut Transaction<'_>, file: &str) -> Result<()> {
    create_codes(transaction)?;
    transaction.batch_execute(FUNCTIONS)?;
    transaction.batch_execute(LISTED)?;
    transaction
        .batch_execute(RECORD)
        .context("joining the halves of the records")?;
    transaction
        .batch_execute(MEANING)
        .context("decoding occurrences and causes")?;
    remove(transaction)?;
    for (table, statement) in TABLES {
        transaction
            .execute(statement, &[&file])
            .with_context(|| format!("filling {table} from the records of before 1982"))?;
    }
    transaction.execute(include_str!("sql/codes.sql"), &[&file])?;
    Ok(())
}

/// The lists that fields are decoded with, as temporary tables.
fn create_codes(transaction: &mut Transaction<'_>) -> Result<()> {
    transaction.batch_execute(
        "CREATE TEMP TABLE pre1982_code (field text, code text, value text) ON COMMIT DROP;
         CREATE TEMP TABLE pre1982_seqevt (code integer) ON COMMIT DROP;",
    )?;
    let mut columns: [Vec<&str>; 3] = Default::default();
    for line in CODES.lines().skip(1) {
        for (column, cell) in columns.iter_mut().zip(line.split('\t')) {
            column.push(cell);
        }
    }
    let [fields, from, to] = &columns;
    transaction.execute(
        "INSERT INTO pre1982_code SELECT * FROM unnest($1::text[], $2::text[], $3::text[])",
        &[fields, from, to],
    )?;
    let known: Vec<i32> = codes::seqevt()
        .filter_map(|[code, _]| code.parse().ok())
        .collect();
    transaction.execute(
        "INSERT INTO pre1982_seqevt SELECT * FROM unnest($1::integer[])",
        &[&known],
    )?;
    Ok(())
}

/// Removes what an earlier load made of records.
fn remove(transaction: &mut Transaction<'_>) -> Result<()> {
    let row = transaction.query_one(
        "SELECT count(*), count(*) FILTER (WHERE record.rec_num IS NULL)
         FROM ntsb.pre1982_raw LEFT JOIN pre1982_record AS record USING (rec_num)",
        &[],
    )?;
    let (held, gone): (i64, i64) = (row.get(0), row.get(1));
    if held == 0 {
        return Ok(());
    }
    if gone > 0 {
        tracing::warn!("{gone} records of before 1982 are no longer in the file, and removed");
    }
    transaction.batch_execute(
        "CREATE TEMP TABLE pre1982_gone ON COMMIT DROP AS SELECT DISTINCT ev_id FROM ntsb.pre1982_raw;
         DELETE FROM ntsb.pre1982_raw; DELETE FROM ntsb.ct_pre1982;
         DELETE FROM ntsb.pre1982_causes; DELETE FROM ntsb.pre1982_occurrences;",
    )?;
    for table in schema::tables().iter().rev() {
        if table.column("ev_id").is_some() {
            transaction
                .batch_execute(&format!(
                    "DELETE FROM ntsb.{} WHERE ev_id IN (SELECT ev_id FROM pre1982_gone)",
                    table.sql_name()
                ))
                .with_context(|| format!("replacing rows of {}", table.sql_name()))?;
        }
    }
    Ok(())
}
