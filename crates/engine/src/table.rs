//! A table of the manifest with what has been fed and decoded of it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use dataset::explore::ColumnType;
use dataset::manifest::{ColumnEntry, ColumnFile, FileEntry, TableEntry};
use parquet::file::metadata::ParquetMetaData;

use crate::column::{Column, Values};
use crate::decode::Unpacker;
use crate::dictionary::Dictionary;
use crate::error::{ColumnFault, EngineError};
use crate::limits::FILE_ROWS;
use crate::source::{Described, Source};
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
    /// Bytes of [`TableEntry::by_column`].
    parts: Vec<Option<Fed>>,
    /// Which of them have a column.
    parts_of: Vec<Vec<usize>>,
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

impl Fed {
    fn decode(
        &self,
        wanted: &ColumnEntry,
        dictionary: &mut Dictionary,
        unpacker: &mut Unpacker,
    ) -> Result<Column, ColumnFault> {
        let (name, kind) = (&wanted.name, wanted.kind);
        decode::column(&self.bytes, &self.footer, name, kind, dictionary, unpacker)
    }
}

/// Indices of the files whose rows a file of columns has.
pub(crate) fn covered(part: &ColumnFile) -> Range<usize> {
    let first = part.first as usize;
    first..first.saturating_add(part.files as usize)
}

/// Whether a file of columns has the rows of files that are there. One that has not is left alone:
/// the rows are elsewhere too.
fn fits(entry: &TableEntry, part: &ColumnFile) -> bool {
    let files = entry.files.get(covered(part)).unwrap_or_default();
    let rows = files.iter().map(|file| file.rows);
    !files.is_empty() && rows.fold(0, u64::saturating_add) == part.rows
}

fn unreadable(path: &str, column: &ColumnEntry, source: ColumnFault) -> EngineError {
    EngineError::Column {
        path: path.to_owned(),
        column: column.name.clone(),
        source,
    }
}

