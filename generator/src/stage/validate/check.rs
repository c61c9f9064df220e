//! One rule → one SQL statement → one outcome.

use anyhow::{Context, Result};
use dataset::schema::{self, Table};
use postgres::Client;

use super::suite::{Expectation, Rule};
use super::{Check, Severity, Status};
use crate::duck;

/// Keys of violating rows that are kept.
const SAMPLES: usize = 10;

/// Runs one expectation.
pub(super) fn run(
    client: &mut Client,
    suite: &str,
    table: &Table,
    expectation: &Expectation,
) -> Result<Check> {
    let (rule, mostly) = expectation.rule()?;
    let terms = Terms::of(&rule, table)?;
    let key: Vec<String> = table
        .natural_key()
        .iter()
        .map(|c| format!("t.{}", c.sql_name()))
        .collect();
    let source = format!("ntsb.{} t", table.sql_name());
    let statement = format!(
        "SELECT count(*) FILTER (WHERE {evaluated}), count(*) FILTER (WHERE {violated}),
           ARRAY(SELECT concat_ws(' ', {key}) FROM {source} WHERE {violated}
                 ORDER BY {key} LIMIT {SAMPLES})
         FROM {source}",
        evaluated = terms.evaluated,
        violated = terms.violated,
        key = if key.is_empty() {
            "t.row_digest".to_owned()
        } else {
            key.join(", ")
        },
    );
    let row = client
        .query_one(&statement, &[])
        .with_context(|| format!("checking {}: {}", table.sql_name(), terms.sentence))?;
    let (evaluated, unexpected): (i64, i64) = (row.get(0), row.get(1));
    let severity = expectation.meta.severity;
    let tolerated = (1.0 - mostly) * evaluated as f64;
    let status = match severity {
        _ if unexpected as f64 <= tolerated => Status::Pass,
        Severity::Warn => Status::Warn,
        Severity::Fail => Status::Fail,
    };
    Ok(Check {
        id: format!("{suite}.{}.{}", table.sql_name(), terms.name).replace(' ', "_"),
        table: table.sql_name(),
        description: expectation
            .meta
            .description
            .clone()
            .unwrap_or(terms.sentence),
        severity,
        status,
        evaluated: evaluated as u64,
        unexpected: unexpected as u64,
        samples: row.get(2),
    })
}

/// A rule as SQL over table alias `t`.
struct Terms {
    name: String,
    sentence: String,
    /// Which rows count.
    evaluated: String,
    /// Which rows violate the rule.
    violated: String,
}

impl Terms {
    fn of(rule: &Rule, table: &Table) -> Result<Self> {
        Ok(match rule {
            Rule::NotNull { column } => Self {
                name: format!("{column}_present"),
                sentence: format!("{column} has a value"),
                evaluated: "true".to_owned(),
                violated: format!("t.{column} IS NULL"),
            },
            Rule::Unique { columns } => {
                let same = equal(columns, "other");
                Self {
                    name: "unique".to_owned(),
                    sentence: format!("no two rows have the same {}", columns.join(", ")),
                    evaluated: "true".to_owned(),
                    violated: format!(
                        "EXISTS (SELECT FROM ntsb.{} other WHERE {same} AND other.ctid <> t.ctid)",
                        table.sql_name()
                    ),
                }
            }
            Rule::Between { column, min, max } => {
                let below = min.as_ref().map(|min| format!("t.{column} < {min}"));
                let above = max.as_ref().map(|max| format!("t.{column} > {max}"));
                let outside: Vec<String> = below.into_iter().chain(above).collect();
                let bound = |b: &Option<String>| b.clone().unwrap_or_else(|| "any".to_owned());
                Self {
                    name: format!("{column}_range"),
                    sentence: format!("{column} lies between {} and {}", bound(min), bound(max)),
                    evaluated: format!("t.{column} IS NOT NULL"),
                    violated: outside.join(" OR "),
                }
            }
            Rule::InSet { column, values } => {
                let list: Vec<String> = values.iter().map(|value| duck::literal(value)).collect();
                Self {
                    name: format!("{column}_set"),
                    sentence: format!("{column} is one of {} listed codes", values.len()),
                    evaluated: format!("t.{column} IS NOT NULL"),
                    violated: format!("t.{column} NOT IN ({})", list.join(", ")),
                }
            }
            Rule::HasParent { parent } => {
                let parent = schema::table(parent).context("unknown parent table")?;
                let key: Vec<String> = parent.natural_key().iter().map(|c| c.sql_name()).collect();
                let same = equal(&key, "p");
                let name = parent.sql_name();
                Self {
                    name: format!("in_{name}"),
                    sentence: format!("the row's parent exists in {name}"),
                    evaluated: "true".to_owned(),
                    violated: format!("NOT EXISTS (SELECT FROM ntsb.{name} p WHERE {same})"),
                }
            }
            Rule::Condition { condition } => Self {
                name: crate::output::short_hash(condition.as_bytes()),
                sentence: condition.clone(),
                evaluated: format!("({condition}) IS NOT NULL"),
                violated: format!("({condition}) IS FALSE"),
            },
        })
    }
}

fn equal(columns: &[String], alias: &str) -> String {
    let terms: Vec<String> = columns
        .iter()
        .map(|c| format!("{alias}.{c} = t.{c}"))
        .collect();
    terms.join(" AND ")
}
