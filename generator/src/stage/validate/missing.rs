//! Where values are missing: for each table and column, by the year of the event.

use dataset::privacy;
use dataset::schema::{self, Column, Table};
use serde::{Deserialize, Serialize};

/// Missing values of one table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missingness {
    /// Table in PostgreSQL.
    pub table: String,
    /// The query that counted.
    pub sql: String,
    /// Years of events, ascending.
    pub years: Vec<i32>,
    /// Rows of the table in each year.
    pub rows: Vec<u64>,
    /// Columns in the order of the source, without keys and personal columns.
    pub columns: Vec<MissingColumn>,
}

/// Missing values of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingColumn {
    /// Name in PostgreSQL.
    pub name: String,
    /// Rows without a value in each year.
    pub missing: Vec<u64>,
}

/// Tables whose rows belong to events, in the order of the report.
pub(super) fn tables() -> impl Iterator<Item = &'static Table> {
    schema::tables().iter().filter(|table| !table.is_lookup())
}

/// Columns that are counted: keys are never missing, and personal columns are not published.
fn columns(table: &Table) -> Vec<&Column> {
    let key: Vec<&str> = table
        .natural_key()
        .iter()
        .map(|column| column.name)
        .collect();
    let counted = table.columns.iter().filter(|column| {
        !key.contains(&column.name)
            && !privacy::is_personal(table.name, column.name)
            && !column.name.eq_ignore_ascii_case("lchg_userid")
    });
    counted.collect()
}

/// One row a year: `[year, rows, missing in column 1, …]`.
pub(super) fn statement(table: &Table) -> String {
    let counts: Vec<String> = columns(table)
        .iter()
        .map(|column| format!("count(*) - count(t.{})", column.sql_name()))
        .collect();
    let from = match table.name {
        "events" => "ntsb.events t".to_owned(),
        _ => format!(
            "ntsb.{} t JOIN ntsb.events e ON e.ev_id = t.ev_id",
            table.sql_name()
        ),
    };
    let owner = if table.name == "events" { "t" } else { "e" };
    format!(
        "SELECT extract(year FROM {owner}.ev_date)::int AS ev_year, count(*) AS rows,\n  {}\n\
         FROM {from}\nWHERE {owner}.ev_date IS NOT NULL\nGROUP BY 1\nORDER BY 1",
        counts.join(",\n  ")
    )
}

/// The counts as one JSON value: a list of numbers a year.
pub(super) fn counting(table: &Table) -> String {
    // Counts have no names of their own: rows become lists.
    format!(
        "SELECT coalesce(
           json_agg(to_json(ARRAY(
             SELECT value::bigint FROM json_each_text(row_to_json(years))
           )) ORDER BY ev_year),
           '[]'
         )
         FROM ({}) AS years",
        statement(table)
    )
}

/// The answer of [`counting`].
pub(super) fn figure(table: &Table, answer: &[Vec<i64>]) -> Missingness {
    let at = |position: usize| answer.iter().map(move |row| row[position] as u64);
    Missingness {
        table: table.sql_name(),
        sql: statement(table),
        years: answer.iter().map(|row| row[0] as i32).collect(),
        rows: at(1).collect(),
        columns: (2..)
            .zip(columns(table))
            .map(|(position, column)| MissingColumn {
                name: column.sql_name(),
                missing: at(position).collect(),
            })
            .collect(),
    }
}
