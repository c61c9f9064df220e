//! Parquet's PLAIN encoding. Source: Parquet format, Encodings.md, "Plain: (PLAIN = 0)".

use parquet::basic::Type;

use super::ColumnFault;
use crate::column::Values;
use crate::dictionary::Dictionary;

const SHORT: ColumnFault = ColumnFault::Malformed("a page ends before its last value");

/// Appends `count` values of a physical type. Text is interned.
pub(super) fn decode(
    bytes: &[u8],
    physical: Type,
    count: usize,
    out: &mut Values,
    dictionary: &mut Dictionary,
) -> Result<(), ColumnFault> {
    match (physical, out) {
        (Type::INT32, Values::Int(out)) => {
            fixed(bytes, count, out, |b| i32::from_le_bytes(b).into())
        }
        (Type::INT64, Values::Int(out)) => fixed(bytes, count, out, i64::from_le_bytes),
        (Type::FLOAT, Values::Float(out)) => {
            fixed(bytes, count, out, |b| f32::from_le_bytes(b).into())
        }
        (Type::DOUBLE, Values::Float(out)) => fixed(bytes, count, out, f64::from_le_bytes),
        (Type::BOOLEAN, Values::Boolean(out)) => {
            if bytes.len() * 8 < count {
                return Err(SHORT);
            }
            out.extend((0..count).map(|i| bytes[i / 8] >> (i % 8) & 1 == 1));
            Ok(())
        }
        (Type::BYTE_ARRAY, Values::Text(out)) => text(bytes, count, out, dictionary),
        (physical, _) => Err(ColumnFault::Unsupported(format!(
            "a column stored as {physical} under the type of the manifest"
        ))),
    }
}

fn fixed<const N: usize, T>(
    bytes: &[u8],
    count: usize,
    out: &mut Vec<T>,
    read: impl Fn([u8; N]) -> T,
) -> Result<(), ColumnFault> {
    let (values, _) = bytes.as_chunks::<N>();
    let values = values.get(..count).ok_or(SHORT)?;
    out.extend(values.iter().map(|value| read(*value)));
    Ok(())
}

/// Each text is its length in four bytes and its UTF-8.
fn text(
    mut bytes: &[u8],
    count: usize,
    out: &mut Vec<u32>,
    dictionary: &mut Dictionary,
) -> Result<(), ColumnFault> {
    for _ in 0..count {
        let (length, rest) = bytes.split_first_chunk().ok_or(SHORT)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (value, rest) = rest.split_at_checked(length).ok_or(SHORT)?;
        let value = std::str::from_utf8(value)
            .map_err(|_| ColumnFault::Malformed("a text is not UTF-8"))?;
        out.push(dictionary.intern(value));
        bytes = rest;
    }
    Ok(())
}
