//! Query results as JSON cells.

use anyhow::{Context, Result, bail};
use arrow::datatypes::DataType;
use duckdb::Connection;
use duckdb::types::{TimeUnit, ValueRef};
use serde_json::Value;

/// A result: column names and rows of JSON numbers, strings, booleans or null.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Names in the order of the query.
    pub columns: Vec<String>,
    /// Their types.
    pub types: Vec<DataType>,
    /// Cells by row.
    pub rows: Vec<Vec<Value>>,
}

/// Runs one query.
///
/// Dates become `YYYY-MM-DD`. Numbers that JSON cannot hold (NaN, infinities) become null.
///
/// # Errors
/// If the query fails or yields a type that has no JSON form here (lists, blobs, …).
pub fn rows(connection: &Connection, sql: &str) -> Result<Rows> {
    let mut statement = connection.prepare(sql).context("preparing the query")?;
    let mut found = statement.query([]).context("running the query")?;
    let mut rows = Vec::new();
    let columns: Vec<String> = found
        .as_ref()
        .map(duckdb::Statement::column_names)
        .unwrap_or_default();
    let types = found
        .as_ref()
        .map(|statement| {
            (0..columns.len())
                .map(|i| statement.column_type(i))
                .collect()
        })
        .unwrap_or_default();
    while let Some(row) = found.next().context("reading the result")? {
        let cells = columns
            .iter()
            .enumerate()
            .map(|(i, name)| {
                cell(row.get_ref(i)?).with_context(|| format!("column {name} of the result"))
            })
            .collect::<Result<_>>()?;
        rows.push(cells);
    }
    Ok(Rows {
        columns,
        types,
        rows,
    })
}

fn cell(value: ValueRef<'_>) -> Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Boolean(v) => v.into(),
        ValueRef::TinyInt(v) => v.into(),
        ValueRef::SmallInt(v) => v.into(),
        ValueRef::Int(v) => v.into(),
        ValueRef::BigInt(v) => v.into(),
        ValueRef::UTinyInt(v) => v.into(),
        ValueRef::USmallInt(v) => v.into(),
        ValueRef::UInt(v) => v.into(),
        ValueRef::UBigInt(v) => v.into(),
        // Sums of integers: DuckDB widens them.
        ValueRef::HugeInt(v) => i64::try_from(v).context("number too large")?.into(),
        ValueRef::Float(v) => v.into(),
        ValueRef::Double(v) => v.into(),
        ValueRef::Text(v) => std::str::from_utf8(v)?.into(),
        ValueRef::Date32(days) => date(days).into(),
        ValueRef::Timestamp(TimeUnit::Microsecond, v) => {
            let days = i32::try_from(v.div_euclid(86_400_000_000)).context("date too large")?;
            let second = v.rem_euclid(86_400_000_000) / 1_000_000;
            let (hour, minute) = (second / 3600, second / 60 % 60);
            format!("{}T{hour:02}:{minute:02}:{:02}", date(days), second % 60).into()
        }
        other => bail!("{:?} has no JSON form: cast it", other.data_type()),
    })
}

/// `YYYY-MM-DD` of a day since 1970-01-01, after Howard Hinnant's `civil_from_days`.
pub(crate) fn date(days: i32) -> String {
    let z = i64::from(days) + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_keep_their_kind() {
        let connection = crate::duck::open(None).unwrap();
        let found = rows(
            &connection,
            "SELECT sum(1) AS n, 'a' AS t, NULL AS nothing, 0.5::DOUBLE AS share, true AS yes,
                    DATE '2008-02-29' AS d, TIMESTAMP '1969-12-31 23:59:58' AS at",
        )
        .unwrap();
        assert_eq!(
            found.columns,
            ["n", "t", "nothing", "share", "yes", "d", "at"]
        );
        assert_eq!(
            found.rows,
            [[
                json!(1),
                json!("a"),
                json!(null),
                json!(0.5),
                json!(true),
                json!("2008-02-29"),
                json!("1969-12-31T23:59:58")
            ]]
        );
    }

    #[test]
    fn a_type_without_json_form_is_an_error() {
        let connection = crate::duck::open(None).unwrap();
        assert!(rows(&connection, "SELECT [1, 2] AS list").is_err());
    }
}
