//! Source files, and what became of each of their rows.

use super::super::format;
use crate::stage::migrate::{LoadReport, TableLoad};

pub(super) struct SourceView<'a> {
    pub(super) name: &'a str,
    pub(super) bytes: String,
    pub(super) sha256: &'a str,
}

pub(super) struct LoadView<'a> {
    pub(super) source: &'a str,
    pub(super) table: &'a str,
    pub(super) declared: String,
    pub(super) read: String,
    pub(super) inserted: String,
    pub(super) updated: String,
    pub(super) unchanged: String,
    pub(super) rejected: String,
    /// What else happened, in words; empty when nothing did.
    pub(super) remarks: String,
    pub(super) adds_up: bool,
}

pub(super) fn sources(load: &LoadReport) -> Vec<SourceView<'_>> {
    let sources = load.sources.iter().map(|source| SourceView {
        name: &source.name,
        bytes: format::bytes(source.bytes),
        sha256: &source.sha256,
    });
    sources.collect()
}

pub(super) fn load(load: &TableLoad) -> LoadView<'_> {
    let remarks: Vec<String> = [
        (load.bad_pages, "unreadable pages"),
        (load.bad_cells, "unreadable cells"),
        (load.lossy_text, "texts with undecodable characters"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{} {what}", format::thousands(*count)))
    .collect();
    LoadView {
        source: &load.source,
        table: &load.table,
        declared: format::thousands(load.declared),
        read: format::thousands(load.read),
        inserted: format::thousands(load.inserted),
        updated: format::thousands(load.updated),
        unchanged: format::thousands(load.unchanged),
        rejected: format::thousands(load.rejected),
        remarks: remarks.join(", "),
        adds_up: load.adds_up(),
    }
}
