//! Predicates over the rows of one file.

use crate::column::{Column, Values};
use crate::date::{DAY, Date};
use crate::predicate::{Predicate, Test};
use crate::table::Table;

impl Predicate {
    /// Which rows of a file it lets through. Text tests must have been resolved.
    pub(crate) fn evaluate(&self, table: &Table, file: usize) -> Vec<bool> {
        let rows = table.entry.files[file].rows as usize;
        // What no further part can change is not asked of it.
        let fold = |parts: &[Self], start: bool, join: fn(bool, bool) -> bool| {
            let mut out = vec![start; rows];
            for part in parts {
                if !out.contains(&start) {
                    break;
                }
                for (out, row) in out.iter_mut().zip(part.evaluate(table, file)) {
                    *out = join(*out, row);
                }
            }
            out
        };
        match self {
            Self::All(parts) => fold(parts, true, |a, b| a & b),
            Self::Any(parts) => fold(parts, false, |a, b| a | b),
            Self::Not(part) => {
                let mut out = part.evaluate(table, file);
                for row in &mut out {
                    *row = !*row;
                }
                out
            }
            Self::Test { column, test } => test.evaluate(table.column(file, *column)),
            Self::Place { columns, area } => {
                let [latitude, longitude] = columns.map(|column| table.column(file, column));
                area.evaluate(latitude, longitude)
            }
            Self::Pairs { columns, pairs } => {
                let [texts, numbers] = columns.map(|column| table.column(file, column));
                let (Values::Text(codes), Values::Int(keys)) = (&texts.values, &numbers.values)
                else {
                    unreachable!("pairs are made for a text and a number");
                };
                let there = |row: usize| texts.is_valid(row) && numbers.is_valid(row);
                (0..rows)
                    .map(|row| there(row) && pairs.has(codes[row], keys[row]))
                    .collect()
            }
            Self::Join(_) => unreachable!("joins run before rows are looked at"),
        }
    }
}

impl Test {
    fn evaluate(&self, column: &Column) -> Vec<bool> {
        let valid = column.valid.as_deref();
        match (self, &column.values) {
            (Self::Codes { holds, null }, Values::Text(codes)) => {
                check(codes, valid, *null, |code| holds[*code as usize])
            }
            (Self::Ints { values, null }, Values::Int(numbers)) => {
                check(numbers, valid, *null, |number| values.contains(number))
            }
            (Self::IntRange(min, max), Values::Int(numbers)) => {
                check(numbers, valid, false, |n| min <= n && n <= max)
            }
            (Self::Floats { values, null }, Values::Float(numbers)) => {
                check(numbers, valid, *null, |number| values.contains(number))
            }
            (Self::FloatRange(min, max), Values::Float(numbers)) => {
                check(numbers, valid, false, |n| min <= n && n <= max)
            }
            (Self::Booleans { values, null }, Values::Boolean(booleans)) => {
                check(booleans, valid, *null, |boolean| values.contains(boolean))
            }
            (
                Self::Part {
                    part,
                    values,
                    micros,
                },
                Values::Int(days),
            ) => {
                let unit = if *micros { DAY } else { 1 };
                check(days, valid, false, |day| {
                    values.contains(&Date(day.div_euclid(unit)).part(*part))
                })
            }
            (Self::Null, _) => match valid {
                Some(valid) => valid.iter().map(|valid| !valid).collect(),
                None => vec![false; column.len()],
            },
            _ => unreachable!("a test is made for the type of its column"),
        }
    }
}

/// Codes of missing text are no codes of the dictionary when it is empty, so `holds` is only
/// asked about values that are there.
fn check<T>(
    values: &[T],
    valid: Option<&[bool]>,
    null: bool,
    holds: impl Fn(&T) -> bool,
) -> Vec<bool> {
    match valid {
        None => values.iter().map(holds).collect(),
        Some(valid) => values
            .iter()
            .zip(valid)
            .map(|(value, valid)| if *valid { holds(value) } else { null })
            .collect(),
    }
}
