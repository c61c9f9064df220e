//! One table of an MDB → a temporary table in PostgreSQL.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Context, Result};
use dataset::schema::{Column, Table};
use indicatif::ProgressBar;
use jet::datetime::DateTime;
use jet::{FileSource, Value};
use postgres::Transaction;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::convert::convert;
use crate::postgres::copy_in::RowEncoder;

/// Bytes gathered before they are sent.
const CHUNK: usize = 1 << 20;

/// What reading a table gave.
#[derive(Debug, Default)]
pub(super) struct Staged {
    pub(super) declared: u64,
    pub(super) counters: jet::Counters,
    /// Rows with a cell that no target type can hold, or that could not be read.
    pub(super) refused: Vec<Refused>,
    /// Source columns that the schema does not know; their values went to `extra`.
    pub(super) unknown_columns: Vec<String>,
    /// Schema columns that the source lacks.
    pub(super) missing_columns: Vec<String>,
}

/// A row that cannot be stored.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) key: String,
    pub(super) column: String,
    pub(super) reason: String,
    pub(super) content: Json,
}

/// How the columns of the file map onto the columns of the schema.
struct Layout<'a> {
    /// For each schema column its position in the file.
    known: Vec<(&'a Column, Option<usize>)>,
    /// Name and position of the file's other columns.
    unknown: Vec<(String, usize)>,
    key: Vec<usize>,
}

impl<'a> Layout<'a> {
    fn of(table: &'a Table, source: &jet::TableDef) -> Self {
        let position = |name: &str| {
            source
                .columns
                .iter()
                .position(|column| column.name.eq_ignore_ascii_case(name))
        };
        let known: Vec<_> = table
            .columns
            .iter()
            .map(|column| (column, position(column.name)))
            .collect();
        let unknown = source
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| table.column(&column.name).is_none())
            .map(|(position, column)| (column.name.clone(), position))
            .collect();
        let key = table
            .natural_key()
            .iter()
            .filter_map(|column| position(column.name))
            .collect();
        Self {
            known,
            unknown,
            key,
        }
    }
}

/// What tells a staged row without key from all others: its content, and how many equal rows came
/// before it in the file.
pub(in crate::stage) const DIGEST: &str = "encode(row_sha256, 'hex') || '-' || \
     row_number() OVER (PARTITION BY row_sha256 ORDER BY row_no)";

/// Name of the temporary table for `table`: its columns, `extra`, `row_sha256` and `row_no`.
pub(in crate::stage) fn name(table: &Table) -> String {
    format!("stage_{}", table.sql_name())
}

/// Creates the temporary table and fills it with the rows of `source` that can be stored.
///
/// # Errors
/// If PostgreSQL refuses the stream or the file cannot be read at all; rows that cannot be stored
/// are data, not errors.
pub(super) fn fill(
    transaction: &mut Transaction<'_>,
    table: &Table,
    database: &jet::Database<FileSource>,
    source: &jet::TableDef,
    bar: &ProgressBar,
) -> Result<Staged> {
    let layout = Layout::of(table, source);
    let stage = name(table);
    transaction.batch_execute(&create(table))?;

    let mut staged = Staged {
        declared: u64::from(source.row_count),
        unknown_columns: layout
            .unknown
            .iter()
            .map(|(name, _)| name.clone())
            .collect(),
        missing_columns: layout
            .known
            .iter()
            .filter(|(_, position)| position.is_none())
            .map(|(column, _)| column.name.to_owned())
            .collect(),
        ..Staged::default()
    };
    // Access allows 255 columns; the schema's widest table has 93.
    let columns = u8::try_from(table.columns.len() + 3)?;
    (staged.counters, staged.refused) = stream(
        transaction,
        database,
        source,
        &stage,
        columns,
        bar,
        |row, row_no, encoder| encode(&layout, row, row_no, encoder),
    )?;
    Ok(staged)
}

