//! Values of one column on their way from JSON to Arrow.

use std::fmt;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_schema::{DataType, TimeUnit};
use chrono::{NaiveDate, NaiveTime};
use dataset::explore::ColumnType;
use serde::de::{self, DeserializeSeed, Deserializer, Visitor};

/// Builds an Arrow array; as a seed it takes one value from JSON.
pub(crate) enum Builder {
    Text(StringBuilder),
    Int(Int32Builder),
    Float(Float64Builder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
    Boolean(BooleanBuilder),
}

/// The Arrow type of a published column; those of the lake's files.
pub(crate) fn data_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Text => DataType::Utf8,
        ColumnType::Int => DataType::Int32,
        ColumnType::Float => DataType::Float64,
        ColumnType::Date => DataType::Date32,
        ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
        ColumnType::Boolean => DataType::Boolean,
    }
}

impl Builder {
    pub(crate) fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Text => Self::Text(StringBuilder::new()),
            ColumnType::Int => Self::Int(Int32Builder::new()),
            ColumnType::Float => Self::Float(Float64Builder::new()),
            ColumnType::Date => Self::Date(Date32Builder::new()),
            ColumnType::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::new()),
            ColumnType::Boolean => Self::Boolean(BooleanBuilder::new()),
        }
    }

    /// What values look like, for errors.
    fn wanted(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Int(_) => "a whole number of 32 bits",
            Self::Float(_) => "a number",
            Self::Date(_) => "a date (YYYY-MM-DD)",
            Self::Timestamp(_) => "a date and time (YYYY-MM-DDThh:mm:ss)",
            Self::Boolean(_) => "true or false",
        }
    }

    pub(crate) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(b) => Arc::new(b.finish()),
            Self::Int(b) => Arc::new(b.finish()),
            Self::Float(b) => Arc::new(b.finish()),
            Self::Date(b) => Arc::new(b.finish()),
            Self::Timestamp(b) => Arc::new(b.finish()),
            Self::Boolean(b) => Arc::new(b.finish()),
        }
    }
}

impl<'de> DeserializeSeed<'de> for &mut Builder {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl Visitor<'_> for &mut Builder {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.wanted())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        match self {
            Builder::Text(b) => b.append_null(),
            Builder::Int(b) => b.append_null(),
            Builder::Float(b) => b.append_null(),
            Builder::Date(b) => b.append_null(),
            Builder::Timestamp(b) => b.append_null(),
            Builder::Boolean(b) => b.append_null(),
        }
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        let wanted = self.wanted();
        let wrong = || E::invalid_value(de::Unexpected::Str(text), &wanted);
        match self {
            Builder::Text(b) => b.append_value(text),
            Builder::Date(b) => b.append_value(days(text).ok_or_else(wrong)?),
            Builder::Timestamp(b) => b.append_value(micros(text).ok_or_else(wrong)?),
            other => return Err(E::invalid_type(de::Unexpected::Str(text), &other)),
        }
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<(), E> {
        match self {
            Builder::Int(b) => match i32::try_from(number) {
                Ok(number) => b.append_value(number),
                Err(_) => return Err(E::custom(format_args!("{number} has more than 32 bits"))),
            },
            Builder::Float(b) => b.append_value(number as f64),
            other => return Err(E::invalid_type(de::Unexpected::Signed(number), &other)),
        }
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(E::custom(format_args!("{number} has more than 32 bits"))),
        }
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<(), E> {
        match self {
            Builder::Float(b) => b.append_value(number),
            other => return Err(E::invalid_type(de::Unexpected::Float(number), &other)),
        }
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        match self {
            Builder::Boolean(b) => b.append_value(value),
            other => return Err(E::invalid_type(de::Unexpected::Bool(value), &other)),
        }
        Ok(())
    }
}

fn date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.rsplitn(3, '-');
    let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    NaiveDate::from_ymd_opt(parts.next()?.parse().ok()?, month, day)
}

/// Days since 1970-01-01.
fn days(text: &str) -> Option<i32> {
    let days = date(text)?.signed_duration_since(NaiveDate::default());
    i32::try_from(days.num_days()).ok()
}

/// Microseconds since 1970-01-01.
fn micros(text: &str) -> Option<i64> {
    let (day, time) = text.split_once('T')?;
    let mut parts = time.splitn(3, ':').map(str::parse);
    let mut next = || parts.next()?.ok();
    let time = NaiveTime::from_hms_opt(next()?, next()?, next()?)?;
    Some(date(day)?.and_time(time).and_utc().timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_counted_from_1970() {
        assert_eq!(days("1970-01-01"), Some(0));
        assert_eq!(days("1962-03-01"), Some(-2863));
        assert_eq!(days("2024-02-29"), Some(19_782));
        assert_eq!(days("2023-02-29"), None);
        assert_eq!(days("today"), None);
        assert_eq!(micros("1970-01-02T00:00:01"), Some(86_401_000_000));
        assert_eq!(micros("1970-01-02T24:00:01"), None);
    }
}
