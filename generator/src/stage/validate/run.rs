//! Runs all statements of a plan in parallel, on one snapshot of the database.
//!
//! A first connection exports its snapshot; every other one works in a read-only transaction on
//! it. So all checks see the same rows, whatever is written meanwhile, and no suite can write.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, anyhow};
use dataset::schema::Table;
use indicatif::ProgressBar;
use postgres::{Client, IsolationLevel, Transaction};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::plan::{Plan, PlannedCheck};
use super::{missing, statement};
use crate::postgres::session;

/// Connections, if the machine has as many cores.
const CONNECTIONS: usize = 8;

/// What one statement is for.
#[derive(Debug, Clone, Copy)]
enum Job<'a> {
    Check {
        table: &'static Table,
        check: &'a PlannedCheck,
    },
    Missing(&'static Table),
}

/// The answers to a plan.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// For each check in plan order: the answer, or why there is none.
    pub(super) checks: Vec<Result<Map<String, Value>, String>>,
    pub(super) missing: Vec<missing::Missingness>,
}

enum Answer {
    Check(Result<Map<String, Value>, String>),
    Missing(missing::Missingness),
}

/// Number of statements of a plan.
pub(super) fn statements(plan: &Plan) -> usize {
    jobs(plan).len()
}

fn jobs(plan: &Plan) -> Vec<Job<'_>> {
    let missing = missing::tables().map(Job::Missing);
    let checks = plan.suites.iter().flat_map(|suite| {
        let table = suite.table;
        suite
            .checks
            .iter()
            .map(move |check| Job::Check { table, check })
    });
    missing.chain(checks).collect()
}

/// Carries out the plan; `client` lends its view of the data.
///
/// # Errors
/// If a connection fails. A statement that PostgreSQL refuses is an answer.
pub(super) fn run(
    client: &mut Client,
    url: &str,
    plan: &Plan,
    bar: &ProgressBar,
) -> Result<Answers> {
    let jobs = jobs(plan);
    let mut leader = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()?;
    let snapshot: String = leader
        .query_one("SELECT pg_export_snapshot()", &[])
        .context("exporting a snapshot")?
        .get(0);
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(CONNECTIONS);
    let next = AtomicUsize::new(0);
    let work = || work(url, &snapshot, &jobs, &next, bar);
    let mut answers: Vec<(usize, Answer)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let mut answers = Vec::new();
        for thread in threads {
            let done = thread
                .join()
                .map_err(|_| anyhow!("a connection's thread panicked"))?;
            answers.extend(done?);
        }
        anyhow::Ok(answers)
    })?;
    leader.rollback()?;
    answers.sort_by_key(|(place, _)| *place);
    let mut sorted = Answers::default();
    for (_, answer) in answers {
        match answer {
            Answer::Check(answer) => sorted.checks.push(answer),
            Answer::Missing(figure) => sorted.missing.push(figure),
        }
    }
    Ok(sorted)
}

/// Takes jobs until there are none left.
fn work(
    url: &str,
    snapshot: &str,
    jobs: &[Job<'_>],
    next: &AtomicUsize,
    bar: &ProgressBar,
) -> Result<Vec<(usize, Answer)>> {
    let mut client = session(url)?;
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()?;
    // The statements run beside each other, so none needs help; and sums of floats would depend on
    // how many helped.
    transaction
        .batch_execute(&format!(
            "SET TRANSACTION SNAPSHOT '{snapshot}';
             SET LOCAL max_parallel_workers_per_gather = 0;
             SET LOCAL work_mem = '64MB';
             SET LOCAL search_path = ntsb, \"$user\", public"
        ))
        .context("joining the snapshot")?;
    let mut answers = Vec::new();
    loop {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let Some(job) = jobs.get(place) else {
            return Ok(answers);
        };
        let answer = match job {
            Job::Check { table, check } => {
                bar.set_message(check.id.clone());
                Answer::Check(ask(
                    &mut transaction,
                    &statement::build(&check.scoped, table),
                )?)
            }
            Job::Missing(table) => {
                Answer::Missing(match ask(&mut transaction, &missing::counting(table))? {
                    Ok(years) => {
                        let years: Vec<Vec<i64>> = years;
                        missing::figure(table, &years)
                    }
                    Err(refusal) => {
                        let table = table.sql_name();
                        tracing::warn!("missing values of {table} were not counted: {refusal}");
                        missing::Missingness {
                            table,
                            ..missing::Missingness::default()
                        }
                    }
                })
            }
        };
        answers.push((place, answer));
        bar.inc(1);
    }
}

/// Asks for one JSON value; what PostgreSQL refuses leaves the transaction as it was.
fn ask<T: DeserializeOwned>(
    transaction: &mut Transaction<'_>,
    statement: &str,
) -> Result<Result<T, String>> {
    let mut attempt = transaction.transaction()?;
    let statement = format!("SELECT answer::text FROM ({statement}) AS outcome(answer)");
    match attempt.query_one(&statement, &[]) {
        Ok(row) => {
            attempt.commit()?;
            let answer = serde_json::from_str(row.get(0)).context("reading an answer")?;
            Ok(Ok(answer))
        }
        Err(error) => match error.as_db_error() {
            Some(refusal) => {
                let message = refusal.message().to_owned();
                attempt.rollback()?;
                Ok(Err(message))
            }
            None => Err(error).context("asking PostgreSQL"),
        },
    }
}
