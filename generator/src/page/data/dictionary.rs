//! Every column of every published table, and the code lists.

use std::collections::BTreeMap;

use anyhow::Result;
use askama::Template;
use dataset::codes;
use dataset::explore::ColumnType;
use dataset::manifest::{ColumnEntry, TableEntry};
use dataset::schema::{self, AccessType};

use super::super::{Frame, PageFile, Rendered, Shell, format, render};
use crate::record;
use crate::stage::emit::Inputs;

#[derive(Template)]
#[template(path = "dictionary.html")]
struct Dictionary<'a> {
    frame: Frame<'a>,
    tables: Vec<TableView<'a>>,
    /// Name and link of each code list.
    lists: Vec<(&'static str, String)>,
}

struct TableView<'a> {
    name: &'a str,
    about: String,
    columns: Vec<ColumnView<'a>>,
}

struct ColumnView<'a> {
    name: &'a str,
    kind: &'static str,
    /// What Access declares, with the width of texts.
    access: String,
    /// Position in the key; empty if it is no part of it.
    key: String,
    label: &'a str,
    codes: usize,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "data/dictionary/",
        title: "Data dictionary",
        description: "Every column of every published table: type, key, meaning, number of codes.",
    };
    let labels = record::labels();
    let files: Vec<(&str, PageFile)> = lists()
        .map(|(name, heads, rows)| (name, list(name, heads, rows)))
        .collect();
    let page = Dictionary {
        frame: frame.clone(),
        tables: inputs
            .manifest
            .tables
            .iter()
            .map(|(name, entry)| table(name, entry, &labels))
            .collect(),
        lists: files
            .iter()
            .map(|(name, file)| (*name, shell.site.url(&file.path)))
            .collect(),
    };
    render(
        &frame,
        &page,
        files.into_iter().map(|(_, file)| file).collect(),
    )
}

/// What a type is called.
pub(super) fn type_name(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "text",
        ColumnType::Int => "integer",
        ColumnType::Float => "number",
        ColumnType::Date => "date",
        ColumnType::Timestamp => "date and time",
        ColumnType::Boolean => "yes or no",
    }
}

fn table<'a>(
    name: &'a str,
    entry: &'a TableEntry,
    labels: &BTreeMap<&'static str, &'static str>,
) -> TableView<'a> {
    let source = schema::table(name);
    let rows = format::thousands(entry.rows);
    let what = match (source, name) {
        (Some(table), _) if table.is_lookup() => "A list of the NTSB’s own".to_owned(),
        (Some(table), _) => format!(
            "The NTSB’s table {}{}",
            table.name,
            table
                .parent()
                .map_or_else(String::new, |parent| format!(", rows belong to {parent}"))
        ),
        (None, "explore") => "One row per aircraft, made of the tables below".to_owned(),
        (None, _) => "Made from the NTSB’s tables, so that both codings read alike".to_owned(),
    };
    let keys: Vec<String> = source.map_or_else(Vec::new, |table| {
        let key = table.natural_key();
        key.iter().map(|column| column.sql_name()).collect()
    });
    let column = |column: &'a ColumnEntry| {
        let declared = source.and_then(|table| {
            let mut columns = table.columns.iter();
            columns.find(|one| one.sql_name() == column.name)
        });
        let place = keys.iter().position(|key| *key == column.name);
        ColumnView {
            name: &column.name,
            kind: type_name(column.kind),
            access: declared.map_or_else(String::new, |one| access(one.access, one.width)),
            key: place.map_or_else(String::new, |at| (at + 1).to_string()),
            label: column
                .label
                .as_deref()
                .or_else(|| labels.get(column.name.as_str()).copied())
                .unwrap_or_default(),
            codes: column
                .codes
                .len()
                .max(codes::labels(name, &column.name).len()),
        }
    };
    TableView {
        name,
        about: format!("{what}; {rows} rows."),
        columns: entry.columns.iter().map(column).collect(),
    }
}

fn access(kind: AccessType, width: Option<u16>) -> String {
    match width {
        Some(width) => format!("{kind:?} ({width})"),
        None => format!("{kind:?}"),
    }
}

type Rows = Vec<Vec<&'static str>>;

/// The code lists: name, headings, rows.
fn lists() -> impl Iterator<Item = (&'static str, &'static [&'static str], Rows)> {
    fn rows<const N: usize>(rows: impl Iterator<Item = [&'static str; N]>) -> Rows {
        rows.map(|row| row.to_vec()).collect()
    }
    let lists: [(&str, &[&str], Rows); 8] = [
        (
            "columns",
            &["table", "column", "code", "meaning"],
            rows(codes::dictionary()),
        ),
        ("findings", &["code", "meaning"], rows(codes::findings())),
        (
            "events",
            &["event", "meaning", "cictt_code", "cictt"],
            rows(codes::cictt()),
        ),
        (
            "occurrences-1982-2007",
            &["code", "meaning", "event"],
            rows(codes::older_occurrences()),
        ),
        (
            "sequence-of-events-1982-2007",
            &["code", "meaning"],
            rows(codes::seqevt()),
        ),
        (
            "phases",
            &["coding", "first_code", "last_code", "phase"],
            rows(codes::phase_groups()),
        ),
        ("countries", &["code", "name"], rows(codes::countries())),
        ("states", &["code", "name", "region"], rows(codes::states())),
    ];
    lists.into_iter()
}

fn list(name: &str, heads: &[&str], rows: Rows) -> PageFile {
    let mut text = String::new();
    for row in std::iter::once(heads.to_vec()).chain(rows) {
        for (at, field) in row.iter().enumerate() {
            dataset::csv::separate(&mut text, at);
            if !field.is_empty() {
                dataset::csv::field(&mut text, field);
            }
        }
        text.push_str("\r\n");
    }
    PageFile {
        path: format!("data/codes/{name}.csv"),
        text,
    }
}
