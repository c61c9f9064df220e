//! PostgreSQL → proof that the data is fit to publish.

mod check;
mod report;
mod suite;

use anyhow::{Context, Result};
use dataset::schema;
use postgres::Client;

use crate::progress::Progress;

pub use report::{Check, Severity, Status, Suite, ValidationReport};

/// Runs all shipped suites. Violations are results, not errors.
///
/// # Errors
/// If a suite cannot be understood or a query fails.
pub fn run(client: &mut Client, progress: Progress) -> Result<ValidationReport> {
    let suites = suite::shipped()?;
    let bar = progress.bar(
        "validate",
        suites.iter().map(|s| s.expectations.len() as u64).sum(),
    );
    let mut report = ValidationReport::default();
    for file in suites {
        let name = file.expectation_suite_name;
        let mut checks = Vec::new();
        for expectation in &file.expectations {
            let table = expectation
                .meta
                .table
                .as_ref()
                .or(file.meta.table.as_ref())
                .and_then(|table| schema::table(table))
                .with_context(|| format!("an expectation of suite {name} names no known table"))?;
            bar.set_message(format!("{name} {}", table.sql_name()));
            checks.push(check::run(client, &name, table, expectation)?);
            bar.inc(1);
        }
        report.suites.push(Suite {
            name,
            description: file.meta.description,
            checks,
        });
    }
    bar.finish_and_clear();
    Ok(report)
}
