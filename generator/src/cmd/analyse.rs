//! `windsock analyse`.

use anyhow::Result;

use super::BY_HAND;
use super::table;
use crate::cli::{EngineName, SparkOptions};
use crate::config::Config;
use crate::pipeline;
use crate::progress::Progress;
use crate::stage::analyse::{Engine, Spark};
use crate::text::thousands;
use crate::workdir::WorkDir;

/// Computes and publishes the figures, and prints what they are.
pub(super) fn run(
    config: &Config,
    engine: EngineName,
    spark: &SparkOptions,
    json: bool,
    progress: Progress,
) -> Result<()> {
    let work = WorkDir::open(&config.work_dir)?;
    let mut options = pipeline::analyse_options(config);
    options.engine = match engine {
        EngineName::Duckdb => Engine::DuckDb,
        EngineName::Spark => Engine::Spark(Spark {
            master: spark.master.clone(),
            python: spark.spark_python.clone(),
            lake: spark.lake_uri.clone(),
            settings: spark.spark_conf.clone(),
        }),
    };
    let figures = pipeline::write_figures(&work.lake(), &options, progress)?;
    work.record("analyse", BY_HAND, &figures)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&figures)?);
        return Ok(());
    }
    let rows: Vec<Vec<String>> = figures
        .figures
        .iter()
        .map(|(name, figure)| {
            let what = figure.note.as_ref().unwrap_or(&figure.title);
            vec![
                name.clone(),
                what.clone(),
                thousands(figure.rows.len() as u64),
            ]
        })
        .collect();
    println!(
        "{}",
        table::format(&["figure", "what it shows", "rows"], &rows, 2)
    );
    Ok(())
}
