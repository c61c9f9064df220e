//! What a validation found.

use serde::{Deserialize, Serialize};

/// Result of the validate stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationReport {
    /// Suites in name order.
    pub suites: Vec<Suite>,
}

/// A group of checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suite {
    /// Short name, for example `keys`.
    pub name: String,
    /// What the suite looks after, one sentence.
    pub description: String,
    /// Checks in run order.
    pub checks: Vec<Check>,
}

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Stable id, `suite.table.rule`.
    pub id: String,
    /// Table in PostgreSQL.
    pub table: String,
    /// What must hold, one sentence.
    pub description: String,
    /// What a violation means.
    pub severity: Severity,
    /// How the check ended.
    pub status: Status,
    /// Rows looked at.
    pub evaluated: u64,
    /// Rows that violate the rule.
    pub unexpected: u64,
    /// Keys of the first violating rows, at most ten.
    pub samples: Vec<String>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// No row violates the rule.
    Pass,
    /// Some rows violate a rule of severity [`Severity::Warn`].
    Warn,
    /// Some rows violate a rule of severity [`Severity::Fail`].
    Fail,
}

impl ValidationReport {
    /// Number of checks with the given status.
    pub fn count(&self, status: Status) -> usize {
        self.suites
            .iter()
            .flat_map(|s| &s.checks)
            .filter(|c| c.status == status)
            .count()
    }
}
