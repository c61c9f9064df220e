//! The SQL files: those of windsock and those a user adds.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::query::Query;
use crate::fault::Fault;

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("sql/", $name, ".sql")))),*]
    };
}

/// Every SQL file of windsock by name.
pub(super) const EMBEDDED: &[(&str, &str)] = embedded![
    "aircraft_types",
    "airports",
    "calendar",
    "categories",
    "cictt",
    "closure",
    "clusters",
    "data_lag",
    "decades",
    "engines",
    "far_parts",
    "findings_tree",
    "gear",
    "homebuilt",
    "makes",
    "models",
    "occurrences",
    "phases",
    "phases_severity",
    "pilot_age",
    "pilot_hours",
    "purposes",
    "rates",
    "severity",
    "states",
    "summary",
    "weather_light",
    "yearly",
];

/// Queries by name: windsock's own and those of a folder.
///
/// # Errors
/// If a file of the folder cannot be read, has the name of another figure, or its front matter is
/// incomplete; the message names file and field.
pub(super) fn queries(folder: Option<&Path>) -> Result<BTreeMap<String, Query>> {
    let mut queries = BTreeMap::new();
    for (name, text) in EMBEDDED {
        let query = Query::parse(text).with_context(|| format!("in figure {name}"))?;
        queries.insert((*name).to_owned(), query);
    }
    for (name, text) in folder.map(user_files).transpose()?.unwrap_or_default() {
        let query = Query::parse(&text)
            .map_err(|error| Fault::Input(format!("figure file {name}.sql: {error:#}")))?;
        ensure!(
            queries.insert(name.clone(), query).is_none(),
            Fault::Input(format!(
                "figure file {name}.sql has the name of a figure of windsock: rename it"
            ))
        );
    }
    Ok(queries)
}

/// The `.sql` files of a folder: names without ending, and texts.
pub(super) fn user_files(folder: &Path) -> Result<BTreeMap<String, String>> {
    let reading = || format!("reading the figures in {}", folder.display());
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(reading)? {
        let path = entry.with_context(reading)?.path();
        if path.extension().is_some_and(|ending| ending == "sql")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            ensure!(
                name.chars().all(plain),
                Fault::Input(format!(
                    "figure file {name}.sql: a name has only a–z, 0–9 and _, since it becomes \
                     part of an address"
                ))
            );
            let text =
                fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            files.insert(name.to_owned(), text);
        }
    }
    Ok(files)
}
