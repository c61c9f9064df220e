//! A figure as JSON with named cells, and as CSV.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::stage::analyse::{Figure, Kind};

/// A table of results with what a reader needs to trust it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Figure")]
pub(super) struct FigureFile<'a> {
    /// Heading.
    title: &'a str,
    /// What one count counts: accidents, aircraft, deaths.
    unit: &'a str,
    /// Whom or what is counted, and what is left out.
    population: &'a str,
    /// What must not be concluded from the numbers.
    caveat: &'a str,
    /// Why there are no rows, where something was not supplied.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    /// Newest date in the data.
    data_date: &'a str,
    /// The query, over the tables of the lake.
    sql: &'a str,
    /// The columns, in the order of the query.
    columns: Vec<ColumnInfo<'a>>,
    /// A value or null by name of the column.
    rows: Vec<BTreeMap<&'a str, &'a Value>>,
}

/// A column of a figure.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Column")]
struct ColumnInfo<'a> {
    /// Name in the rows.
    name: &'a str,
    /// What a reader sees as heading.
    label: &'a str,
    /// `text`, `integer`, `number` or `boolean`.
    #[serde(rename = "type")]
    kind: &'static str,
}

/// A figure as JSON, a row a line.
///
/// # Errors
/// If a value cannot be written.
pub(crate) fn json(figure: &Figure, data_date: &str) -> Result<Vec<u8>> {
    let file = FigureFile {
        title: &figure.title,
        unit: &figure.unit,
        population: &figure.population,
        caveat: &figure.caveat,
        note: figure.note.as_deref(),
        data_date,
        sql: figure.sql.trim(),
        columns: figure
            .columns
            .iter()
            .map(|column| ColumnInfo {
                name: &column.name,
                label: &column.label,
                kind: type_name(column.kind),
            })
            .collect(),
        rows: figure
            .rows
            .iter()
            .map(|row| {
                let names = figure.columns.iter().map(|column| column.name.as_str());
                std::iter::zip(names, row).collect()
            })
            .collect(),
    };
    let mut json = serde_json::to_vec(&file).context("writing a figure")?;
    json.push(b'\n');
    Ok(json)
}

/// What JSON Schema and OpenAPI call the type of a cell.
pub(super) fn json_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "string",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
    }
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        other => json_type(other),
    }
}

/// A figure as CSV with a heading; what is missing is empty.
pub(crate) fn csv(figure: &Figure) -> String {
    let mut out = String::new();
    for (at, column) in figure.columns.iter().enumerate() {
        dataset::csv::separate(&mut out, at);
        dataset::csv::field(&mut out, &column.name);
    }
    out.push_str("\r\n");
    for row in &figure.rows {
        for (at, cell) in row.iter().enumerate() {
            dataset::csv::separate(&mut out, at);
            match cell {
                Value::Null => {}
                Value::String(text) => dataset::csv::field(&mut out, text),
                // A number is no formula, whatever its sign.
                other => out.push_str(&other.to_string()),
            }
        }
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::emit::fixture::{HOSTILE, inputs};

    #[test]
    fn missing_stays_missing_and_formulas_are_disarmed() {
        let mut figure = inputs().figures.figures.remove("aircraft_types").unwrap();
        figure.rows[0][0] = "=1+1".into();
        let csv = csv(&figure);
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "acft_make,acft_model,accidents,fatal_accidents,fatal_share"
        );
        assert_eq!(lines[1], "'=1+1,172,2100,210,0.1");
        assert_eq!(lines[4], ",,1,0,");

        let json = json(&figure, "2021-12-30").unwrap();
        let json: Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["rows"][3]["acft_make"], Value::Null);
        assert_eq!(json["rows"][2]["acft_model"], HOSTILE);
        assert_eq!(json["columns"][2]["type"], "integer");
    }
}
