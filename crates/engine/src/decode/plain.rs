//! Parquet's PLAIN encoding, and BYTE_STREAM_SPLIT, which is the same in another order of bytes.
//! Source: Parquet format, Encodings.md, "Plain: (PLAIN = 0)", "Byte Stream Split: (9)".

use parquet::basic::{Encoding, Type};

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
        // Decimals, before they are divided.
        (Type::INT32, Values::Float(out)) => {
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

/// PLAIN bytes of BYTE_STREAM_SPLIT ones: the first bytes of all values, then the second ones.
pub(super) fn joined(bytes: &[u8], physical: Type, count: usize) -> Result<Vec<u8>, ColumnFault> {
    let width = match physical {
        Type::INT32 | Type::FLOAT => 4,
        Type::INT64 | Type::DOUBLE => 8,
        _ => return Err(super::unsupported(Encoding::BYTE_STREAM_SPLIT)),
    };
    if count.checked_mul(width) != Some(bytes.len()) {
        return Err(SHORT);
    }
    let mut out = vec![0; bytes.len()];
    for (place, stream) in bytes.chunks_exact(count.max(1)).enumerate() {
        let values = out[place..].iter_mut().step_by(width);
        for (to, byte) in values.zip(stream) {
            *to = *byte;
        }
    }
    Ok(out)
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
