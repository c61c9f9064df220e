//! PostgreSQL → Arrow: `COPY (SELECT …) TO STDOUT (FORMAT binary)`, decoded batch by batch.
//!
//! The format (PostgreSQL manual, section COPY, "Binary Format") is a header, then per row a
//! 16-bit field count and per field a 32-bit length (-1 is NULL) and its bytes, all big-endian;
//! a field count of -1 ends the stream. Every length is checked before it is trusted.

mod column;

use std::io::Read;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use postgres::{Client, CopyOutReader};

use column::ColumnBuilder;

/// Rows in a batch at most.
const BATCH_ROWS: usize = 65_536;
/// Bytes of field content after which a batch is closed early: long texts stay affordable.
const BATCH_BYTES: usize = 16 << 20;
/// Longest field accepted; PostgreSQL itself stops at 1 GiB.
const FIELD_BYTES: i32 = 1 << 30;

const SIGNATURE: &[u8; 11] = b"PGCOPY\n\xff\r\n\0";
/// Bits of the header's flags that change the layout in ways this reader does not know.
const CRITICAL_FLAGS: u32 = 0xffff_0000;

/// Runs `query` and returns its rows as record batches, read as they are asked for.
///
/// Columns become Int16, Int32, Float32, Float64, Boolean, Utf8, Timestamp(Microsecond) without
/// zone, or Date32, after `smallint`, `integer`, `real`, `double precision`, `boolean`,
/// `text`/`varchar`, `timestamp` and `date`.
///
/// # Errors
/// If the query fails or yields a column of any other type.
pub fn copy_out<'c>(client: &'c mut Client, query: &str) -> Result<Batches<CopyOutReader<'c>>> {
    let statement = client
        .prepare(query)
        .with_context(|| format!("preparing {query}"))?;
    let fields = statement
        .columns()
        .iter()
        .map(|c| {
            let kind = column::arrow_type(c.type_())
                .with_context(|| format!("column {} is a {}", c.name(), c.type_()))?;
            Ok(Field::new(c.name(), kind, true))
        })
        .collect::<Result<Vec<_>>>()?;
    let reader = client
        .copy_out(&format!("COPY ({query}) TO STDOUT (FORMAT binary)"))
        .with_context(|| format!("copying the rows of {query}"))?;
    Batches::new(reader, Arc::new(Schema::new(fields)))
}

/// Record batches decoded from a binary COPY stream; an iterator that ends after the first error.
#[derive(Debug)]
pub struct Batches<R> {
    reader: R,
    schema: SchemaRef,
    buffer: Vec<u8>,
    rows: u64,
    done: bool,
}

impl<R: Read> Batches<R> {
    /// Starts decoding rows of the given columns, reading the header.
    fn new(mut reader: R, schema: SchemaRef) -> Result<Self> {
        let mut signature = [0; SIGNATURE.len()];
        reader
            .read_exact(&mut signature)
            .context("reading the header of the COPY stream")?;
        ensure!(&signature == SIGNATURE, "not a binary COPY stream");
        let flags = u32::from_be_bytes(array(&mut reader)?);
        ensure!(
            flags & CRITICAL_FLAGS == 0,
            "COPY stream has unknown flags {flags:#x}"
        );
        let extension = u32::from_be_bytes(array(&mut reader)?);
        std::io::copy(
            &mut reader.by_ref().take(u64::from(extension)),
            &mut std::io::sink(),
        )
        .context("reading the header extension of the COPY stream")?;
        Ok(Self {
            reader,
            schema,
            buffer: Vec::new(),
            rows: 0,
            done: false,
        })
    }

    /// The columns of every batch.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn next_batch(&mut self) -> Result<Option<RecordBatch>> {
        let mut builders = self
            .schema
            .fields()
            .iter()
            .map(|field| ColumnBuilder::new(field.data_type()))
            .collect::<Result<Vec<_>>>()?;
        let (mut rows, mut bytes) = (0, 0);
        while rows < BATCH_ROWS && bytes < BATCH_BYTES {
            let Some(size) = self
                .read_row(&mut builders)
                .with_context(|| format!("decoding row {}", self.rows + 1))?
            else {
                self.done = true;
                break;
            };
            rows += 1;
            bytes += size;
            self.rows += 1;
        }
        if rows == 0 {
            return Ok(None);
        }
        let columns = builders.into_iter().map(ColumnBuilder::finish).collect();
        Ok(Some(RecordBatch::try_new(self.schema(), columns)?))
    }

    /// Reads one row and returns the bytes of its fields, or nothing at the end of the stream.
    fn read_row(&mut self, builders: &mut [ColumnBuilder]) -> Result<Option<usize>> {
        let count = i16::from_be_bytes(array(&mut self.reader)?);
        if count == -1 {
            return Ok(None);
        }
        ensure!(
            usize::try_from(count) == Ok(builders.len()),
            "{count} fields where {} were asked for",
            builders.len()
        );
        let mut bytes = 0;
        for (builder, field) in builders.iter_mut().zip(self.schema.fields()) {
            let length = i32::from_be_bytes(array(&mut self.reader)?);
            let value = match length {
                -1 => None,
                0..=FIELD_BYTES => {
                    self.buffer.resize(length as usize, 0);
                    self.reader.read_exact(&mut self.buffer)?;
                    bytes += self.buffer.len();
                    Some(self.buffer.as_slice())
                }
                _ => bail!("field {} has the impossible length {length}", field.name()),
            };
            builder
                .append(value)
                .with_context(|| format!("field {}", field.name()))?;
        }
        Ok(Some(bytes))
    }
}

impl<R: Read> Iterator for Batches<R> {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let batch = self.next_batch().transpose();
        if !matches!(batch, Some(Ok(_))) {
            self.done = true;
        }
        batch
    }
}

fn array<const N: usize>(reader: &mut impl Read) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    reader
        .read_exact(&mut bytes)
        .context("the COPY stream ends early")?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
