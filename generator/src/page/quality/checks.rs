//! The checks, table by table: violated ones in full, the others in a list.

use super::super::{format, link};
use crate::config::SiteUrl;
use crate::stage::validate::{Check, Run, Severity, Status, Suite, ValidationReport};

/// Rows shown of those that break a rule.
const SAMPLES: usize = 10;

/// Values shown of those that break a rule.
const VALUES: usize = 8;

pub(super) struct SuiteView<'a> {
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    pub(super) passed: usize,
    pub(super) warned: usize,
    pub(super) failed: usize,
    /// Word and CSS class of the worst result.
    pub(super) status: &'static str,
    /// Violated checks, those that fail first.
    pub(super) violated: Vec<CheckView<'a>>,
    /// Checks that pass.
    pub(super) held: Vec<CheckView<'a>>,
}

pub(super) struct CheckView<'a> {
    pub(super) id: &'a str,
    pub(super) description: &'a str,
    pub(super) theme: &'a str,
    pub(super) status: &'static str,
    /// What a violation would mean.
    pub(super) severity: &'static str,
    pub(super) evaluated: String,
    pub(super) unexpected: String,
    pub(super) share: String,
    /// Violations in the run before, if they were other than now.
    pub(super) before: Option<String>,
    /// What was found, where it is no count of rows.
    pub(super) observed: Option<String>,
    /// Values that break the rule, with counts.
    pub(super) frequent: Vec<(String, String)>,
    pub(super) samples: Vec<SampleView>,
}

pub(super) struct SampleView {
    pub(super) ev_id: Option<(String, String)>,
    pub(super) text: String,
}

pub(super) fn suites<'a>(site: &SiteUrl, report: &'a ValidationReport) -> Vec<SuiteView<'a>> {
    let before = report.history.iter().rev().nth(1);
    report
        .suites
        .iter()
        .map(|one| suite(site, one, before))
        .collect()
}

fn suite<'a>(site: &SiteUrl, suite: &'a Suite, before: Option<&Run>) -> SuiteView<'a> {
    let with = |status: Status| {
        suite
            .checks
            .iter()
            .filter(move |check| check.status == status)
    };
    let view = |check: &'a Check| self::check(site, check, before);
    let count = |status: Status| with(status).count();
    SuiteView {
        name: &suite.name,
        description: &suite.description,
        passed: count(Status::Pass),
        warned: count(Status::Warn),
        failed: count(Status::Fail),
        status: word(
            suite
                .checks
                .iter()
                .map(|check| check.status)
                .max()
                .unwrap_or(Status::Pass),
        ),
        violated: with(Status::Fail)
            .chain(with(Status::Warn))
            .map(view)
            .collect(),
        held: with(Status::Pass).map(view).collect(),
    }
}

/// Word, CSS class and, through both, second cue beside colour.
pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Warn => "warn",
        Status::Fail => "fail",
    }
}

fn check<'a>(site: &SiteUrl, check: &'a Check, before: Option<&Run>) -> CheckView<'a> {
    let number =
        |count: Option<u64>| count.map_or_else(|| format::MISSING.to_owned(), format::thousands);
    let unexpected = check.unexpected();
    // A check that passed then is not among the violated ones of the run.
    let earlier = before.map(|run| run.unexpected.get(&check.id).copied().unwrap_or(0));
    let changed = earlier.filter(|count| unexpected.is_some_and(|now| now != *count));
    let frequent = check
        .frequent()
        .into_iter()
        .filter(|(value, _)| value != format::MISSING);
    CheckView {
        id: &check.id,
        description: &check.description,
        theme: &check.theme,
        status: word(check.status),
        severity: match check.severity {
            Severity::Warn => "is reported",
            Severity::Fail => "stops publication",
        },
        evaluated: number(check.evaluated()),
        unexpected: number(unexpected),
        share: match (unexpected, check.evaluated()) {
            // A few of many are not none.
            (Some(part), Some(whole)) if part > 0 && part * 2_000 < whole => {
                format!("less than {}", format::percent(0.001))
            }
            (Some(part), Some(whole)) => format::share(part, whole),
            _ => format::MISSING.to_owned(),
        },
        before: changed.map(format::thousands),
        observed: observed(check),
        frequent: frequent
            .take(VALUES)
            .map(|(value, count)| (value, format::thousands(count)))
            .collect(),
        samples: check
            .samples()
            .into_iter()
            .take(SAMPLES)
            .map(|sample| SampleView {
                ev_id: sample.ev_id.map(|id| (link::event(site, &id), id)),
                text: sample.text,
            })
            .collect(),
    }
}

fn observed(check: &Check) -> Option<String> {
    if let Some(error) = &check.error {
        return Some(format!("PostgreSQL refused the check: {error}"));
    }
    if check.unexpected().is_some() || check.status == Status::Pass || check.is_personal() {
        return None;
    }
    Some(format!("found {}", check.result.get("observed_value")?))
}
