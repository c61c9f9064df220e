//! Lake → severity model: features by SQL, a split by time, gradient-boosted trees.
//!
//! Everything the model learns from – levels, ranges, order of categories, trees – comes from the
//! training years; the validation years decide how to grow, when to stop, how far to trust the
//! margins and which class to name. If growing on newer years as well is shown to help, the final
//! trees are grown on both. The test years are looked at once, at the end, beside two forecasts
//! that need no model.

mod bins;
mod boost;
mod bootstrap;
mod calibrate;
mod contest;
mod decide;
mod estimate;
mod export;
mod fit;
mod forest;
mod gain;
mod histogram;
mod importance;
mod metrics;
mod prepare;
mod run;
mod search;
mod slices;
mod softmax;
mod split;
mod table;
mod teach;
mod tpe;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use nix::time::{ClockId, clock_gettime};
use severity::Model;
use severity::features::{FeatureSet, feature};
use severity::header::Class;

use crate::output::{sha256_hex, short_hash};
use crate::progress::Progress;
use crate::registry;

use fit::Fitted;
use prepare::{Prepared, tidy};
use split::{Parts, Split};
use table::Table;

pub use boost::BoostParams;
pub use contest::{Contest, contest};
pub use estimate::estimates;
pub use run::{
    CalibrationBin, CalibrationChoice, ClassScore, Evaluation, FeatureSummary, LearningPoint,
    ModelRun, Naming, Period, Refit, Slice, UnusedFeature,
};
pub use search::Trial;

/// Outcomes from the gravest to the mildest: codes of `events.ev_highest_injury` and labels.
const CLASSES: [(&str, &str); 4] = [
    ("FATL", "Fatal"),
    ("SERS", "Serious"),
    ("MINR", "Minor"),
    ("NONE", "None"),
];

/// Position of the class whose precision-recall area and reliability are reported.
const FATAL: usize = 0;

/// Fewest events to learn from, and to stop, choose and calibrate on.
const LEAST_TRAIN: usize = 20;
const LEAST_VALIDATION: usize = 5;

/// Choices of a training run.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// Which facts the model may look at.
    pub features: FeatureSet,
    /// Features of the set to leave out.
    pub without: Vec<String>,
    /// Last year to grow trees on; chosen by share of events when not given.
    pub train_to: Option<i32>,
    /// Last year to stop and calibrate on; chosen by share of events when not given.
    pub validate_to: Option<i32>,
    /// Ways of growing trees to try; the one with the least validation log loss is taken.
    pub trials: u32,
    /// Seed of all sampling.
    pub seed: u64,
    /// Folder for the matrix and the model's forecasts, for comparisons with other tools.
    pub export: Option<PathBuf>,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self {
            features: FeatureSet::BeforeImpact,
            without: Vec::new(),
            train_to: None,
            validate_to: None,
            trials: 50,
            seed: 0,
            export: None,
        }
    }
}

