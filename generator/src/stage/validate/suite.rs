//! Expectation suites in the JSON form of Great Expectations.
//!
//! A suite file holds `expectation_suite_name`, `meta.table`, `meta.description` and
//! `expectations`; each of these has an `expectation_type`, its `kwargs` and `meta.severity`
//! (`warn` or `fail`). `mostly` has Great Expectations' meaning: the share of non-null values
//! that must fulfil the rule. Types of our own begin with `windsock_expect_`.

use anyhow::{Context, Result, bail};
use dataset::{codes, schema};
use serde::Deserialize;
use serde_json::Value;

use super::Severity;
use crate::duck;

/// A suite as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SuiteFile {
    pub(super) expectation_suite_name: String,
    pub(super) meta: SuiteMeta,
    pub(super) expectations: Vec<Expectation>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SuiteMeta {
    pub(super) description: String,
    /// Table of the expectations that name none.
    pub(super) table: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expectation {
    #[serde(rename = "expectation_type")]
    pub(super) kind: String,
    pub(super) kwargs: Value,
    pub(super) meta: Meta,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meta {
    pub(super) severity: Severity,
    pub(super) table: Option<String>,
    /// Replaces the sentence made from the rule.
    pub(super) description: Option<String>,
}

/// What must hold, understood.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Rule {
    /// The column has a value in every row.
    NotNull { column: String },
    /// No two rows share the values of these columns.
    Unique { columns: Vec<String> },
    /// The value lies in a closed range; bounds are SQL literals.
    Between {
        column: String,
        min: Option<String>,
        max: Option<String>,
    },
    /// The value is one of these.
    InSet { column: String, values: Vec<String> },
    /// The row's parent exists.
    HasParent { parent: String },
    /// The condition (SQL over columns of the table) holds or is unknown.
    Condition { condition: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Kwargs {
    column: Option<String>,
    column_list: Option<Vec<String>>,
    min_value: Option<Value>,
    max_value: Option<Value>,
    value_set: Option<Vec<String>>,
    mostly: Option<f64>,
    parent: Option<String>,
    condition: Option<String>,
}

impl Expectation {
    /// The rule and its `mostly`.
    pub(super) fn rule(&self) -> Result<(Rule, f64)> {
        let kind = self.kind.as_str();
        let kwargs: Kwargs = serde_json::from_value(self.kwargs.clone())
            .with_context(|| format!("in the kwargs of {kind}"))?;
        let missing = |name: &str| format!("{kind} needs `{name}`");
        let column = || kwargs.column.clone().with_context(|| missing("column"));
        let rule = match kind {
            "expect_column_values_to_not_be_null" => Rule::NotNull { column: column()? },
            "expect_column_values_to_be_unique" => Rule::Unique {
                columns: vec![column()?],
            },
            "expect_compound_columns_to_be_unique" => Rule::Unique {
                columns: kwargs
                    .column_list
                    .clone()
                    .with_context(|| missing("column_list"))?,
            },
            "expect_column_values_to_be_between" => Rule::Between {
                column: column()?,
                min: kwargs.min_value.as_ref().map(literal),
                max: kwargs.max_value.as_ref().map(literal),
            },
            "expect_column_values_to_be_in_set" => Rule::InSet {
                column: column()?,
                values: kwargs
                    .value_set
                    .clone()
                    .with_context(|| missing("value_set"))?,
            },
            "windsock_expect_rows_to_have_parent" => Rule::HasParent {
                parent: kwargs.parent.clone().with_context(|| missing("parent"))?,
            },
            "windsock_expect_condition_to_hold" => Rule::Condition {
                condition: kwargs
                    .condition
                    .clone()
                    .with_context(|| missing("condition"))?,
            },
            other => bail!("unknown expectation type {other}"),
        };
        Ok((rule, kwargs.mostly.unwrap_or(1.0)))
    }
}

/// A JSON number or string as SQL literal.
fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => duck::literal(text),
        other => other.to_string(),
    }
}

/// The suites that ship with windsock, in the order of the report.
pub(super) fn shipped() -> Result<Vec<SuiteFile>> {
    let files = [
        ("dates", include_str!("../../../suites/dates.json")),
        (
            "coordinates",
            include_str!("../../../suites/coordinates.json"),
        ),
        ("injuries", include_str!("../../../suites/injuries.json")),
        ("codes", include_str!("../../../suites/codes.json")),
    ];
    let mut suites = vec![keys(), parents()];
    for (name, text) in files {
        suites.push(serde_json::from_str(text).with_context(|| format!("in suite {name}"))?);
    }
    suites.push(code_lists());
    Ok(suites)
}

/// Natural keys are unique. The schema enforces it; the check proves that it still does.
fn keys() -> SuiteFile {
    let keyed = schema::tables()
        .iter()
        .filter(|table| !table.natural_key().is_empty());
    let expectations = keyed.map(|table| {
        let key: Vec<String> = table.natural_key().iter().map(|c| c.sql_name()).collect();
        let kwargs = serde_json::json!({ "column_list": key });
        expectation(
            "expect_compound_columns_to_be_unique",
            kwargs,
            Severity::Fail,
            table,
        )
    });
    suite(
        "keys",
        "Every row is identified by its natural key.",
        expectations.collect(),
    )
}

/// Children belong to a row of their parent table.
fn parents() -> SuiteFile {
    let children = schema::tables()
        .iter()
        .filter_map(|table| Some((table, table.parent()?)));
    let expectations = children.map(|(table, parent)| {
        let kwargs = serde_json::json!({ "parent": parent.to_lowercase() });
        expectation(
            "windsock_expect_rows_to_have_parent",
            kwargs,
            Severity::Fail,
            table,
        )
    });
    suite(
        "parents",
        "Every row belongs to an event that exists.",
        expectations.collect(),
    )
}

/// Codes are those of the NTSB's dictionary. New codes appear now and then: they are data.
fn code_lists() -> SuiteFile {
    let mut expectations = Vec::new();
    for table in schema::tables().iter().filter(|table| !table.is_lookup()) {
        // The case of ev_dow changed over time; suite `dates` checks it without case.
        for column in table
            .columns
            .iter()
            .filter(|column| column.name != "ev_dow")
        {
            let values: Vec<&str> = codes::labels(table.name, column.name)
                .into_iter()
                .map(|(code, _)| code)
                // Parts of longer codes are listed with placeholders, numbers without a type.
                .filter(|code| !code.is_empty() && !code.contains("xx"))
                .collect();
            if values.len() > 1 && column.access == schema::AccessType::Text {
                let kwargs =
                    serde_json::json!({ "column": column.sql_name(), "value_set": values });
                let kind = "expect_column_values_to_be_in_set";
                expectations.push(expectation(kind, kwargs, Severity::Warn, table));
            }
        }
    }
    suite(
        "code lists",
        "Codes are listed in the NTSB's own dictionary.",
        expectations,
    )
}

fn expectation(
    kind: &str,
    kwargs: Value,
    severity: Severity,
    table: &schema::Table,
) -> Expectation {
    Expectation {
        kind: kind.to_owned(),
        kwargs,
        meta: Meta {
            severity,
            table: Some(table.sql_name()),
            description: None,
        },
    }
}

fn suite(name: &str, description: &str, expectations: Vec<Expectation>) -> SuiteFile {
    SuiteFile {
        expectation_suite_name: name.to_owned(),
        meta: SuiteMeta {
            description: description.to_owned(),
            table: None,
        },
        expectations,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_expectation_is_understood_and_names_a_table() {
        for suite in shipped().unwrap() {
            assert!(
                !suite.expectations.is_empty(),
                "{}",
                suite.expectation_suite_name
            );
            for expectation in &suite.expectations {
                expectation.rule().unwrap();
                let table = expectation
                    .meta
                    .table
                    .as_ref()
                    .or(suite.meta.table.as_ref())
                    .unwrap();
                assert!(schema::table(table).is_some(), "{table}");
            }
        }
    }

    #[test]
    fn an_unknown_type_or_argument_is_named() {
        let mut expectation = keys().expectations.remove(0);
        expectation.kwargs = serde_json::json!({ "column_name": "x" });
        assert!(format!("{:#}", expectation.rule().unwrap_err()).contains("column_name"));
        expectation.kwargs = serde_json::json!({});
        expectation.kind = "expect_magic".to_owned();
        assert!(
            expectation
                .rule()
                .unwrap_err()
                .to_string()
                .contains("expect_magic")
        );
    }
}
