//! Batches of a result as JSON.

use std::fmt::Write as _;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, SchemaRef,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use serde_json::{Value, json};

/// Beyond this not every whole number is one to JavaScript.
const EXACT: u64 = 1 << 53;

/// Name, Arrow type and kind (`number`, `date`, `boolean` or `text`) of each column.
pub(crate) fn columns(schema: &SchemaRef) -> Value {
    let fields = schema.fields().iter();
    fields
        .map(|field| {
            json!({
                "name": field.name(),
                "type": field.data_type().to_string(),
                "kind": kind(field.data_type()),
            })
        })
        .collect()
}

fn kind(of: &DataType) -> &'static str {
    match of {
        DataType::Boolean => "boolean",
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => "date",
        of if of.is_numeric() => "number",
        _ => "text",
    }
}

/// The rows of a batch: an array of arrays. Whole numbers that JavaScript cannot hold, decimals
/// and what is not a number are strings, as are dates.
pub(crate) fn json_rows(batch: &RecordBatch) -> Result<String, ArrowError> {
    let options = FormatOptions::default();
    let columns = batch.columns().iter();
    let columns: Vec<Cells<'_>> = columns
        .map(|column| Cells::new(column, &options))
        .collect::<Result<_, _>>()?;
    let mut out = String::from("[");
    for row in 0..batch.num_rows() {
        out.push_str(if row == 0 { "[" } else { ",[" });
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            column.write(row, &mut out)?;
        }
        out.push(']');
    }
    out.push(']');
    Ok(out)
}

/// How the cells of a column are written.
struct Cells<'a> {
    array: &'a ArrayRef,
    shown: ArrayFormatter<'a>,
}

impl<'a> Cells<'a> {
    fn new(array: &'a ArrayRef, options: &FormatOptions<'a>) -> Result<Self, ArrowError> {
        Ok(Self {
            array,
            shown: ArrayFormatter::try_new(array, options)?,
        })
    }

    fn write(&self, row: usize, out: &mut String) -> Result<(), ArrowError> {
        let array = self.array;
        if array.is_null(row) {
            out.push_str("null");
            return Ok(());
        }
        match array.data_type() {
            DataType::Boolean => {
                out.push_str(if array.as_boolean().value(row) {
                    "true"
                } else {
                    "false"
                });
            }
            DataType::Int8 => int(array.as_primitive::<Int8Type>().value(row).into(), out),
            DataType::Int16 => int(array.as_primitive::<Int16Type>().value(row).into(), out),
            DataType::Int32 => int(array.as_primitive::<Int32Type>().value(row).into(), out),
            DataType::Int64 => int(array.as_primitive::<Int64Type>().value(row).into(), out),
            DataType::UInt8 => int(array.as_primitive::<UInt8Type>().value(row).into(), out),
            DataType::UInt16 => int(array.as_primitive::<UInt16Type>().value(row).into(), out),
            DataType::UInt32 => int(array.as_primitive::<UInt32Type>().value(row).into(), out),
            DataType::UInt64 => int(array.as_primitive::<UInt64Type>().value(row).into(), out),
            DataType::Float32 => float(array.as_primitive::<Float32Type>().value(row).into(), out),
            DataType::Float64 => float(array.as_primitive::<Float64Type>().value(row), out),
            DataType::Utf8View => text(array.as_string_view().value(row), out),
            _ => text(&self.shown.value(row).try_to_string()?, out),
        }
        Ok(())
    }
}

fn int(value: i128, out: &mut String) {
    let quote = if value.unsigned_abs() > EXACT.into() {
        "\""
    } else {
        ""
    };
    // Writing to a string does not fail.
    let _ = write!(out, "{quote}{value}{quote}");
}

fn float(value: f64, out: &mut String) {
    let _ = if value.is_finite() {
        write!(out, "{value}")
    } else {
        write!(out, "\"{value}\"")
    };
}

fn text(value: &str, out: &mut String) {
    out.push_str(&Value::from(value).to_string());
}
