//! Downloads with everything needed to use, check and cite them.

mod dictionary;
pub(super) mod snippets;

use anyhow::Result;
use askama::Template;
use dataset::explore::{COLUMNS, ExploreColumn};
use dataset::manifest::{FileEntry, TableEntry};

use super::cite::{BIBTEX, CFF};
use super::{Frame, PageFile, Rendered, Shell, cite, format, linked_data, render};
use crate::stage::emit::Inputs;

pub use self::dictionary::page as dictionary;

/// Shown for an origin the build was not told.
pub(super) const PLACEHOLDER: &str = "https://example.org";

/// Checksums of all files of the lake, as `sha256sum` writes them.
const SUMS: &str = "lake/SHA256SUMS";

/// Files of the example query: the newest.
const EXAMPLE: usize = 3;

#[derive(Template)]
#[template(path = "data.html")]
struct Data<'a> {
    frame: Frame<'a>,
    totals: Totals,
    tables: Vec<TableView<'a>>,
    columns: Vec<ColumnView>,
    snippets: Vec<Snippet>,
    /// Stands in for the site's origin where that is unknown.
    placeholder: Option<&'static str>,
    bibtex: String,
    /// JSON-LD, safe within its element.
    linked: String,
}

/// Code that reads the files.
struct Snippet {
    /// Name of the tool, and the class its code has.
    tool: &'static str,
    class: &'static str,
    code: String,
}

struct Totals {
    rows: String,
    files: String,
    bytes: String,
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
    let tables = &inputs.manifest.tables;
    let files = || tables.values().flat_map(|table| &table.files);
    let explore = tables.get("explore").map_or(&[][..], |table| &table.files);
    let newest = &explore[explore.len().saturating_sub(EXAMPLE)..];
    let page = Data {
        frame: frame.clone(),
        totals: Totals {
            rows: format::thousands(tables.values().map(|table| table.rows).sum()),
            files: format::thousands(files().count() as u64),
            bytes: format::bytes(tables.values().map(|table| table.bytes).sum()),
        },
        tables: tables
            .iter()
            .map(|(name, entry)| table(shell, name, entry))
            .collect(),
        columns: COLUMNS.iter().map(column).collect(),
        snippets: snippets(&base, newest)?,
        placeholder,
        bibtex: cite::bibtex(shell),
        linked: linked_data::within_html(&linked_data::dataset(shell, inputs)),
    };
    // Of both layouts: whoever mirrors the lake has both.
    let sums = tables.values().flat_map(|table| {
        let rows = table.files.iter().map(|file| (&file.sha256, &file.path));
        let columns = table.by_column.iter();
        rows.chain(columns.map(|file| (&file.sha256, &file.path)))
    });
    let sums = sums.map(|(sha256, path)| format!("{sha256}  {path}\n"));
    let sums = PageFile {
        path: SUMS.to_owned(),
        text: sums.collect(),
    };
    let [bibtex, cff] = cite::files(shell);
    render(&frame, &page, vec![sums, bibtex, cff])
}

fn snippets(base: &str, newest: &[FileEntry]) -> Result<Vec<Snippet>> {
    let example: Vec<&str> = newest.iter().map(|file| file.path.as_str()).collect();
    let example = &example[..];
    let snippet = |tool, class, code| Snippet { tool, class, code };
    let duckdb = snippets::text(&snippets::DuckDb { base, example })?;
    Ok(vec![
        snippet("DuckDB", "sql", duckdb),
        snippet(
            "Python",
            "python",
            snippets::text(&snippets::Python { base })?,
        ),
        snippet("R", "r", snippets::text(&snippets::R { base })?),
        snippet("Rust", "rust", snippets::text(&snippets::Rust { base })?),
    ])
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
    ColumnView {
        name: column.name,
        label: column.label,
        about: column.about,
        kind: dictionary::type_name(column.kind),
        codes: column
            .codes
            .map(|(table, name)| dataset::codes::labels(table, name))
            .unwrap_or_default(),
    }
}
