//! Which files can hold matching rows, judged by the manifest alone.

use dataset::manifest::Range;
use dataset::query::Part;

use crate::date::Date;
use crate::predicate::{Predicate, Test};
use crate::search::begins;
use crate::table::{Partition, Table, partition, partition_number};

/// Whether some row may fulfil a condition, and whether some row may fail it.
#[derive(Clone, Copy)]
pub(crate) struct Possible {
    pub(crate) holds: bool,
    pub(crate) fails: bool,
}

/// What the manifest says about a column of a file.
pub(crate) enum Known<'a> {
    /// The value of all rows.
    Number(f64),
    /// The value of all rows; `None` if it is missing from all of them.
    Text(Option<&'a str>),
    /// The values that are there lie in this range.
    Range(Range),
    Nothing,
}

/// What the rows of a file may do.
pub(crate) fn judge(predicate: &Predicate, table: &Table, file: usize) -> Possible {
    let each = |parts: &[Predicate]| -> Vec<Possible> {
        parts.iter().map(|p| judge(p, table, file)).collect()
    };
    match predicate {
        Predicate::All(parts) => {
            let parts = each(parts);
            Possible {
                holds: parts.iter().all(|p| p.holds),
                fails: parts.iter().any(|p| p.fails),
            }
        }
        Predicate::Any(parts) => {
            let parts = each(parts);
            Possible {
                holds: parts.iter().any(|p| p.holds),
                fails: parts.iter().all(|p| p.fails),
            }
        }
        Predicate::Not(part) => {
            let part = judge(part, table, file);
            Possible {
                holds: part.fails,
                fails: part.holds,
            }
        }
        Predicate::Test { column, test } => test.possible(&known(table, file, *column)),
        // The manifest says nothing about places and other tables.
        Predicate::Place { .. } | Predicate::Join(_) | Predicate::Pairs { .. } => Possible {
            holds: true,
            fails: true,
        },
    }
}

/// What the manifest says.
pub(crate) fn known(table: &Table, file: usize, column: usize) -> Known<'_> {
    let entry = &table.entry.files[file];
    match partition(&table.entry, entry, column) {
        Partition::Value(value) => match partition_number(value, table.kind(column)) {
            Some(number) => Known::Number(number as f64),
            // Percent-encoded by writers each in its own way.
            None if value.contains('%') => Known::Nothing,
            None => Known::Text(Some(value)),
        },
        Partition::Missing => Known::Text(None),
        Partition::Other => match entry.ranges.get(&table.entry.columns[column].name) {
            Some(range) => Known::Range(*range),
            None => Known::Nothing,
        },
    }
}

impl Test {
    fn possible(&self, known: &Known<'_>) -> Possible {
        let (holds, certain) = match known {
            Known::Nothing => (None, false),
            Known::Number(n) => (self.overlaps(*n, *n, false), true),
            Known::Range(range) => (self.overlaps(range.min, range.max, true), false),
            Known::Text(None) => (Some(self.accepts_null()), true),
            Known::Text(Some(text)) => (self.accepts_text(text), true),
        };
        match holds {
            None => Possible {
                holds: true,
                fails: true,
            },
            Some(holds) => Possible {
                holds,
                fails: !holds || !certain,
            },
        }
    }

    fn accepts_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Texts { null, .. }
            | Self::Codes { null, .. }
            | Self::Ints { null, .. }
            | Self::Floats { null, .. }
            | Self::Booleans { null, .. } => *null,
            _ => false,
        }
    }

    fn accepts_text(&self, text: &str) -> Option<bool> {
        match self {
            Self::Null => Some(false),
            Self::Texts { values, .. } => Some(values.iter().any(|value| value == text)),
            Self::Contains(needle) => Some(needle.is_in(text)),
            Self::Prefix(start) => Some(begins(text, start)),
            _ => None,
        }
    }

    /// Whether a value between `min` and `max`, or a missing one where there may be some, can
    /// fulfil it.
    fn overlaps(&self, min: f64, max: f64, nulls: bool) -> Option<bool> {
        let inside = |n: f64| min <= n && n <= max;
        let found = match self {
            Self::Null => false,
            Self::Ints { values, .. } => values.iter().any(|n| inside(*n as f64)),
            Self::Floats { values, .. } => values.iter().any(|n| inside(*n)),
            Self::IntRange(low, high) => *low as f64 <= max && *high as f64 >= min,
            // Ranges of dates are in days, and of timestamps not to be had.
            Self::Part {
                part: Part::Year,
                values,
                micros: false,
            } => {
                let year = |days: f64| Date(days as i64).part(Part::Year);
                values.iter().any(|n| (year(min)..=year(max)).contains(n))
            }
            Self::FloatRange(low, high) => *low <= max && *high >= min,
            _ => return None,
        };
        Some(found || (nulls && self.accepts_null()))
    }
}
