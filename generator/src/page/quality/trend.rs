//! The last runs beside each other.

use std::collections::BTreeSet;

use super::super::format::{self, MISSING};
use crate::stage::validate::{Run, ValidationReport};

pub(super) struct TrendView<'a> {
    /// Oldest first.
    pub(super) runs: Vec<RunView<'a>>,
    /// Checks whose count is not the same in all runs.
    pub(super) changes: Vec<ChangeView>,
}

pub(super) struct RunView<'a> {
    /// From 1.
    pub(super) number: usize,
    pub(super) sources: &'a [String],
    pub(super) newest_event: &'a str,
    pub(super) events: String,
    pub(super) passed: u64,
    pub(super) warned: u64,
    pub(super) failed: u64,
    /// Where the parts of the bar begin and how wide they are, of 100.
    pub(super) bar: [Part; 3],
}

pub(super) struct Part {
    pub(super) class: &'static str,
    pub(super) x: f64,
    pub(super) width: f64,
}

pub(super) struct ChangeView {
    pub(super) id: String,
    /// Rows that break the rule, one a run.
    pub(super) counts: Vec<String>,
}

pub(super) fn trend(report: &ValidationReport) -> TrendView<'_> {
    let runs = &report.history;
    let ids: BTreeSet<&String> = runs.iter().flat_map(|run| run.unexpected.keys()).collect();
    let changes = ids.into_iter().filter_map(|id| {
        let counts: Vec<u64> = runs
            .iter()
            .map(|run| run.unexpected.get(id).copied().unwrap_or(0))
            .collect();
        let changed = counts.windows(2).any(|pair| pair[0] != pair[1]);
        changed.then(|| ChangeView {
            id: id.clone(),
            counts: counts.into_iter().map(format::thousands).collect(),
        })
    });
    TrendView {
        runs: (1..).zip(runs).map(run).collect(),
        changes: changes.collect(),
    }
}

fn run((number, run): (usize, &Run)) -> RunView<'_> {
    let total = (run.passed + run.warned + run.failed).max(1) as f64;
    let mut x = 0.0;
    let bar = [
        ("pass", run.passed),
        ("warn", run.warned),
        ("fail", run.failed),
    ];
    let bar = bar.map(|(class, count)| {
        let width = count as f64 / total * 100.0;
        let part = Part { class, x, width };
        x += width;
        part
    });
    RunView {
        number,
        sources: &run.sources,
        newest_event: run.newest_event.as_deref().unwrap_or(MISSING),
        events: format::thousands(run.events),
        passed: run.passed,
        warned: run.warned,
        failed: run.failed,
        bar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_listed() {
        let run = |rows: u64| Run {
            passed: 8,
            warned: 2,
            unexpected: [("events.a".to_owned(), rows), ("events.b".to_owned(), 7)].into(),
            ..Run::default()
        };
        let report = ValidationReport {
            history: vec![run(3), run(1_500)],
            ..ValidationReport::default()
        };
        let view = trend(&report);
        assert_eq!(view.changes.len(), 1);
        assert_eq!(view.changes[0].counts, ["3", "1,500"]);
        assert!((view.runs[1].bar[1].x - 80.0).abs() < 1e-9);
    }
}
