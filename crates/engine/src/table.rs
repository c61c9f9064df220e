//! A table of the manifest with what has been fed and decoded of it.

use std::sync::Arc;

use bytes::Bytes;
use dataset::explore::ColumnType;
use dataset::manifest::{FileEntry, TableEntry};
use parquet::file::metadata::ParquetMetaData;

use crate::column::{Column, Values};
use crate::decode::Unpacker;
use crate::dictionary::Dictionary;
use crate::error::{ColumnFault, EngineError};
use crate::limits::FILE_ROWS;
use crate::{date, decode};

/// Hive's name for the partition of missing values.
const NULL_PARTITION: &str = "__HIVE_DEFAULT_PARTITION__";

/// A row: index of its file in the manifest, and of the row in the file.
pub(crate) type Spot = (u32, u32);

pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) entry: TableEntry,
    /// One per column; stays empty for columns that are not text.
    pub(crate) dictionaries: Vec<Dictionary>,
    files: Vec<File>,
    unpacker: Unpacker,
}

#[derive(Default)]
struct File {
    fed: Option<Fed>,
    columns: Vec<Option<Column>>,
}

struct Fed {
    bytes: Arc<Bytes>,
    footer: ParquetMetaData,
}

impl Table {
    pub(crate) fn new(name: String, entry: TableEntry) -> Self {
        let width = entry.columns.len();
        let file = |_: &FileEntry| File {
            fed: None,
            columns: (0..width).map(|_| None).collect(),
        };
        Self {
            name,
            files: entry.files.iter().map(file).collect(),
            dictionaries: (0..width).map(|_| Dictionary::default()).collect(),
            entry,
            unpacker: Unpacker::default(),
        }
    }

    pub(crate) fn index(&self, column: &str) -> Result<usize, EngineError> {
        let found = self.entry.columns.iter().position(|c| c.name == column);
        found.ok_or_else(|| EngineError::UnknownColumn {
            table: self.name.clone(),
            column: column.to_owned(),
        })
    }

    /// The index of a column that can be added up.
    pub(crate) fn number(&self, column: &str) -> Result<usize, EngineError> {
        let index = self.index(column)?;
        match self.kind(index) {
            ColumnType::Int | ColumnType::Float => Ok(index),
            _ => Err(self.mismatch(index, "only numbers add up".to_owned())),
        }
    }

    pub(crate) fn kind(&self, column: usize) -> ColumnType {
        self.entry.columns[column].kind
    }

    /// A complaint about a value or an operation this column's type does not have.
    pub(crate) fn mismatch(&self, column: usize, what: String) -> EngineError {
        let column = &self.entry.columns[column];
        EngineError::Type {
            column: column.name.clone(),
            kind: column.kind,
            what,
        }
    }

    pub(crate) fn is_fed(&self, file: usize) -> bool {
        self.files[file].fed.is_some()
    }

    /// Takes the bytes of a file, checked against the manifest by the caller.
    pub(crate) fn accept(&mut self, file: usize, bytes: Bytes) -> Result<(), EngineError> {
        let entry = &self.entry.files[file];
        if entry.rows > FILE_ROWS {
            return Err(EngineError::FileRows {
                path: entry.path.clone(),
                rows: entry.rows,
            });
        }
        let footer = decode::footer(&bytes).map_err(|source| EngineError::Parquet {
            path: entry.path.clone(),
            source,
        })?;
        let actual = footer.file_metadata().num_rows();
        if u64::try_from(actual) != Ok(entry.rows) {
            return Err(EngineError::Rows {
                path: entry.path.clone(),
                expected: entry.rows,
                actual,
            });
        }
        self.files[file].fed = Some(Fed {
            bytes: Arc::new(bytes),
            footer,
        });
        Ok(())
    }

    /// Decodes a column of a file unless that has been done.
    pub(crate) fn decode(&mut self, file: usize, column: usize) -> Result<(), EngineError> {
        let slot = &mut self.files[file];
        if slot.columns[column].is_some() {
            return Ok(());
        }
        let entry = &self.entry.files[file];
        let Some(fed) = &slot.fed else {
            return Err(EngineError::NotFed(entry.path.clone()));
        };
        let wanted = &self.entry.columns[column];
        let dictionary = &mut self.dictionaries[column];
        let decoded = decode::column(
            &fed.bytes,
            &fed.footer,
            &wanted.name,
            wanted.kind,
            dictionary,
            &mut self.unpacker,
        );
        let decoded = match decoded {
            // Hive-style writers leave the partition column out of the file.
            Err(ColumnFault::Missing) => {
                let partition = partition(&self.entry, entry, column);
                constant(&partition, wanted.kind, entry.rows as usize, dictionary)
                    .ok_or(ColumnFault::Missing)
            }
            other => other,
        };
        slot.columns[column] = Some(decoded.map_err(|source| EngineError::Column {
            path: entry.path.clone(),
            column: wanted.name.clone(),
            source,
        })?);
        Ok(())
    }