/// Trains a model on the lake and adds the run to the registry in `models`.
///
/// # Errors
/// If there is no lake, no closed case in it, fewer than three years, too few events, only one
/// outcome in the training years, a feature to leave out that there is not, or if `models` cannot
/// be written.
pub fn run(
    lake: &Path,
    models: &Path,
    options: &TrainOptions,
    progress: Progress,
) -> Result<ModelRun> {
    for name in &options.without {
        let known = feature(name).is_some();
        ensure!(known, "there is no feature named {name} to leave out");
    }
    let table = table::load(lake, options.features)?;
    let split = Split::choose(&table.years, options.train_to, options.validate_to)?;
    let parts = split.parts(&table.years);
    ensure!(
        parts.train.len() >= LEAST_TRAIN && parts.validation.len() >= LEAST_VALIDATION,
        "{} closed cases to learn from and {} to stop on are too few (at least {LEAST_TRAIN} and \
         {LEAST_VALIDATION}): add databases",
        parts.train.len(),
        parts.validation.len()
    );
    let priors = priors(&table, &parts.train)?;
    let prepared = prepare::prepare(&table, &parts, options.features, &options.without)?;
    let bar = progress.bar("train", fit::steps(options.trials));
    let search = (options.trials, options.seed);
    let start = now()?;
    let fitted = fit::fit(&table, &parts, split, &prepared, &priors, search, &bar)?;
    let trained = now()?;
    bar.set_message("judging");
    let bytes = fitted.model.to_bytes();
    let manifest = fs::read(lake.join("manifest.json")).context("reading the lake's manifest")?;
    if let Some(folder) = &options.export {
        export::export(folder, &table, &parts, &prepared)?;
    }
    let mut run = judge(&table, &parts, &prepared, &priors, fitted, options)?;
    bar.finish_and_clear();
    let seconds = |from: [Duration; 2], to: [Duration; 2]| {
        [0, 1].map(|at| to[at].saturating_sub(from[at]).as_secs_f64())
    };
    let (learning, judging) = (seconds(start, trained), seconds(trained, now()?));
    tracing::info!(
        "trained in {:.2} s ({:.2} s of processors, {} trials), judged in {:.2} s ({:.2} s)",
        learning[0],
        learning[1],
        options.trials,
        judging[0],
        judging[1]
    );
    run.file = format!("severity-{}.model", short_hash(&bytes));
    run.sha256 = sha256_hex(&bytes);
    run.bytes = bytes.len() as u64;
    run.data_sha256 = sha256_hex(&manifest);
    run.id = id(&run);
    registry::register(models, &run, &bytes)?;
    Ok(run)
}

/// The time by the clock, and what this process has had of the processors.
fn now() -> Result<[Duration; 2]> {
    let clocks = [ClockId::CLOCK_MONOTONIC, ClockId::CLOCK_PROCESS_CPUTIME_ID];
    let [clock, processors] = clocks.map(clock_gettime);
    Ok([clock?.into(), processors?.into()])
}

/// Name of a run, by what went in and what came out.
fn id(run: &ModelRun) -> String {
    let parts = [
        run.sha256.clone(),
        run.data_sha256.clone(),
        run.seed.to_string(),
        run.test.from.to_string(),
    ];
    let hash = short_hash(parts.join("\0").as_bytes());
    format!("{}-{hash}", run.feature_set.name())
}

/// Looks at the test years, once, and gathers everything there is to say about a model.
fn judge(
    table: &Table,
    parts: &Parts,
    prepared: &Prepared,
    priors: &[f64],
    fitted: Fitted,
    options: &TrainOptions,
) -> Result<ModelRun> {
    let (model, test, seed) = (&fitted.model, &parts.test, options.seed);
    let classes = class_codes();
    let outcomes: Vec<usize> = test.iter().map(|at| table.outcomes[*at]).collect();
    let rows: Vec<&[f32]> = test
        .iter()
        .map(|at| prepared.rows[*at].as_slice())
        .collect();
    let forecasts = model.probabilities_of(&rows);
    if let Some(folder) = &options.export {
        export::forecasts(folder, "forecasts.csv", table, test, &forecasts)?;
        export::contributions(folder, table, test, model, &rows)?;
    }
    let evaluate = |forecasts: &[&[f64]]| {
        let plain = metrics::evaluate(&classes, FATAL, &outcomes, forecasts);
        bootstrap::with_intervals(plain, &classes, FATAL, &outcomes, forecasts, seed)
    };
    let constant = |forecast: &[f64]| evaluate(&vec![forecast; test.len()]);
    let slices: Vec<&[f64]> = forecasts.iter().map(Vec::as_slice).collect();
    let (evaluation, base_rate) = (evaluate(&slices), constant(priors));
    let gains: Vec<f64> = outcomes
        .iter()
        .zip(&forecasts)
        .map(|(y, p)| metrics::log_loss(*y, priors) - metrics::log_loss(*y, p))
        .collect();
    let decision = model.header().decision.clone();
    Ok(ModelRun {
        id: String::new(),
        file: String::new(),
        sha256: String::new(),
        bytes: 0,
        data_sha256: String::new(),
        feature_set: options.features,
        without: options.without.clone(),
        seed,
        classes: classes.clone(),
        train: period(table, &parts.train),
        validation: period(table, &parts.validation),
        test: period(table, test),
        features: summaries(model, &fitted.gains, &rows, &outcomes, seed),
        unused: prepared.unused.clone(),
        better_than_base: evaluation.log_loss < base_rate.log_loss,
        gain: bootstrap::of_mean(&gains, seed),
        decided: metrics::naming(&classes, &outcomes, &slices, &decision),
        decision,
        model: evaluation,
        base_rate,
        majority: constant(&majority(priors)),
        slices: slices::slices(table, test, &forecasts, priors, seed),
        learning_curve: fitted.learning_curve,
        trees: model.trees().len() as u64,
        rounds: fitted.rounds,
        params: fitted.params,
        trials: fitted.trials,
        curve: fitted.curve,
        validation_log_loss: fitted.validation_log_loss,
        refit: fitted.refit,
        calibration: fitted.calibration,
    })
}

