//! Parquet pages to columns.
//!
//! Footer and page headers are the parquet crate's; levels and values are decoded here, because its typed readers hand out text value by value where the engine wants dictionary
//! codes, and bring every encoding of the format into the browser module. The lake is written
//! with the encodings of Parquet version 1, which are these.

use std::sync::Arc;

use bytes::Bytes;
use dataset::explore::ColumnType;
use parquet::basic::{ConvertedType, Encoding, Type};
use parquet::column::page::{Page, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
    ParquetStatisticsPolicy, RowGroupMetaData,
};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescriptor;

use codec::Codec;
pub(crate) use codec::Unpacker;

use crate::column::{Column, Values};
use crate::dictionary::Dictionary;
use crate::error::ColumnFault;

mod codec;
mod hybrid;
mod plain;

/// Reads the footer. Its statistics are left out: the manifest has the ranges.
pub(crate) fn footer(bytes: &Bytes) -> Result<ParquetMetaData, ParquetError> {
    let mut options = ParquetMetaDataOptions::new();
    options.set_column_stats_policy(ParquetStatisticsPolicy::SkipAll);
    options.set_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
    options.set_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll);
    let footer = ParquetMetaDataReader::new()
        .with_metadata_options(Some(options))
        .parse_and_finish(bytes)?;
    let chunks = footer
        .row_groups()
        .iter()
        .flat_map(RowGroupMetaData::columns);
    for chunk in chunks {
        lies_within(chunk, bytes.len())?;
    }
    Ok(footer)
}

/// Refuses places outside of the file, which the page reader takes for granted.
fn lies_within(chunk: &ColumnChunkMetaData, file: usize) -> Result<(), ParquetError> {
    let start = chunk.dictionary_page_offset();
    let start = start.unwrap_or_else(|| chunk.data_page_offset());
    let end = start.checked_add(chunk.compressed_size());
    let is_within = start >= 0
        && chunk.compressed_size() >= 0
        && end.is_some_and(|end| usize::try_from(end).is_ok_and(|end| end <= file));
    if is_within {
        return Ok(());
    }
    Err(ParquetError::General(
        "a column lies outside of the file".to_owned(),
    ))
}

/// Bytes of all pages of a column without compression, as the footer says.
pub(crate) fn unpacked(footer: &ParquetMetaData, name: &str) -> u64 {
    let columns = footer
        .row_groups()
        .iter()
        .flat_map(RowGroupMetaData::columns);
    let own = columns.filter(|column| column.column_path().parts() == [name]);
    own.map(|column| u64::try_from(column.uncompressed_size()).unwrap_or(u64::MAX))
        .fold(0, u64::saturating_add)
}

/// What a column of fractions is called that has the values a decimal has not.
const REST: &str = "_rest";

/// Decodes one column of a file; text gets codes of `dictionary`.
///
/// Fractions may be decimals, which stand for the number nearest to them; where that is not the
/// value, the decimal is missing, and the column `…_rest` of the same file has it.
pub(crate) fn column(
    bytes: &Arc<Bytes>,
    footer: &ParquetMetaData,
    name: &str,
    kind: ColumnType,
    dictionary: &mut Dictionary,
    unpacker: &mut Unpacker,
) -> Result<Column, ColumnFault> {
    let (decoded, is_decimal) = leaf(bytes, footer, name, kind, dictionary, unpacker)?;
    if !is_decimal {
        return Ok(decoded);
    }
    let rest = format!("{name}{REST}");
    match leaf(bytes, footer, &rest, kind, dictionary, unpacker) {
        Ok((rest, _)) => Ok(decoded.or(&rest)),
        Err(ColumnFault::Missing) => Ok(decoded),
        Err(fault) => Err(fault),
    }
}

