//! What can go wrong, in words for the person who can do something about it.

use dataset::explore::ColumnType;
use parquet::errors::ParquetError;

/// Why a query has no answer or a file was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The manifest has no such table.
    #[error("no table is called {0}")]
    UnknownTable(String),
    /// The table has no such column.
    #[error("table {table} has no column {column}")]
    UnknownColumn {
        /// Table of the query.
        table: String,
        /// Column asked for.
        column: String,
    },
    /// The parts of the query do not fit together.
    #[error("the query does not fit together: {0}")]
    Shape(&'static str),
    /// More than one query may have fetched.
    #[error(
        "the answer needs {} MB of files, and no more than {} MB are fetched for one question: \
         choose fewer years",
        megabytes(*.needed), megabytes(*.allowed)
    )]
    Fetch {
        /// Bytes the query needs.
        needed: u64,
        /// Bytes allowed.
        allowed: u64,
    },
    /// More than may be held.
    #[error(
        "the answer needs {} MB of memory, and no more than {} MB are used: choose fewer years or \
         fewer columns",
        megabytes(*.needed), megabytes(*.allowed)
    )]
    Memory {
        /// Bytes the query needs.
        needed: u64,
        /// Bytes allowed.
        allowed: u64,
    },
    /// A file that claims more rows than any file of a lake has.
    #[error("{path} claims {rows} rows, more than a file of a lake can have")]
    FileRows {
        /// Path in the manifest.
        path: String,
        /// Rows according to the manifest.
        rows: u64,
    },
    /// A value or an operation that the column's type does not have.
    #[error("column {column} has type {kind:?}: {what}")]
    Type {
        /// Column name.
        column: String,
        /// Its type.
        kind: ColumnType,
        /// What does not fit.
        what: String,
    },
    /// The manifest has no such file.
    #[error("{0} is not listed in manifest.json; reload the page if the site was just updated")]
    UnknownFile(String),
    /// A file of the wrong size.
    #[error(
        "{path} has {actual} bytes instead of {expected}: the host must serve the files of the \
         lake whole and unchanged"
    )]
    Size {
        /// Path in the manifest.
        path: String,
        /// Bytes according to the manifest.
        expected: u64,
        /// Bytes fed.
        actual: u64,
    },
    /// A file of the right size with other content.
    #[error(
        "{0} differs from its SHA-256 in manifest.json: the host must serve the files of the lake \
         unchanged, and those of one build together"
    )]
    Hash(String),
    /// A file the query needs was not fed.
    #[error("{0} is needed but was not fed")]
    NotFed(String),
    /// The file is what was published, but no Parquet the engine can open.
    #[error("{path} is not readable as Parquet: {source}")]
    Parquet {
        /// Path in the manifest.
        path: String,
        /// What the reader says.
        source: ParquetError,
    },
    /// The file is what was published, but no manifest of a table this build understands.
    #[error("{path} is not readable as the manifest of a table: {source}")]
    Manifest {
        /// Path in the index.
        path: String,
        /// What the reader says.
        source: serde_json::Error,
    },
    /// The file does not hold what the manifest says.
    #[error("{path} has {actual} rows, but manifest.json says {expected}")]
    Rows {
        /// Path in the manifest.
        path: String,
        /// Rows according to the manifest.
        expected: u64,
        /// Rows according to the file.
        actual: i64,
    },
    /// A column of a file cannot be decoded.
    #[error("column {column} of {path} is not readable: {source}")]
    Column {
        /// Path in the manifest.
        path: String,
        /// Column name.
        column: String,
        /// Why.
        source: ColumnFault,
    },
}

/// Why a column cannot be decoded.
#[derive(Debug, thiserror::Error)]
pub enum ColumnFault {
    /// The file does not have it.
    #[error("the file does not have it")]
    Missing,
    /// The file uses a part of Parquet that the lake does not.
    #[error(
        "{0} is not supported; write Parquet version 1 with flat columns, and Snappy or Zstandard"
    )]
    Unsupported(String),
    /// Damaged content.
    #[error("{0}")]
    Malformed(&'static str),
    /// What the page reader says.
    #[error(transparent)]
    Page(#[from] ParquetError),
}

fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}
