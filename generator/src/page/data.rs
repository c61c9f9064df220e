//! Downloads with everything needed to use and check them.

use anyhow::Result;
use askama::Template;
use dataset::explore::{COLUMNS, ColumnType, ExploreColumn};
use dataset::manifest::TableEntry;

use super::{Frame, Rendered, Shell, format, render};
use crate::stage::emit::Inputs;

/// Codes listed per column before the reader is sent to the data itself.
const CODES_SHOWN: usize = 40;

/// Shown for an origin the build was not told.
const PLACEHOLDER: &str = "https://example.org";

#[derive(Template)]
#[template(path = "data.html")]
struct Data<'a> {
    frame: Frame<'a>,
    tables: Vec<TableView<'a>>,
    columns: Vec<ColumnView>,
    /// Address the snippets read from.
    base: String,
    /// Stands in for the site's origin where that is unknown.
    placeholder: Option<&'static str>,
    /// A Parquet file for the snippets.
    example: String,
}

struct TableView<'a> {
    name: &'a str,
    rows: String,
    bytes: String,
    columns: usize,
    partition: Option<&'a str>,
    files: Vec<FileView<'a>>,
}

struct FileView<'a> {
    href: String,
    name: &'a str,
    rows: String,
    bytes: String,
    sha256: &'a str,
}

struct ColumnView {
    name: &'static str,
    label: &'static str,
    about: &'static str,
    kind: &'static str,
    codes: Vec<(&'static str, &'static str)>,
    more: usize,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "data/",
        title: "Data",
        description: "All published tables as Parquet files with sizes, checksums, a data \
                      dictionary and snippets to read them.",
    };
    let address = shell.site.absolute("lake/");
    let placeholder = address.is_none().then_some(PLACEHOLDER);
    let base = address.unwrap_or_else(|| format!("{PLACEHOLDER}{}", shell.site.url("lake/")));
    let example = inputs
        .manifest
        .tables
        .get("explore")
        .and_then(|table| table.files.last())
        .map(|file| file.path.clone())
        .unwrap_or_default();
    let page = Data {
        frame: frame.clone(),
        tables: inputs
            .manifest
            .tables
            .iter()
            .map(|(name, entry)| table(shell, name, entry))
            .collect(),
        columns: COLUMNS.iter().map(column).collect(),
        base,
        placeholder,
        example,
    };
    render(&frame, &page, Vec::new())
}

fn table<'a>(shell: &Shell, name: &'a str, entry: &'a TableEntry) -> TableView<'a> {
    let files = entry.files.iter().map(|file| FileView {
        href: shell.site.url(&format!("lake/{}", file.path)),
        name: &file.path,
        rows: format::thousands(file.rows),
        bytes: format::bytes(file.bytes),
        sha256: &file.sha256,
    });
    TableView {
        name,
        rows: format::thousands(entry.rows),
        bytes: format::bytes(entry.bytes),
        columns: entry.columns.len(),
        partition: entry.partition.as_deref(),
        files: files.collect(),
    }
}

fn column(column: &ExploreColumn) -> ColumnView {
    let mut codes = column
        .codes
        .map(|(table, name)| dataset::codes::labels(table, name))
        .unwrap_or_default();
    let more = codes.len().saturating_sub(CODES_SHOWN);
    codes.truncate(CODES_SHOWN);
    ColumnView {
        name: column.name,
        label: column.label,
        about: column.about,
        kind: match column.kind {
            ColumnType::Text => "text",
            ColumnType::Int => "integer",
            ColumnType::Float => "number",
            ColumnType::Date => "date",
            ColumnType::Timestamp => "date and time",
            ColumnType::Boolean => "yes or no",
        },
        codes,
        more,
    }
}
