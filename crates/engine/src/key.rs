//! What rows are grouped by, bound to a table.

use dataset::explore::ColumnType;
use dataset::query::{Key, Part};

use crate::bind::dated;
use crate::column::{Column, Values};
use crate::date::{DAY, Date};
use crate::error::EngineError;
use crate::table::{Spot, Table};

/// A column and what becomes of its values.
pub(crate) struct BoundKey {
    pub(crate) column: usize,
    form: Form,
}

enum Form {
    Value,
    Part { part: Part, micros: bool },
    IntBin(i64),
    FloatBin(f64),
}

impl BoundKey {
    pub(crate) fn new(key: &Key, table: &Table) -> Result<Self, EngineError> {
        let column = table.index(key.column())?;
        let form = match key {
            Key::Column(_) => Form::Value,
            Key::Part { part, .. } => Form::Part {
                part: *part,
                micros: dated(table, column)?,
            },
            Key::Bin { width, .. } => {
                let refuse = |what: &str| Err(table.mismatch(column, what.to_owned()));
                match table.kind(column) {
                    _ if !width.is_finite() || *width <= 0.0 => {
                        return refuse("bins are wider than zero");
                    }
                    ColumnType::Float => Form::FloatBin(*width),
                    ColumnType::Int if width.fract() == 0.0 => Form::IntBin(*width as i64),
                    ColumnType::Int => return refuse("bins of whole numbers have a whole width"),
                    _ => return refuse("only numbers have bins"),
                }
            }
        };
        Ok(Self { column, form })
    }

    /// Type of the groups.
    pub(crate) fn kind(&self, table: &Table) -> ColumnType {
        match self.form {
            Form::Part { .. } => ColumnType::Int,
            _ => table.kind(self.column),
        }
    }

    /// The key of each row.
    pub(crate) fn values(&self, table: &Table, spots: &[Spot]) -> Column {
        let mut column = table.gather(self.column, spots);
        match (&self.form, &mut column.values) {
            (Form::Part { part, micros }, Values::Int(values)) => {
                let unit = if *micros { DAY } else { 1 };
                for value in values {
                    *value = Date(value.div_euclid(unit)).part(*part);
                }
            }
            (Form::IntBin(width), Values::Int(values)) => {
                for value in values {
                    *value = value.div_euclid(*width).saturating_mul(*width);
                }
            }
            (Form::FloatBin(width), Values::Float(values)) => {
                for value in values {
                    *value = (*value / width).floor() * width;
                }
            }
            _ => {}
        }
        column
    }
}
