//! Queries run by DuckDB in this process.

use anyhow::{Context, Result, bail};
use arrow::datatypes::DataType;
use duckdb::{Connection, params};

use super::Kind;
use super::exposure::Exposure;
use super::figure::Answer;
use crate::duck;

/// Functions of Spark SQL that the queries use and DuckDB lacks.
///
/// `docs/analytics.md` lists them, for whoever runs the queries elsewhere.
const MACROS: &str = "
CREATE MACRO initcap(words) AS list_aggregate(
    list_transform(
        string_split(lower(words), ' '),
        lambda word: upper(word[1]) || word[2:]
    ),
    'string_agg', ' '
);
CREATE MACRO unix_date(day) AS date_diff('day', DATE '1970-01-01', day);
CREATE TABLE exposure (ev_year INTEGER, segment VARCHAR, hours DOUBLE);
CREATE TABLE exposure_segment (segment VARCHAR, far_part VARCHAR);
";

/// Makes a connection ready for queries over hours flown.
pub(super) fn prepare(connection: &Connection, exposure: &Exposure) -> Result<()> {
    connection
        .execute_batch(MACROS)
        .context("preparing DuckDB")?;
    let mut hours = connection.appender("exposure")?;
    for ((segment, year), flown) in &exposure.hours {
        hours.append_row(params![year, segment, flown])?;
    }
    hours.flush()?;
    let mut segments = connection.appender("exposure_segment")?;
    for (segment, parts) in &exposure.segments {
        for part in parts {
            segments.append_row(params![segment, part])?;
        }
    }
    segments.flush()?;
    Ok(())
}

/// Runs one query.
pub(super) fn answer(connection: &Connection, sql: &str) -> Result<Answer> {
    let found = duck::rows(connection, sql)?;
    let columns = std::iter::zip(found.columns, found.types)
        .map(|(name, of)| {
            let kind = kind(&of).with_context(|| format!("column {name} of the result"))?;
            Ok((name, kind))
        })
        .collect::<Result<_>>()?;
    Ok(Answer {
        columns,
        rows: found.rows,
    })
}

fn kind(of: &DataType) -> Result<Kind> {
    Ok(match of {
        DataType::Utf8 | DataType::Date32 | DataType::Timestamp(..) => Kind::Text,
        DataType::Boolean => Kind::Boolean,
        // DuckDB's sums of integers are 128 bits wide.
        DataType::Decimal128(_, 0) => Kind::Integer,
        other if other.is_integer() => Kind::Integer,
        other if other.is_floating() => Kind::Number,
        other => bail!("{other:?} has no JSON form: cast it"),
    })
}
