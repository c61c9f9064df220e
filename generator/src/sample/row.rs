//! A row of a source table, filled by column name.

use std::collections::BTreeMap;

use dataset::schema::{AccessType, Table};
use jet::{ColumnSpec, Value};

/// A row under construction.
#[derive(Debug)]
pub(super) struct Row {
    places: BTreeMap<&'static str, (usize, AccessType)>,
    empty: Vec<Value>,
    values: Vec<Value>,
}

impl Row {
    /// An empty row: NULL everywhere, Yes/No columns No.
    pub(super) fn new(table: &'static Table, columns: &[ColumnSpec]) -> Self {
        let mut places = BTreeMap::new();
        let mut empty = Vec::new();
        for (at, spec) in columns.iter().enumerate() {
            if let Some(column) = table.column(&spec.name) {
                places.insert(column.name, (at, column.access));
                empty.push(match column.access {
                    AccessType::Boolean => Value::Boolean(false),
                    _ => Value::Null,
                });
            }
        }
        Self {
            places,
            values: empty.clone(),
            empty,
        }
    }

    /// Empties the row.
    pub(super) fn clear(&mut self) -> &mut Self {
        self.values.clone_from(&self.empty);
        self
    }

    pub(super) fn values(&self) -> &[Value] {
        &self.values
    }

    /// Sets a text column; empty text is NULL.
    pub(super) fn text(&mut self, column: &str, value: &str) -> &mut Self {
        if value.is_empty() {
            return self;
        }
        self.set(column, |_| Value::Text(value.to_owned()))
    }

    /// Sets a text column unless there is nothing to say.
    pub(super) fn maybe(&mut self, column: &str, value: Option<&str>) -> &mut Self {
        self.text(column, value.unwrap_or_default())
    }

    /// Sets a numeric column of any width.
    pub(super) fn number(&mut self, column: &str, value: impl Into<f64>) -> &mut Self {
        let value = value.into();
        self.set(column, |access| match access {
            AccessType::Byte => Value::Byte(value as u8),
            AccessType::Int16 => Value::Int(value as i16),
            AccessType::Single => Value::Float(value as f32),
            AccessType::Double => Value::Double(value),
            _ => Value::Long(value as i32),
        })
    }

    /// Sets a date, in days since 1899-12-30.
    pub(super) fn date(&mut self, column: &str, days: impl Into<f64>) -> &mut Self {
        let days = days.into();
        self.set(column, |_| Value::DateTime(days))
    }

    /// Sets a Yes/No column.
    pub(super) fn flag(&mut self, column: &str, value: bool) -> &mut Self {
        self.set(column, |_| Value::Boolean(value))
    }

    /// A column the file does not have (see `cm_inPc`) is passed over.
    fn set(&mut self, column: &str, value: impl FnOnce(AccessType) -> Value) -> &mut Self {
        if let Some((at, access)) = self.places.get(column) {
            self.values[*at] = value(*access);
        } else {
            debug_assert!(column == "cm_inPc", "no column {column}");
        }
        self
    }
}
