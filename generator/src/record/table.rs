//! Rows of one table of the lake, in memory, found by event.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float32Array, Float64Array, Int64Array, StringArray,
};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use dataset::manifest::TableEntry;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// Files of a table by the value of their partition (`1987`, `1980`; empty if there is none).
pub(super) type Files<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// The files of a table by partition.
pub(super) fn files(table: Option<&TableEntry>) -> Files<'_> {
    let mut files = Files::new();
    for file in table.iter().flat_map(|table| &table.files) {
        let partition = file
            .path
            .split('/')
            .find_map(|folder| folder.split_once('=').map(|(_, value)| value))
            .unwrap_or_default();
        files.entry(partition).or_default().push(&file.path);
    }
    files
}

/// A column in one of four forms, so that readers need to know no more.
#[derive(Debug)]
pub(super) enum Column {
    Text(StringArray),
    Int(Int64Array),
    Float(Float64Array),
    /// Decimals stored in 32 bits, which are not those of 64.
    Short(Float32Array),
    Boolean(BooleanArray),
    Date(Date32Array),
}

impl Column {
    fn of(array: &ArrayRef) -> Result<Self> {
        let to = match array.data_type() {
            DataType::Boolean => DataType::Boolean,
            DataType::Float32 => DataType::Float32,
            DataType::Float64 => DataType::Float64,
            DataType::Date32 | DataType::Timestamp(..) => DataType::Date32,
            kind if kind.is_integer() => DataType::Int64,
            _ => DataType::Utf8,
        };
        let array = cast(array, &to)?;
        let data = array.to_data();
        Ok(match to {
            DataType::Boolean => Self::Boolean(data.into()),
            DataType::Float32 => Self::Short(data.into()),
            DataType::Float64 => Self::Float(data.into()),
            DataType::Date32 => Self::Date(data.into()),
            DataType::Int64 => Self::Int(data.into()),
            _ => Self::Text(data.into()),
        })
    }

    /// The value as text; nothing if it is missing or blank.
    pub(super) fn text(&self, row: usize) -> Option<Cow<'_, str>> {
        let array: &dyn Array = match self {
            Self::Text(a) => a,
            Self::Int(a) => a,
            Self::Float(a) => a,
            Self::Short(a) => a,
            Self::Boolean(a) => a,
            Self::Date(a) => a,
        };
        if array.is_null(row) {
            return None;
        }
        Some(match self {
            Self::Text(a) => {
                let text = a.value(row);
                return (!text.trim().is_empty()).then_some(Cow::Borrowed(text));
            }
            Self::Int(a) => Cow::Owned(a.value(row).to_string()),
            Self::Float(a) => Cow::Owned(a.value(row).to_string()),
            Self::Short(a) => Cow::Owned(a.value(row).to_string()),
            Self::Boolean(a) => Cow::Borrowed(if a.value(row) { "Y" } else { "N" }),
            Self::Date(a) => Cow::Owned(a.value_as_date(row)?.to_string()),
        })
    }
}

/// Rows of a table.
#[derive(Debug, Default)]
pub(super) struct Table {
    names: Vec<String>,
    columns: Vec<Column>,
    /// Rows of an event, in the order of the source.
    events: HashMap<String, Vec<usize>>,
    rows: usize,
}

impl Table {
    /// Reads whole files.
    pub(super) fn read(lake: &Path, files: &[&str]) -> Result<Self> {
        Self::read_some(lake, files, None)
    }

    /// Reads these columns only; absent ones stay absent.
    pub(super) fn read_columns(lake: &Path, files: &[&str], columns: &[&str]) -> Result<Self> {
        Self::read_some(lake, files, Some(columns))
    }

    fn read_some(lake: &Path, files: &[&str], columns: Option<&[&str]>) -> Result<Self> {
        let mut batches = Vec::new();
        for path in files {
            let path = lake.join(path);
            let reading = || format!("reading {}", path.display());
            let file = File::open(&path).with_context(reading)?;
            let builder = ParquetRecordBatchReaderBuilder::try_new(file).with_context(reading)?;
            let mask = columns.map_or_else(ProjectionMask::all, |names| {
                ProjectionMask::columns(builder.parquet_schema(), names.iter().copied())
            });
            let reader = builder
                .with_projection(mask)
                .with_batch_size(1 << 16)
                .build()
                .with_context(reading)?;
            for batch in reader {
                batches.push(batch.with_context(reading)?);
            }
        }
        let Some(first) = batches.first() else {
            return Ok(Self::default());
        };
        Self::of(&concat_batches(&first.schema(), &batches)?)
    }

    fn of(batch: &RecordBatch) -> Result<Self> {
        let schema = batch.schema();
        let columns: Vec<Column> = batch
            .columns()
            .iter()
            .map(Column::of)
            .collect::<Result<_>>()?;
        let names: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
        let mut events = HashMap::<String, Vec<usize>>::new();
        let ids = names.iter().position(|name| name == "ev_id");
        if let Some(Column::Text(ids)) = ids.map(|at| &columns[at]) {
            for (row, id) in ids.iter().enumerate() {
                match id.map(|id| (id, events.get_mut(id))) {
                    Some((_, Some(rows))) => rows.push(row),
                    Some((id, None)) => drop(events.insert(id.to_owned(), vec![row])),
                    None => {}
                }
            }
        }
        Ok(Self {
            names,
            columns,
            events,
            rows: batch.num_rows(),
        })
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Rows of an event.
    pub(super) fn of_event(&self, ev_id: &str) -> &[usize] {
        self.events.get(ev_id).map_or(&[], Vec::as_slice)
    }

    /// Keys of the events that have rows, sorted.
    pub(super) fn event_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.events.keys().map(String::as_str).collect();
        ids.sort_unstable();
        ids
    }

    /// Columns and their names, in the order of the source.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&str, &Column)> {
        std::iter::zip(self.names.iter().map(String::as_str), &self.columns)
    }

    fn column(&self, name: &str) -> Option<&Column> {
        let at = self.names.iter().position(|column| column == name)?;
        self.columns.get(at)
    }

    /// A text, borrowed; nothing if the column is absent or no text.
    pub(super) fn str(&self, name: &str, row: usize) -> Option<&str> {
        match self.column(name)? {
            Column::Text(a) if a.is_valid(row) => {
                Some(a.value(row)).filter(|text| !text.trim().is_empty())
            }
            _ => None,
        }
    }

    pub(super) fn text(&self, name: &str, row: usize) -> Option<Cow<'_, str>> {
        self.column(name)?.text(row)
    }

    pub(super) fn int(&self, name: &str, row: usize) -> Option<i64> {
        match self.column(name)? {
            Column::Int(a) if a.is_valid(row) => Some(a.value(row)),
            _ => None,
        }
    }

    pub(super) fn float(&self, name: &str, row: usize) -> Option<f64> {
        match self.column(name)? {
            Column::Float(a) if a.is_valid(row) => Some(a.value(row)),
            Column::Short(a) if a.is_valid(row) => Some(a.value(row).into()),
            _ => None,
        }
    }

    pub(super) fn bool(&self, name: &str, row: usize) -> Option<bool> {
        match self.column(name)? {
            Column::Boolean(a) if a.is_valid(row) => Some(a.value(row)),
            _ => None,
        }
    }
}
