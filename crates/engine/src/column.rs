//! A column in memory.

use std::cmp::Ordering;
use std::ops::Range;

use dataset::explore::ColumnType;

use crate::dictionary::Dictionary;

/// Values of one type; text as codes of the column's dictionary, dates as days, timestamps as
/// microseconds.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    Text(Vec<u32>),
    Int(Vec<i64>),
    Float(Vec<f64>),
    Boolean(Vec<bool>),
}

/// Applies one expression to the vector of whichever type.
macro_rules! each {
    ($values:expr, $vector:ident => $body:expr) => {
        match $values {
            Values::Text($vector) => Values::Text($body),
            Values::Int($vector) => Values::Int($body),
            Values::Float($vector) => Values::Float($body),
            Values::Boolean($vector) => Values::Boolean($body),
        }
    };
}

impl Values {
    pub(crate) fn with_capacity(kind: ColumnType, rows: usize) -> Self {
        match kind {
            ColumnType::Text => Self::Text(Vec::with_capacity(rows)),
            ColumnType::Int | ColumnType::Date | ColumnType::Timestamp => {
                Self::Int(Vec::with_capacity(rows))
            }
            ColumnType::Float => Self::Float(Vec::with_capacity(rows)),
            ColumnType::Boolean => Self::Boolean(Vec::with_capacity(rows)),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(v) => v.len(),
            Self::Int(v) => v.len(),
            Self::Float(v) => v.len(),
            Self::Boolean(v) => v.len(),
        }
    }

    /// Appends the entries of `from` at the given indices; `None` if the types differ or an
    /// index is out of range.
    pub(crate) fn extend_indexed(&mut self, from: &Self, indices: &[u32]) -> Option<()> {
        match (self, from) {
            (Self::Text(to), Self::Text(from)) => extend_indexed(to, from, indices),
            (Self::Int(to), Self::Int(from)) => extend_indexed(to, from, indices),
            (Self::Float(to), Self::Float(from)) => extend_indexed(to, from, indices),
            (Self::Boolean(to), Self::Boolean(from)) => extend_indexed(to, from, indices),
            _ => None,
        }
    }

    /// Puts the present values where `valid` says there is one.
    pub(crate) fn spread(self, valid: &[bool]) -> Self {
        each!(self, v => spread(&v, valid))
    }
}

fn extend_indexed<T: Copy>(to: &mut Vec<T>, from: &[T], indices: &[u32]) -> Option<()> {
    to.reserve(indices.len());
    for index in indices {
        to.push(*from.get(*index as usize)?);
    }
    Some(())
}

fn spread<T: Copy + Default>(present: &[T], valid: &[bool]) -> Vec<T> {
    let mut present = present.iter();
    let place = |valid: &bool| valid.then(|| present.next().copied()).flatten();
    valid
        .iter()
        .map(place)
        .map(Option::unwrap_or_default)
        .collect()
}

/// Values with their gaps.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) values: Values,
    /// False where the value is missing; `None` if no value is.
    pub(crate) valid: Option<Vec<bool>>,
}

impl Column {
    pub(crate) fn empty(kind: ColumnType, rows: usize) -> Self {
        Self {
            values: Values::with_capacity(kind, rows),
            valid: None,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// Bytes a value of this type takes, its validity included.
    pub(crate) fn width(kind: ColumnType) -> u64 {
        1 + match kind {
            ColumnType::Text => 4,
            ColumnType::Boolean => 1,
            ColumnType::Int | ColumnType::Float | ColumnType::Date | ColumnType::Timestamp => 8,
        }
    }

    /// Bytes it takes, about.
    pub(crate) fn memory(&self) -> usize {
        let valid = self.valid.as_ref().map_or(0, Vec::len);
        valid
            + match &self.values {
                Values::Text(v) => v.len() * 4,
                Values::Int(v) => v.len() * 8,
                Values::Float(v) => v.len() * 8,
                Values::Boolean(v) => v.len(),
            }
    }

    /// Some consecutive rows.
    pub(crate) fn slice(&self, rows: Range<usize>) -> Self {
        let valid = self
            .valid
            .as_ref()
            .map(|valid| valid[rows.clone()].to_vec());
        Self {
            values: each!(&self.values, v => v[rows].to_vec()),
            valid: valid.filter(|valid| valid.contains(&false)),
        }
    }

    /// The values of `other` where there is none; both are fractions and have as many rows.
    pub(crate) fn or(mut self, other: &Self) -> Self {
        if let (Some(valid), Values::Float(values), Values::Float(others)) =
            (&mut self.valid, &mut self.values, &other.values)
        {
            for (row, valid) in valid.iter_mut().enumerate() {
                if !*valid && other.is_valid(row) {
                    (values[row], *valid) = (others[row], true);
                }
            }
        }
        self.valid = self.valid.filter(|valid| valid.contains(&false));
        self
    }

    pub(crate) fn is_valid(&self, row: usize) -> bool {
        self.valid.as_ref().is_none_or(|valid| valid[row])
    }

    /// Appends the rows of `from`, a column of the same type, at the given indices.
    pub(crate) fn append(&mut self, from: &Self, rows: &[u32]) {
        let before = self.len();
        let fits = self.values.extend_indexed(&from.values, rows);
        debug_assert!(fits.is_some(), "rows of the same column");
        if let Some(valid) = &from.valid {
            let mine = self.valid.get_or_insert_with(|| vec![true; before]);
            mine.extend(rows.iter().map(|row| valid[*row as usize]));
        } else if let Some(mine) = &mut self.valid {
            mine.resize(before + rows.len(), true);
        }
    }

    /// The rows at the given indices; a missing value for `None`.
    pub(crate) fn take(&self, rows: &[Option<u32>]) -> Self {
        let valid: Vec<bool> = rows
            .iter()
            .map(|row| row.is_some_and(|row| self.is_valid(row as usize)))
            .collect();
        Self {
            values: each!(&self.values, v => {
                let at = |row: &Option<u32>| row.map(|row| v[row as usize]).unwrap_or_default();
                rows.iter().map(at).collect()
            }),
            valid: valid.contains(&false).then_some(valid),
        }
    }

    /// Order of two rows: missing values last, the others ascending or descending.
    pub(crate) fn compare(
        &self,
        dictionary: &Dictionary,
        desc: bool,
        a: usize,
        b: usize,
    ) -> Ordering {
        let order = match (self.is_valid(a), self.is_valid(b)) {
            (true, true) => match &self.values {
                Values::Text(v) if v[a] == v[b] => Ordering::Equal,
                Values::Text(v) => dictionary.text(v[a]).cmp(dictionary.text(v[b])),
                Values::Int(v) => v[a].cmp(&v[b]),
                Values::Float(v) => v[a].total_cmp(&v[b]),
                Values::Boolean(v) => v[a].cmp(&v[b]),
            },
            (a, b) => return b.cmp(&a),
        };
        if desc { order.reverse() } else { order }
    }
}
