//! Record batches → Parquet files of a size every host and browser can take.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use arrow::array::{Array, ArrayRef};
use arrow::record_batch::RecordBatch;
use arrow::row::{RowConverter, SortField};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::schema::types::ColumnPath;

use super::plan::Plan;

/// Rows in a file at most; each file has one row group.
pub(super) const FILE_ROWS: usize = 65_536;
/// Bytes aimed at in a file. Only a single row that is larger by itself exceeds it.
pub(super) const FILE_BYTES: usize = 1 << 20;
/// Bytes no file may have: beyond, fetching files whole no longer works everywhere.
pub(super) const FILE_LIMIT: usize = 4 << 20;

/// Named in every file; the same for all builds, so that a new build need not mean new bytes.
pub(super) const CREATED_BY: &str = "windsock version 1";

/// Columns of which the pages, not only the file, have statistics: those that rows are ordered
/// by, which is where a page can be skipped.
const ORDERED: &[&str] = &["ev_date", "ev_year", "ev_month", "ev_id"];

/// One file: its bytes and the rows it holds.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) bytes: Vec<u8>,
    pub(super) rows: RecordBatch,
}

/// How the files of a table are encoded.
#[derive(Debug)]
pub(super) struct Layout {
    compression: Compression,
    /// Columns whose smallest and largest value mean nothing.
    long: Vec<String>,
}

impl Layout {
    pub(super) fn of(plan: &Plan) -> Result<Self> {
        let long = plan.columns.iter().filter(|column| column.long);
        Ok(Self {
            compression: Compression::ZSTD(ZstdLevel::try_new(plan.level)?),
            long: long.map(|column| column.entry.name.clone()).collect(),
        })
    }

    /// Encodes rows as one file, or as several if one would be too large.
    pub(super) fn parts(&self, rows: &RecordBatch) -> Result<Vec<Part>> {
        let mut parts = Vec::new();
        self.push_parts(rows, &mut parts)?;
        Ok(parts)
    }

    fn push_parts(&self, rows: &RecordBatch, parts: &mut Vec<Part>) -> Result<()> {
        let count = rows.num_rows();
        let pieces = if count > FILE_ROWS {
            count.div_ceil(FILE_ROWS)
        } else {
            let bytes = self.encode(rows)?;
            if bytes.len() <= FILE_BYTES || count == 1 {
                ensure!(
                    bytes.len() <= FILE_LIMIT,
                    "one row alone takes {} bytes; a file may have {FILE_LIMIT}",
                    bytes.len()
                );
                parts.push(Part {
                    bytes,
                    rows: rows.clone(),
                });
                return Ok(());
            }
            bytes.len().div_ceil(FILE_BYTES).min(count)
        };
        for piece in 0..pieces {
            let (start, end) = (piece * count / pieces, (piece + 1) * count / pieces);
            self.push_parts(&rows.slice(start, end - start), parts)?;
        }
        Ok(())
    }

    fn encode(&self, rows: &RecordBatch) -> Result<Vec<u8>> {
        // Parquet's own types say all there is; the embedded Arrow schema would double small
        // footers.
        let options = ArrowWriterOptions::new()
            .with_properties(self.properties(rows)?)
            .with_skip_arrow_metadata(true);
        write(rows, options)
    }

    fn properties(&self, rows: &RecordBatch) -> Result<WriterProperties> {
        let mut properties = WriterProperties::builder()
            .set_created_by(CREATED_BY.to_owned())
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_compression(self.compression)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_max_row_group_row_count(Some(FILE_ROWS));
        for (field, column) in rows.schema().fields().iter().zip(rows.columns()) {
            let name = field.name();
            let path = || ColumnPath::from(name.as_str());
            if ORDERED.contains(&name.as_str()) {
                // Statistics by page bring the page index with them.
                properties =
                    properties.set_column_statistics_enabled(path(), EnabledStatistics::Page);
            } else if self.long.contains(name) {
                properties =
                    properties.set_column_statistics_enabled(path(), EnabledStatistics::None);
            }
            properties = properties.set_column_dictionary_enabled(path(), repeats(column)?);
        }
        Ok(properties.build())
    }
}

/// Rows as one Parquet file with one row group.
pub(crate) fn encode(rows: &RecordBatch) -> Result<Vec<u8>> {
    let layout = Layout {
        compression: Compression::ZSTD(ZstdLevel::default()),
        long: Vec::new(),
    };
    layout.encode(rows)
}

/// Writes rows as a Parquet file.
pub(super) fn write(rows: &RecordBatch, options: ArrowWriterOptions) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new_with_options(&mut bytes, Arc::clone(&rows.schema()), options)
            .context("starting a Parquet file")?;
    writer.write(rows).context("encoding Parquet")?;
    writer.close().context("finishing a Parquet file")?;
    Ok(bytes)
}

/// Whether a dictionary pays: on average each value that is there must occur twice.
pub(super) fn repeats(column: &ArrayRef) -> Result<bool> {
    let converter = RowConverter::new(vec![SortField::new(column.data_type().clone())])?;
    let values = converter.convert_columns(&[Arc::clone(column)])?;
    let limit = (column.len() - column.null_count()) / 2;
    let mut seen = HashSet::new();
    // A missing value is among them, once.
    let limit = limit + usize::from(column.null_count() > 0);
    Ok(values.iter().all(|value| {
        seen.insert(value);
        seen.len() <= limit.max(1)
    }))
}
