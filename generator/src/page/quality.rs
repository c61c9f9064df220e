//! Data quality: what was checked and what became of every row.

use anyhow::Result;
use askama::Template;

use super::{Frame, Rendered, Shell, format, render};
use crate::stage::emit::Inputs;
use crate::stage::migrate::TableLoad;
use crate::stage::validate::{Check, Severity, Status, Suite};

#[derive(Template)]
#[template(path = "quality.html")]
struct Quality<'a> {
    frame: Frame<'a>,
    passed: usize,
    warned: usize,
    failed: usize,
    suites: Vec<SuiteView<'a>>,
    sources: Vec<SourceView<'a>>,
    loads: Vec<LoadView<'a>>,
    rejected: u64,
    rejected_text: String,
    unexplained: usize,
}

struct SuiteView<'a> {
    name: &'a str,
    description: &'a str,
    checks: Vec<CheckView<'a>>,
}

struct CheckView<'a> {
    id: &'a str,
    description: &'a str,
    table: &'a str,
    /// Word, CSS class and, through both, second cue beside colour.
    status: &'static str,
    /// What a violation would mean.
    severity: &'static str,
    evaluated: String,
    unexpected: String,
    share: String,
    samples: &'a [String],
}

struct SourceView<'a> {
    name: &'a str,
    bytes: String,
    sha256: &'a str,
}

struct LoadView<'a> {
    source: &'a str,
    table: &'a str,
    declared: String,
    read: String,
    inserted: String,
    updated: String,
    unchanged: String,
    rejected: String,
    /// What else happened, in words; empty when nothing did.
    remarks: String,
    adds_up: bool,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "quality/",
        title: "Data quality",
        description: "Every check run over the data with its result, and what became of every row \
                      of the NTSB's files.",
    };
    let tables = &inputs.load.tables;
    let rejected = tables.iter().map(|t| t.rejected).sum();
    let page = Quality {
        frame: frame.clone(),
        passed: inputs.validation.count(Status::Pass),
        warned: inputs.validation.count(Status::Warn),
        failed: inputs.validation.count(Status::Fail),
        suites: inputs.validation.suites.iter().map(suite).collect(),
        sources: inputs
            .load
            .sources
            .iter()
            .map(|source| SourceView {
                name: &source.name,
                bytes: format::bytes(source.bytes),
                sha256: &source.sha256,
            })
            .collect(),
        loads: tables.iter().map(load).collect(),
        rejected,
        rejected_text: format::thousands(rejected),
        unexplained: tables.iter().filter(|t| !t.adds_up()).count(),
    };
    render(&frame, &page, Vec::new())
}

fn suite(suite: &Suite) -> SuiteView<'_> {
    SuiteView {
        name: &suite.name,
        description: &suite.description,
        checks: suite.checks.iter().map(check).collect(),
    }
}

fn check(check: &Check) -> CheckView<'_> {
    CheckView {
        id: &check.id,
        description: &check.description,
        table: &check.table,
        status: match check.status {
            Status::Pass => "pass",
            Status::Warn => "warn",
            Status::Fail => "fail",
        },
        severity: match check.severity {
            Severity::Warn => "is reported",
            Severity::Fail => "stops publication",
        },
        evaluated: format::thousands(check.evaluated),
        unexpected: format::thousands(check.unexpected),
        share: format::share(check.unexpected, check.evaluated),
        samples: &check.samples,
    }
}

fn load(load: &TableLoad) -> LoadView<'_> {
    let remarks: Vec<String> = [
        (load.bad_pages, "unreadable pages"),
        (load.bad_cells, "unreadable cells"),
        (load.lossy_text, "texts with undecodable characters"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{} {what}", format::thousands(*count)))
    .collect();
    LoadView {
        source: &load.source,
        table: &load.table,
        declared: format::thousands(load.declared),
        read: format::thousands(load.read),
        inserted: format::thousands(load.inserted),
        updated: format::thousands(load.updated),
        unchanged: format::thousands(load.unchanged),
        rejected: format::thousands(load.rejected),
        remarks: remarks.join(", "),
        adds_up: load.adds_up(),
    }
}
