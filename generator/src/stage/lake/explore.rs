//! The `explore` table, built by SQL.

use anyhow::{Context, Result, ensure};
use dataset::explore::COLUMNS;
use duckdb::Connection;

use super::make;
use crate::duck::sql_type;

const MODELS: &str = include_str!("models.sql");
const QUERY: &str = include_str!("explore.sql");

/// Creates table `explore` from the tables of records.
///
/// # Errors
/// If the query yields other columns than [`COLUMNS`], or not exactly one row per aircraft and
/// per event without aircraft.
pub(super) fn build(duck: &Connection) -> Result<()> {
    make::normalise(duck)?;
    duck.execute_batch(MODELS).context("naming models")?;
    duck.execute_batch(QUERY)?;
    check_columns(duck)?;
    check_rows(duck)
}

fn check_columns(duck: &Connection) -> Result<()> {
    let mut statement = duck.prepare(
        "SELECT column_name, data_type FROM duckdb_columns()
         WHERE table_name = 'explore' ORDER BY column_index",
    )?;
    let built = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<duckdb::Result<Vec<(String, String)>>>()?;
    let agreed: Vec<(String, String)> = COLUMNS
        .iter()
        .map(|c| (c.name.to_owned(), sql_type(c.kind).to_owned()))
        .collect();
    ensure!(
        built == agreed,
        "explore.sql yields {built:?} where {agreed:?} is agreed on"
    );
    Ok(())
}

/// No join may multiply or lose a row.
fn check_rows(duck: &Connection) -> Result<()> {
    let (built, expected): (u64, u64) = duck
        .query_row(
            "SELECT (SELECT count(*) FROM explore),
                    (SELECT count(*) FROM aircraft)
                    + (SELECT count(*) FROM events
                       WHERE NOT EXISTS (FROM aircraft a WHERE a.ev_id = events.ev_id))",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .context("counting its rows")?;
    ensure!(
        built == expected,
        "it has {built} rows where aircraft and events without aircraft are {expected}"
    );
    Ok(())
}
