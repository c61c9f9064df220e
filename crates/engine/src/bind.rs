//! Filters to predicates.

use dataset::explore::ColumnType;
use dataset::query::{Filter, Value};

use crate::date;
use crate::error::EngineError;
use crate::join::Join;
use crate::place::Area;
use crate::predicate::{Predicate, Test};
use crate::search::Needle;
use crate::table::Table;
use crate::tables::Tables;

/// Binds the filter of one table and gathers the joins it asks for.
pub(crate) struct Binder<'t> {
    pub(crate) table: &'t Table,
    /// The tables that may be joined; `None` within a join.
    pub(crate) others: Option<&'t Tables>,
    pub(crate) joins: Vec<Join>,
}

impl Binder<'_> {
    pub(crate) fn bind(&mut self, filter: &Filter) -> Result<Predicate, EngineError> {
        let table = self.table;
        let (column, test) = match filter {
            Filter::And(filters) => return Ok(Predicate::All(self.each(filters)?)),
            Filter::Or(filters) => return Ok(Predicate::Any(self.each(filters)?)),
            Filter::Not(filter) => return Ok(Predicate::Not(Box::new(self.bind(filter)?))),
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
                (column, Test::Contains(Needle::new(text, false)))
            }
            Filter::Prefix { column, text } => {
                let column = text_column(table, column)?;
                (column, Test::Prefix(text.to_lowercase()))
            }
            Filter::Word { column, text } => {
                let column = text_column(table, column)?;
                if !text.chars().any(char::is_alphanumeric) {
                    return Err(table.mismatch(column, format!("“{text}” is not a word")));
                }
                (column, Test::Contains(Needle::new(text, true)))
            }
            Filter::Part {
                column,
                part,
                values,
            } => {
                let column = table.index(column)?;
                let micros = dated(table, column)?;
                let (part, values) = (*part, values.clone());
                (
                    column,
                    Test::Part {
                        part,
                        values,
                        micros,
                    },
                )
            }
            Filter::Box {
                latitude_column,
                longitude_column,
                south,
                west,
                north,
                east,
            } => {
                let area = Area::Box {
                    south: *south,
                    west: *west,
                    north: *north,
                    east: *east,
                };
                return place(table, latitude_column, longitude_column, area);
            }
            Filter::Radius {
                latitude_column,
                longitude_column,
                latitude,
                longitude,
                km,
            } => {
                let area = Area::Circle {
                    latitude: *latitude,
                    longitude: *longitude,
                    km: *km,
                };
                return place(table, latitude_column, longitude_column, area);
            }
            Filter::Exists {
                table: other,
                on,
                filter,
            } => {
                let Some(tables) = self.others else {
                    return Err(EngineError::Shape("a join within a join"));
                };
                let join = Join::bind(table, tables.table(other)?, on, filter.as_deref())?;
                self.joins.push(join);
                return Ok(Predicate::Join(self.joins.len() - 1));
            }
        };
        Ok(Predicate::Test { column, test })
    }

    fn each(&mut self, filters: &[Filter]) -> Result<Vec<Predicate>, EngineError> {
        filters.iter().map(|filter| self.bind(filter)).collect()
    }
}

/// Whether the dates of a column are counted in microseconds.
pub(crate) fn dated(table: &Table, column: usize) -> Result<bool, EngineError> {
    match table.kind(column) {
        ColumnType::Date => Ok(false),
        ColumnType::Timestamp => Ok(true),
        _ => Err(table.mismatch(column, "only dates have years, months and days".to_owned())),
    }
}

fn place(
    table: &Table,
    latitude: &str,
    longitude: &str,
    area: Area,
) -> Result<Predicate, EngineError> {
    let degrees = |name: &str| {
        let column = table.index(name)?;
        match table.kind(column) {
            ColumnType::Float => Ok(column),
            _ => Err(table.mismatch(column, "degrees are numbers with a fraction".to_owned())),
        }
    };
    let columns = [degrees(latitude)?, degrees(longitude)?];
    Ok(Predicate::Place { columns, area })
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
