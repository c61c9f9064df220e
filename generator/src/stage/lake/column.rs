//! One column → a Parquet file of as few bytes as a browser can still read quickly.

use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{Array, ArrayRef, AsArray, Decimal128Array, Float64Array};
use arrow::datatypes::{DataType, Float64Type};
use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};

use super::parquet::{CREATED_BY, repeats, write};

/// Level of Zstandard: questions to all years fetch nothing else.
const LEVEL: i32 = 19;

/// Digits after the point that decimals have at most, and digits in all: as many as 32 bits hold.
const SCALES: std::ops::RangeInclusive<i8> = 0..=6;
const PRECISION: u8 = 9;

/// One fraction in so many may be other than its decimal.
const OTHERS: usize = 64;

/// Encodes a column as a file of one page: nothing reads less than all of it.
///
/// Numbers are written in the order of their bytes (BYTE_STREAM_SPLIT), fractions as decimals
/// where nearly all of them are; those that are not stand in a second column, `…_rest`. Other
/// values have a dictionary where they occur twice on average.
pub(super) fn encode(column: &RecordBatch) -> Result<Vec<u8>> {
    let name = column.schema().field(0).name().clone();
    let values = column.column(0);
    let split = match values.data_type() {
        DataType::Float64 => decimals(values)?,
        DataType::Int16 | DataType::Int32 | DataType::Int64 | DataType::Date32 => {
            Some((Arc::clone(values), None))
        }
        _ => None,
    };
    let properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .set_data_page_size_limit(usize::MAX)
        .set_data_page_row_count_limit(usize::MAX)
        .set_max_row_group_row_count(None);
    let (columns, properties) = if let Some((numbers, others)) = split {
        let others = others.map(|others| (format!("{name}_rest"), others));
        let columns = std::iter::once((name, numbers)).chain(others);
        let properties = properties
            .set_dictionary_enabled(false)
            .set_encoding(Encoding::BYTE_STREAM_SPLIT);
        (columns.collect(), properties)
    } else {
        let properties = properties.set_dictionary_enabled(repeats(values)?);
        (vec![(name, Arc::clone(values))], properties)
    };
    let columns = columns
        .into_iter()
        .map(|(name, values)| (name, values, true));
    let rows = RecordBatch::try_from_iter_with_nullable(columns).context("splitting a column")?;
    let options = ArrowWriterOptions::new()
        .with_properties(properties.build())
        .with_skip_arrow_metadata(true);
    write(&rows, options)
}

/// Fractions as decimals, and those whose decimal is another number, if there are any; nothing if
/// they are too many. What is read is the decimal's digits divided by a power of ten.
fn decimals(values: &ArrayRef) -> Result<Option<(ArrayRef, Option<ArrayRef>)>> {
    let values = values.as_primitive::<Float64Type>();
    let allowed = (values.len() - values.null_count()) / OTHERS;
    for scale in SCALES {
        let power = 10_f64.powi(i32::from(scale));
        let decimal = |value: f64| {
            let digits = (value * power).round();
            let fits = digits.abs() < 10_f64.powi(i32::from(PRECISION));
            let digits = digits as i128;
            // Down to the last bit, and the sign of zero.
            let read = digits as f64 / power;
            (fits && read.to_bits() == value.to_bits()).then_some(digits)
        };
        let digits: Decimal128Array = values.iter().map(|value| value.and_then(decimal)).collect();
        let others = digits.null_count() - values.null_count();
        if others > allowed {
            continue;
        }
        let digits = digits.with_precision_and_scale(PRECISION, scale)?;
        let rest = (others > 0).then(|| -> ArrayRef {
            let other = |value: Option<f64>| value.filter(|value| decimal(*value).is_none());
            Arc::new(values.iter().map(other).collect::<Float64Array>())
        });
        return Ok(Some((Arc::new(digits), rest)));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(values: &[f64]) -> Option<(Vec<i128>, Vec<f64>)> {
        let values: ArrayRef = Arc::new(Float64Array::from(values.to_vec()));
        let (digits, rest) = decimals(&values).unwrap()?;
        let digits = digits.as_primitive::<arrow::datatypes::Decimal128Type>();
        let rest = rest.map(|rest| {
            let rest = rest.as_primitive::<Float64Type>();
            rest.iter().flatten().collect()
        });
        Some((digits.iter().flatten().collect(), rest.unwrap_or_default()))
    }

    #[test]
    fn fractions_become_decimals_and_what_is_none_is_kept() {
        assert_eq!(split(&[7.0, 460.0]), Some((vec![7, 460], vec![])));
        assert_eq!(
            split(&[-76.999_563, 0.25]),
            Some((vec![-76_999_563, 250_000], vec![]))
        );
        let mut many: Vec<f64> = (0..640).map(|n| f64::from(n) / 100.0).collect();
        many.extend([33.134_166_666_666_67, -0.0, 1e12, f64::NAN]);
        let (digits, rest) = split(&many).unwrap();
        assert_eq!(digits, (0..640).collect::<Vec<i128>>());
        assert_eq!(rest[..3], many[640..643]);
        assert!(rest[1].is_sign_negative() && rest[3].is_nan());
        assert_eq!(split(&[1.0 / 3.0, 2.0]), None);
    }
}