/// Decodes one column, and says whether it is one of decimals.
fn leaf(
    bytes: &Arc<Bytes>,
    footer: &ParquetMetaData,
    name: &str,
    kind: ColumnType,
    dictionary: &mut Dictionary,
    unpacker: &mut Unpacker,
) -> Result<(Column, bool), ColumnFault> {
    let leaves = footer.file_metadata().schema_descr().columns();
    let leaf = leaves
        .iter()
        .position(|leaf| matches!(leaf.path().parts(), [only] if only == name))
        .ok_or(ColumnFault::Missing)?;
    let descriptor = &leaves[leaf];
    if descriptor.max_rep_level() > 0 || descriptor.max_def_level() > 1 {
        return Err(ColumnFault::Unsupported("a nested column".to_owned()));
    }
    let scale = scale(descriptor, kind)?;
    let rows = usize::try_from(footer.file_metadata().num_rows()).unwrap_or_default();
    let mut chunk = Chunk {
        physical: descriptor.physical_type(),
        optional: descriptor.max_def_level() > 0,
        words: None,
        kind,
        present: Values::with_capacity(kind, rows),
        valid: Vec::new(),
        dictionary,
        unpacker,
    };
    for group in footer.row_groups() {
        chunk.read(bytes, group.column(leaf), group.num_rows())?;
    }
    let mut column = chunk.finish();
    if column.len() != rows {
        return Err(ROWS);
    }
    if let (Some(scale), Values::Float(values)) = (scale, &mut column.values) {
        let divisor = 10_f64.powi(scale);
        for value in values {
            *value /= divisor;
        }
    }
    Ok((column, scale.is_some()))
}

/// Digits after the point of a column of decimals.
///
/// Other numbers whose bits mean something else than their physical type says would come out
/// wrong, and are refused.
fn scale(column: &ColumnDescriptor, kind: ColumnType) -> Result<Option<i32>, ColumnFault> {
    let annotation = column.converted_type();
    let fits = match annotation {
        ConvertedType::DECIMAL => {
            // Powers of ten up to here are numbers without error, and so is what is divided.
            let scale = column.type_scale();
            let is_read = kind == ColumnType::Float
                && column.physical_type() == Type::INT32
                && (0..=9).contains(&scale);
            if is_read {
                return Ok(Some(scale));
            }
            false
        }
        ConvertedType::TIMESTAMP_MICROS => kind == ColumnType::Timestamp,
        ConvertedType::DATE => kind == ColumnType::Date,
        ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => kind == ColumnType::Text,
        ConvertedType::INT_8
        | ConvertedType::INT_16
        | ConvertedType::INT_32
        | ConvertedType::INT_64
        | ConvertedType::UINT_8
        | ConvertedType::UINT_16 => kind == ColumnType::Int,
        // Only types without a counterpart here are annotated in the newer way alone.
        ConvertedType::NONE => {
            column.logical_type_ref().is_none()
                && !matches!(kind, ColumnType::Date | ColumnType::Timestamp)
                // A whole number is no fraction unless it says that it is one.
                && (kind != ColumnType::Float || column.physical_type() != Type::INT32)
        }
        _ => false,
    };
    if fits {
        return Ok(None);
    }
    Err(ColumnFault::Unsupported(format!(
        "a column annotated {annotation} under type {kind:?} of the manifest"
    )))
}

/// A column being decoded, over all row groups.
struct Chunk<'a> {
    physical: Type,
    optional: bool,
    kind: ColumnType,
    /// The dictionary page of the present row group.
    words: Option<Values>,
    /// The values that are there, without gaps.
    present: Values,
    /// Where they are; empty for required columns.
    valid: Vec<bool>,
    dictionary: &'a mut Dictionary,
    unpacker: &'a mut Unpacker,
}

