//! Cutting a row into cells.

use crate::bytes::{array, u8_at, u16_at, u32_at};
use crate::format::Layout;
use crate::{BadCell, Column, Kind, Value, text};

/// Jet 3: entry of the jump table without a column.
const NO_JUMP: u8 = 0xFF;

/// A row's bytes with the places of its parts: column count, fixed part, variable part, offsets of
/// the variable columns in reverse, their number, null mask.
pub(crate) struct RowParts<'r> {
    bytes: &'r [u8],
    layout: &'r Layout,
    mask: &'r [u8],
    /// Number of variable columns when the row was written, which may be fewer than now.
    variable: usize,
    /// Where the offset of variable column 0 is; the others lie before it.
    offsets: usize,
    /// Jet 3 keeps low bytes of offsets only; these are the columns at which the high byte grows.
    jumps: &'r [u8],
}

impl<'r> RowParts<'r> {
    /// `None` when the row is too short for what it announces.
    pub(crate) fn new(bytes: &'r [u8], layout: &'r Layout, variable: bool) -> Option<Self> {
        let width = if layout.jet4 { 2 } else { 1 };
        let number = |at| {
            if layout.jet4 {
                u16_at(bytes, at)
            } else {
                u8_at(bytes, at).map(u16::from)
            }
        };
        let columns = usize::from(number(0)?);
        let mask_at = bytes.len().checked_sub(columns.div_ceil(8))?;
        if mask_at < width || columns == 0 {
            return None;
        }
        let mut parts = Self {
            bytes,
            layout,
            mask: &bytes[mask_at..],
            variable: 0,
            offsets: 0,
            jumps: &[],
        };
        if variable {
            let count_at = mask_at.checked_sub(width)?;
            parts.variable = usize::from(number(count_at)?);
            let jumps = if layout.jet4 {
                0
            } else {
                (bytes.len() - 1) / 256
            };
            parts.jumps = bytes.get(count_at.checked_sub(jumps)?..count_at)?;
            parts.offsets = count_at.checked_sub(jumps + width)?;
            // All offsets, and the end of the data behind them, must lie within the row.
            parts.offsets.checked_sub(width * parts.variable)?;
        }
        Some(parts)
    }

    /// The cell of a column; a long value comes as the bytes of its header.
    pub(crate) fn value(&self, column: &Column, lossy: &mut u64) -> Value {
        let number = usize::from(column.number);
        let Some(byte) = self.mask.get(number / 8) else {
            return Value::Null;
        };
        let present = byte >> (number % 8) & 1 == 1;
        if column.kind == Kind::Boolean {
            return Value::Boolean(present);
        }
        if !present {
            return Value::Null;
        }
        let bytes = if column.fixed {
            let start = usize::from(column.offset) + if self.layout.jet4 { 2 } else { 1 };
            self.bytes.get(start..start + usize::from(column.size))
        } else {
            let index = usize::from(column.variable);
            if index >= self.variable {
                // The column was added after the row was written.
                return Value::Null;
            }
            self.bytes.get(self.offset(index)..self.offset(index + 1))
        };
        let Some(bytes) = bytes else {
            return Value::Bad(BadCell::OutsideRow);
        };
        decode(column, bytes, self.layout.jet4, lossy).unwrap_or(Value::Bad(BadCell::OutsideRow))
    }

    /// Where variable column `index` begins; index `variable` gives the end of the last.
    fn offset(&self, index: usize) -> usize {
        if self.layout.jet4 {
            return usize::from(u16_at(self.bytes, self.offsets - 2 * index).unwrap_or(u16::MAX));
        }
        let passed = |first: &&u8| **first != NO_JUMP && usize::from(**first) <= index;
        let jumps = self.jumps.iter().filter(passed).count();
        let offset = usize::from(self.bytes[self.offsets - index]) + 256 * jumps;
        // Behind 255 variable columns the end of the data has the number that means "no jump".
        if index == usize::from(NO_JUMP) && offset < self.offset(index - 1) {
            offset + 256
        } else {
            offset
        }
    }
}

/// `None` when there are fewer bytes than the type needs.
fn decode(column: &Column, bytes: &[u8], jet4: bool, lossy: &mut u64) -> Option<Value> {
    Some(match column.kind {
        Kind::Boolean => return None,
        Kind::Byte => Value::Byte(u8_at(bytes, 0)?),
        Kind::Int => Value::Int(i16::from_le_bytes(array(bytes, 0)?)),
        Kind::Long => Value::Long(i32::from_le_bytes(array(bytes, 0)?)),
        Kind::Money => Value::Money(i64::from_le_bytes(array(bytes, 0)?)),
        Kind::Float => Value::Float(f32::from_le_bytes(array(bytes, 0)?)),
        Kind::Double => Value::Double(f64::from_le_bytes(array(bytes, 0)?)),
        Kind::DateTime => Value::DateTime(f64::from_le_bytes(array(bytes, 0)?)),
        Kind::Guid => Value::Guid(swap_guid(array(bytes, 0)?)),
        Kind::Numeric => numeric(bytes, column.scale)?,
        Kind::Text => {
            let (text, replaced) = text::decode(bytes, jet4);
            *lossy += u64::from(replaced);
            Value::Text(text)
        }
        Kind::Binary | Kind::Ole | Kind::Memo => Value::Binary(bytes.to_vec()),
    })
}

/// The first three groups of a GUID are stored little-endian; the exchange is its own inverse.
pub(crate) fn swap_guid(mut guid: [u8; 16]) -> [u8; 16] {
    guid[..4].reverse();
    guid[4..6].reverse();
    guid[6..8].reverse();
    guid
}

/// Sign byte, then four words, the most significant first.
fn numeric(bytes: &[u8], scale: u8) -> Option<Value> {
    let mut magnitude = 0u128;
    for word in 0..4 {
        magnitude = magnitude << 32 | u128::from(u32_at(bytes, 1 + 4 * word)?);
    }
    let Ok(mantissa) = i128::try_from(magnitude) else {
        return Some(Value::Bad(BadCell::NumericRange));
    };
    let mantissa = if u8_at(bytes, 0)? & 0x80 != 0 {
        -mantissa
    } else {
        mantissa
    };
    Some(Value::Numeric { mantissa, scale })
}
