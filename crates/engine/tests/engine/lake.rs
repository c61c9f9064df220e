//! A small lake, written by the arrow writer, and the same rows as JSON.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use bytes::Bytes;
use dataset::explore::ColumnType;
use dataset::manifest::{ColumnEntry, ColumnFile, FileEntry, Manifest, TableEntry};
use engine::Engine;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(crate) const COLUMNS: &[(&str, ColumnType)] = &[
    ("ev_id", ColumnType::Text),
    ("ev_year", ColumnType::Int),
    ("ev_date", ColumnType::Date),
    ("ev_state", ColumnType::Text),
    ("acft_make", ColumnType::Text),
    ("fatalities", ColumnType::Int),
    ("pilot_hours", ColumnType::Float),
    ("homebuilt", ColumnType::Boolean),
];

pub(crate) const STATES: &[&str] = &["CA", "TX", "AK", "WA"];
pub(crate) const MAKES: &[&str] = &[
    "CESSNA",
    "Piper",
    "SMITH, J & J",
    "ÖREBRO Flyg",
    "=BOEING",
    "",
];
pub(crate) const YEARS: std::ops::Range<u64> = 2000..2004;

/// A row in the order of [`COLUMNS`].
pub(crate) type Row = Vec<Value>;

pub(crate) struct Lake {
    pub(crate) manifest: Manifest,
    /// Bytes by file of the manifest.
    pub(crate) files: Vec<Vec<u8>>,
    /// Bytes by file of columns of the manifest.
    pub(crate) parts: Vec<Vec<u8>>,
    /// Rows in the order of the files.
    pub(crate) rows: Vec<Row>,
}

impl Lake {
    /// One file per year, with dictionary pages small enough to overflow into plain pages.
    pub(crate) fn new() -> Self {
        let properties = snappy()
            .set_dictionary_page_size_limit(600)
            .set_data_page_row_count_limit(90);
        Self::with(&properties.build(), |_| true)
    }

    /// A lake written in a particular way; `kept` says which columns go into the files.
    pub(crate) fn with(properties: &WriterProperties, kept: fn(&str) -> bool) -> Self {
        let mut random = Random(7);
        let years = YEARS.map(|year| (year, rows(year, 150 + random.below(150), &mut random)));
        Self::of(years, properties, kept)
    }

    /// A lake of some rows by year.
    pub(crate) fn of(
        years: impl Iterator<Item = (u64, Vec<Row>)>,
        properties: &WriterProperties,
        kept: fn(&str) -> bool,
    ) -> Self {
        let mut lake = Self {
            manifest: Manifest {
                data_date: "2003-12-28".to_owned(),
                sources: Vec::new(),
                tables: [("explore".to_owned(), table())].into(),
            },
            files: Vec::new(),
            parts: Vec::new(),
            rows: Vec::new(),
        };
        for (year, rows) in years {
            let bytes = write(&rows, properties.clone(), kept);
            let table = lake.manifest.tables.get_mut("explore").unwrap();
            table.files.push(entry(year, &bytes, rows.len()));
            table.rows += rows.len() as u64;
            lake.files.push(bytes);
            lake.rows.extend(rows);
        }
        lake
    }

    /// The same with the rows by column too, in stretches of two years.
    pub(crate) fn by_column(mut self) -> Self {
        let table = self.manifest.tables.get_mut("explore").unwrap();
        let mut start = 0;
        for (stretch, files) in table.files.chunks(2).enumerate() {
            let count: u64 = files.iter().map(|file| file.rows).sum();
            let rows = &self.rows[start..start + count as usize];
            start += rows.len();
            for (index, (name, _)) in COLUMNS.iter().enumerate() {
                let batch = [(*name, array(rows, index), true)];
                let batch = RecordBatch::try_from_iter_with_nullable(batch).unwrap();
                let bytes = write_batch(&batch, zstandard().build());
                table.by_column.push(ColumnFile {
                    path: format!("columns/explore/{name}-{stretch}.parquet"),
                    columns: vec![(*name).to_owned()],
                    first: 2 * stretch as u32,
                    files: files.len() as u32,
                    rows: count,
                    bytes: bytes.len() as u64,
                    sha256: sha256(&bytes),
                });
                self.parts.push(bytes);
            }
        }
        self
    }

