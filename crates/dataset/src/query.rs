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
//! SQL's `<>` would drop them. [`sql`] writes the same question for DuckDB.

use serde::{Deserialize, Serialize};

pub use filter::{Filter, MAX_CONDITIONS, MAX_DEPTH, Part};
pub use key::Key;
pub use value::Value;

mod filter;
mod key;
pub mod sql;
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
    /// At most two things to group by (a cross-tab has two); a missing value is a group of its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group: Vec<Key>,
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
    /// The value below which `percent` of the values lie, interpolated between its neighbours.
    Quantile {
        /// Numeric column.
        column: String,
        /// 0 to 100; 50 is the median.
        percent: u8,
    },
    /// Part of all matching rows that a group has, 0 to 1. A group can have a share of rows or of
    /// different values; shares of the latter may add up to more than one.
    Share(Box<Measure>),
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
            Self::Quantile { column, percent } => format!("p{percent}_{column}"),
            Self::Share(of) => format!("share_{}", of.name()),
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
    fn groups_joins_and_places_have_a_form_of_their_own() {
        let text = r#"{"table":"explore","filter":{"or":[{"word":{"column":"acft_make","text":"cessna"}},{"part":{"column":"ev_date","part":"weekday","values":[6,7]}},{"box":{"south":30.0,"west":170.0,"north":60.5,"east":-150.0}},{"radius":{"latitude":61.2,"longitude":-149.9,"km":50.0}},{"exists":{"table":"narratives","filter":{"contains":{"column":"narr_cause","text":"ice"}}}},{"exists":{"table":"causes","on":["ev_id","aircraft_key"]}}]},"group":["ev_state",{"bin":{"column":"pilot_hours","width":500.0}}],"measures":[{"quantile":{"column":"pilot_hours","percent":50}},{"share":"rows"},{"share":{"distinct":"ev_id"}}]}"#;
        let query: Query = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&query).unwrap(), text);
        let names: Vec<String> = query.measures.iter().map(Measure::name).collect();
        assert_eq!(
            names,
            ["p50_pilot_hours", "share_rows", "share_distinct_ev_id"]
        );
        assert_eq!(query.group[1].name(), "bin_pilot_hours");
    }

    #[test]
    fn misspelt_fields_are_refused() {
        for text in [
            r#"{"filters":{}}"#,
            r#"{"filter":{"range":{"column":"ev_year","from":2010}}}"#,
            r#"{"filter":{"eq":{"column":"ev_year","value":[1]}}}"#,
            r#"{"measures":[{"median":"ev_id"}]}"#,
            r#"{"group":[{"bin":{"column":"ev_year","size":5}}]}"#,
        ] {
            assert!(serde_json::from_str::<Query>(text).is_err(), "{text}");
        }
    }
}
