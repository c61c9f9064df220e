//! Record batches → Parquet files of a size every host and browser can take.

use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};

/// Rows in a file at most; each file has one row group.
pub(super) const FILE_ROWS: usize = 65_536;
/// Bytes aimed at in a file. Only a single row that is larger by itself exceeds it.
pub(super) const FILE_BYTES: usize = 1 << 20;

/// Named in every file; the same for all builds, so that a new build need not mean new bytes.
const CREATED_BY: &str = "windsock version 1";

/// One file: its bytes and the rows it holds.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) bytes: Vec<u8>,
    pub(super) rows: RecordBatch,
}

/// Encodes rows as one file, or as several if one would be too large.
pub(super) fn parts(rows: &RecordBatch) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    push_parts(rows, &mut parts)?;
    Ok(parts)
}

fn push_parts(rows: &RecordBatch, parts: &mut Vec<Part>) -> Result<()> {
    let count = rows.num_rows();
    let pieces = if count > FILE_ROWS {
        count.div_ceil(FILE_ROWS)
    } else {
        let bytes = encode(rows)?;
        if bytes.len() <= FILE_BYTES || count == 1 {
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
        push_parts(&rows.slice(start, end - start), parts)?;
    }
    Ok(())
}

/// Rows as one Parquet file with one row group.
pub(crate) fn encode(rows: &RecordBatch) -> Result<Vec<u8>> {
    let properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(true)
        // Statistics by page bring the page index with them.
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(FILE_ROWS))
        .build();
    // Parquet's own types say all there is; the embedded Arrow schema would double small footers.
    let options = ArrowWriterOptions::new()
        .with_properties(properties)
        .with_skip_arrow_metadata(true);
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new_with_options(&mut bytes, Arc::clone(&rows.schema()), options)
            .context("starting a Parquet file")?;
    writer.write(rows).context("encoding Parquet")?;
    writer.close().context("finishing a Parquet file")?;
    Ok(bytes)
}
