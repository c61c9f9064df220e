//! `windsock validate`.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::config::Config;
use crate::pipeline;
use crate::postgres::Database;
use crate::progress::Progress;
use crate::stage::validate::{self, Check, Plan, Status, ValidationReport};
use crate::text::{plural, thousands};
use crate::workdir::WorkDir;

/// The suites to run: the user's, or those of a build.
pub(super) fn plan(config: &Config, suites: &[PathBuf], table: Option<&str>) -> Result<Plan> {
    if suites.is_empty() {
        pipeline::validate_plan(config)
    } else {
        Plan::read(suites, table)
    }
}

pub(super) fn export(folder: &Path, plan: &Plan) -> Result<()> {
    let suites = validate::export(folder, plan)?;
    println!("{} in {}", plural(suites as u64, "suite"), folder.display());
    Ok(())
}

/// Runs a plan; only the `whole` one of a build is recorded for the page.
pub(super) fn run(
    config: &Config,
    plan: &Plan,
    whole: bool,
    json: bool,
    progress: Progress,
) -> Result<()> {
    let work = WorkDir::open(&config.work_dir)?;
    let mut database = Database::open(config)?;
    let folder = work.validation();
    let report = if whole {
        let report = pipeline::run_validation(&mut database, plan, &folder, progress)?;
        work.record("validate", super::BY_HAND, &report)?;
        report
    } else {
        let mut report = validate::run(&mut database.client, &database.url, plan, progress)?;
        validate::keep(&folder.join("own"), &mut report)?;
        report
    };
    if json {
        println!(
            "{}",
            serde_json::to_string_pretty(&validate::results(&report))?
        );
    } else {
        print(&report);
    }
    pipeline::gate(&report, config.gate)
}

fn print(report: &ValidationReport) {
    for suite in &report.suites {
        let passed = suite
            .checks
            .iter()
            .filter(|check| check.status == Status::Pass)
            .count();
        println!(
            "{}: {passed} of {} passed",
            suite.name,
            plural(suite.checks.len() as u64, "check")
        );
        for check in &suite.checks {
            let status = match check.status {
                Status::Pass => continue,
                Status::Warn => "warn",
                Status::Fail => "FAIL",
            };
            println!("  {status}  {}: {}", check.id, check.description);
            println!("        {}", found(check));
        }
    }
    let [passed, warned, failed] = [Status::Pass, Status::Warn, Status::Fail]
        .map(|status| thousands(report.count(status) as u64));
    println!("{passed} passed, {warned} warned, {failed} failed");
}

/// What a violated check found, in one line.
fn found(check: &Check) -> String {
    if let Some(error) = &check.error {
        return format!("PostgreSQL refused it: {error}");
    }
    let Some(rows) = check.unexpected() else {
        let observed = check.result.get("observed_value");
        return format!(
            "found {}",
            observed.map_or_else(String::new, ToString::to_string)
        );
    };
    let mut text = plural(rows, "row");
    if let Some(evaluated) = check.evaluated() {
        text = format!("{} of {}", thousands(rows), thousands(evaluated));
    }
    let frequent: Vec<String> = check
        .frequent()
        .into_iter()
        .filter(|(value, _)| value != "–")
        .take(5)
        .map(|(value, count)| format!("{value} ({})", thousands(count)))
        .collect();
    if !frequent.is_empty() {
        text = format!("{text}; {}", frequent.join(", "));
    }
    if let Some(sample) = check.samples().into_iter().next() {
        let event = sample.ev_id.map_or_else(String::new, |id| format!("{id} "));
        text = format!("{text}; for example {event}{}", sample.text);
    }
    text
}
