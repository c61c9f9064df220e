//! The rows of a table once more, by column.

use std::collections::BTreeMap;

use arrow::compute::concat_batches;
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use dataset::manifest::{ColumnFile, TableEntry};
use dataset::query::Query;
use engine::Engine;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::file_of;
use crate::output::{MemoryOutput, sha256_hex};
use crate::progress::Progress;
use crate::stage::lake::{fixture, publish};

fn read(bytes: &[u8]) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(file_of(bytes)).unwrap();
    let schema = reader.schema().clone();
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    concat_batches(&schema, &batches).unwrap()
}

/// The rows of some files of a table.
fn rows(output: &MemoryOutput, table: &TableEntry, part: &ColumnFile) -> RecordBatch {
    let files = &table.files[part.first as usize..][..part.files as usize];
    let batches: Vec<RecordBatch> = files
        .iter()
        .map(|file| read(&output.files[&file.path]))
        .collect();
    concat_batches(&batches[0].schema(), &batches).unwrap()
}

#[test]
fn columns_hold_the_same_rows_in_the_same_order() {
    let (output, manifest) = fixture::lake();
    let tables = manifest.tables.iter();
    let tables = tables.filter(|(_, table)| !table.by_column.is_empty());
    let mut names = Vec::new();
    for (name, table) in tables {
        check(&output, name, table);
        names.push(name.as_str());
    }
    assert_eq!(names, ["causes", "explore", "occurrence_chain"]);
}

fn check(output: &MemoryOutput, name: &str, table: &TableEntry) {
    let mut seen = BTreeMap::<&str, u64>::new();
    for part in &table.by_column {
        let bytes = &output.files[&part.path];
        assert_eq!(part.sha256, sha256_hex(bytes));
        assert_eq!(part.bytes, bytes.len() as u64);
        assert!(
            part.path.starts_with(&format!("columns/{name}/")),
            "{}",
            part.path
        );
        let reader = SerializedFileReader::new(file_of(bytes)).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 1);
        let found = read(bytes);
        let expected = rows(output, table, part);
        assert_eq!(part.rows, expected.num_rows() as u64);
        assert_eq!(part.columns.len(), 1);
        let column = part.columns[0].as_str();
        let (values, expected) = (
            found.column_by_name(column).unwrap(),
            expected.column_by_name(column).unwrap(),
        );
        // Fractions lie there as decimals.
        if *expected.data_type() != DataType::Float64 {
            assert_eq!(values, expected, "{name}.{column}");
        }
        *seen.entry(column).or_default() += part.rows;
    }
    assert_eq!(seen.len(), table.columns.len());
    assert!(seen.into_values().all(|rows| rows == table.rows));
}

#[test]
fn browsers_read_the_same_from_columns_as_from_years() {
    let (output, manifest) = fixture::lake();
    for (name, table) in &manifest.tables {
        if table.by_column.is_empty() {
            continue;
        }
        let parts = table.by_column.iter().map(|part| &part.path);
        let files = table.files.iter().map(|file| &file.path);
        let [by_column, by_row] = [parts.collect::<Vec<_>>(), files.collect()].map(|paths| {
            let mut engine = Engine::with_manifest(manifest.clone());
            for path in paths {
                engine.feed(path, output.files[path].clone()).unwrap();
            }
            let table = name.clone();
            let query = Query {
                table,
                ..Query::default()
            };
            engine.csv(&query).unwrap()
        });
        assert_eq!(by_column.lines().count() as u64, 1 + table.rows);
        assert_eq!(by_column, by_row);
    }
}

#[test]
fn years_that_are_finished_share_no_file_with_those_that_are_not() {
    let connection = fixture::database();
    connection
        .execute_batch(
            "UPDATE events SET ev_date = DATE '2007-12-31'
             WHERE ev_date = (SELECT min(ev_date) FROM events);
             CREATE OR REPLACE TABLE explore AS SELECT explore.* REPLACE (
                 CAST(e.ev_date AS DATE) AS ev_date, CAST(year(e.ev_date) AS INTEGER) AS ev_year)
             FROM explore LEFT JOIN events AS e USING (ev_id)",
        )
        .unwrap();
    let mut output = MemoryOutput::default();
    let quiet = Progress { quiet: true };
    let manifest = publish::publish(&connection, &[], &mut output, quiet).unwrap();
    let table = &manifest.tables["explore"];
    assert!(table.files[0].path.contains("ev_year=2007"));
    let parts = table
        .by_column
        .iter()
        .filter(|part| part.columns == ["ev_state"]);
    let spans: Vec<(u32, u32)> = parts.map(|part| (part.first, part.files)).collect();
    assert_eq!(spans, [(0, 1), (1, table.files.len() as u32 - 1)]);
}

#[test]
fn where_events_begin_is_what_the_manifest_says() {
    let (_, manifest) = fixture::lake();
    let start = manifest.tables["explore"].event_start.as_deref();
    assert_eq!(start, Some("aircraft_no"));
    let connection = fixture::database();
    connection
        .execute_batch("UPDATE explore SET aircraft_no = 1")
        .unwrap();
    let mut output = MemoryOutput::default();
    let quiet = Progress { quiet: true };
    let error = publish::publish(&connection, &[], &mut output, quiet).unwrap_err();
    let error = format!("{error:#}");
    assert!(error.contains("does not say where events begin"), "{error}");
}
