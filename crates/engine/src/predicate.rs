//! A filter bound to a table: columns by index, values in the column's type.

use dataset::query::Part;

use crate::dictionary::Dictionary;
use crate::join::Pairs;
use crate::place::Area;
use crate::search::{Needle, begins};

pub(crate) enum Predicate {
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
    Test {
        column: usize,
        test: Test,
    },
    /// Columns of latitude and longitude.
    Place {
        columns: [usize; 2],
        area: Area,
    },
    /// A join by its number; becomes a test or [`Predicate::Pairs`] once the other table has
    /// been looked at.
    Join(usize),
    /// A text and a number are the key of a row of another table.
    Pairs {
        columns: [usize; 2],
        pairs: Pairs,
    },
}

/// A condition on one value. `null` says whether a missing value fulfils it.
pub(crate) enum Test {
    Null,
    Texts {
        values: Vec<String>,
        null: bool,
    },
    Contains(Needle),
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
    /// A part of a date, which is counted in days or, where `micros` holds, in microseconds.
    Part {
        part: Part,
        values: Vec<i64>,
        micros: bool,
    },
}

impl Predicate {
    /// The columns it looks at, without those of joins.
    pub(crate) fn columns(&self, out: &mut Vec<usize>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|p| p.columns(out)),
            Self::Not(part) => part.columns(out),
            Self::Test { column, .. } => out.push(*column),
            Self::Place { columns, .. } | Self::Pairs { columns, .. } => out.extend(columns),
            Self::Join(_) => {}
        }
    }

    /// Puts what joins have found in their place; each is asked for once.
    pub(crate) fn join(&mut self, found: &mut impl FnMut(usize) -> Self) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.join(found);
                }
            }
            Self::Not(part) => part.join(found),
            Self::Join(number) => *self = found(*number),
            Self::Test { .. } | Self::Place { .. } | Self::Pairs { .. } => {}
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
            Self::Test { column, test } => test.resolve(&dictionaries[*column]),
            Self::Place { .. } | Self::Join(_) | Self::Pairs { .. } => {}
        }
    }
}

impl Test {
    fn resolve(&mut self, dictionary: &Dictionary) {
        let (holds, null) = match self {
            Self::Texts { values, null } => {
                let mut holds = vec![false; dictionary.len()];
                for code in values.iter().filter_map(|value| dictionary.code(value)) {
                    holds[code as usize] = true;
                }
                (holds, *null)
            }
            Self::Contains(needle) => (needle.holds(dictionary), false),
            Self::Prefix(start) => (
                dictionary.texts().map(|t| begins(t, start)).collect(),
                false,
            ),
            _ => return,
        };
        *self = Self::Codes { holds, null };
    }
}
