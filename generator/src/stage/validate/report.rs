//! What a validation found.

use dataset::{privacy, schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::history::Run;
use super::missing::Missingness;

/// Result of the validate stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationReport {
    /// Suites in run order, one a table.
    pub suites: Vec<Suite>,
    /// Missing values by table, column and year.
    pub missing: Vec<Missingness>,
    /// Earlier runs and this one, oldest first, at most [`super::RUNS`].
    pub history: Vec<Run>,
}

/// A group of checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suite {
    /// Name of the suite, for example `events`.
    pub name: String,
    /// What the suite looks after, one sentence.
    pub description: String,
    /// Checks in run order.
    pub checks: Vec<Check>,
}

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Stable id, `table.rule`.
    pub id: String,
    /// Table in PostgreSQL.
    pub table: String,
    /// What the check is about, for example `dates`.
    pub theme: String,
    /// What must hold, one sentence.
    pub description: String,
    /// What a violation means.
    pub severity: Severity,
    /// How the check ended.
    pub status: Status,
    /// The expectation in the form of Great Expectations 1.x.
    pub configuration: Value,
    /// Great Expectations' `result`: counts, observed value, samples.
    pub result: Map<String, Value>,
    /// What PostgreSQL said, if the check could not be carried out.
    pub error: Option<String>,
}

/// What a violation means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Report it.
    Warn,
    /// The data must not be published.
    Fail,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The rule holds.
    Pass,
    /// A rule of severity [`Severity::Warn`] is violated.
    Warn,
    /// A rule of severity [`Severity::Fail`] is violated.
    Fail,
}

/// A row that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The event it belongs to, if the rule names one.
    pub ev_id: Option<String>,
    /// What else is known of it: the rest of its key and the values that break the rule.
    pub text: String,
}

impl Check {
    /// Rows looked at: those of the table that the rule is about and that have a value.
    pub fn evaluated(&self) -> Option<u64> {
        let elements = self.count("element_count")?;
        Some(elements - self.count("missing_count").unwrap_or(0).min(elements))
    }

    /// Rows that violate the rule; nothing for rules about a table as a whole.
    pub fn unexpected(&self) -> Option<u64> {
        self.count("unexpected_count")
    }

    fn count(&self, field: &str) -> Option<u64> {
        self.result.get(field)?.as_u64()
    }

    /// Whether the rule is about a column that must not be published.
    pub fn is_personal(&self) -> bool {
        let kwargs = &self.configuration["kwargs"];
        let names = ["column", "column_A", "column_B", "column_list"].map(|name| &kwargs[name]);
        names
            .into_iter()
            .flat_map(|value| match value {
                Value::Array(names) => names.as_slice(),
                one => std::slice::from_ref(one),
            })
            .filter_map(Value::as_str)
            .any(is_personal)
    }

    /// The first rows that break the rule, without personal columns.
    pub fn samples(&self) -> Vec<Sample> {
        let list = self
            .result
            .get("partial_unexpected_index_list")
            .or_else(|| self.result.get("details")?.get("unexpected_rows"));
        let rows = list
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        rows.iter()
            .filter_map(Value::as_object)
            .map(sample)
            .collect()
    }

    /// The values that break the rule and how often each does, most frequent first; none of
    /// personal columns.
    pub fn frequent(&self) -> Vec<(String, u64)> {
        if self.is_personal() {
            return Vec::new();
        }
        let list = self.result.get("partial_unexpected_counts");
        let pairs = list
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let pair =
            |entry: &Value| Some((plain(entry.get("value")?), entry.get("count")?.as_u64()?));
        pairs.iter().filter_map(pair).collect()
    }
}

/// Whether a column of this name is personal in any table: a query may join several.
fn is_personal(name: &str) -> bool {
    let mut tables = schema::tables().iter();
    tables.any(|table| privacy::is_personal(table.name, name))
}

fn sample(row: &Map<String, Value>) -> Sample {
    let fields = row
        .iter()
        .filter(|(name, _)| *name != "ev_id" && *name != "row_digest" && !is_personal(name))
        .map(|(name, value)| format!("{name} {}", plain(value)));
    Sample {
        ev_id: row.get("ev_id").and_then(Value::as_str).map(str::to_owned),
        text: fields.collect::<Vec<_>>().join(", "),
    }
}

/// A JSON value as people write it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        other => other.to_string(),
    }
}

impl ValidationReport {
    /// All checks of all suites.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        self.suites.iter().flat_map(|suite| &suite.checks)
    }

    /// Number of checks with the given status.
    pub fn count(&self, status: Status) -> usize {
        self.checks().filter(|check| check.status == status).count()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(kwargs: &Value, result: &Value) -> Check {
        Check {
            id: "aircraft.rule".to_owned(),
            table: "aircraft".to_owned(),
            theme: "other".to_owned(),
            description: "a rule".to_owned(),
            severity: Severity::Warn,
            status: Status::Warn,
            configuration: json!({ "kwargs": kwargs }),
            result: result.as_object().unwrap().clone(),
            error: None,
        }
    }

    #[test]
    fn personal_values_are_not_shown() {
        let result = json!({
            "partial_unexpected_index_list": [{ "ev_id": "1", "aircraft_key": 2, "owner_acft": "Doe" }],
            "partial_unexpected_counts": [{ "value": "Doe", "count": 1 }],
        });
        let owner = check(&json!({ "column": "OWNER_ACFT" }), &result);
        assert!(owner.is_personal() && owner.frequent().is_empty());
        let samples = owner.samples();
        assert_eq!(
            (samples[0].ev_id.as_deref(), samples[0].text.as_str()),
            (Some("1"), "aircraft_key 2")
        );
        let listed = check(&json!({ "column_list": ["damage", "oper_name"] }), &result);
        assert!(listed.is_personal());
        assert!(!check(&json!({ "column": "damage" }), &result).is_personal());
    }
}
