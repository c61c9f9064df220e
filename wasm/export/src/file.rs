//! The files themselves.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use crate::column::data_type;
use crate::part::{Column, Part};
use crate::{ExportError, Meaning};

/// Form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Apache Parquet, compressed with Snappy.
    Parquet,
    /// Apache Arrow's IPC file format, also called Feather 2; not compressed.
    Arrow,
}

impl FromStr for Form {
    type Err = ExportError;

    fn from_str(text: &str) -> Result<Self, ExportError> {
        match text {
            "parquet" => Ok(Self::Parquet),
            "arrow" => Ok(Self::Arrow),
            _ => Err(ExportError::Form(text.to_owned())),
        }
    }
}

/// A file in memory that answers are appended to.
pub struct File {
    form: Form,
    meaning: Meaning,
    open: Option<Open>,
}

/// A file whose columns are known.
struct Open {
    columns: Vec<Column>,
    schema: SchemaRef,
    writer: Writer,
}

enum Writer {
    Parquet(Box<ArrowWriter<Vec<u8>>>),
    Arrow(Box<FileWriter<Vec<u8>>>),
}

impl File {
    /// An empty file.
    pub fn new(form: Form, meaning: Meaning) -> Self {
        Self {
            form,
            meaning,
            open: None,
        }
    }

    /// Appends an answer, and returns its number of rows. A part becomes a row group or a batch.
    ///
    /// # Errors
    /// If the text is no answer, its columns are not those of the first, or a value does not have
    /// the type of its column.
    pub fn push(&mut self, answer: &str) -> Result<u32, ExportError> {
        let part: Part = serde_json::from_str(answer)?;
        if self.open.is_none() {
            self.open = Some(self.start(&part.columns)?);
        }
        let open = self.open.as_mut().ok_or(ExportError::Nothing)?;
        if open.columns != part.columns {
            return Err(ExportError::Columns);
        }
        if part.rows > 0 {
            let batch = RecordBatch::try_new(Arc::clone(&open.schema), part.arrays)?;
            match &mut open.writer {
                Writer::Parquet(writer) => {
                    writer.write(&batch)?;
                    writer.flush()?;
                }
                Writer::Arrow(writer) => writer.write(&batch)?,
            }
        }
        Ok(part.rows as u32)
    }

    /// The bytes; the file is empty again.
    ///
    /// # Errors
    /// [`ExportError::Nothing`] if there was no answer.
    pub fn finish(&mut self) -> Result<Vec<u8>, ExportError> {
        match self.open.take().ok_or(ExportError::Nothing)?.writer {
            Writer::Parquet(writer) => Ok(writer.into_inner()?),
            Writer::Arrow(writer) => Ok(writer.into_inner()?),
        }
    }

    fn start(&self, columns: &[Column]) -> Result<Open, ExportError> {
        let fields: Vec<Field> = columns
            .iter()
            .map(|Column { name, kind }| {
                let field = Field::new(name, data_type(*kind), true);
                match self.meaning.meanings.get(name) {
                    Some(words) => {
                        field.with_metadata(HashMap::from([("meaning".to_owned(), words.clone())]))
                    }
                    None => field,
                }
            })
            .collect();
        let about = &self.meaning.about;
        let metadata = about.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
        let writer = match self.form {
            Form::Parquet => {
                let about = about.iter();
                let about = about.map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
                let properties = WriterProperties::builder()
                    .set_compression(Compression::SNAPPY)
                    .set_key_value_metadata(Some(about.collect()))
                    .set_created_by(concat!("windsock ", env!("CARGO_PKG_VERSION")).to_owned());
                let properties = properties.build();
                let writer = ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties))?;
                Writer::Parquet(Box::new(writer))
            }
            Form::Arrow => Writer::Arrow(Box::new(FileWriter::try_new(Vec::new(), &schema)?)),
        };
        Ok(Open {
            columns: columns.to_vec(),
            schema,
            writer,
        })
    }
}

#[cfg(test)]
mod tests;
