//! The last runs, so that a page can show what changed.
//!
//! A run is told by the files the data came from and the checks it made, not by the clock: doing
//! the same again replaces the last entry, and the same input gives the same page.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::report::{Status, ValidationReport};

/// Runs that are kept.
pub const RUNS: usize = 12;

/// What is kept of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Source files with the beginning of their hash, in load order.
    pub sources: Vec<String>,
    /// Date of the newest event, `YYYY-MM-DD`.
    pub newest_event: Option<String>,
    /// Events in the database.
    pub events: u64,
    /// Checks that passed.
    pub passed: u64,
    /// Checks that warned.
    pub warned: u64,
    /// Checks that failed.
    pub failed: u64,
    /// Rows that break a rule, by the id of the check, where there are any.
    pub unexpected: BTreeMap<String, u64>,
}

impl Run {
    /// Sums up a report.
    pub(super) fn of(
        report: &ValidationReport,
        sources: Vec<String>,
        newest_event: Option<String>,
        events: u64,
    ) -> Self {
        let count = |status: Status| report.count(status) as u64;
        let broken = report.checks().filter(|check| check.status != Status::Pass);
        Self {
            sources,
            newest_event,
            events,
            passed: count(Status::Pass),
            warned: count(Status::Warn),
            failed: count(Status::Fail),
            unexpected: broken
                .map(|check| (check.id.clone(), check.unexpected().unwrap_or(1)))
                .collect(),
        }
    }

    fn repeats(&self, earlier: &Self) -> bool {
        let checks = |run: &Self| run.passed + run.warned + run.failed;
        self.sources == earlier.sources && checks(self) == checks(earlier)
    }
}

/// Appends a run to the earlier ones and drops the oldest.
fn join(mut earlier: Vec<Run>, run: Run) -> Vec<Run> {
    if earlier.last().is_some_and(|last| run.repeats(last)) {
        earlier.pop();
    }
    earlier.push(run);
    let surplus = earlier.len().saturating_sub(RUNS);
    earlier.split_off(surplus)
}

/// Puts the history kept in `file` before the run of the report, and writes it back.
pub(super) fn keep(file: &Path, report: &mut ValidationReport) -> Result<()> {
    // A history of another version, or half a one, is no reason to stop.
    let earlier = fs::read(file)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    if let Some(run) = report.history.pop() {
        report.history = join(earlier, run);
    }
    super::results::write(file, &serde_json::to_value(&report.history)?)
        .context("writing the history of validations")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(source: &str, passed: u64) -> Run {
        Run {
            sources: vec![source.to_owned()],
            passed,
            ..Run::default()
        }
    }

    #[test]
    fn the_history_is_bounded_and_keeps_the_newest() {
        let mut history = Vec::new();
        for number in 0..20 {
            history = join(history, run(&format!("avall.mdb {number}"), 5));
        }
        assert_eq!(history.len(), RUNS);
        assert_eq!(history[RUNS - 1].sources, ["avall.mdb 19"]);
        assert_eq!(history[0].sources, ["avall.mdb 8"]);
    }

    #[test]
    fn the_same_data_and_checks_are_one_run() {
        let history = join(
            vec![run("a", 5)],
            Run {
                warned: 1,
                passed: 4,
                ..run("a", 0)
            },
        );
        assert_eq!(history.len(), 1);
        assert_eq!(history[0].warned, 1);
        assert_eq!(join(history, run("a", 9)).len(), 2);
    }
}
