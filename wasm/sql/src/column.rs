//! Columns of the lake as Arrow arrays.

use std::sync::Arc;

use arrow::array::builder::make_view;
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, StringViewArray,
    TimestampMicrosecondArray,
};
use arrow::buffer::{Buffer, NullBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::error::{DataFusionError, Result};
use dataset::explore::ColumnType;
use dataset::manifest::TableEntry;
use engine::{LakeColumn, LakeValues};

/// The columns of a table, all of which may be missing.
pub(crate) fn schema(table: &TableEntry) -> SchemaRef {
    let fields = table.columns.iter();
    let fields = fields.map(|column| Field::new(&column.name, data_type(column.kind), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The Arrow type of a type of the manifest.
pub(crate) fn data_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Text => DataType::Utf8View,
        ColumnType::Int => DataType::Int64,
        ColumnType::Float => DataType::Float64,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Date => DataType::Date32,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
    }
}

/// A decoded column as an array. Text is not copied: rows are views into the different texts.
pub(crate) fn array(kind: ColumnType, column: LakeColumn) -> Result<ArrayRef> {
    let nulls = column.valid.map(NullBuffer::from);
    Ok(match (kind, column.values) {
        (ColumnType::Text, LakeValues::Text { texts, ends, codes }) => {
            Arc::new(text(texts, &ends, &codes, nulls)?)
        }
        (ColumnType::Int, LakeValues::Int(values)) => {
            Arc::new(Int64Array::try_new(values.into(), nulls)?)
        }
        (ColumnType::Timestamp, LakeValues::Int(values)) => {
            Arc::new(TimestampMicrosecondArray::try_new(values.into(), nulls)?)
        }
        (ColumnType::Date, LakeValues::Int(values)) => {
            let days = values.into_iter().map(i32::try_from);
            let days = days.collect::<std::result::Result<Vec<_>, _>>();
            let days = days.map_err(|_| damaged("a date is beyond all calendars"))?;
            Arc::new(Date32Array::try_new(days.into(), nulls)?)
        }
        (ColumnType::Float, LakeValues::Float(values)) => {
            Arc::new(Float64Array::try_new(values.into(), nulls)?)
        }
        (ColumnType::Boolean, LakeValues::Boolean(values)) => {
            Arc::new(BooleanArray::new(values.into(), nulls))
        }
        _ => return Err(damaged("a column has another type than its manifest says")),
    })
}

fn text(
    texts: String,
    ends: &[usize],
    codes: &[u32],
    nulls: Option<NullBuffer>,
) -> Result<StringViewArray> {
    let offset = |at: usize| u32::try_from(at).map_err(|_| damaged("a file has 4 GB of text"));
    let mut start = 0;
    let mut words = Vec::with_capacity(ends.len());
    for end in ends {
        words.push(make_view(&texts.as_bytes()[start..*end], 0, offset(start)?));
        start = *end;
    }
    // A row without value may have any code, of an empty list too.
    let view = |code: &u32| words.get(*code as usize).copied().unwrap_or_default();
    let views: ScalarBuffer<u128> = codes.iter().map(view).collect();
    let texts = Buffer::from_vec(texts.into_bytes());
    Ok(StringViewArray::try_new(views, vec![texts], nulls)?)
}

fn damaged(what: &str) -> DataFusionError {
    DataFusionError::Execution(what.to_owned())
}
