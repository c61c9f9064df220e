//! One file of the lake for executors of their own: checked and decoded as the engine does it.

use bytes::Bytes;
use dataset::manifest::{ColumnEntry, FileEntry, TableEntry};

use crate::column::Values;
use crate::engine::check;
use crate::error::EngineError;
use crate::source::Source;
use crate::table::Table;

/// A Parquet file that is what its manifest lists, to be decoded column by column.
pub struct LakeFile {
    table: Table,
}

/// The values of a column of one file.
pub struct LakeColumn {
    /// As many values as the file has rows; where one is missing, any.
    pub values: LakeValues,
    /// False where the value is missing; `None` if no value is.
    pub valid: Option<Vec<bool>>,
}

/// Values of one type.
pub enum LakeValues {
    /// Text, every different one once.
    Text {
        /// All different texts end to end.
        texts: String,
        /// Where each of them ends.
        ends: Vec<usize>,
        /// Which of them each row has.
        codes: Vec<u32>,
    },
    /// Whole numbers; dates as days and timestamps as microseconds since 1970-01-01.
    Int(Vec<i64>),
    /// Fractions.
    Float(Vec<f64>),
    /// Yes or no.
    Boolean(Vec<bool>),
}

impl LakeFile {
    /// Takes the bytes of `file`, one of the files of `table`.
    ///
    /// # Errors
    /// If size, SHA-256 or rows differ from what the manifest says, or it is not Parquet.
    pub fn open(table: &TableEntry, file: &FileEntry, bytes: Bytes) -> Result<Self, EngineError> {
        check(&file.path, &bytes, file.bytes, &file.sha256)?;
        // What the columns mean is left out: it can be longer than the file.
        let plain = |column: &ColumnEntry| ColumnEntry::new(column.name.clone(), column.kind);
        let entry = TableEntry {
            columns: table.columns.iter().map(plain).collect(),
            rows: file.rows,
            bytes: file.bytes,
            partition: table.partition.clone(),
            files: vec![file.clone()],
            by_column: Vec::new(),
            event_start: None,
        };
        let mut table = Table::new(String::new(), entry);
        table.accept(Source::Rows(0), bytes)?;
        Ok(Self { table })
    }

    /// Bytes it takes while it is kept.
    pub fn memory(&self) -> u64 {
        self.table.memory()
    }

    /// Decodes a column, numbered as in the manifest. Nothing of it is kept.
    ///
    /// # Errors
    /// If it is not in the file or cannot be decoded.
    pub fn column(&mut self, column: usize) -> Result<LakeColumn, EngineError> {
        self.table.decode(0, column)?;
        let decoded = self.table.column(0, column).clone();
        let values = match decoded.values {
            Values::Text(codes) => {
                let (texts, ends) = self.table.dictionaries[column].arena();
                LakeValues::Text {
                    texts: texts.to_owned(),
                    ends: ends.to_vec(),
                    codes,
                }
            }
            Values::Int(values) => LakeValues::Int(values),
            Values::Float(values) => LakeValues::Float(values),
            Values::Boolean(values) => LakeValues::Boolean(values),
        };
        self.table.forget();
        Ok(LakeColumn {
            values,
            valid: decoded.valid,
        })
    }
}

/// The manifest of a table from the bytes that `reference` names.
///
/// # Errors
/// If size or SHA-256 differ from what the index says, or it is no such manifest.
pub fn table_manifest(
    reference: &dataset::manifest::FileRef,
    bytes: &[u8],
) -> Result<TableEntry, EngineError> {
    check(&reference.path, bytes, reference.bytes, &reference.sha256)?;
    serde_json::from_slice(bytes).map_err(|source| EngineError::Manifest {
        path: reference.path.clone(),
        source,
    })
}
