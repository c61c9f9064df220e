//! Rows as bytes.

use super::columns::PRECISION;
use crate::format::Layout;
use crate::read::swap_guid;
use crate::{Column, Kind, Value, text};

const MISMATCH: &str = "it is not of the column's type";

/// Encodes a row into `row`. Values of Memo and OLE columns are handed to `store` with the column's
/// index, which appends their header. Errors name the column (by index) and what is wrong.
///
/// Parts: number of columns, fixed part, variable part, end of the data, offsets of the variable
/// columns in reverse, their number, null mask.
pub(crate) fn encode<E>(
    layout: &Layout,
    columns: &[Column],
    values: &[Value],
    row: &mut Vec<u8>,
    mut store: impl FnMut(usize, &[u8], &mut Vec<u8>) -> Result<(), E>,
) -> Result<Result<(), (usize, &'static str)>, E> {
    row.clear();
    number(layout, columns.len() as u16, row);
    let start = row.len();
    let fixed = columns
        .iter()
        .filter(|column| column.fixed && column.kind != Kind::Boolean);
    row.resize(
        start + fixed.map(|column| usize::from(column.size)).sum::<usize>(),
        0,
    );
    let mut mask = vec![0u8; columns.len().div_ceil(8)];
    let mut variable = Vec::new();
    for (index, (column, value)) in columns.iter().zip(values).enumerate() {
        let present = match value {
            Value::Null if column.kind == Kind::Boolean => {
                return Ok(Err((index, "Yes/No has no NULL")));
            }
            Value::Boolean(yes) if column.kind == Kind::Boolean => *yes,
            value => *value != Value::Null,
        };
        mask[index / 8] |= u8::from(present) << (index % 8);
        if !column.fixed {
            variable.push((column.variable, index));
        } else if present && column.kind != Kind::Boolean {
            let cell = match cell(layout, column, value) {
                Ok(cell) => cell,
                Err(why) => return Ok(Err((index, why))),
            };
            let at = start + usize::from(column.offset);
            row[at..at + cell.len()].copy_from_slice(&cell);
        } else if present && !matches!(value, Value::Boolean(_)) {
            return Ok(Err((index, MISMATCH)));
        }
    }
    variable.sort_unstable();
    let mut offsets = Vec::with_capacity(variable.len() + 1);
    for (_, index) in &variable {
        offsets.push(row.len() as u16);
        let (column, value) = (&columns[*index], &values[*index]);
        if *value == Value::Null {
            continue;
        }
        match cell(layout, column, value) {
            Err(why) => return Ok(Err((*index, why))),
            Ok(cell) if column.kind.is_long() => store(*index, &cell, row)?,
            Ok(cell) => row.extend(cell),
        }
    }
    if !offsets.is_empty() {
        let count = offsets.len() as u16;
        offsets.push(row.len() as u16);
        for offset in offsets.iter().rev() {
            number(layout, *offset, row);
        }
        if !layout.jet4 {
            let length = row.len() + 1 + mask.len();
            row.extend(jumps(&offsets, length).iter().rev());
        }
        number(layout, count, row);
    }
    row.extend(mask);
    Ok(Ok(()))
}

/// Appends a number in the format's width; of a Jet 3 offset that is the low byte.
fn number(layout: &Layout, number: u16, row: &mut Vec<u8>) {
    let bytes = number.to_le_bytes();
    row.extend(&bytes[..if layout.jet4 { 2 } else { 1 }]);
}

/// Jet 3: for each 256 bytes of a row the first offset that lies behind them, or 255 for none.
/// `length` is the row's without this table, which counts, too.
fn jumps(offsets: &[u16], length: usize) -> Vec<u8> {
    let mut jumps = Vec::new();
    while (length + jumps.len() - 1) / 256 > jumps.len() {
        let limit = 256 * (jumps.len() + 1);
        let first = offsets.iter().position(|at| usize::from(*at) >= limit);
        jumps.push(first.map_or(u8::MAX, |first| first as u8));
    }
    jumps
}

/// A value's bytes; fixed ones fill their slot.
fn cell(layout: &Layout, column: &Column, value: &Value) -> Result<Vec<u8>, &'static str> {
    Ok(match (column.kind, value) {
        (Kind::Byte, Value::Byte(v)) => vec![*v],
        (Kind::Int, Value::Int(v)) => v.to_le_bytes().to_vec(),
        (Kind::Long, Value::Long(v)) => v.to_le_bytes().to_vec(),
        (Kind::Money, Value::Money(v)) => v.to_le_bytes().to_vec(),
        (Kind::Float, Value::Float(v)) => v.to_le_bytes().to_vec(),
        (Kind::Double, Value::Double(v)) | (Kind::DateTime, Value::DateTime(v)) => {
            v.to_le_bytes().to_vec()
        }
        (Kind::Guid, Value::Guid(v)) => swap_guid(*v).to_vec(),
        (Kind::Numeric, Value::Numeric { mantissa, scale }) => numeric(column, *mantissa, *scale)?,
        (Kind::Text, Value::Text(v)) => short_text(layout, column, v)?,
        (Kind::Binary, Value::Binary(v)) => {
            if v.len() > usize::from(column.width) {
                return Err("it is longer than the column is wide");
            }
            let mut cell = v.clone();
            if column.fixed {
                cell.resize(usize::from(column.size), 0);
            }
            cell
        }
        (Kind::Memo, Value::Text(v)) => long(text::encode(v, layout.jet4, column.compressed)?)?,
        (Kind::Ole, Value::Binary(v)) => long(v.clone())?,
        _ => return Err(MISMATCH),
    })
}

fn long(value: Vec<u8>) -> Result<Vec<u8>, &'static str> {
    if value.len() < 1 << 30 {
        Ok(value)
    } else {
        Err("a long value has less than 1 GiB")
    }
}

fn short_text(layout: &Layout, column: &Column, value: &str) -> Result<Vec<u8>, &'static str> {
    let width = usize::from(column.width);
    let length = value.encode_utf16().count();
    if length > width {
        return Err("it is longer than the column is wide");
    }
    let mut cell = text::encode(value, layout.jet4, column.compressed)?;
    if column.fixed {
        let blank: &[u8] = if layout.jet4 { b" \0" } else { b" " };
        cell.extend(blank.repeat(width - length));
    }
    Ok(cell)
}

/// Sign byte, then four words, the most significant first.
fn numeric(column: &Column, mantissa: i128, scale: u8) -> Result<Vec<u8>, &'static str> {
    if scale != column.scale {
        return Err("it has another number of digits after the point than the column");
    }
    let magnitude = mantissa.unsigned_abs();
    if magnitude >= 10u128.pow(u32::from(PRECISION)) {
        return Err("it has more than 28 digits");
    }
    let mut cell = vec![if mantissa < 0 { 0x80 } else { 0 }];
    for shift in [96, 64, 32, 0] {
        cell.extend(((magnitude >> shift) as u32).to_le_bytes());
    }
    Ok(cell)
}
