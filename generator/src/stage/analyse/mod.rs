//! Lake → figures: SQL files run by DuckDB.
//!
//! Each file in `sql/` is one figure, named like the file. The queries read the published lake,
//! so whoever downloads it can run them again.

mod figure;
mod query;
#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Context, Result};

pub use figure::{Figure, FigureColumn, Figures};
use query::Query;

use crate::duck;
use crate::progress::Progress;

/// Every SQL file by name.
const QUERIES: &[(&str, &str)] = &[
    ("aircraft_types", include_str!("sql/aircraft_types.sql")),
    ("occurrences", include_str!("sql/occurrences.sql")),
    ("phases", include_str!("sql/phases.sql")),
    ("states", include_str!("sql/states.sql")),
    ("summary", include_str!("sql/summary.sql")),
    ("yearly", include_str!("sql/yearly.sql")),
];

/// Runs every query over the lake in a folder (the one that holds `manifest.json`).
///
/// # Errors
/// If the lake cannot be read or a query fails.
pub fn run(lake: &Path, progress: Progress) -> Result<Figures> {
    let connection = duck::open(None)?;
    duck::register(&connection, lake)?;
    let bar = progress.bar("analyse", QUERIES.len() as u64);
    let mut figures = Figures::default();
    for (name, text) in QUERIES {
        bar.set_message(*name);
        let figure = Query::parse(text)
            .and_then(|query| query.run(&connection))
            .with_context(|| format!("computing figure {name}"))?;
        figures.figures.insert((*name).to_owned(), figure);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(figures)
}
