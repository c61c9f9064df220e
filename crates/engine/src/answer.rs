//! Answers, as read by pages.

use std::fmt;

use dataset::explore::ColumnType;
use serde::ser::{Serialize, SerializeSeq, SerializeStruct, Serializer};

use crate::column::{Column, Values};
use crate::date::{Date, Timestamp};
use crate::dictionary::Dictionary;

/// An answer. As JSON: `columns`, `rows` as arrays in the order of `columns`, the counts, and
/// `facets`; dates are `YYYY-MM-DD`,
/// timestamps `YYYY-MM-DDThh:mm:ss`.
pub struct ResultTable<'a> {
    /// Columns in the order of the query: `select`, or `group` and then `measures`.
    pub columns: Vec<ResultColumn<'a>>,
    /// Rows of the answer (groups, or one page of the rows).
    pub rows: usize,
    /// Rows the filter lets through.
    pub matched_rows: u64,
    /// Different `ev_id` among them; `None` for tables without `ev_id`.
    pub matched_events: Option<u64>,
    /// Rows of the files that were looked at.
    pub scanned_rows: u64,
    /// One entry for each facet asked for.
    pub facets: Vec<FacetCounts<'a>>,
}

/// One column of an answer.
pub struct ResultColumn<'a> {
    /// Column of the table, or [`dataset::query::Measure::name`].
    pub name: String,
    /// Type of its values.
    pub kind: ColumnType,
    pub(crate) column: Column,
    pub(crate) dictionary: &'a Dictionary,
}

/// How often the values of a column occur.
pub struct FacetCounts<'a> {
    /// Column name.
    pub column: String,
    /// Different values under the filter, without the missing one.
    pub distinct: u64,
    /// Values with their counts, most frequent first; a missing value is one of them.
    pub values: Vec<(Cell<'a>, u64)>,
}

/// One value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Missing.
    Null,
    /// Text.
    Text(&'a str),
    /// Whole number.
    Int(i64),
    /// Days since 1970-01-01.
    Date(i64),
    /// Microseconds since 1970-01-01 without zone.
    Timestamp(i64),
    /// Number; not finite ones become null in JSON.
    Float(f64),
    /// True or false.
    Boolean(bool),
}

impl ResultTable<'_> {
    /// All columns as numbers, end to end: dates as days, timestamps as microseconds, true as 1;
    /// missing values and text as NaN.
    pub fn numbers(&self) -> Vec<f64> {
        let mut out = Vec::with_capacity(self.columns.len() * self.rows);
        for ResultColumn { column, .. } in &self.columns {
            let start = out.len();
            match &column.values {
                Values::Int(v) => out.extend(v.iter().map(|n| *n as f64)),
                Values::Float(v) => out.extend(v),
                Values::Boolean(v) => out.extend(v.iter().map(|b| f64::from(u8::from(*b)))),
                Values::Text(v) => out.extend(v.iter().map(|_| f64::NAN)),
            }
            let rows = out[start..].iter_mut().enumerate();
            for (_, number) in rows.filter(|(row, _)| !column.is_valid(*row)) {
                *number = f64::NAN;
            }
        }
        out
    }
}

impl<'a> ResultColumn<'a> {
    /// The value of a row of the answer.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn cell(&self, row: usize) -> Cell<'a> {
        cell(&self.column, self.kind, self.dictionary, row)
    }
}

pub(crate) fn cell<'a>(
    column: &Column,
    kind: ColumnType,
    dictionary: &'a Dictionary,
    row: usize,
) -> Cell<'a> {
    if !column.is_valid(row) {
        return Cell::Null;
    }
    match &column.values {
        Values::Text(codes) => Cell::Text(dictionary.text(codes[row])),
        Values::Int(days) if kind == ColumnType::Date => Cell::Date(days[row]),
        Values::Int(micros) if kind == ColumnType::Timestamp => Cell::Timestamp(micros[row]),
        Values::Int(numbers) => Cell::Int(numbers[row]),
        Values::Float(numbers) => Cell::Float(numbers[row]),
        Values::Boolean(booleans) => Cell::Boolean(booleans[row]),
    }
}

/// As in CSV: nothing for a missing value, numbers in the shortest form that reads back.
impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => text.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Date(days) => Date(*days).fmt(f),
            Self::Timestamp(micros) => Timestamp(*micros).fmt(f),
            Self::Float(number) => number.fmt(f),
            Self::Boolean(boolean) => boolean.fmt(f),
        }
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Text(text) => to.serialize_str(text),
            Self::Int(number) => to.serialize_i64(*number),
            Self::Date(_) | Self::Timestamp(_) => to.collect_str(self),
            Self::Float(number) => to.serialize_f64(*number),
            Self::Boolean(boolean) => to.serialize_bool(*boolean),
        }
    }
}

impl Serialize for ResultTable<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_struct("ResultTable", 6)?;
        to.serialize_field("columns", &self.columns)?;
        to.serialize_field("rows", &Rows(self))?;
        to.serialize_field("matched_rows", &self.matched_rows)?;
        to.serialize_field("matched_events", &self.matched_events)?;
        to.serialize_field("scanned_rows", &self.scanned_rows)?;
        to.serialize_field("facets", &self.facets)?;
        to.end()
    }
}

struct Rows<'t, 'a>(&'t ResultTable<'a>);

struct Row<'t, 'a>(&'t ResultTable<'a>, usize);

impl Serialize for Rows<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut rows = to.serialize_seq(Some(self.0.rows))?;
        for row in 0..self.0.rows {
            rows.serialize_element(&Row(self.0, row))?;
        }
        rows.end()
    }
}

impl Serialize for Row<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.columns.iter().map(|column| column.cell(self.1)))
    }
}

impl Serialize for ResultColumn<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_struct("ResultColumn", 2)?;
        to.serialize_field("name", &self.name)?;
        to.serialize_field("type", &self.kind)?;
        to.end()
    }
}

impl Serialize for FacetCounts<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut to = to.serialize_struct("FacetCounts", 3)?;
        to.serialize_field("column", &self.column)?;
        to.serialize_field("distinct", &self.distinct)?;
        to.serialize_field("values", &self.values)?;
        to.end()
    }
}
