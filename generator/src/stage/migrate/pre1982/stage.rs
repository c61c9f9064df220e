//! The file's tables → temporary tables of JSON objects.

use anyhow::Result;
use indicatif::ProgressBar;
use jet::{Database, FileSource, Value};
use postgres::Transaction;
use serde_json::{Map, Value as Json};

use super::super::convert::integer;
use super::super::staging::{Refused, json, stream};
use crate::fault::Fault;
use crate::postgres::copy_in::RowEncoder;

/// Column that the tables are joined by.
const KEY: &str = "RecNum";
/// The identifiers made from record numbers have room for a letter and five digits; real numbers end
/// below 100,000.
const LARGEST_NUMBER: i64 = 999_999;

/// A table of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    FirstHalf,
    SecondHalf,
    Occurrences,
    SeqOfEvents,
    Codes,
}

impl Part {
    /// Records before what belongs to them.
    pub(super) const ALL: [Self; 5] = [
        Self::FirstHalf,
        Self::SecondHalf,
        Self::Occurrences,
        Self::SeqOfEvents,
        Self::Codes,
    ];

    /// Name in the file.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::FirstHalf => "tblFirstHalf",
            Self::SecondHalf => "tblSecondHalf",
            Self::Occurrences => "tblOccurrences",
            Self::SeqOfEvents => "tblSeqOfEvents",
            Self::Codes => "ct_Pre1982",
        }
    }

    /// Name of the temporary table: `row_no`, `rec_num` (NULL in code lists), `content`.
    pub(super) fn stage(self) -> String {
        format!("stage_{}", self.name().to_ascii_lowercase())
    }

    /// Creates the temporary table.
    pub(super) fn create(self) -> String {
        format!(
            "CREATE TEMP TABLE {} (row_no integer NOT NULL, rec_num integer, content jsonb NOT NULL)
             ON COMMIT DROP",
            self.stage()
        )
    }
}

/// What reading a table gave.
#[derive(Debug)]
pub(super) struct Staged {
    pub(super) part: Part,
    pub(super) declared: u64,
    pub(super) counters: jet::Counters,
    /// Rows with an unreadable cell or without a usable record number.
    pub(super) refused: Vec<Refused>,
    /// Staged rows that were rejected afterwards.
    pub(super) rejected: u64,
}

/// The table's name as the file spells it.
pub(super) fn entry(database: &Database<FileSource>, part: Part) -> Option<&str> {
    let names = database.tables().iter().map(|entry| entry.name.as_str());
    names
        .into_iter()
        .find(|name| name.eq_ignore_ascii_case(part.name()))
}

/// Creates the temporary table and fills it.
///
/// # Errors
/// [`Fault::Input`] if there is no column `RecNum`; other errors if PostgreSQL refuses the stream or
/// the file cannot be read at all.
pub(super) fn fill(
    transaction: &mut Transaction<'_>,
    part: Part,
    database: &Database<FileSource>,
    source: &jet::TableDef,
    file: &str,
    bar: &ProgressBar,
) -> Result<Staged> {
    let names: Vec<&str> = source.columns.iter().map(|c| c.name.as_str()).collect();
    let key = names.iter().position(|name| name.eq_ignore_ascii_case(KEY));
    if key.is_none() && part != Part::Codes {
        let table = part.name();
        return Err(Fault::Input(format!("{file}: table {table} has no column {KEY}")).into());
    }
    transaction.batch_execute(&part.create())?;
    let encode = |row: &[Value], row_no: i32, encoder: &mut RowEncoder| {
        let number = number(&names, row, key).map_err(|(column, reason)| Refused {
            key: key.map_or_else(String::new, |key| json(&row[key]).to_string()),
            column: names[column].to_owned(),
            reason,
            content: object(&names, row),
        })?;
        encoder.row();
        encoder.integer(row_no);
        match number {
            Some(number) => encoder.integer(number),
            None => encoder.null(),
        }
        encoder.jsonb(&object(&names, row).to_string());
        Ok(())
    };
    let (counters, refused) = stream(transaction, database, source, &part.stage(), 3, bar, encode)?;
    // Without statistics the halves would be joined by nested loops.
    transaction.batch_execute(&format!("ANALYZE {}", part.stage()))?;
    Ok(Staged {
        part,
        declared: u64::from(source.row_count),
        counters,
        refused,
        rejected: 0,
    })
}

/// The row's record number, or the column that keeps the row out and why.
fn number(
    names: &[&str],
    row: &[Value],
    key: Option<usize>,
) -> Result<Option<i32>, (usize, String)> {
    for (column, value) in row.iter().enumerate().take(names.len()) {
        if let Value::Bad(bad) = value {
            return Err((column, format!("unreadable: {bad}")));
        }
    }
    let Some(key) = key else { return Ok(None) };
    integer(&row[key])
        .filter(|number| (0..=LARGEST_NUMBER).contains(number))
        .and_then(|number| i32::try_from(number).ok())
        .map(Some)
        .ok_or_else(|| (key, format!("no number from 0 to {LARGEST_NUMBER}")))
}

/// The row by its column names, without its empty columns.
fn object(names: &[&str], row: &[Value]) -> Json {
    let cells: Map<String, Json> = names
        .iter()
        .zip(row)
        .filter(|(_, value)| !matches!(value, Value::Text(text) if text.trim().is_empty()))
        .map(|(name, value)| ((*name).to_owned(), json(value)))
        .filter(|(_, value)| !value.is_null())
        .collect();
    Json::Object(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_kept_by_its_names_without_its_empty_columns() {
        let row = [
            Value::Long(51),
            Value::Text(" 1 0053".to_owned()),
            Value::Text("  ".to_owned()),
            Value::Null,
            Value::DateTime(22_666.0),
        ];
        let names = [
            "RecNum",
            "DOCKET_NO",
            "LOCATION",
            "CAUSE",
            "DATE_OCCURRENCE",
        ];
        let expected =
            r#"{"DATE_OCCURRENCE":"1962-01-20T00:00:00","DOCKET_NO":" 1 0053","RecNum":51}"#;
        let expected: Json = serde_json::from_str(expected).unwrap();
        assert_eq!(object(&names, &row), expected);
    }

    #[test]
    fn a_record_number_has_at_most_six_digits() {
        let of = |value: Value| number(&["RecNum"], &[value], Some(0));
        assert_eq!(of(Value::Long(40)), Ok(Some(40)));
        assert_eq!(of(Value::Double(999_999.0)), Ok(Some(999_999)));
        for value in [Value::Long(1_000_000), Value::Long(-1), Value::Null] {
            assert_eq!(of(value).unwrap_err().0, 0);
        }
    }
}