    /// The bytes of a file or part of the manifest.
    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        let table = &self.manifest.tables["explore"];
        let paths = table.published().map(|(path, _)| path);
        let mut all = paths.zip(self.files.iter().chain(&self.parts));
        all.find(|(found, _)| *found == path).unwrap().1.clone()
    }

    /// An engine that has been fed the files of columns and nothing else.
    pub(crate) fn engine_by_column(&self) -> Engine {
        let mut engine = Engine::with_manifest(self.manifest.clone());
        for (part, bytes) in self.manifest.tables["explore"]
            .by_column
            .iter()
            .zip(&self.parts)
        {
            engine.feed(&part.path, bytes.clone()).unwrap();
        }
        engine
    }

    /// An engine that has been fed all files by year.
    pub(crate) fn engine(&self) -> Engine {
        let mut engine = Engine::with_manifest(self.manifest.clone());
        for (file, bytes) in self.manifest.tables["explore"]
            .files
            .iter()
            .zip(&self.files)
        {
            engine.feed(&file.path, bytes.clone()).unwrap();
        }
        engine
    }
}

pub(crate) fn snappy() -> WriterPropertiesBuilder {
    WriterProperties::builder().set_compression(Compression::SNAPPY)
}

pub(crate) fn zstandard() -> WriterPropertiesBuilder {
    WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()))
}

pub(crate) fn table() -> TableEntry {
    let column = |(name, kind): &(&str, ColumnType)| ColumnEntry::new(*name, *kind);
    TableEntry {
        columns: COLUMNS.iter().map(column).collect(),
        rows: 0,
        bytes: 0,
        partition: Some("ev_year".to_owned()),
        files: Vec::new(),
        by_column: Vec::new(),
        event_start: None,
    }
}

pub(crate) fn entry(year: u64, bytes: &[u8], rows: usize) -> FileEntry {
    FileEntry {
        path: format!("explore/ev_year={year}/part.parquet"),
        rows: rows as u64,
        bytes: bytes.len() as u64,
        sha256: sha256(bytes),
        ranges: [].into(),
    }
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Bytes::copy_from_slice(&Sha256::digest(bytes));
    format!("{digest:x}")
}

pub(crate) fn write(rows: &[Row], properties: WriterProperties, kept: fn(&str) -> bool) -> Vec<u8> {
    let columns = COLUMNS
        .iter()
        .enumerate()
        .filter(|(_, (name, _))| kept(name));
    let columns = columns.map(|(index, (name, _))| (*name, array(rows, index), true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    write_batch(&batch, properties)
}

pub(crate) fn write_batch(batch: &RecordBatch, properties: WriterProperties) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    // Two row groups, of which the second may be empty.
    let half = batch.num_rows() / 2;
    writer.write(&batch.slice(0, half)).unwrap();
    writer.flush().unwrap();
    writer
        .write(&batch.slice(half, batch.num_rows() - half))
        .unwrap();
    writer.close().unwrap();
    bytes
}

fn array(rows: &[Row], column: usize) -> ArrayRef {
    let cells = rows.iter().map(|row| &row[column]);
    let text = || cells.clone().map(Value::as_str).collect::<StringArray>();
    match COLUMNS[column].1 {
        ColumnType::Text => Arc::new(text()),
        ColumnType::Date => cast(&text(), &DataType::Date32).unwrap(),
        ColumnType::Int => {
            let numbers = cells.map(|v| v.as_i64().map(|n| i32::try_from(n).unwrap()));
            Arc::new(numbers.collect::<Int32Array>())
        }
        ColumnType::Float => Arc::new(cells.map(Value::as_f64).collect::<Float64Array>()),
        ColumnType::Timestamp => unreachable!("not in this lake"),
        ColumnType::Boolean => Arc::new(cells.map(Value::as_bool).collect::<BooleanArray>()),
    }
}

/// Numbers that look random and are the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }

    fn of(&mut self, values: &[&str]) -> Value {
        json!(values[self.below(values.len() as u64) as usize])
    }

    /// The value, or with one chance in `share` none.
    fn maybe(&mut self, share: u64, value: Value) -> Value {
        if self.below(share) == 0 {
            Value::Null
        } else {
            value
        }
    }
}

fn rows(year: u64, count: u64, random: &mut Random) -> Vec<Row> {
    let mut event = 0;
    let row = |_| {
        event += random.below(3);
        // The first event of each year is the same one, and later ids are not in file order.
        let id = if event < 2 { 1999 } else { year };
        let (month, day) = (1 + random.below(12), 1 + random.below(28));
        let (state, make) = (random.of(STATES), random.of(MAKES));
        let hours = random.below(90_000) as f64 / 8.0;
        vec![
            json!(format!("{id}{:06}", event * 7 % 100)),
            json!(year),
            json!(format!("{year}-{month:02}-{day:02}")),
            random.maybe(5, state),
            random.maybe(7, make),
            json!(random.below(4)),
            random.maybe(3, json!(hours)),
            if year == 2002 {
                Value::Null
            } else {
                json!(random.below(2) == 0)
            },
        ]
    };
    (0..count).map(row).collect()
}