impl Chunk<'_> {
    fn read(
        &mut self,
        bytes: &Arc<Bytes>,
        chunk: &ColumnChunkMetaData,
        rows: i64,
    ) -> Result<(), ColumnFault> {
        let rows = usize::try_from(rows).unwrap_or_default();
        self.words = None;
        let (codec, plain) = Codec::split(chunk)?;
        let mut pages = SerializedPageReader::new(Arc::clone(bytes), &plain, rows, None)?;
        let mut seen = 0;
        while let Some(page) = pages.get_next_page()? {
            match page {
                Page::DictionaryPage {
                    buf, num_values, ..
                } => {
                    let buf = codec.decompress(buf, self.unpacker)?;
                    let count = num_values as usize;
                    // A text takes four bytes at least, a number no fewer: nothing is reserved
                    // that the page cannot hold.
                    let mut words = Values::with_capacity(self.kind, count.min(buf.len()));
                    plain::decode(&buf, self.physical, count, &mut words, self.dictionary)?;
                    self.words = Some(words);
                }
                Page::DataPage {
                    buf,
                    num_values,
                    encoding,
                    def_level_encoding,
                    ..
                } => {
                    seen += num_values as usize;
                    within(seen, rows)?;
                    let buf = codec.decompress(buf, self.unpacker)?;
                    let mut values = &buf[..];
                    let mut levels = None;
                    if self.optional {
                        if def_level_encoding != Encoding::RLE {
                            return Err(unsupported(def_level_encoding));
                        }
                        levels = Some(prefixed(&mut values)?);
                    }
                    self.page(values, levels, num_values as usize, encoding)?;
                }
                Page::DataPageV2 {
                    buf,
                    num_values,
                    encoding,
                    def_levels_byte_len,
                    rep_levels_byte_len,
                    is_compressed,
                    ..
                } => {
                    seen += num_values as usize;
                    within(seen, rows)?;
                    let cut = |bytes, at: u32| <[u8]>::split_at_checked(bytes, at as usize);
                    let (_, rest) = cut(&buf, rep_levels_byte_len).ok_or(LEVELS)?;
                    let (levels, values) = cut(rest, def_levels_byte_len).ok_or(LEVELS)?;
                    let levels = self.optional.then_some(levels);
                    // Levels are never compressed in this kind of page.
                    let values = buf.slice_ref(values);
                    let values = if is_compressed {
                        codec.decompress(values, self.unpacker)?
                    } else {
                        values
                    };
                    self.page(&values, levels, num_values as usize, encoding)?;
                }
            }
        }
        if seen == rows { Ok(()) } else { Err(ROWS) }
    }

    fn page(
        &mut self,
        bytes: &[u8],
        levels: Option<&[u8]>,
        rows: usize,
        encoding: Encoding,
    ) -> Result<(), ColumnFault> {
        let mut count = rows;
        if let Some(levels) = levels {
            let levels = hybrid::decode(levels, 1, rows).ok_or(LEVELS)?;
            count = levels.iter().filter(|level| **level == 1).count();
            self.valid
                .extend(levels.into_iter().map(|level| level == 1));
        }
        match encoding {
            Encoding::PLAIN => plain::decode(
                bytes,
                self.physical,
                count,
                &mut self.present,
                self.dictionary,
            ),
            Encoding::BYTE_STREAM_SPLIT => {
                let bytes = plain::joined(bytes, self.physical, count)?;
                let (present, dictionary) = (&mut self.present, &mut *self.dictionary);
                plain::decode(&bytes, self.physical, count, present, dictionary)
            }
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY => {
                let words = self.words.as_ref().ok_or(INDEX)?;
                let indices = match bytes {
                    [] if count == 0 => Vec::new(),
                    [width, indices @ ..] => hybrid::decode(indices, *width, count).ok_or(INDEX)?,
                    [] => return Err(INDEX),
                };
                self.present.extend_indexed(words, &indices).ok_or(INDEX)
            }
            Encoding::RLE => {
                let Values::Boolean(present) = &mut self.present else {
                    return Err(unsupported(encoding));
                };
                let mut bytes = bytes;
                let values = hybrid::decode(prefixed(&mut bytes)?, 1, count).ok_or(INDEX)?;
                present.extend(values.into_iter().map(|value| value == 1));
                Ok(())
            }
            other => Err(unsupported(other)),
        }
    }

    fn finish(self) -> Column {
        if self.valid.contains(&false) {
            Column {
                values: self.present.spread(&self.valid),
                valid: Some(self.valid),
            }
        } else {
            Column {
                values: self.present,
                valid: None,
            }
        }
    }
}

/// Refuses a page header that promises more values than the row group has, before anything is
/// allocated for them.
fn within(seen: usize, rows: usize) -> Result<(), ColumnFault> {
    if seen > rows { Err(ROWS) } else { Ok(()) }
}

const INDEX: ColumnFault = ColumnFault::Malformed("a page refers to values that are not there");
const LEVELS: ColumnFault = ColumnFault::Malformed("the definition levels of a page are damaged");
const ROWS: ColumnFault = ColumnFault::Malformed("its pages do not have as many values as rows");

fn unsupported(encoding: Encoding) -> ColumnFault {
    ColumnFault::Unsupported(format!("encoding {encoding}"))
}

/// Splits off a part that is preceded by its length in four bytes.
fn prefixed<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], ColumnFault> {
    let (length, rest) = bytes.split_first_chunk().ok_or(LEVELS)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (part, rest) = rest.split_at_checked(length).ok_or(LEVELS)?;
    *bytes = rest;
    Ok(part)
}
