//! Two models on the same test events.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use severity::Model;
use severity::encode::encode;
use severity::features::FeatureSet;

use super::run::ModelRun;
use super::table::{self, Table};
use super::{bootstrap, class_codes, metrics};
use crate::output::sha256_hex;

/// How a challenger did beside a champion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contest {
    /// Test events both were judged on.
    pub rows: u64,
    /// Log loss of the challenger and of the champion.
    pub log_loss: [f64; 2],
    /// Macro F1 of the two, naming classes by their own weights.
    pub macro_f1: [f64; 2],
    /// By how much the challenger's log loss is lower: 2.5 and 97.5 % quantile over resampled
    /// events, paired.
    pub gain: [f64; 2],
}

/// Scores two runs, challenger first, on the challenger's test years.
///
/// # Errors
/// If the lake is not the one the challenger was judged on, or the champion has learned from
/// those years.
pub fn contest(
    lake: &Path,
    challenger: (&ModelRun, &Model),
    champion: (&ModelRun, &Model),
) -> Result<Contest> {
    let test = &challenger.0.test;
    let manifest = fs::read(lake.join("manifest.json")).context("reading the lake's manifest")?;
    ensure!(
        sha256_hex(&manifest) == challenger.0.data_sha256,
        "the lake has changed since {} was trained: run `windsock train` and promote that",
        challenger.0.id
    );
    ensure!(
        champion.0.validation.to < test.from,
        "{} has learned from years up to {}, so it cannot be judged on {}–{}",
        champion.0.id,
        champion.0.validation.to,
        test.from,
        test.to
    );
    // The larger set has the features of both.
    let table = table::load(lake, FeatureSet::FullRecord)?;
    let events: Vec<usize> = (0..table.years.len())
        .filter(|at| (test.from..=test.to).contains(&table.years[*at]))
        .collect();
    let outcomes: Vec<usize> = events.iter().map(|at| table.outcomes[*at]).collect();
    let forecasts = [challenger.1, champion.1].map(|model| forecasts(&table, &events, model));
    let [ours, theirs] = forecasts;
    let (ours, theirs) = (ours?, theirs?);
    let losses = |forecasts: &[Vec<f64>]| -> Vec<f64> {
        let pairs = outcomes.iter().zip(forecasts);
        pairs.map(|(y, p)| metrics::log_loss(*y, p)).collect()
    };
    let (mine, other) = (losses(&ours), losses(&theirs));
    let gains: Vec<f64> = mine.iter().zip(&other).map(|(m, o)| o - m).collect();
    let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len().max(1) as f64;
    let f1 = |forecasts: &[Vec<f64>], model: &Model| {
        let slices: Vec<&[f64]> = forecasts.iter().map(Vec::as_slice).collect();
        let decision = &model.header().decision;
        metrics::naming(&class_codes(), &outcomes, &slices, decision).macro_f1
    };
    Ok(Contest {
        rows: events.len() as u64,
        log_loss: [mean(&mine), mean(&other)],
        macro_f1: [f1(&ours, challenger.1), f1(&theirs, champion.1)],
        gain: bootstrap::of_mean(&gains, challenger.0.seed),
    })
}

/// Forecasts of a model, each event encoded as the model's own file says.
fn forecasts(table: &Table, events: &[usize], model: &Model) -> Result<Vec<Vec<f64>>> {
    let columns: Vec<_> = model
        .header()
        .features
        .iter()
        .map(|feature| {
            let at = table.features.iter().position(|f| f.name == feature.name);
            let at =
                at.with_context(|| format!("this windsock has no feature {}", feature.name))?;
            Ok((feature, &table.columns[at]))
        })
        .collect::<Result<_>>()?;
    events
        .iter()
        .map(|at| {
            let row: Vec<f32> = columns
                .iter()
                .map(|(feature, column)| Ok(encode(feature, &column[*at])?.value))
                .collect::<Result<_>>()?;
            Ok(model.probabilities(&row))
        })
        .collect()
}
