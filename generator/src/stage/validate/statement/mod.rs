//! Rules as SQL: each becomes one statement that answers one JSON object with the fields of Great
//! Expectations' `result` that PostgreSQL can fill.
//!
//! Samples of violations are asked for in the same statement, but PostgreSQL only looks for them
//! where the count is not zero: a check that passes reads its table once.

mod map;
mod query;
mod sentence;
mod whole;

use dataset::schema::Table;

use super::rule::{Rule, Scoped};
use crate::duck;

pub(super) use sentence::sentence;

/// Values, rows and keys of violations that are kept, as in Great Expectations' summaries.
pub(super) const SAMPLES: usize = 20;

/// The table an expectation is about.
#[derive(Debug, Clone)]
struct Target {
    /// With its schema.
    name: String,
    /// What stands after FROM: the table, or its rows that fulfil the condition.
    source: String,
    /// Columns that tell rows apart.
    key: Vec<String>,
}

impl Target {
    fn new(table: &Table, condition: Option<&str>) -> Self {
        let name = format!("ntsb.{}", table.sql_name());
        let mut key: Vec<String> = table
            .natural_key()
            .iter()
            .map(|column| column.sql_name())
            .collect();
        if key.is_empty() {
            key.push("row_digest".to_owned());
        }
        let source = match condition {
            None => name.clone(),
            Some(condition) => format!("(SELECT * FROM {name} WHERE {condition}) AS chosen"),
        };
        Self { name, source, key }
    }

    /// The key as a list for ORDER BY.
    fn order(&self) -> String {
        self.key.join(", ")
    }

    /// The key and these columns (quoted names) as a JSON object.
    fn index(&self, columns: &[String]) -> String {
        let mut names: Vec<String> = self.key.iter().map(|name| duck::identifier(name)).collect();
        for column in columns {
            if !names.contains(column) {
                names.push(column.clone());
            }
        }
        object(&names)
    }
}

/// Columns (quoted names) as a JSON object.
fn object(columns: &[String]) -> String {
    let fields: Vec<String> = columns
        .iter()
        .map(|column| format!("{}, {column}", duck::literal(column.trim_matches('"'))))
        .collect();
    format!("jsonb_build_object({})", fields.join(", "))
}

/// The statement of a rule over a table.
pub(super) fn build(scoped: &Scoped, table: &Table) -> String {
    let target = Target::new(table, scoped.condition.as_deref());
    match &scoped.rule {
        Rule::Values { column, test } => map::values(&target, column, test),
        Rule::Present { column } => map::present(&target, column),
        Rule::Absent { column } => map::absent(&target, column),
        Rule::Unique { columns, ignore } => map::unique(&target, columns, *ignore),
        Rule::Distinct { columns, ignore } => map::distinct(&target, columns, *ignore),
        Rule::Sum {
            columns,
            total,
            ignore,
        } => map::sum(&target, columns, total, *ignore),
        Rule::Pair { a, b, test, ignore } => map::pair(&target, a, b, *test, *ignore),
        Rule::Aggregate {
            column,
            aggregate,
            range,
        } => whole::aggregate(&target, column, *aggregate, range),
        Rule::Quantiles { column, ranges } => whole::quantiles(&target, column, ranges),
        Rule::ValueSet {
            column,
            relation,
            values,
        } => whole::value_set(&target, column, *relation, values),
        Rule::RowCount(range) => whole::row_count(&target, range),
        Rule::RowCountOf(other) => whole::row_count_of(&target, other),
        Rule::Columns(columns) => whole::columns(&target, columns),
        Rule::NoRows { query } => query::no_rows(&target, query),
    }
}
