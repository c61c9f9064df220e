//! The tables `ntsb.load`, `ntsb.load_table` and `ntsb.reject`.

use anyhow::{Context, Result};
use dataset::schema;
use postgres::{GenericClient, Transaction};

use super::staging::Refused;
use super::{LoadReport, SourceFile, TableLoad, history};

/// Begins the record of a load.
pub(super) fn begin(transaction: &mut Transaction<'_>, source: &SourceFile) -> Result<i64> {
    let row = transaction.query_one(
        "INSERT INTO ntsb.load (source_file, sha256, bytes) VALUES ($1, $2, $3) RETURNING load_id",
        &[&source.name, &source.sha256, &(source.bytes as i64)],
    )?;
    Ok(row.get(0))
}

/// Empties all tables, the ledger with them.
pub(super) fn empty(transaction: &mut Transaction<'_>) -> Result<()> {
    let tables: Vec<String> = schema::tables()
        .iter()
        .map(|table| format!("ntsb.{}", table.sql_name()))
        .collect();
    transaction
        .batch_execute(&format!(
            "TRUNCATE {}, ntsb.pre1982_raw, ntsb.ct_pre1982, ntsb.pre1982_occurrences,
               ntsb.pre1982_causes, ntsb.load, ntsb.load_table, ntsb.reject, ntsb.change,
               ntsb.tombstone, ntsb.stale_statistics",
            tables.join(", ")
        ))
        .context("removing what the database holds")
}

/// Records how new the staged events of a load are.
pub(super) fn date(transaction: &mut Transaction<'_>, load_id: i64) -> Result<()> {
    transaction.execute(
        "UPDATE ntsb.load SET as_of = (SELECT max(lchg_date) FROM stage_events)
         WHERE load_id = $1",
        &[&load_id],
    )?;
    Ok(())
}

/// When a file of this content was loaded last, as a day; `None` if it never was.
///
/// # Errors
/// If the ledger cannot be read.
pub(in crate::stage) fn when_seen(
    client: &mut impl GenericClient,
    source: &SourceFile,
) -> Result<Option<String>> {
    let row = client.query_one(
        "SELECT max(loaded_at)::date::text FROM ntsb.load WHERE sha256 = $1",
        &[&source.sha256],
    )?;
    Ok(row.get(0))
}

/// Records how the rows of one table fared.
pub(in crate::stage) fn record(
    transaction: &mut Transaction<'_>,
    load_id: i64,
    table: &TableLoad,
) -> Result<()> {
    let counts = [
        table.declared,
        table.read,
        table.inserted,
        table.updated,
        table.unchanged,
        table.rejected,
        table.bad_pages,
        table.bad_cells,
        table.lossy_text,
        table.older,
        table.deleted,
    ]
    .map(|count| count as i64);
    let [
        declared,
        read,
        inserted,
        updated,
        unchanged,
        rejected,
        pages,
        cells,
        lossy,
        older,
        deleted,
    ] = &counts;
    transaction.execute(
        "INSERT INTO ntsb.load_table
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            &load_id,
            &table.table,
            declared,
            read,
            inserted,
            updated,
            unchanged,
            rejected,
            pages,
            cells,
            lossy,
            older,
            deleted,
        ],
    )?;
    Ok(())
}

/// Records rows that could not be staged.
pub(super) fn refuse(
    transaction: &mut Transaction<'_>,
    load_id: i64,
    table: &str,
    refused: &[Refused],
) -> Result<()> {
    let statement = transaction.prepare(
        "INSERT INTO ntsb.reject (load_id, table_name, row_key, column_name, reason, content)
         VALUES ($1, $2, $3, $4, $5, $6::text::jsonb)",
    )?;
    for row in refused {
        let content = row.content.to_string();
        transaction.execute(
            &statement,
            &[
                &load_id,
                &table,
                &row.key,
                &row.column,
                &row.reason,
                &content,
            ],
        )?;
    }
    Ok(())
}

/// The number of the last load; none if there was none.
///
/// # Errors
/// If the ledger cannot be read.
pub fn last_load(client: &mut impl GenericClient) -> Result<Option<i64>> {
    let row = client.query_one("SELECT max(load_id) FROM ntsb.load", &[])?;
    Ok(row.get(0))
}

/// What the database was loaded from, in load order: the last load of each source file.
///
/// # Errors
/// If the ledger cannot be read.
pub fn recorded(client: &mut impl GenericClient) -> Result<LoadReport> {
    let mut report = LoadReport {
        history: history::read(client)?,
        ..LoadReport::default()
    };
    let loads = client.query(
        "SELECT load_id, source_file, sha256, bytes FROM ntsb.load
         WHERE load_id IN (SELECT max(load_id) FROM ntsb.load GROUP BY source_file)
         ORDER BY load_id",
        &[],
    )?;
    for load in loads {
        let source: String = load.get(1);
        let bytes: i64 = load.get(3);
        report.sources.push(SourceFile {
            name: source.clone(),
            sha256: load.get(2),
            bytes: bytes as u64,
        });
        let id: i64 = load.get(0);
        // The order in which the rows were written is the order of loading: parents first.
        let tables = client.query(
            "SELECT table_name, declared, rows_read, inserted, updated, unchanged, rejected,
                    bad_pages, bad_cells, lossy_text, older, deleted
             FROM ntsb.load_table WHERE load_id = $1 ORDER BY ctid",
            &[&id],
        )?;
        for row in tables {
            let count = |position: usize| row.get::<_, i64>(position) as u64;
            report.tables.push(TableLoad {
                source: source.clone(),
                table: row.get(0),
                declared: count(1),
                read: count(2),
                inserted: count(3),
                updated: count(4),
                unchanged: count(5),
                rejected: count(6),
                bad_pages: count(7),
                bad_cells: count(8),
                lossy_text: count(9),
                older: count(10),
                deleted: count(11),
            });
        }
    }
    Ok(report)
}
