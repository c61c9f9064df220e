//! What can go wrong.

use thiserror::Error;

/// Why a file could not be written. Each message is one sentence.
#[derive(Debug, Error)]
pub enum ExportError {
    /// Neither Parquet nor Arrow.
    #[error("there are files in the forms parquet and arrow, not {0}")]
    Form(String),
    /// Not JSON, or JSON of another shape.
    #[error("the answer is not readable: {0}")]
    Answer(#[from] serde_json::Error),
    /// Two answers that do not fit together.
    #[error("the columns of this part differ from those of the first")]
    Columns,
    /// No answer at all.
    #[error("nothing was written")]
    Nothing,
    /// Arrow refused.
    #[error("the Arrow file could not be written: {0}")]
    Arrow(#[from] arrow_schema::ArrowError),
    /// Parquet refused.
    #[error("the Parquet file could not be written: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
}
