//! Expectation suites in the JSON form of Great Expectations, as written.
//!
//! Both spellings are read: that of 0.18 (`expectation_suite_name`, `expectation_type`) and that
//! of 1.x (`name`, `type`, and `severity` beside `kwargs`). Windsock adds, under `meta`:
//!
//! * on a suite: `table`, the table it is about; without it the suite's name must be a table;
//! * on an expectation: `severity` (`warn` or `fail`), `theme` (heading of the report) and `name`
//!   (last part of the check's id).

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Severity;

/// A suite.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SuiteFile {
    #[serde(alias = "expectation_suite_name")]
    pub(super) name: String,
    #[serde(default)]
    pub(super) meta: SuiteMeta,
    pub(super) expectations: Vec<Expectation>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SuiteMeta {
    pub(super) description: Option<String>,
    pub(super) table: Option<String>,
}

/// An expectation. What is not read here (`id`, `notes`, rendered content) has no bearing on its
/// outcome.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Expectation {
    #[serde(rename = "type", alias = "expectation_type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) kwargs: Map<String, Value>,
    #[serde(default)]
    pub(super) meta: Option<Map<String, Value>>,
    pub(super) description: Option<String>,
    severity: Option<FailureSeverity>,
}

/// Great Expectations' own word for what a failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum FailureSeverity {
    Critical,
    Warning,
    Info,
}

impl Expectation {
    /// An expectation made by the tool itself.
    pub(super) fn new(
        kind: &str,
        kwargs: &Value,
        severity: Severity,
        theme: &str,
        name: Option<&str>,
        description: Option<String>,
    ) -> Self {
        let mut meta = Map::from_iter([
            ("severity".to_owned(), json!(severity)),
            ("theme".to_owned(), json!(theme)),
        ]);
        if let Some(name) = name {
            meta.insert("name".to_owned(), json!(name));
        }
        Self {
            kind: kind.to_owned(),
            kwargs: kwargs.as_object().cloned().unwrap_or_default(),
            meta: Some(meta),
            description,
            severity: None,
        }
    }

    /// What a violation means: `meta.severity`, else Great Expectations' `severity`, whose default
    /// is that a failure is critical.
    pub(super) fn severity(&self) -> Severity {
        let ours = self.word("severity").map(|word| word == "warn");
        let theirs = self.severity.map(|word| word != FailureSeverity::Critical);
        if ours.or(theirs).unwrap_or(false) {
            Severity::Warn
        } else {
            Severity::Fail
        }
    }

    /// Heading under which the check is reported.
    pub(super) fn theme(&self) -> Option<&str> {
        self.word("theme")
    }

    /// Last part of the check's id, if the suite chose one.
    pub(super) fn name(&self) -> Option<&str> {
        self.word("name")
    }

    fn word(&self, key: &str) -> Option<&str> {
        self.meta.as_ref()?.get(key)?.as_str()
    }

    /// The expectation in the form of Great Expectations 1.x.
    pub(super) fn configuration(&self) -> Value {
        let mut meta = self.meta.clone().unwrap_or_default();
        let severity = self.severity();
        meta.insert("severity".to_owned(), json!(severity));
        let mut configuration = json!({
            "type": self.kind,
            "kwargs": self.kwargs,
            "meta": meta,
            "severity": match severity {
                Severity::Fail => "critical",
                Severity::Warn => "warning",
            },
        });
        if let Some(description) = &self.description {
            configuration["description"] = json!(description);
        }
        configuration
    }
}

impl SuiteFile {
    /// The suite in the form of Great Expectations 1.x.
    pub(super) fn configuration(&self) -> Value {
        let expectations: Vec<Value> = self
            .expectations
            .iter()
            .map(Expectation::configuration)
            .collect();
        json!({
            "name": self.name,
            "meta": { "table": self.meta.table, "description": self.meta.description },
            "expectations": expectations,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_mean_the_same() {
        let old = r#"{"expectation_suite_name": "a", "expectations": [
            {"expectation_type": "expect_column_to_exist", "kwargs": {"column": "x"}}]}"#;
        let new = r#"{"name": "a", "expectations": [
            {"type": "expect_column_to_exist", "kwargs": {"column": "x"}}]}"#;
        let [old, new]: [SuiteFile; 2] = [old, new].map(|text| serde_json::from_str(text).unwrap());
        assert_eq!(old.configuration(), new.configuration());
    }

    #[test]
    fn severity_is_ours_or_that_of_great_expectations() {
        let severity = |text: &str| {
            let text = format!(r#"{{"type": "x", {text}}}"#);
            let expectation: Expectation = serde_json::from_str(&text).unwrap();
            expectation.severity()
        };
        assert_eq!(severity(r#""meta": {"severity": "warn"}"#), Severity::Warn);
        assert_eq!(
            severity(r#""meta": {"severity": "fail"}, "severity": "info""#),
            Severity::Fail
        );
        assert_eq!(severity(r#""severity": "warning""#), Severity::Warn);
        assert_eq!(severity(r#""severity": "critical""#), Severity::Fail);
        assert_eq!(severity(r#""meta": null"#), Severity::Fail);
    }
}
