//! Code that reads the files of a site, for its pages.
//!
//! The snippets are files of their own below `templates/snippets/`, where tests find them, too.

use anyhow::{Context, Result};
use askama::Template;

/// Fatal accidents a year, by DuckDB.
#[derive(Template)]
#[template(path = "snippets/duckdb.sql", escape = "none")]
pub(in crate::page) struct DuckDb<'a> {
    pub(in crate::page) base: &'a str,
    /// Files of the newest years.
    pub(in crate::page) example: &'a [&'a str],
}

/// The explore table with pandas.
#[derive(Template)]
#[template(path = "snippets/read.py", escape = "none")]
pub(in crate::page) struct Python<'a> {
    pub(in crate::page) base: &'a str,
}

/// The explore table with arrow.
#[derive(Template)]
#[template(path = "snippets/read.R", escape = "none")]
pub(in crate::page) struct R<'a> {
    pub(in crate::page) base: &'a str,
}

/// Counting rows with the crate `parquet`.
#[derive(Template)]
#[template(path = "snippets/read.rs", escape = "none")]
pub(in crate::page) struct Rust<'a> {
    pub(in crate::page) base: &'a str,
}

/// One record of the static API.
#[derive(Template)]
#[template(path = "snippets/record.py", escape = "none")]
pub(in crate::page) struct Record<'a> {
    pub(in crate::page) base: &'a str,
    /// Key of an event.
    pub(in crate::page) example: &'a str,
}

/// The text of a snippet, to be escaped by the page.
pub(in crate::page) fn text(snippet: &impl Template) -> Result<String> {
    snippet.render().context("rendering a snippet")
}
