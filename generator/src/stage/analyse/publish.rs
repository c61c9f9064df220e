//! Figures → one JSON and one Parquet file each, and their index.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use serde::Serialize;
use serde_json::Value;

use super::figure::FigureFiles;
use super::{Figure, Figures, Kind};
use crate::output::{Output, sha256_hex, short_hash};
use crate::stage::lake::encode;

/// An entry of the index.
#[derive(Serialize)]
struct Entry<'a> {
    title: &'a str,
    unit: &'a str,
    population: &'a str,
    caveat: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    rows: usize,
    json: File,
    parquet: File,
}

#[derive(Serialize)]
struct File {
    path: String,
    bytes: usize,
    sha256: String,
}

/// Writes every figure and, last, `manifest.json`, which names them; notes in each figure where it
/// went.
///
/// Names of files carry the beginning of their SHA-256, so a name means one content for ever.
pub(crate) fn publish(figures: &mut Figures, output: &mut dyn Output) -> Result<()> {
    let mut files = BTreeMap::new();
    for (name, figure) in &mut figures.figures {
        let published =
            write(name, figure, output).with_context(|| format!("publishing figure {name}"))?;
        figure.files = Some(FigureFiles {
            json: published.0.path.clone(),
            parquet: published.1.path.clone(),
        });
        files.insert(name.clone(), published);
    }
    let entries: BTreeMap<&str, Entry> = std::iter::zip(&figures.figures, files.into_values())
        .map(|((name, figure), (json, parquet))| (name.as_str(), entry(figure, json, parquet)))
        .collect();
    output.write("manifest.json", &line(&entries)?)
}

fn entry(figure: &Figure, json: File, parquet: File) -> Entry<'_> {
    Entry {
        title: &figure.title,
        unit: &figure.unit,
        population: &figure.population,
        caveat: &figure.caveat,
        note: figure.note.as_deref(),
        rows: figure.rows.len(),
        json,
        parquet,
    }
}

fn write(name: &str, figure: &Figure, output: &mut dyn Output) -> Result<(File, File)> {
    let parquet = encode(&batch(figure)?)?;
    let mut content = figure.clone();
    content.files = None;
    let json = line(&content)?;
    let mut put = |ending: &str, bytes: &[u8]| -> Result<File> {
        let path = format!("{name}-{}.{ending}", short_hash(bytes));
        output.write(&path, bytes)?;
        Ok(File {
            path,
            bytes: bytes.len(),
            sha256: sha256_hex(bytes),
        })
    };
    Ok((put("json", &json)?, put("parquet", &parquet)?))
}

fn line(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut json = serde_json::to_vec(value)?;
    json.push(b'\n');
    Ok(json)
}

fn batch(figure: &Figure) -> Result<RecordBatch> {
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for (at, column) in figure.columns.iter().enumerate() {
        let cells = figure.rows.iter().map(|row| &row[at]);
        let of = match column.kind {
            Kind::Text => DataType::Utf8,
            Kind::Integer => DataType::Int64,
            Kind::Number => DataType::Float64,
            Kind::Boolean => DataType::Boolean,
        };
        fields.push(Field::new(&column.name, of, true));
        columns
            .push(array(column.kind, cells).with_context(|| format!("in column {}", column.name))?);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).context("joining the columns")
}

fn array<'a>(kind: Kind, cells: impl Iterator<Item = &'a Value>) -> Result<ArrayRef> {
    Ok(match kind {
        Kind::Text => Arc::new(typed(cells, Value::as_str)?.collect::<StringArray>()),
        Kind::Integer => Arc::new(typed(cells, Value::as_i64)?.collect::<Int64Array>()),
        Kind::Number => Arc::new(typed(cells, Value::as_f64)?.collect::<Float64Array>()),
        Kind::Boolean => Arc::new(typed(cells, Value::as_bool)?.collect::<BooleanArray>()),
    })
}

/// Missing cells stay missing; a cell of another type is an error, not a missing one.
fn typed<'a, T>(
    cells: impl Iterator<Item = &'a Value>,
    read: impl Fn(&'a Value) -> Option<T>,
) -> Result<impl Iterator<Item = Option<T>>> {
    let cells = cells
        .map(|cell| match cell {
            Value::Null => Ok(None),
            other => read(other)
                .map(Some)
                .with_context(|| format!("{other} is of another type")),
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(cells.into_iter())
}
