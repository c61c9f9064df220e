//! DuckDB tables → partitioned files and the manifest.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute;
use arrow::datatypes::{DataType, Date32Type, Int32Type};
use arrow::record_batch::RecordBatch;
use dataset::manifest::{FileEntry, Manifest, Range, Source, TableEntry};
use dataset::schema;
use duckdb::Connection;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::by_column;
use super::parquet::Layout;
use super::partition::{EVENT_DATE, Sorted};
use super::plan::{self, Plan, published_columns};
use crate::duck::identifier;
use crate::manifest;
use crate::output::{Output, sha256_hex};
use crate::progress::Progress;

/// Columns whose ranges the manifest names. The range of `ev_date` is that of the rows' events
/// also in tables that do not hold it: their files are ordered by it.
const PRUNING: &[&str] = &["ev_date", "ev_year", "ev_month", "fatalities"];

/// Writes all tables and, last, the manifest.
pub(super) fn publish(
    connection: &Connection,
    sources: &[Source],
    output: &mut dyn Output,
    progress: Progress,
) -> Result<Manifest> {
    let encoders = ThreadPoolBuilder::new()
        .build()
        .context("starting threads")?;
    publish_with(&encoders, connection, sources, output, progress)
}

/// [`publish`] with the threads that encode files.
pub(super) fn publish_with(
    encoders: &ThreadPool,
    connection: &Connection,
    sources: &[Source],
    output: &mut dyn Output,
    progress: Progress,
) -> Result<Manifest> {
    let plans = plan::plans();
    let bar = progress.bar("lake", plans.len() as u64);
    let mut tables = BTreeMap::new();
    for plan in plans {
        bar.set_message(plan.name.clone());
        let entry = publish_table(encoders, connection, &plan, output)
            .with_context(|| format!("publishing table {}", plan.name))?;
        tables.insert(plan.name, entry);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let mut sources = sources.to_vec();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let manifest = Manifest {
        data_date: data_date(connection)?,
        sources,
        tables,
    };
    manifest::write(&manifest, output)?;
    Ok(manifest)
}

fn publish_table(
    encoders: &ThreadPool,
    connection: &Connection,
    plan: &Plan,
    output: &mut dyn Output,
) -> Result<TableEntry> {
    let sorted = Sorted::new(connection, plan)?;
    let layout = Layout::of(plan)?;
    let mut files = Vec::new();
    let mut years = Vec::new();
    // As many partitions at a time as there are threads to encode them: memory stays bounded, and
    // the order of files does not depend on which is done first.
    for some in sorted.partitions()?.chunks(encoders.current_num_threads()) {
        let rows = some
            .iter()
            .map(|partition| Ok((partition.folder.as_str(), sorted.rows(partition)?)))
            .collect::<Result<Vec<_>>>()?;
        let encoded = encoders.install(|| {
            rows.par_iter()
                .map(|(folder, rows)| encode(plan, &layout, folder, rows))
                .collect::<Result<Vec<_>>>()
        })?;
        for (partition, encoded) in some.iter().zip(encoded) {
            for (entry, bytes) in encoded {
                output.write(&entry.path, &bytes)?;
                files.push(entry);
                years.push(partition.value);
            }
        }
    }
    let rows = files.iter().map(|f| f.rows).sum();
    let sql = format!("SELECT count(*) FROM {}", identifier(&plan.name));
    let held: u64 = connection.query_row(&sql, [], |row| row.get(0))?;
    ensure!(rows == held, "{rows} rows written of {held}");
    if let Some(column) = plan.event_start {
        sorted.check_event_start(column)?;
    }
    let by_column = if plan.by_column {
        let rows: Vec<u64> = files.iter().map(|file| file.rows).collect();
        by_column::write(encoders, &sorted, plan, &rows, &years, output)?
    } else {
        Vec::new()
    };
    Ok(TableEntry {
        columns: plan.columns.iter().map(|c| c.entry.clone()).collect(),
        rows,
        bytes: files.iter().map(|f| f.bytes).sum(),
        partition: plan.cut.key().map(str::to_owned),
        files,
        by_column,
        event_start: plan.event_start.map(str::to_owned),
    })
}

/// The rows of a partition as the files they need.
fn encode(
    plan: &Plan,
    layout: &Layout,
    folder: &str,
    rows: &RecordBatch,
) -> Result<Vec<(FileEntry, Vec<u8>)>> {
    if rows.num_rows() == 0 {
        return Ok(Vec::new());
    }
    let published: Vec<usize> = (0..plan.columns.len()).collect();
    let dates = rows.column_by_name(EVENT_DATE);
    let mut start = 0;
    let mut files = Vec::new();
    for part in layout.parts(&rows.project(&published)?)? {
        let count = part.rows.num_rows();
        let mut ranges = BTreeMap::new();
        if plan.of_events() {
            for name in PRUNING {
                if let Some(range) = part.rows.column_by_name(name).and_then(range) {
                    ranges.insert((*name).to_owned(), range);
                }
            }
            if let Some(range) = dates.and_then(|dates| range(&dates.slice(start, count))) {
                ranges.insert("ev_date".to_owned(), range);
            }
        }
        start += count;
        let sha256 = sha256_hex(&part.bytes);
        let entry = FileEntry {
            path: format!("{folder}/{}-{}.parquet", plan.name, &sha256[..8]),
            rows: count as u64,
            bytes: part.bytes.len() as u64,
            sha256,
            ranges,
        };
        files.push((entry, part.bytes));
    }
    Ok(files)
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
