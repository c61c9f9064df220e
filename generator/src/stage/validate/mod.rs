//! PostgreSQL → proof that the data is fit to publish.
//!
//! Suites in the form of Great Expectations ([`Plan`]) become one SQL statement an expectation;
//! they run in parallel on one snapshot. Violations are results, not errors.

mod derived;
mod history;
mod missing;
mod outcome;
mod plan;
mod report;
mod results;
mod rule;
mod run;
mod statement;
mod suite;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use postgres::Client;

use self::plan::PlannedCheck;
use super::migrate;
use crate::progress::Progress;

pub use history::{RUNS, Run};
pub use missing::{MissingColumn, Missingness};
pub use plan::Plan;
pub use report::{Check, Sample, Severity, Status, Suite, ValidationReport};
pub use results::results;

/// Runs a plan. `url` is where `client` is connected: more connections are made beside it.
///
/// # Errors
/// If a connection fails. A check that PostgreSQL refuses to carry out is a violated one.
pub fn run(
    client: &mut Client,
    url: &str,
    plan: &Plan,
    progress: Progress,
) -> Result<ValidationReport> {
    let bar = progress.bar("validate", run::statements(plan) as u64);
    let answers = run::run(client, url, plan, &bar)?;
    bar.finish_and_clear();
    let mut answered = answers.checks.into_iter();
    let mut report = ValidationReport {
        missing: answers.missing,
        ..ValidationReport::default()
    };
    for suite in &plan.suites {
        let checks = suite.checks.iter().zip(answered.by_ref());
        report.suites.push(Suite {
            name: suite.file.name.clone(),
            description: suite.file.meta.description.clone().unwrap_or_default(),
            checks: checks
                .map(|(check, answer)| judge(&suite.table.sql_name(), check, answer))
                .collect(),
        });
    }
    let newest = client.query_one(
        "SELECT max(ev_date)::date::text, count(*) FROM ntsb.events",
        &[],
    )?;
    let sources = migrate::recorded(client)?.sources;
    let sources = sources
        .iter()
        .map(|file| format!("{} {}", file.name, file.sha256.get(..8).unwrap_or_default()))
        .collect();
    let run = Run::of(
        &report,
        sources,
        newest.get(0),
        newest.get::<_, i64>(1) as u64,
    );
    report.history = vec![run];
    Ok(report)
}

fn judge(
    table: &str,
    planned: &PlannedCheck,
    answer: Result<serde_json::Map<String, serde_json::Value>, String>,
) -> Check {
    let PlannedCheck {
        id,
        expectation,
        scoped,
    } = planned;
    let severity = expectation.severity();
    let (success, result, error) = match answer {
        Ok(answer) => {
            let outcome = outcome::judge(scoped, answer);
            (outcome.success, outcome.result, None)
        }
        Err(refusal) => (false, serde_json::Map::new(), Some(refusal)),
    };
    let description = expectation.description.clone();
    Check {
        id: id.clone(),
        table: table.to_owned(),
        theme: expectation.theme().unwrap_or("other").to_owned(),
        description: description.unwrap_or_else(|| statement::sentence(scoped)),
        severity,
        status: match severity {
            _ if success => Status::Pass,
            Severity::Warn => Status::Warn,
            Severity::Fail => Status::Fail,
        },
        configuration: expectation.configuration(),
        result,
        error,
    }
}

/// Keeps the results in a folder, in the form of Great Expectations, and puts the earlier runs
/// recorded there before this one.
///
/// # Errors
/// If the folder cannot be written.
pub fn keep(folder: &Path, report: &mut ValidationReport) -> Result<()> {
    results::keep(folder, report)?;
    history::keep(&folder.join("history.json"), report)
}

/// Writes the suites of a plan into a folder, a file each, for Great Expectations 1.x.
///
/// # Errors
/// If the folder cannot be written.
pub fn export(folder: &Path, plan: &Plan) -> Result<usize> {
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    let suites = plan.configurations();
    for (name, suite) in &suites {
        results::write(&folder.join(format!("{name}.json")), suite)?;
    }
    Ok(suites.len())
}
