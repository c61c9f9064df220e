//! Results in the shape of Great Expectations' validation results.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::report::{Check, Status, Suite, ValidationReport};

/// One `ExpectationSuiteValidationResult` a suite.
pub fn results(report: &ValidationReport) -> Vec<Value> {
    report.suites.iter().map(suite).collect()
}

fn suite(suite: &Suite) -> Value {
    let evaluated = suite.checks.len();
    let successful = suite
        .checks
        .iter()
        .filter(|check| check.status == Status::Pass)
        .count();
    let percent = match evaluated {
        0 => Value::Null,
        _ => json!(successful as f64 / evaluated as f64 * 100.0),
    };
    json!({
        "success": successful == evaluated,
        "results": suite.checks.iter().map(check).collect::<Vec<_>>(),
        "suite_name": suite.name,
        "suite_parameters": {},
        "statistics": {
            "evaluated_expectations": evaluated,
            "successful_expectations": successful,
            "unsuccessful_expectations": evaluated - successful,
            "success_percent": percent,
        },
        "meta": {
            "expectation_suite_name": suite.name,
            "windsock_version": env!("CARGO_PKG_VERSION"),
        },
        "id": null,
    })
}

fn check(check: &Check) -> Value {
    json!({
        "success": check.status == Status::Pass,
        "expectation_config": check.configuration,
        "result": check.result,
        "meta": { "id": check.id, "status": check.status },
        "exception_info": {
            "raised_exception": check.error.is_some(),
            "exception_message": check.error,
            "exception_traceback": null,
        },
    })
}

/// Writes the results of all suites into a folder, a file a suite, and removes those of suites that
/// are no more.
pub(super) fn keep(folder: &Path, report: &ValidationReport) -> Result<()> {
    let folder = folder.join("results");
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    for (suite, result) in report.suites.iter().zip(results(report)) {
        let name: String = suite
            .name
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || "-_.".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        write(&folder.join(format!("{name}.json")), &result)?;
    }
    Ok(())
}

/// Writes aside and renames: a killed run never leaves half a file.
pub(super) fn write(file: &Path, value: &Value) -> Result<()> {
    let new = file.with_extension("new");
    fs::write(&new, serde_json::to_vec_pretty(value)?)
        .and_then(|()| fs::rename(&new, file))
        .with_context(|| format!("writing {}", file.display()))
}