impl Table {
    pub(crate) fn new(name: String, mut entry: TableEntry) -> Self {
        let mut parts = std::mem::take(&mut entry.by_column);
        parts.retain(|part| fits(&entry, part));
        entry.by_column = parts;
        let parts_of = entry.columns.iter().map(|column| {
            let parts = entry.by_column.iter().enumerate();
            let parts = parts.filter(|(_, part)| part.columns.contains(&column.name));
            parts.map(|(at, _)| at).collect()
        });
        let parts_of = parts_of.collect();
        let width = entry.columns.len();
        let file = |_: &FileEntry| File {
            fed: None,
            columns: (0..width).map(|_| None).collect(),
        };
        Self {
            name,
            files: entry.files.iter().map(file).collect(),
            dictionaries: (0..width).map(|_| Dictionary::default()).collect(),
            parts: entry.by_column.iter().map(|_| None).collect(),
            parts_of,
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

    /// The column that is 1 where an event begins.
    pub(crate) fn event_start(&self) -> Option<usize> {
        let column = self.index(self.entry.event_start.as_deref()?).ok()?;
        (self.kind(column) == ColumnType::Int).then_some(column)
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

    /// Takes the bytes of a file, checked against the manifest by the caller.
    pub(crate) fn accept(&mut self, source: Source, bytes: Bytes) -> Result<(), EngineError> {
        let Described { path, rows, .. } = self.describe(source);
        if rows > FILE_ROWS {
            let path = path.to_owned();
            return Err(EngineError::FileRows { path, rows });
        }
        let footer = decode::footer(&bytes).map_err(|source| EngineError::Parquet {
            path: path.to_owned(),
            source,
        })?;
        let actual = footer.file_metadata().num_rows();
        if u64::try_from(actual) != Ok(rows) {
            return Err(EngineError::Rows {
                path: path.to_owned(),
                expected: rows,
                actual,
            });
        }
        let bytes = Arc::new(bytes);
        let fed = Some(Fed { bytes, footer });
        match source {
            Source::Rows(file) => self.files[file].fed = fed,
            Source::Columns(part) => self.parts[part] = fed,
        }
        Ok(())
    }

    pub(crate) fn is_fed(&self, source: Source) -> bool {
        match source {
            Source::Rows(file) => self.files[file].fed.is_some(),
            Source::Columns(part) => self.parts[part].is_some(),
        }
    }

    /// Whether a column of a file has been decoded, or its path says the value of all rows.
    pub(crate) fn is_known(&self, file: usize, column: usize) -> bool {
        self.files[file].columns[column].is_some()
            || match partition(&self.entry, &self.entry.files[file], column) {
                Partition::Other => false,
                Partition::Missing => true,
                Partition::Value(value) => is_constant(value, self.kind(column)),
            }
    }

    /// The files of columns that have a column of a file.
    pub(crate) fn parts(&self, file: usize, column: usize) -> impl Iterator<Item = usize> {
        let has = move |part: &usize| covered(&self.entry.by_column[*part]).contains(&file);
        self.parts_of[column].iter().copied().filter(has)
    }

    fn fed_part(&self, file: usize, column: usize) -> Option<usize> {
        self.parts(file, column)
            .find(|part| self.parts[*part].is_some())
    }

    /// Decodes a column of a file, and with a file of columns that of the files beside it, unless
    /// that has been done.
    pub(crate) fn decode(&mut self, file: usize, column: usize) -> Result<(), EngineError> {
        if self.files[file].columns[column].is_some() {
            return Ok(());
        }
        if self.files[file].fed.is_some() {
            return self.decode_rows(file, column);
        }
        if let Some(part) = self.fed_part(file, column) {
            return self.decode_part(part, column);
        }
        let (entry, kind) = (&self.entry.files[file], self.kind(column));
        let partition = partition(&self.entry, entry, column);
        let dictionary = &mut self.dictionaries[column];
        let constant = constant(&partition, kind, entry.rows as usize, dictionary);
        let not_fed = || EngineError::NotFed(entry.path.clone());
        self.files[file].columns[column] = Some(constant.ok_or_else(not_fed)?);
        Ok(())
    }

    /// From the file that has all columns of its rows.
    fn decode_rows(&mut self, file: usize, column: usize) -> Result<(), EngineError> {
        let entry = &self.entry.files[file];
        let slot = &mut self.files[file];
        let Some(fed) = &slot.fed else {
            return Err(EngineError::NotFed(entry.path.clone()));
        };
        let wanted = &self.entry.columns[column];
        let dictionary = &mut self.dictionaries[column];
        let decoded = match fed.decode(wanted, dictionary, &mut self.unpacker) {
            // Hive-style writers leave the partition column out of the file.
            Err(ColumnFault::Missing) => {
                let partition = partition(&self.entry, entry, column);
                constant(&partition, wanted.kind, entry.rows as usize, dictionary)
                    .ok_or(ColumnFault::Missing)
            }
            other => other,
        };
        let decoded = decoded.map_err(|source| unreadable(&entry.path, wanted, source))?;
        slot.columns[column] = Some(decoded);
        Ok(())
    }

    /// From a file of columns; its rows are dealt out to the files they belong to.
    fn decode_part(&mut self, part: usize, column: usize) -> Result<(), EngineError> {
        let entry = &self.entry.by_column[part];
        let Some(fed) = &self.parts[part] else {
            return Err(EngineError::NotFed(entry.path.clone()));
        };
        let wanted = &self.entry.columns[column];
        let dictionary = &mut self.dictionaries[column];
        let decoded = fed.decode(wanted, dictionary, &mut self.unpacker);
        let decoded = decoded.map_err(|source| unreadable(&entry.path, wanted, source))?;
        let mut start = 0;
        for file in covered(entry) {
            let end = start + self.entry.files[file].rows as usize;
            let slot = &mut self.files[file].columns[column];
            if slot.is_none() {
                *slot = Some(decoded.slice(start..end));
            }
            start = end;
        }
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
        let fed = self.files.iter().filter_map(|file| file.fed.as_ref());
        let fed = fed.chain(self.parts.iter().flatten());
        let fed: usize = fed.map(|fed| fed.bytes.len()).sum();
        let columns = self
            .files
            .iter()
            .flat_map(|file| file.columns.iter().flatten());
        (texts + fed + columns.map(Column::memory).sum::<usize>()) as u64
    }

    /// Bytes that decoding columns of files would take at most, and looking through their rows.
    pub(crate) fn cost(&self, files: &[usize], columns: &[usize]) -> u64 {
        let mut bytes = self.rows_of(files).saturating_mul(size_of::<Spot>() as u64);
        for column in columns {
            let (name, width) = (
                &self.entry.columns[*column].name,
                Column::width(self.kind(*column)),
            );
            // Texts stay unpacked; pages of numbers are, one after another.
            let unpacked = |fed: &Fed| decode::unpacked(&fed.footer, name);
            let mut parts = BTreeSet::new();
            for file in files
                .iter()
                .filter(|f| self.files[**f].columns[*column].is_none())
            {
                let values = self.entry.files[*file].rows.saturating_mul(width);
                bytes = bytes.saturating_add(values);
                if let Some(fed) = &self.files[*file].fed {
                    bytes = bytes.saturating_add(unpacked(fed));
                } else if let Some(part) = self.fed_part(*file, *column) {
                    parts.insert(part);
                }
            }
            for part in parts {
                // All of its rows become columns at once, and are copied from one that is whole.
                let values = self.entry.by_column[part].rows.saturating_mul(2 * width);
                let unpacked = self.parts[part].as_ref().map_or(0, unpacked);
                bytes = bytes.saturating_add(values).saturating_add(unpacked);
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

/// Whether a partition value can be read as a value of this type.
fn is_constant(value: &str, kind: ColumnType) -> bool {
    match kind {
        // Special characters are percent-encoded in paths, each writer in its own way.
        ColumnType::Text => !value.contains('%'),
        _ => partition_number(value, kind).is_some(),
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
        ColumnType::Text if is_constant(value, kind) => {
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
