//! Raw values to the numbers the trees compare.
//!
//! Trainer and browser call the same function, so what a model was trained on is what it is
//! asked about.

use std::borrow::Cow;

use serde_json::Value;

use crate::header::{ModelFeature, ModelKind};

/// A value as it comes from a query or a form.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw<'a> {
    /// No value.
    Missing,
    /// A number.
    Number(f64),
    /// Text: a code, or a number as typed.
    Text(Cow<'a, str>),
}

/// What encoding found out about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// A value like those in training.
    Known,
    /// No value, or one that stands for none.
    Missing,
    /// Used as given, but beyond what training saw.
    Outside,
    /// An unknown code or an impossible number; encoded as missing.
    Unknown,
}

/// An encoded value.
#[derive(Debug, Clone, Copy)]
pub struct Encoded {
    /// Number for the trees; NaN when missing.
    pub value: f32,
    /// Where it came from.
    pub note: Note,
}

/// A value of a type that cannot be a value of its feature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a number")]
pub struct NotANumber {
    /// What was given.
    pub value: String,
}

impl<'a> Raw<'a> {
    /// The raw value of a JSON scalar; `None` for arrays and objects.
    pub fn from_json(value: &'a Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Missing),
            Value::Number(number) => number.as_f64().map(Self::Number),
            Value::String(text) => Some(Self::Text(Cow::Borrowed(text))),
            Value::Bool(yes) => Some(Self::Text(Cow::Borrowed(if *yes { "Y" } else { "N" }))),
            Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// Encodes `raw` for `feature`.
///
/// # Errors
/// If the feature is numeric and `raw` is text that is no number.
pub fn encode(feature: &ModelFeature, raw: &Raw) -> Result<Encoded, NotANumber> {
    let (value, note) = match &feature.kind {
        ModelKind::Numeric {
            limits,
            zero_is_missing,
            seen,
            ..
        } => match number(raw)? {
            None => (f32::NAN, Note::Missing),
            Some(0.0) if *zero_is_missing => (f32::NAN, Note::Missing),
            Some(x) if !(limits[0]..=limits[1]).contains(&x) => (f32::NAN, Note::Unknown),
            Some(x) if !(seen[0]..=seen[1]).contains(&x) => (x as f32, Note::Outside),
            Some(x) => (x as f32, Note::Known),
        },
        ModelKind::Category { unknown, levels } => match code(raw) {
            None => (f32::NAN, Note::Missing),
            Some(code) if unknown.contains(&code) => (f32::NAN, Note::Missing),
            Some(code) => match levels.iter().position(|level| level.code == code) {
                Some(at) => (at as f32, Note::Known),
                None => (f32::NAN, Note::Unknown),
            },
        },
    };
    Ok(Encoded { value, note })
}

fn number(raw: &Raw) -> Result<Option<f64>, NotANumber> {
    match raw {
        Raw::Missing => Ok(None),
        Raw::Number(x) => Ok(Some(*x).filter(|x| !x.is_nan())),
        Raw::Text(text) if text.trim().is_empty() => Ok(None),
        Raw::Text(text) => match text.trim().parse::<f64>() {
            Ok(x) if x.is_finite() => Ok(Some(x)),
            _ => Err(NotANumber {
                value: text.clone().into_owned(),
            }),
        },
    }
}

/// The code as the model file spells it: trimmed, upper case; blank is missing.
pub fn code(raw: &Raw) -> Option<String> {
    let text = match raw {
        Raw::Missing => return None,
        Raw::Number(x) => x.to_string(),
        Raw::Text(text) => text.trim().to_uppercase(),
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::Level;

    fn feature(kind: ModelKind) -> ModelFeature {
        ModelFeature {
            name: "x".to_owned(),
            label: String::new(),
            unit: None,
            help: String::new(),
            group: String::new(),
            missing: 0.0,
            kind,
        }
    }

    fn text(text: &str) -> Raw<'_> {
        Raw::Text(Cow::Borrowed(text))
    }

    #[test]
    fn numbers_keep_zero_apart_from_missing() {
        let make = |zero_is_missing| {
            feature(ModelKind::Numeric {
                limits: [0.0, 100.0],
                zero_is_missing,
                seen: [0.0, 50.0],
                quantiles: [0.0; 5],
            })
        };
        let check = |zero, raw: Raw| encode(&make(zero), &raw).unwrap();
        assert_eq!(check(true, Raw::Number(0.0)).note, Note::Missing);
        let zero = check(false, text(" 0 "));
        assert_eq!((zero.value.to_bits(), zero.note), (0, Note::Known));
        assert_eq!(check(false, Raw::Number(60.0)).note, Note::Outside);
        let impossible = check(false, Raw::Number(101.0));
        assert!(impossible.value.is_nan() && impossible.note == Note::Unknown);
        assert_eq!(check(false, text("")).note, Note::Missing);
        assert!(encode(&make(false), &text("ten")).is_err());
    }

    #[test]
    fn codes_are_matched_in_any_case_and_none_is_a_code() {
        let level = |code: &str| Level {
            code: code.to_owned(),
            label: String::new(),
            rows: 1,
        };
        let feature = feature(ModelKind::Category {
            unknown: vec!["UNK".to_owned()],
            levels: vec![level("VMC"), level("NONE")],
        });
        let check = |raw: Raw| encode(&feature, &raw).unwrap();
        assert_eq!(check(text(" none ")).value.to_bits(), 1f32.to_bits());
        assert_eq!(check(text("Unk")).note, Note::Missing);
        assert_eq!(check(text("  ")).note, Note::Missing);
        assert_eq!(check(text("XYZ")).note, Note::Unknown);
    }
}