/// Sends the rows of `source` to the table `stage`, which has this many columns: `encode` appends a
/// row to the stream, or leaves it as it was and says why the row is kept out. Rows are numbered
/// from 1.
pub(super) fn stream(
    transaction: &mut Transaction<'_>,
    database: &jet::Database<FileSource>,
    source: &jet::TableDef,
    stage: &str,
    columns: u8,
    bar: &ProgressBar,
    mut encode: impl FnMut(&[Value], i32, &mut RowEncoder) -> Result<(), Refused>,
) -> Result<(jet::Counters, Vec<Refused>)> {
    let mut sink = transaction.copy_in(&format!("COPY {stage} FROM STDIN (FORMAT binary)"))?;
    let mut encoder = RowEncoder::new(columns);
    let mut rows = database.rows(source);
    let (mut row, mut row_no, mut refused) = (Vec::new(), 0, Vec::new());
    while rows
        .next_row(&mut row)
        .with_context(|| format!("reading table {}", source.name))?
    {
        row_no += 1;
        refused.extend(encode(&row, row_no, &mut encoder).err());
        if encoder.len() > CHUNK {
            sink.write_all(&encoder.take())
                .context("sending rows to PostgreSQL")?;
        }
        bar.inc(1);
    }
    encoder.finish();
    sink.write_all(&encoder.take())
        .context("sending rows to PostgreSQL")?;
    sink.finish()
        .with_context(|| format!("staging table {}", source.name))?;
    Ok((rows.counters(), refused))
}

fn create(table: &Table) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("{} {}", column.sql_name(), column.access.postgres()))
        .collect();
    format!(
        "CREATE TEMP TABLE {} ({}, extra jsonb, row_sha256 bytea, row_no integer) ON COMMIT DROP",
        name(table),
        columns.join(", ")
    )
}

/// Appends a row to the stream, or leaves the stream as it was and says what is wrong.
///
/// The row's hash is that of its cells as they are sent: in the order of the schema, each with its
/// length, −1 for NULL. So neither the order of the file's columns nor a column that it lacks makes
/// a difference, but NULL and empty do, and no cell runs into the next.
fn encode(
    layout: &Layout<'_>,
    row: &[Value],
    row_no: i32,
    encoder: &mut RowEncoder,
) -> Result<(), Refused> {
    let mark = encoder.mark();
    encoder.row();
    for (column, position) in &layout.known {
        let Some(position) = position else {
            encoder.null();
            continue;
        };
        match convert(column, &row[*position]) {
            Ok(cell) => cell.encode(encoder),
            Err(reason) => {
                encoder.reset(mark);
                return Err(refuse(layout, row, column.sql_name(), reason));
            }
        }
    }
    let extra: BTreeMap<&str, Json> = layout
        .unknown
        .iter()
        .map(|(name, position)| (name.as_str(), json(&row[*position])))
        .filter(|(_, value)| !value.is_null())
        .collect();
    if extra.is_empty() {
        encoder.null();
    } else {
        encoder.jsonb(&Json::from_iter(extra).to_string());
    }
    let hash = Sha256::digest(encoder.since(mark));
    encoder.bytea(&hash);
    encoder.integer(row_no);
    Ok(())
}

fn refuse(layout: &Layout<'_>, row: &[Value], column: String, reason: String) -> Refused {
    let key: Vec<String> = layout
        .key
        .iter()
        .map(|position| match json(&row[*position]) {
            Json::String(text) => text,
            other => other.to_string(),
        })
        .collect();
    let content = layout
        .known
        .iter()
        .filter_map(|(column, position)| Some((column.sql_name(), json(&row[(*position)?]))))
        .chain(
            layout
                .unknown
                .iter()
                .map(|(name, position)| (name.clone(), json(&row[*position]))),
        )
        .filter(|(_, value)| !value.is_null())
        .collect();
    Refused {
        key: key.join(" "),
        column,
        reason,
        content: Json::Object(content),
    }
}

/// A readable form of any Access value, for rejects and unknown columns.
pub(super) fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(value) => (*value).into(),
        Value::Byte(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Long(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Double(value) => (*value).into(),
        // PostgreSQL's jsonb cannot hold NUL either.
        Value::Text(text) => text.replace('\0', "").into(),
        Value::DateTime(days) => match DateTime::from_days(*days) {
            Some(at) => format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                at.year, at.month, at.day, at.hour, at.minute, at.second
            )
            .into(),
            None => (*days).into(),
        },
        other => format!("{other:?}").into(),
    }
}
