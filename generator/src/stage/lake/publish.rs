//! DuckDB tables → partitioned files and the manifest.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute;
use arrow::datatypes::{DataType, Date32Type, Int32Type};
use arrow::record_batch::RecordBatch;
use dataset::derived::{self, DerivedTable};
use dataset::explore::{self, ColumnType};
use dataset::manifest::{ColumnEntry, FileEntry, Manifest, Range, Source, TableEntry, VERSION};
use dataset::schema::{self, AccessType, Table};
use duckdb::Connection;

use super::load::published_columns;
use super::parquet::parts;
use crate::duck::{self, identifier};
use crate::output::{Output, sha256_hex};
use crate::progress::Progress;

/// The column record tables are partitioned by.
const PARTITION: &str = "ev_year";
/// How Hive, and with it DuckDB, spells a missing partition value.
const NO_YEAR: &str = "__HIVE_DEFAULT_PARTITION__";
/// Helper column of partition queries: the date of each row's event.
const EVENT_DATE: &str = "event_date";

/// Columns of `explore` whose ranges the manifest names. For all other tables of records it
/// names that of `ev_date`, by which their files are ordered, even though only events hold it.
const PRUNING: &[&str] = &["ev_date", "ev_year", "ev_month", "fatalities"];

/// What is to be published of a table.
struct Plan {
    name: String,
    columns: Vec<ColumnEntry>,
    /// Columns that order rows of one event; empty for lookups, which are ordered by all.
    key: Vec<String>,
    of_events: bool,
}

