//! Access values → PostgreSQL cells.
//!
//! The declared type of a source column may differ between vintages (`cm_inPc` was text, then
//! boolean), so any value is accepted that the target type can hold without loss. A value that it
//! cannot hold makes the row a reject: it is never cut, rounded away or turned into NULL.

use std::borrow::Cow;

use dataset::schema::{AccessType, Column};
use jet::Value;
use jet::datetime::DateTime;

use crate::postgres::copy_in::RowEncoder;

/// A value ready for its column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Boolean(bool),
    Smallint(i16),
    Integer(i32),
    Real(f32),
    Double(f64),
    /// Microseconds since 1970-01-01.
    Timestamp(i64),
    Text(Cow<'a, str>),
}

impl Cell<'_> {
    pub(super) fn encode(&self, into: &mut RowEncoder) {
        match self {
            Self::Null => into.null(),
            Self::Boolean(value) => into.boolean(*value),
            Self::Smallint(value) => into.smallint(*value),
            Self::Integer(value) => into.integer(*value),
            Self::Real(value) => into.real(*value),
            Self::Double(value) => into.double(*value),
            Self::Timestamp(value) => into.timestamp(*value),
            Self::Text(value) => into.text(value),
        }
    }
}

/// Converts a value for `column`, or says why it cannot be held.
pub(super) fn convert<'a>(column: &Column, value: &'a Value) -> Result<Cell<'a>, String> {
    match value {
        Value::Null => return Ok(Cell::Null),
        Value::Bad(bad) => return Err(format!("unreadable: {bad}")),
        Value::Text(text) if text.trim().is_empty() => return Ok(Cell::Null),
        _ => {}
    }
    let cell = match column.access {
        AccessType::Text | AccessType::Memo => text(value).map(Cell::Text),
        AccessType::Boolean => boolean(value).map(Cell::Boolean),
        AccessType::Byte | AccessType::Int16 => integer(value)
            .and_then(|v| i16::try_from(v).ok())
            .map(Cell::Smallint),
        AccessType::Long => integer(value)
            .and_then(|v| i32::try_from(v).ok())
            .map(Cell::Integer),
        AccessType::Single => single(value).map(Cell::Real),
        AccessType::Double => double(value).map(Cell::Double),
        AccessType::DateTime => timestamp(value).map(Cell::Timestamp),
    };
    cell.ok_or_else(|| format!("{value:?} does not fit {:?}", column.access))
}

/// Trimmed, because the source pads text, and without NUL, which PostgreSQL cannot store.
fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Text(text) => {
            let text = text.trim();
            Some(if text.contains('\0') {
                text.replace('\0', "").into()
            } else {
                text.into()
            })
        }
        Value::Boolean(true) => Some("TRUE".into()),
        Value::Boolean(false) => Some("FALSE".into()),
        Value::Float(number) => Some(number.to_string().into()),
        Value::Double(number) => Some(number.to_string().into()),
        other => integer(other).map(|number| number.to_string().into()),
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Boolean(value) => Some(*value),
        Value::Text(text) => match text.trim().to_ascii_uppercase().as_str() {
            "TRUE" | "Y" | "YES" | "T" | "1" | "-1" => Some(true),
            "FALSE" | "N" | "NO" | "F" | "0" => Some(false),
            _ => None,
        },
        other => match integer(other)? {
            0 => Some(false),
            // Access stores Yes as -1.
            1 | -1 => Some(true),
            _ => None,
        },
    }
}

/// A number without fraction, whatever it is stored as.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Byte(number) => Some(i64::from(*number)),
        Value::Int(number) => Some(i64::from(*number)),
        Value::Long(number) => Some(i64::from(*number)),
        Value::Float(number) => whole(f64::from(*number)),
        Value::Double(number) => whole(*number),
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn whole(number: f64) -> Option<i64> {
    // Beyond 2^53 a double no longer tells neighbouring integers apart.
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
}

fn single(value: &Value) -> Option<f32> {
    match value {
        Value::Float(number) => Some(*number),
        other => {
            let number = double(other)?;
            let narrow = number as f32;
            narrow.is_finite().then_some(narrow)
        }
    }
}

fn double(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(f64::from(*number)),
        Value::Double(number) => Some(*number),
        Value::Text(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite()),
        other => integer(other).map(|number| number as f64),
    }
}

fn timestamp(value: &Value) -> Option<i64> {
    match value {
        Value::DateTime(days) => {
            DateTime::from_days(*days).map(|moment| moment.unix_seconds() * 1_000_000)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(access: AccessType) -> Column {
        Column {
            name: "x",
            access,
            width: None,
            key: None,
        }
    }

    #[test]
    fn padding_is_trimmed_and_blank_text_is_missing() {
        let text = Value::Text("PLT ".to_owned());
        assert_eq!(
            convert(&column(AccessType::Text), &text),
            Ok(Cell::Text("PLT".into()))
        );
        let blank = Value::Text("   ".to_owned());
        assert_eq!(convert(&column(AccessType::Text), &blank), Ok(Cell::Null));
    }

    #[test]
    fn the_code_none_is_a_code() {
        let none = Value::Text("NONE".to_owned());
        assert_eq!(
            convert(&column(AccessType::Text), &none),
            Ok(Cell::Text("NONE".into()))
        );
    }

    #[test]
    fn vintages_with_another_type_are_accepted() {
        let yes = Value::Boolean(true);
        assert_eq!(
            convert(&column(AccessType::Text), &yes),
            Ok(Cell::Text("TRUE".into()))
        );
        let flag = Value::Text("TRUE".to_owned());
        assert_eq!(
            convert(&column(AccessType::Boolean), &flag),
            Ok(Cell::Boolean(true))
        );
        let key = Value::Double(3.0);
        assert_eq!(
            convert(&column(AccessType::Long), &key),
            Ok(Cell::Integer(3))
        );
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_value() {
        let long = Value::Long(70_000);
        let reason = convert(&column(AccessType::Int16), &long).unwrap_err();
        assert!(reason.contains("70000"), "{reason}");
        assert!(convert(&column(AccessType::Long), &Value::Double(1.5)).is_err());
        assert!(convert(&column(AccessType::Long), &Value::Text("abc".to_owned())).is_err());
    }
}
