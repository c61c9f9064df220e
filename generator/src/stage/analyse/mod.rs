//! Lake → figures: SQL files run by DuckDB, or by Apache Spark.
//!
//! Each file in `sql/` is one figure, named like the file. The queries read the published lake and
//! keep to what DuckDB, Spark SQL and PostgreSQL all understand (`docs/analytics.md`), so whoever
//! downloads the lake can run them again.

mod catalogue;
mod duckdb;
mod exposure;
mod figure;
mod publish;
mod query;
mod spark;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use self::exposure::Exposure;
use self::figure::Answer;
use self::query::Query;
pub use figure::{Figure, FigureColumn, FigureFiles, Figures, Kind};
pub(crate) use publish::publish;
pub use spark::Spark;

use crate::duck;
use crate::output::{Output, sha256_hex};
use crate::progress::Progress;

/// Folder of the figures within a lake.
pub const FOLDER: &str = "figures";

/// Why a figure that needs hours flown is empty.
const NO_EXPOSURE: &str = "No exposure data is loaded: without the hours flown there are counts, \
                           but no rates.";

/// What is computed and where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// CSV file of hours flown by year and segment.
    pub exposure: Option<PathBuf>,
    /// Folder of further SQL files.
    pub figures: Option<PathBuf>,
    /// What runs the queries.
    pub engine: Engine,
}

/// What runs the queries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Engine {
    /// DuckDB, in this process.
    #[default]
    DuckDb,
    /// Apache Spark, installed by the user.
    Spark(Spark),
}

impl Options {
    /// Hash of the contents of the files the options name.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub fn inputs(&self) -> Result<String> {
        let mut parts = Vec::new();
        if let Some(path) = &self.exposure {
            // Read and checked here too, so that a build fails before its long stages.
            parts.push(format!("{:?}", exposure::read(path)?));
        }
        if self.figures.is_some() {
            for (name, query) in catalogue::queries(self.figures.as_deref())? {
                parts.push(format!("{name}{query:?}"));
            }
        }
        Ok(sha256_hex(parts.join("\0").as_bytes()))
    }
}

/// Runs every query over the lake in a folder (the one that holds `manifest.json`) and writes the
/// figures to `output`, which is to become the folder `figures` of the lake.
///
/// # Errors
/// If the lake or a file of the options cannot be read, if a query fails or its front matter is
/// incomplete, or if writing fails.
pub fn run(
    lake: &Path,
    options: &Options,
    output: &mut dyn Output,
    progress: Progress,
) -> Result<Figures> {
    let mut figures = compute(lake, options, progress)?;
    publish(&mut figures, output)?;
    Ok(figures)
}

fn compute(lake: &Path, options: &Options, progress: Progress) -> Result<Figures> {
    let queries = catalogue::queries(options.figures.as_deref())?;
    let exposure = options
        .exposure
        .as_deref()
        .map_or_else(|| Ok(Exposure::default()), exposure::read)?;
    let answers = match &options.engine {
        Engine::DuckDb => by_duckdb(lake, &queries, &exposure, progress)?,
        Engine::Spark(spark) => spark::answers(lake, &queries, &exposure, spark, progress)?,
    };
    let mut figures = Figures::default();
    for (name, answer) in answers {
        let query = &queries[&name];
        let note =
            (query.needs_exposure && exposure.hours.is_empty()).then(|| NO_EXPOSURE.to_owned());
        let figure = query
            .figure(answer, note)
            .with_context(|| format!("in figure {name}"))?;
        figures.figures.insert(name, figure);
    }
    Ok(figures)
}

fn by_duckdb(
    lake: &Path,
    queries: &BTreeMap<String, Query>,
    exposure: &Exposure,
    progress: Progress,
) -> Result<BTreeMap<String, Answer>> {
    let connection = duck::open(None)?;
    duck::register(&connection, lake)?;
    duckdb::prepare(&connection, exposure)?;
    let bar = progress.bar("analyse", queries.len() as u64);
    let mut answers = BTreeMap::new();
    for (name, query) in queries {
        bar.set_message(name.clone());
        let answer = duckdb::answer(&connection, &query.sql)
            .with_context(|| format!("computing figure {name}"))?;
        answers.insert(name.clone(), answer);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(answers)
}
