//! One column of a binary COPY stream → one Arrow array.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float32Builder, Float64Builder, Int16Builder,
    Int32Builder, StringBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, TimeUnit};
use postgres::types::Type;

/// PostgreSQL counts days and microseconds from 2000-01-01, Arrow from 1970-01-01.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROSECONDS: i64 = EPOCH_DAYS as i64 * 86_400_000_000;

/// The Arrow type for a PostgreSQL type, if the reader knows it.
pub(super) fn arrow_type(kind: &Type) -> Result<DataType> {
    Ok(match *kind {
        Type::BOOL => DataType::Boolean,
        Type::INT2 => DataType::Int16,
        Type::INT4 => DataType::Int32,
        Type::FLOAT4 => DataType::Float32,
        Type::FLOAT8 => DataType::Float64,
        Type::TEXT | Type::VARCHAR => DataType::Utf8,
        Type::TIMESTAMP => DataType::Timestamp(TimeUnit::Microsecond, None),
        Type::DATE => DataType::Date32,
        _ => bail!("type {kind} has no Arrow counterpart here: cast it in the query"),
    })
}

/// Grows one Arrow array from field bytes.
#[derive(Debug)]
pub(super) enum ColumnBuilder {
    Boolean(BooleanBuilder),
    Int16(Int16Builder),
    Int32(Int32Builder),
    Float32(Float32Builder),
    Float64(Float64Builder),
    Text(StringBuilder),
    Timestamp(TimestampMicrosecondBuilder),
    Date(Date32Builder),
}

impl ColumnBuilder {
    pub(super) fn new(kind: &DataType) -> Result<Self> {
        Ok(match kind {
            DataType::Boolean => Self::Boolean(BooleanBuilder::new()),
            DataType::Int16 => Self::Int16(Int16Builder::new()),
            DataType::Int32 => Self::Int32(Int32Builder::new()),
            DataType::Float32 => Self::Float32(Float32Builder::new()),
            DataType::Float64 => Self::Float64(Float64Builder::new()),
            DataType::Utf8 => Self::Text(StringBuilder::new()),
            DataType::Timestamp(TimeUnit::Microsecond, None) => {
                Self::Timestamp(TimestampMicrosecondBuilder::new())
            }
            DataType::Date32 => Self::Date(Date32Builder::new()),
            other => bail!("no decoder for Arrow type {other}"),
        })
    }

    /// Appends a field; `None` is NULL.
    pub(super) fn append(&mut self, value: Option<&[u8]>) -> Result<()> {
        match self {
            Self::Boolean(b) => {
                b.append_option(value.map(fixed).transpose()?.map(|[byte]| byte != 0));
            }
            Self::Int16(b) => {
                b.append_option(value.map(fixed).transpose()?.map(i16::from_be_bytes));
            }
            Self::Int32(b) => {
                b.append_option(value.map(fixed).transpose()?.map(i32::from_be_bytes));
            }
            Self::Float32(b) => {
                b.append_option(value.map(fixed).transpose()?.map(f32::from_be_bytes));
            }
            Self::Float64(b) => {
                b.append_option(value.map(fixed).transpose()?.map(f64::from_be_bytes));
            }
            Self::Text(b) => {
                let text = value.map(std::str::from_utf8).transpose();
                b.append_option(text.context("text is not UTF-8")?);
            }
            Self::Timestamp(b) => b.append_option(value.map(timestamp).transpose()?),
            Self::Date(b) => b.append_option(value.map(date).transpose()?),
        }
        Ok(())
    }

    pub(super) fn finish(self) -> ArrayRef {
        match self {
            Self::Boolean(mut b) => Arc::new(b.finish()),
            Self::Int16(mut b) => Arc::new(b.finish()),
            Self::Int32(mut b) => Arc::new(b.finish()),
            Self::Float32(mut b) => Arc::new(b.finish()),
            Self::Float64(mut b) => Arc::new(b.finish()),
            Self::Text(mut b) => Arc::new(b.finish()),
            Self::Timestamp(mut b) => Arc::new(b.finish()),
            Self::Date(mut b) => Arc::new(b.finish()),
        }
    }
}

fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N]> {
    bytes
        .try_into()
        .map_err(|_| anyhow!("{} bytes where {N} belong", bytes.len()))
}

fn timestamp(bytes: &[u8]) -> Result<i64> {
    match i64::from_be_bytes(fixed(bytes)?) {
        i64::MAX | i64::MIN => bail!("an infinite timestamp has no Arrow counterpart"),
        since_2000 => since_2000
            .checked_add(EPOCH_MICROSECONDS)
            .context("timestamp out of range"),
    }
}

fn date(bytes: &[u8]) -> Result<i32> {
    match i32::from_be_bytes(fixed(bytes)?) {
        i32::MAX | i32::MIN => bail!("an infinite date has no Arrow counterpart"),
        since_2000 => since_2000
            .checked_add(EPOCH_DAYS)
            .context("date out of range"),
    }
}