/// Writes all tables and, last, the manifest.
pub(super) fn publish(
    connection: &Connection,
    sources: &[Source],
    output: &mut dyn Output,
    progress: Progress,
) -> Result<Manifest> {
    let plans = plans();
    let bar = progress.bar("lake", plans.len() as u64);
    let mut tables = BTreeMap::new();
    for plan in plans {
        bar.set_message(plan.name.clone());
        let entry = publish_table(connection, &plan, output)
            .with_context(|| format!("publishing table {}", plan.name))?;
        tables.insert(plan.name, entry);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let mut sources = sources.to_vec();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let manifest = Manifest {
        version: VERSION,
        data_date: data_date(connection)?,
        sources,
        tables,
    };
    let mut json = serde_json::to_vec(&manifest).context("writing the manifest")?;
    json.push(b'\n');
    output.write("manifest.json", &json)?;
    Ok(manifest)
}

fn plans() -> Vec<Plan> {
    let explore = Plan {
        name: "explore".to_owned(),
        columns: explore::COLUMNS
            .iter()
            .map(|c| ColumnEntry {
                name: c.name.to_owned(),
                kind: c.kind,
                label: Some(c.label.to_owned()),
            })
            .collect(),
        key: vec!["ev_id".to_owned(), "aircraft_key".to_owned()],
        of_events: true,
    };
    let mut plans = vec![explore];
    plans.extend(derived::TABLES.iter().map(derived_plan));
    plans.extend(schema::tables().iter().map(plan));
    plans
}

fn derived_plan(table: &DerivedTable) -> Plan {
    Plan {
        name: table.name.to_owned(),
        columns: table
            .columns
            .iter()
            .map(|c| ColumnEntry {
                name: c.name.to_owned(),
                kind: c.kind,
                label: Some(c.label.to_owned()),
            })
            .collect(),
        key: table.key.iter().map(|&name| name.to_owned()).collect(),
        of_events: true,
    }
}

fn plan(table: &Table) -> Plan {
    let key = if table.is_lookup() {
        Vec::new()
    } else {
        table.natural_key().iter().map(|c| c.sql_name()).collect()
    };
    Plan {
        name: table.sql_name(),
        columns: published_columns(table)
            .iter()
            .map(|c| ColumnEntry {
                name: c.sql_name(),
                kind: column_type(c.access),
                label: None,
            })
            .collect(),
        key,
        of_events: !table.is_lookup(),
    }
}

fn column_type(access: AccessType) -> ColumnType {
    match access {
        AccessType::Boolean => ColumnType::Boolean,
        AccessType::Byte | AccessType::Int16 | AccessType::Long => ColumnType::Int,
        AccessType::Single | AccessType::Double => ColumnType::Float,
        AccessType::DateTime => ColumnType::Timestamp,
        AccessType::Text | AccessType::Memo => ColumnType::Text,
    }
}

fn publish_table(
    connection: &Connection,
    plan: &Plan,
    output: &mut dyn Output,
) -> Result<TableEntry> {
    let mut files = Vec::new();
    if plan.of_events {
        for year in years(connection, &plan.name)? {
            let rows = event_rows(connection, plan, year)?;
            let year = year.map_or_else(|| NO_YEAR.to_owned(), |year| year.to_string());
            let folder = format!("{}/{PARTITION}={year}", plan.name);
            write_files(plan, &folder, &rows, output, &mut files)?;
        }
    } else {
        let sql = format!(
            "SELECT {} FROM {} ORDER BY ALL",
            column_list(plan, ""),
            identifier(&plan.name)
        );
        let rows = duck::batch(connection, &sql)?;
        write_files(plan, &plan.name, &rows, output, &mut files)?;
    }
    let rows = files.iter().map(|f| f.rows).sum();
    let sql = format!("SELECT count(*) FROM {}", identifier(&plan.name));
    let held: u64 = connection.query_row(&sql, [], |row| row.get(0))?;
    ensure!(rows == held, "{rows} rows written of {held}");
    Ok(TableEntry {
        columns: plan.columns.clone(),
        rows,
        bytes: files.iter().map(|f| f.bytes).sum(),
        partition: plan.of_events.then(|| PARTITION.to_owned()),
        files,
    })
}

/// The years of a table's events, none for those without date, which come last.
fn years(connection: &Connection, table: &str) -> Result<Vec<Option<i64>>> {
    let sql = format!(
        "SELECT DISTINCT year(e.ev_date) FROM {} AS t LEFT JOIN events AS e USING (ev_id)
         ORDER BY 1 NULLS LAST",
        identifier(table)
    );
    let years = connection
        .prepare(&sql)?
        .query_map([], |row| row.get(0))?
        .collect::<duckdb::Result<_>>()?;
    Ok(years)
}

fn event_rows(connection: &Connection, plan: &Plan, year: Option<i64>) -> Result<RecordBatch> {
    let order: Vec<String> = plan
        .key
        .iter()
        .map(|column| format!("t.{} NULLS LAST", identifier(column)))
        .collect();
    let year = year.map_or_else(|| "IS NULL".to_owned(), |year| format!("= {year}"));
    let sql = format!(
        "SELECT {}, CAST(e.ev_date AS DATE) AS {EVENT_DATE}
         FROM {} AS t LEFT JOIN events AS e USING (ev_id)
         WHERE year(e.ev_date) {year} ORDER BY e.ev_date NULLS LAST, {}",
        column_list(plan, "t."),
        identifier(&plan.name),
        order.join(", ")
    );
    duck::batch(connection, &sql)
}

fn column_list(plan: &Plan, prefix: &str) -> String {
    let names: Vec<String> = plan
        .columns
        .iter()
        .map(|c| format!("{prefix}{}", identifier(&c.name)))
        .collect();
    names.join(", ")
}

/// Writes rows to as many files as they need and appends their entries.
fn write_files(
    plan: &Plan,
    folder: &str,
    rows: &RecordBatch,
    output: &mut dyn Output,
    files: &mut Vec<FileEntry>,
) -> Result<()> {
    if rows.num_rows() == 0 {
        return Ok(());
    }
    let published: Vec<usize> = (0..plan.columns.len()).collect();
    let dates = rows.column_by_name(EVENT_DATE);
    let mut start = 0;
    for part in parts(&rows.project(&published)?)? {
        let count = part.rows.num_rows();
        let mut ranges = BTreeMap::new();
        if let Some(range) = dates.and_then(|dates| range(&dates.slice(start, count))) {
            ranges.insert("ev_date".to_owned(), range);
        }
        if plan.name == "explore" {
            for name in PRUNING {
                if let Some(range) = part.rows.column_by_name(name).and_then(range) {
                    ranges.insert((*name).to_owned(), range);
                }
            }
        }
        start += count;
        let sha256 = sha256_hex(&part.bytes);
        let path = format!("{folder}/{}-{}.parquet", plan.name, &sha256[..8]);
        output.write(&path, &part.bytes)?;
        files.push(FileEntry {
            path,
            rows: count as u64,
            bytes: part.bytes.len() as u64,
            sha256,
            ranges,
        });
    }
    Ok(())
}

/// Smallest and largest value of an integer or date column that has any.
fn range(column: &ArrayRef) -> Option<Range> {
    let (min, max) = match column.data_type() {
        DataType::Int32 => {
            let values = column.as_primitive::<Int32Type>();
            (compute::min(values)?, compute::max(values)?)
        }
        DataType::Date32 => {
            let values = column.as_primitive::<Date32Type>();
            (compute::min(values)?, compute::max(values)?)
        }
        _ => return None,
    };
    Some(Range {
        min: f64::from(min),
        max: f64::from(max),
    })
}

/// Newest event or change date of the data.
fn data_date(connection: &Connection) -> Result<String> {
    let dates: Vec<String> = schema::tables()
        .iter()
        .flat_map(|table| {
            published_columns(table)
                .into_iter()
                .filter(|c| matches!(c.name, "ev_date" | "lchg_date"))
                .map(|c| {
                    format!(
                        "SELECT max({}) AS newest FROM {}",
                        identifier(&c.sql_name()),
                        identifier(&table.sql_name())
                    )
                })
        })
        .collect();
    let sql = format!(
        "SELECT strftime(max(newest), '%Y-%m-%d') FROM ({})",
        dates.join(" UNION ALL ")
    );
    connection
        .query_row(&sql, [], |row| row.get::<_, Option<String>>(0))?
        .context("the database holds no events: migrate an MDB file first")
}
