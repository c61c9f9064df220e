//! Data quality: what was checked, where values are missing, what became of every row.

mod checks;
mod missing;
mod rows;
mod trend;

use anyhow::Result;
use askama::Template;

use self::checks::SuiteView;
use self::missing::{MapView, TableMapView};
use self::rows::{LoadView, SourceView};
use self::trend::TrendView;
use super::{Frame, Rendered, Shell, format, render};
use crate::stage::emit::Inputs;
use crate::stage::validate::Status;

#[derive(Template)]
#[template(path = "quality.html")]
struct Quality<'a> {
    frame: Frame<'a>,
    passed: usize,
    warned: usize,
    failed: usize,
    suites: Vec<SuiteView<'a>>,
    /// All tables, then each with its columns.
    missing: Option<MapView>,
    missing_by_table: Vec<TableMapView<'a>>,
    trend: TrendView<'a>,
    sources: Vec<SourceView<'a>>,
    loads: Vec<LoadView<'a>>,
    rejected: u64,
    rejected_text: String,
    unexplained: usize,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "quality/",
        title: "Data quality",
        description: "Every check run over the data with its result, where values are missing, and \
                      what became of every row of the NTSB's files.",
    };
    let tables = &inputs.load.tables;
    let rejected = tables.iter().map(|t| t.rejected).sum();
    let report = &inputs.validation;
    let page = Quality {
        frame: frame.clone(),
        passed: report.count(Status::Pass),
        warned: report.count(Status::Warn),
        failed: report.count(Status::Fail),
        suites: checks::suites(&shell.site, report),
        missing: missing::overview(&report.missing),
        missing_by_table: report.missing.iter().map(missing::table).collect(),
        trend: trend::trend(report),
        sources: rows::sources(&inputs.load),
        loads: tables.iter().map(rows::load).collect(),
        rejected,
        rejected_text: format::thousands(rejected),
        unexplained: tables.iter().filter(|t| !t.adds_up()).count(),
    };
    render(&frame, &page, Vec::new())
}