/// Class shares of the training events.
fn priors(table: &Table, train: &[usize]) -> Result<Vec<f64>> {
    let period = period(table, train);
    let present: Vec<_> = class_codes()
        .into_iter()
        .zip(&period.per_class)
        .filter(|(_, n)| **n > 0)
        .collect();
    ensure!(
        present.len() >= 2,
        "all {} training events end in {}: a model needs at least two outcomes, add databases",
        period.rows,
        present.first().map_or("nothing", |(code, _)| code)
    );
    let shares = period.per_class.iter();
    Ok(shares.map(|n| *n as f64 / period.rows as f64).collect())
}

fn classes(priors: &[f64]) -> Vec<Class> {
    let classes = CLASSES.iter().zip(priors);
    classes
        .map(|((code, label), prior)| Class {
            code: (*code).to_owned(),
            label: (*label).to_owned(),
            base_rate: tidy(*prior),
        })
        .collect()
}

fn class_codes() -> Vec<String> {
    CLASSES.iter().map(|(code, _)| (*code).to_owned()).collect()
}

fn majority(priors: &[f64]) -> Vec<f64> {
    let largest = priors.iter().copied().fold(0.0, f64::max);
    let at = priors.iter().position(|p| *p >= largest).unwrap_or(0);
    let classes = 0..priors.len();
    classes
        .map(|class| if class == at { 1.0 } else { 0.0 })
        .collect()
}

/// Years and outcomes of events in the order of the table.
fn period(table: &Table, events: &[usize]) -> Period {
    let mut per_class = vec![0; CLASSES.len()];
    for at in events {
        per_class[table.outcomes[*at]] += 1;
    }
    let year = |at: Option<&usize>| at.map_or(0, |at| table.years[*at]);
    Period {
        from: year(events.first()),
        to: year(events.last()),
        rows: events.len() as u64,
        per_class,
    }
}

fn summaries(
    model: &Model,
    gains: &[f64],
    rows: &[&[f32]],
    outcomes: &[usize],
    seed: u64,
) -> Vec<FeatureSummary> {
    let gains = model.header().per_feature(gains.to_vec());
    let total: f64 = gains.iter().sum();
    let permutation = importance::permutation(model, rows, outcomes, seed);
    let shap = importance::shapley(model, rows);
    let mut summaries: Vec<_> = model
        .header()
        .features
        .iter()
        .enumerate()
        .map(|(at, feature)| FeatureSummary {
            name: feature.name.clone(),
            label: feature.label.clone(),
            missing: feature.missing,
            importance: if total > 0.0 { gains[at] / total } else { 0.0 },
            permutation: permutation[at],
            shap: shap[at],
        })
        .collect();
    summaries.sort_by(|a, b| {
        b.importance
            .total_cmp(&a.importance)
            .then_with(|| a.name.cmp(&b.name))
    });
    summaries
}

#[cfg(test)]
mod tests;