    /// Rows of some of its files.
    pub(crate) fn rows_of(&self, files: &[usize]) -> u64 {
        let rows = files.iter().map(|file| self.entry.files[*file].rows);
        rows.fold(0, u64::saturating_add)
    }

    /// Bytes its files, columns and texts take, about.
    pub(crate) fn memory(&self) -> u64 {
        let texts: usize = self.dictionaries.iter().map(Dictionary::memory).sum();
        let files = self.files.iter().map(|file| {
            let fed = file.fed.as_ref().map_or(0, |fed| fed.bytes.len());
            let columns = file.columns.iter().flatten().map(Column::memory);
            fed + columns.sum::<usize>()
        });
        (texts + files.sum::<usize>()) as u64
    }

    /// Bytes that decoding columns of files would take at most, and looking through their rows.
    pub(crate) fn cost(&self, files: &[usize], columns: &[usize]) -> u64 {
        let mut bytes = self.rows_of(files) * size_of::<Spot>() as u64;
        for file in files {
            let slot = &self.files[*file];
            for column in columns.iter().filter(|c| slot.columns[**c].is_none()) {
                let kind = self.kind(*column);
                let values = self.entry.files[*file].rows * Column::width(kind);
                bytes = bytes.saturating_add(values);
                // Texts stay unpacked; pages of numbers are, one after another.
                if let Some(fed) = &slot.fed {
                    let name = &self.entry.columns[*column].name;
                    bytes = bytes.saturating_add(decode::unpacked(&fed.footer, name));
                }
            }
        }
        bytes
    }

    /// Drops what has been decoded; the files stay.
    pub(crate) fn forget(&mut self) {
        for file in &mut self.files {
            file.columns.iter_mut().for_each(|column| *column = None);
        }
        for dictionary in &mut self.dictionaries {
            *dictionary = Dictionary::default();
        }
    }

    /// A decoded column.
    pub(crate) fn column(&self, file: usize, column: usize) -> &Column {
        self.files[file].columns[column]
            .as_ref()
            .expect("columns of a query are decoded before it runs")
    }

    /// The values of a column at the given rows.
    pub(crate) fn gather(&self, column: usize, spots: &[Spot]) -> Column {
        let mut out = Column::empty(self.kind(column), spots.len());
        let mut rows = Vec::new();
        for run in spots.chunk_by(|a, b| a.0 == b.0) {
            rows.clear();
            rows.extend(run.iter().map(|(_, row)| *row));
            out.append(self.column(run[0].0 as usize, column), &rows);
        }
        out
    }
}

/// What the path of a file says about a column.
pub(crate) enum Partition<'a> {
    /// Nothing: the table is not partitioned by it.
    Other,
    /// It is missing from all rows.
    Missing,
    /// All rows have this value.
    Value(&'a str),
}

/// Reads the Hive-style path of a file, for example `explore/ev_year=2008/…`.
pub(crate) fn partition<'a>(
    table: &TableEntry,
    file: &'a FileEntry,
    column: usize,
) -> Partition<'a> {
    let name = &table.columns[column].name;
    if table.partition.as_ref() != Some(name) {
        return Partition::Other;
    }
    let folder = |part: &'a str| part.strip_prefix(name.as_str())?.strip_prefix('=');
    match file.path.split('/').find_map(folder) {
        None => Partition::Other,
        Some(NULL_PARTITION) => Partition::Missing,
        Some(value) => Partition::Value(value),
    }
}

/// A partition value as a number, for the types that are numbers inside.
pub(crate) fn partition_number(value: &str, kind: ColumnType) -> Option<i64> {
    match kind {
        ColumnType::Int => value.parse().ok(),
        ColumnType::Date => date::parse(value),
        ColumnType::Text | ColumnType::Float | ColumnType::Boolean | ColumnType::Timestamp => None,
    }
}

/// A column of one value; `None` if the path does not say which.
fn constant(
    partition: &Partition<'_>,
    kind: ColumnType,
    rows: usize,
    dictionary: &mut Dictionary,
) -> Option<Column> {
    let value = match partition {
        Partition::Other => return None,
        Partition::Missing => return Some(Column::empty(kind, 0).take(&vec![None; rows])),
        Partition::Value(value) => value,
    };
    let values = match kind {
        ColumnType::Int | ColumnType::Date => {
            Values::Int(vec![partition_number(value, kind)?; rows])
        }
        // Special characters are percent-encoded in paths, each writer in its own way.
        ColumnType::Text if !value.contains('%') => {
            Values::Text(vec![dictionary.intern(value); rows])
        }
        ColumnType::Text | ColumnType::Float | ColumnType::Boolean | ColumnType::Timestamp => {
            return None;
        }
    };
    Some(Column {
        values,
        valid: None,
    })
}
