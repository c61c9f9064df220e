//! A filter bound to a table: columns by index, values in the column's type.

use dataset::explore::ColumnType;
use dataset::query::{Filter, Value};

use crate::date;
use crate::dictionary::Dictionary;
use crate::error::EngineError;
use crate::table::Table;

pub(crate) enum Predicate {
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
    Test { column: usize, test: Test },
}

/// A condition on one value. `null` says whether a missing value fulfils it.
pub(crate) enum Test {
    Null,
    Texts {
        values: Vec<String>,
        null: bool,
    },
    /// In lower case.
    Contains(String),
    /// In lower case.
    Prefix(String),
    /// By dictionary code; what text tests become before rows are looked at.
    Codes {
        holds: Vec<bool>,
        null: bool,
    },
    Ints {
        values: Vec<i64>,
        null: bool,
    },
    IntRange(i64, i64),
    Floats {
        values: Vec<f64>,
        null: bool,
    },
    FloatRange(f64, f64),
    Booleans {
        values: Vec<bool>,
        null: bool,
    },
}

impl Predicate {
    pub(crate) fn bind(filter: &Filter, table: &Table) -> Result<Self, EngineError> {
        let all = |filters: &[Filter]| -> Result<Vec<Self>, EngineError> {
            filters.iter().map(|f| Self::bind(f, table)).collect()
        };
        let (column, test) = match filter {
            Filter::And(filters) => return Ok(Self::All(all(filters)?)),
            Filter::Or(filters) => return Ok(Self::Any(all(filters)?)),
            Filter::Not(filter) => return Ok(Self::Not(Box::new(Self::bind(filter, table)?))),
            Filter::Null(column) => (table.index(column)?, Test::Null),
            Filter::Eq { column, value } => {
                let column = table.index(column)?;
                (column, one_of(table, column, std::slice::from_ref(value))?)
            }
            Filter::In { column, values } => {
                let column = table.index(column)?;
                (column, one_of(table, column, values)?)
            }
            Filter::Range { column, min, max } => {
                let column = table.index(column)?;
                (column, range(table, column, min, max)?)
            }
            Filter::Contains { column, text } => {
                let column = text_column(table, column)?;
                (column, Test::Contains(text.to_lowercase()))
            }
            Filter::Prefix { column, text } => {
                let column = text_column(table, column)?;
                (column, Test::Prefix(text.to_lowercase()))
            }
        };
        Ok(Self::Test { column, test })
    }

    /// The columns it looks at.
    pub(crate) fn columns(&self, out: &mut Vec<usize>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|p| p.columns(out)),
            Self::Not(part) => part.columns(out),
            Self::Test { column, .. } => out.push(*column),
        }
    }

    /// Evaluates every text test once per dictionary entry.
    pub(crate) fn resolve(&mut self, dictionaries: &[Dictionary]) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.resolve(dictionaries);
                }
            }
            Self::Not(part) => part.resolve(dictionaries),
            Self::Test { column, test } => {
                let dictionary = &dictionaries[*column];
                let (holds, null) = match test {
                    Test::Texts { values, null } => {
                        let mut holds = vec![false; dictionary.len()];
                        for code in values.iter().filter_map(|value| dictionary.code(value)) {
                            holds[code as usize] = true;
                        }
                        (holds, *null)
                    }
                    Test::Contains(needle) => (
                        dictionary.texts().map(|t| contains(t, needle)).collect(),
                        false,
                    ),
                    Test::Prefix(start) => (
                        dictionary.texts().map(|t| begins(t, start)).collect(),
                        false,
                    ),
                    _ => return,
                };
                *test = Test::Codes { holds, null };
            }
        }
    }
}

/// Whether a text contains another given in lower case; case does not matter.
pub(crate) fn contains(text: &str, lower: &str) -> bool {
    let [first, ..] = lower.as_bytes() else {
        return true;
    };
    if !text.is_ascii() {
        return text.to_lowercase().contains(lower);
    }
    // The lower case of ASCII is ASCII: other needles find nothing.
    text.as_bytes().windows(lower.len()).any(|window| {
        window[0].to_ascii_lowercase() == *first && window.eq_ignore_ascii_case(lower.as_bytes())
    })
}

/// Whether a text begins with another given in lower case; case does not matter.
pub(crate) fn begins(text: &str, lower: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().starts_with(lower);
    }
    let start = text.as_bytes().get(..lower.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(lower.as_bytes()))
}

fn text_column(table: &Table, column: &str) -> Result<usize, EngineError> {
    let column = table.index(column)?;
    if table.kind(column) == ColumnType::Text {
        Ok(column)
    } else {
        Err(table.mismatch(column, "only text can be searched".to_owned()))
    }
}

fn one_of(table: &Table, column: usize, values: &[Value]) -> Result<Test, EngineError> {
    let kind = table.kind(column);
    let null = values.contains(&Value::Null);
    let refuse = |value: &Value| table.mismatch(column, format!("{value} is not a value of it"));
    macro_rules! typed {
        ($convert:expr) => {
            values
                .iter()
                .filter(|value| **value != Value::Null)
                .map(|value| $convert(value).ok_or_else(|| refuse(value)))
                .collect::<Result<Vec<_>, _>>()?
        };
    }
    Ok(match kind {
        ColumnType::Text => {
            let values = typed!(|value: &Value| match value {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            });
            Test::Texts { values, null }
        }
        ColumnType::Int | ColumnType::Date => {
            let values = typed!(|value| int(value, kind));
            Test::Ints { values, null }
        }
        ColumnType::Float => {
            let values = typed!(float);
            Test::Floats { values, null }
        }
        ColumnType::Boolean => {
            let values = typed!(|value: &Value| match value {
                Value::Boolean(value) => Some(*value),
                _ => None,
            });
            Test::Booleans { values, null }
        }
        ColumnType::Timestamp => {
            return Err(table.mismatch(column, "timestamps cannot be compared".to_owned()));
        }
    })
}

fn range(table: &Table, column: usize, min: &Value, max: &Value) -> Result<Test, EngineError> {
    let kind = table.kind(column);
    let refuse = |value: &Value| table.mismatch(column, format!("{value} is not a limit of it"));
    macro_rules! limit {
        ($value:expr, $open:expr, $convert:expr) => {
            match $value {
                Value::Null => $open,
                value => $convert(value).ok_or_else(|| refuse(value))?,
            }
        };
    }
    match kind {
        ColumnType::Int | ColumnType::Date => Ok(Test::IntRange(
            limit!(min, i64::MIN, |value| int(value, kind)),
            limit!(max, i64::MAX, |value| int(value, kind)),
        )),
        ColumnType::Float => Ok(Test::FloatRange(
            limit!(min, f64::NEG_INFINITY, float),
            limit!(max, f64::INFINITY, float),
        )),
        ColumnType::Text | ColumnType::Boolean | ColumnType::Timestamp => {
            Err(table.mismatch(column, "only numbers and dates have ranges".to_owned()))
        }
    }
}

fn int(value: &Value, kind: ColumnType) -> Option<i64> {
    match (value, kind) {
        (Value::Int(number), ColumnType::Int) => Some(*number),
        (Value::Text(text), ColumnType::Date) => date::parse(text),
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter_in_any_script() {
        assert!(contains("CESSNA 172", "na 1"));
        assert!(contains("SÃO PAULO", "são"));
        assert!(contains("anything", ""));
        assert!(!contains("AB", "abc"));
        assert!(begins("Örebro", "ör") && begins("N123", "n1"));
        assert!(!begins("N", "n1") && !begins("XN1", "n1"));
    }
}
