//! That nothing personal leaves PostgreSQL.

use std::collections::BTreeSet;

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use dataset::privacy;
use dataset::schema::{self, AccessType, Column, Table};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::file_of;
use crate::output::MemoryOutput;
use crate::postgres::testing::Server;
use crate::progress::Progress;
use crate::stage::lake::{fixture, run};

/// What is planted: values nothing else has, as text and as the engines write them.
const TEXT: &str = "planted:";
const NUMBER: &str = "23457";
const TIME: &str = "1903-02-01T04:05:06";

#[test]
fn no_personal_column_is_published() {
    let (output, manifest) = fixture::lake();
    let mut seen = 0;
    for (name, table) in &manifest.tables {
        for file in &table.files {
            let bytes = file_of(&output.files[&file.path]);
            let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
            for field in reader.schema().fields() {
                seen += 1;
                assert!(
                    schema::tables()
                        .iter()
                        .all(|t| !privacy::is_personal(t.name, field.name())),
                    "{name}.{}",
                    field.name()
                );
            }
        }
        for column in &table.columns {
            assert!(!privacy::is_personal(name, &column.name));
        }
    }
    assert!(seen > 200, "only {seen} columns were looked at");
}

/// A row for every table, and in each personal column a value that occurs nowhere else.
fn plant(client: &mut postgres::Client) -> usize {
    let mut planted = 0;
    for table in schema::tables().iter().filter(|table| !table.is_lookup()) {
        let (names, values): (Vec<String>, Vec<String>) = table
            .natural_key()
            .into_iter()
            .map(|column| (column.sql_name(), any_value(column)))
            .unzip();
        let name = table.sql_name();
        let (names, values) = (names.join(", "), values.join(", "));
        let row = format!("INSERT INTO {name} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING");
        client.batch_execute(&row).unwrap();
        for column in table
            .columns
            .iter()
            .filter(|c| privacy::is_personal(&name, c.name))
        {
            let (column, value) = (column.sql_name(), marker(table, column));
            let set = format!("UPDATE {name} SET {column} = {value}");
            assert!(client.execute(&set, &[]).unwrap() > 0, "{name}.{column}");
            planted += 1;
        }
    }
    planted
}

fn any_value(column: &Column) -> String {
    match column.access {
        AccessType::Text => "'20080110X00001'".to_owned(),
        _ => "1".to_owned(),
    }
}

fn marker(table: &Table, column: &Column) -> String {
    match column.access {
        AccessType::Text | AccessType::Memo => format!("'{TEXT}{}.{}'", table.name, column.name),
        AccessType::DateTime => format!("'{TIME}'"),
        _ => NUMBER.to_owned(),
    }
}

/// The columns in which a planted value stands, and the files whose bytes show one.
fn found(output: &MemoryOutput) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, bytes) in &output.files {
        if bytes
            .windows(TEXT.len())
            .any(|part| part == TEXT.as_bytes())
        {
            found.insert(format!("bytes of {}", path.split('/').next().unwrap()));
        }
        if !path.ends_with(".parquet") {
            continue;
        }
        let reader = ParquetRecordBatchReaderBuilder::try_new(file_of(bytes)).unwrap();
        for batch in reader.build().unwrap() {
            let batch = batch.unwrap();
            for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
                let texts = cast(column, &DataType::Utf8).unwrap();
                let shows = |text: &str| text.contains(TEXT) || text == NUMBER || text == TIME;
                if texts.as_string::<i32>().iter().flatten().any(shows) {
                    found.insert(format!(
                        "{}.{}",
                        path.split('/').next().unwrap(),
                        field.name()
                    ));
                }
            }
        }
    }
    found
}

#[test]
fn what_is_planted_in_personal_columns_stands_in_no_published_byte() {
    let server = Server::start();
    let mut client = server.client_for_records();
    client.batch_execute(fixture::RECORDS).unwrap();
    let planted = plant(&mut client);
    assert!(
        planted > privacy::columns().count() + 10,
        "{planted} columns, user ids among them"
    );

    let scratch = tempfile::tempdir().unwrap();
    let mut lake = || {
        let mut output = MemoryOutput::default();
        let (folder, quiet) = (&scratch.path().join("lake"), Progress { quiet: true });
        run(&mut client, &[], folder, &mut output, quiet).unwrap();
        output
    };
    assert_eq!(found(&lake()), BTreeSet::new());

    // The same values in public columns are found, so the search can find them.
    server
        .client()
        .batch_execute(&format!(
            "UPDATE ntsb.aircraft SET acft_serial_no = '{TEXT}x', rwy_len = {NUMBER};
             UPDATE ntsb.engines SET lchg_date = '{TIME}'"
        ))
        .unwrap();
    let found = found(&lake());
    let expected = [
        "aircraft.acft_serial_no",
        "aircraft.rwy_len",
        "engines.lchg_date",
    ];
    for column in expected {
        assert!(found.contains(column), "{column} not in {found:?}");
    }
    assert!(
        found
            .iter()
            .all(|place| { expected.contains(&place.as_str()) || place.starts_with("bytes of ") })
    );
}
