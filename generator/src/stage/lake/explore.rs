//! The `explore` table, built by SQL.

use anyhow::{Context, Result, ensure};
use dataset::codes;
use dataset::explore::COLUMNS;
use duckdb::{Connection, params};

use super::make;
use crate::duck::sql_type;

const QUERY: &str = include_str!("explore.sql");

/// Creates table `explore` from the tables of records.
///
/// # Errors
/// If the query yields other columns than [`COLUMNS`], or not exactly one row per aircraft and
/// per event without aircraft.
pub(super) fn build(duck: &Connection) -> Result<()> {
    label_occurrences(duck)?;
    make::normalise(duck)?;
    duck.execute_batch(QUERY)?;
    check_columns(duck)?;
    check_rows(duck)
}

/// Creates `occurrence_label`: what the codes of both eras mean, in sentence case.
fn label_occurrences(duck: &Connection) -> Result<()> {
    duck.execute_batch(
        "CREATE TEMP TABLE occurrence_label (modern BOOLEAN, code INTEGER, label VARCHAR)",
    )?;
    let mut appender = duck.appender("occurrence_label")?;
    for [code, meaning, _, _] in codes::cictt() {
        appender.append_row(params![true, code.parse::<i32>()?, meaning])?;
    }
    // One list holds occurrences, phases and findings; occurrences are the numbers below 500.
    for [code, meaning] in codes::seqevt() {
        let code: i32 = code.parse()?;
        if code < 500 {
            appender.append_row(params![false, code, sentence_case(meaning)])?;
        }
    }
    appender.flush()?;
    Ok(())
}

/// `GEAR COLLAPSED` → `Gear collapsed`; commas get the space the source saves.
fn sentence_case(label: &str) -> String {
    let spaced = label
        .split(',')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(", ")
        .replace('(', " (")
        .replace("  (", " (");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| {
        first
            .to_uppercase()
            .chain(letters.flat_map(char::to_lowercase))
            .collect()
    })
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

#[cfg(test)]
mod tests {
    use super::sentence_case;

    #[test]
    fn labels_of_the_older_codes_read_like_the_modern_ones() {
        for (source, label) in [
            ("HARD LANDING", "Hard landing"),
            (
                "ALTITUDE DEVIATION,UNCONTROLLED",
                "Altitude deviation, uncontrolled",
            ),
            (
                "LOSS OF ENGINE POWER(TOTAL) - MECH FAILURE/MALF",
                "Loss of engine power (total) - mech failure/malf",
            ),
            (
                "COLLISION BETWEEN AIRCRAFT (OTHER THAN MIDAIR)",
                "Collision between aircraft (other than midair)",
            ),
            ("", ""),
        ] {
            assert_eq!(sentence_case(source), label);
        }
    }
}
