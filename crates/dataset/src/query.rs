//! The query model: what pages, share links and tools ask of a published table.
//!
//! A query is plain data with a short JSON form, for example
//!
//! ```json
//! {"filter": {"and": [{"in": {"column": "ev_state", "values": ["CA", "TX"]}},
//!                     {"range": {"column": "ev_year", "min": 2010, "max": 2015}}]},
//!  "group": ["ev_year"],
//!  "measures": [{"distinct": "ev_id"},
//!               {"sum": {"column": "fatalities", "once_per": "ev_id"}}]}
//! ```
//!
//! Filters are two-valued: a comparison with a missing value does not hold, so its negation does.
//! `{"not": {"eq": {"column": "ev_state", "value": "CA"}}}` keeps rows without a state, where
//! SQL's `<>` would drop them.

use serde::{Deserialize, Serialize};

pub use value::Value;

mod value;

/// A question to one table.
///
/// With `group` or `measures` the answer has a row per group (one row in all without `group`);
/// otherwise it has the `select` columns of every matching row. Both forms may ask for facets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Query {
    /// Table of the manifest.
    pub table: String,
    /// Which rows count; nothing means all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
    /// Columns of the answer, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub select: Vec<String>,
    /// At most two columns to group by; a missing value is a group of its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group: Vec<String>,
    /// What to compute for each group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// Columns whose values are to be counted under the filter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<Facet>,
    /// Order of the answer; rows default to file order, groups to ascending group values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<Sort>,
    /// Rows to return at most; nothing means all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Rows to skip first.
    #[serde(skip_serializing_if = "is_zero")]
    pub offset: u32,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            table: "explore".to_owned(),
            filter: None,
            select: Vec::new(),
            group: Vec::new(),
            measures: Vec::new(),
            facets: Vec::new(),
            sort: Vec::new(),
            limit: None,
            offset: 0,
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes by reference"
)]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// A condition on one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Filter {
    /// All of them; an empty list holds.
    And(Vec<Filter>),
    /// Any of them; an empty list does not hold.
    Or(Vec<Filter>),
    /// Not this one.
    Not(Box<Filter>),
    /// The column has this value; a null value asks for missing values.
    Eq {
        /// Column name.
        column: String,
        /// The value, in the column's type; dates as `YYYY-MM-DD`.
        value: Value,
    },
    /// The column has one of these values; null among them includes missing values.
    In {
        /// Column name.
        column: String,
        /// The values, as in [`Filter::Eq`].
        values: Vec<Value>,
    },
    /// The number or date lies between two limits, both included; a null limit is open.
    Range {
        /// Column name.
        column: String,
        /// Smallest value.
        #[serde(default)]
        min: Value,
        /// Largest value.
        #[serde(default)]
        max: Value,
    },
    /// The text contains this one; case does not matter.
    Contains {
        /// Column name.
        column: String,
        /// Text to be found.
        text: String,
    },
    /// The text begins with this one; case does not matter.
    Prefix {
        /// Column name.
        column: String,
        /// Beginning of the text.
        text: String,
    },
    /// The column is missing.
    Null(String),
}

/// A number computed for each group. Missing values are left out of all but [`Measure::Rows`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Rows.
    Rows,
    /// Different values of a column; accidents are `{"distinct": "ev_id"}`.
    Distinct(String),
    /// Sum; missing if there is no value.
    Sum(Of),
    /// Arithmetic mean; missing if there is no value.
    Mean(Of),
    /// Smallest value.
    Min(String),
    /// Largest value.
    Max(String),
}

/// The column a sum or mean is taken of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    /// Numeric column.
    pub column: String,
    /// Take only the first value within a group for each value of this column. Casualty columns
    /// repeat the event's totals on every aircraft and must be summed once per `ev_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once_per: Option<String>,
}

impl Measure {
    /// Name of the answer's column, for example `rows`, `distinct_ev_id` or `sum_fatalities`.
    pub fn name(&self) -> String {
        match self {
            Self::Rows => "rows".to_owned(),
            Self::Distinct(column) => format!("distinct_{column}"),
            Self::Sum(of) => format!("sum_{}", of.column),
            Self::Mean(of) => format!("mean_{}", of.column),
            Self::Min(column) => format!("min_{column}"),
            Self::Max(column) => format!("max_{column}"),
        }
    }
}

/// A column whose values are counted: distinct `ev_id` each, or rows where there is no `ev_id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facet {
    /// Column name.
    pub column: String,
    /// Most frequent values to return at most; nothing means all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// One step of an order. Missing values come last in both directions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    /// A column of the table, or of the answer where rows are grouped.
    pub by: String,
    /// Largest first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub desc: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_form_is_read_and_written() {
        let text = r#"{"table":"explore","filter":{"and":[{"in":{"column":"ev_state","values":["CA",null]}},{"range":{"column":"ev_year","min":2010,"max":null}},{"not":{"null":"damage"}}]},"group":["ev_year"],"measures":["rows",{"distinct":"ev_id"},{"sum":{"column":"fatalities","once_per":"ev_id"}}],"sort":[{"by":"rows","desc":true}]}"#;
        let query: Query = serde_json::from_str(text).unwrap();
        assert_eq!(query.measures[2].name(), "sum_fatalities");
        assert_eq!(serde_json::to_string(&query).unwrap(), text);
    }

    #[test]
    fn misspelt_fields_are_refused() {
        for text in [
            r#"{"filters":{}}"#,
            r#"{"filter":{"range":{"column":"ev_year","from":2010}}}"#,
            r#"{"filter":{"eq":{"column":"ev_year","value":[1]}}}"#,
            r#"{"measures":[{"median":"ev_id"}]}"#,
        ] {
            assert!(serde_json::from_str::<Query>(text).is_err(), "{text}");
        }
    }
}
