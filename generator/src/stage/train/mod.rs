//! Lake → severity model: features by SQL, a split by time, gradient-boosted trees.
//!
//! Everything the model learns from – levels, ranges, order of categories, trees – comes from the
//! training years; the validation years decide when to stop and how far to trust the margins; the
//! test years are looked at once, at the end, beside two forecasts that need no model.

mod boost;
mod calibrate;
mod histogram;
mod metrics;
mod prepare;
mod run;
mod split;
mod table;
mod tree;

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use severity::Model;
use severity::header::{Calibration, Class, Header, Window};

use crate::output::{sha256_hex, short_hash};
use crate::progress::Progress;

use boost::{Boosted, Examples};
use prepare::{Prepared, tidy};
use split::{Parts, Split};
use table::Table;

pub use boost::BoostParams;
pub use run::{CalibrationBin, ClassScore, Evaluation, FeatureSummary, ModelRun, Period};

/// Outcomes from the gravest to the mildest: codes of `events.ev_highest_injury` and labels.
const CLASSES: [(&str, &str); 4] = [
    ("FATL", "Fatal"),
    ("SERS", "Serious"),
    ("MINR", "Minor"),
    ("NONE", "None"),
];

/// Position of the class whose precision-recall area and reliability are reported.
const FATAL: usize = 0;

/// Choices of a training run.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// Last year to grow trees on; chosen by share of events when not given.
    pub train_to: Option<i32>,
    /// Last year to stop and calibrate on; chosen by share of events when not given.
    pub validate_to: Option<i32>,
    /// Seed of all sampling.
    pub seed: u64,
    /// Ways of growing trees; the one with the least validation log loss is taken.
    pub candidates: Vec<BoostParams>,
}

impl Default for TrainOptions {
    fn default() -> Self {
        Self {
            train_to: None,
            validate_to: None,
            seed: 0,
            candidates: BoostParams::candidates(),
        }
    }
}

/// Trains a model on the lake and writes `severity-<hash>.model` and `run.json` into `models`.
///
/// # Errors
/// If there is no lake, no closed case in it, fewer than three years, only one outcome in the
/// training years, or if `models` cannot be written.
pub fn run(
    lake: &Path,
    models: &Path,
    options: &TrainOptions,
    progress: Progress,
) -> Result<ModelRun> {
    let table = table::load(lake)?;
    let split = Split::choose(&table.years, options.train_to, options.validate_to)?;
    let parts = split.parts(&table.years);
    let priors = priors(&table, &parts.train)?;
    let prepared = prepare::prepare(&table, &parts.train)?;
    let rounds = options.candidates.iter().map(|c| u64::from(c.rounds)).sum();
    let bar = progress.bar("train", rounds);
    let Fitted {
        model,
        gains,
        params,
    } = fit(&table, &parts, split, &prepared, &priors, options, &bar)?;
    bar.finish_and_clear();
    let bytes = model.to_bytes();
    let file = format!("severity-{}.model", short_hash(&bytes));
    let test = &parts.test;
    let constant = |forecast: Vec<f64>| evaluate(&table, test, &vec![forecast; test.len()]);
    let forecasts: Vec<_> = test
        .iter()
        .map(|at| model.probabilities(&prepared.rows[*at]))
        .collect();
    let run = ModelRun {
        file: file.clone(),
        sha256: sha256_hex(&bytes),
        bytes: bytes.len() as u64,
        classes: class_codes(),
        train: period(&table, &parts.train),
        validation: period(&table, &parts.validation),
        test: period(&table, test),
        features: summaries(&prepared, &gains),
        model: evaluate(&table, test, &forecasts),
        base_rate: constant(priors.clone()),
        majority: constant(majority(&priors)),
        trees: model.trees().len() as u64,
        params,
    };
    write(models, &file, &bytes)?;
    let mut json = serde_json::to_vec_pretty(&run).context("writing the run as JSON")?;
    json.push(b'\n');
    write(models, "run.json", &json)?;
    Ok(run)
}

struct Fitted {
    model: Model,
    /// Gain per feature.
    gains: Vec<f64>,
    /// The candidate that was taken.
    params: BoostParams,
}

/// Grows with each candidate, takes the best, calibrates and puts together.
fn fit(
    table: &Table,
    parts: &Parts,
    split: Split,
    prepared: &Prepared,
    priors: &[f64],
    options: &TrainOptions,
    bar: &indicatif::ProgressBar,
) -> Result<Fitted> {
    let rows = |events: &[usize]| -> Vec<&[f32]> {
        events
            .iter()
            .map(|at| prepared.rows[*at].as_slice())
            .collect()
    };
    let outcomes =
        |events: &[usize]| -> Vec<usize> { events.iter().map(|at| table.outcomes[*at]).collect() };
    let (train_rows, train_outcomes) = (rows(&parts.train), outcomes(&parts.train));
    let (later_rows, later_outcomes) = (rows(&parts.validation), outcomes(&parts.validation));
    // A class without a training event keeps half an event, so that its margin is finite.
    let least = 0.5 / parts.train.len() as f64;
    let base: Vec<f64> = priors.iter().map(|p| tidy(p.max(least).ln())).collect();
    let train = Examples {
        rows: &train_rows,
        outcomes: &train_outcomes,
    };
    let later = Examples {
        rows: &later_rows,
        outcomes: &later_outcomes,
    };
    let mut best: Option<(Boosted, &BoostParams)> = None;
    for params in &options.candidates {
        let boosted = boost::boost(train, later, &base, params, options.seed, bar)?;
        if best
            .as_ref()
            .is_none_or(|(best, _)| boosted.loss < best.loss)
        {
            best = Some((boosted, params));
        }
    }
    let (Boosted { trees, gains, .. }, params) =
        best.context("no way of growing trees was given")?;
    let mut header = Header {
        classes: classes(priors),
        features: prepared.features.clone(),
        base_margins: base,
        calibration: Calibration::identity(CLASSES.len()),
        window: Window {
            train_from: table.years[parts.train[0]],
            train_to: split.train_to,
            validate_to: split.validate_to,
            rows: parts.train.len() as u64,
        },
    };
    let raw = Model::new(header.clone(), trees.clone())?;
    let margins: Vec<_> = later_rows.iter().map(|row| raw.margins(row)).collect();
    header.calibration = calibrate::fit(&margins, &later_outcomes, CLASSES.len());
    Ok(Fitted {
        model: Model::new(header, trees)?,
        gains,
        params: params.clone(),
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

fn evaluate(table: &Table, events: &[usize], forecasts: &[Vec<f64>]) -> Evaluation {
    let outcomes: Vec<_> = events.iter().map(|at| table.outcomes[*at]).collect();
    metrics::evaluate(&class_codes(), FATAL, &outcomes, forecasts)
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

fn summaries(prepared: &Prepared, gains: &[f64]) -> Vec<FeatureSummary> {
    let total: f64 = gains.iter().sum();
    let mut summaries: Vec<_> = prepared
        .features
        .iter()
        .zip(gains)
        .map(|(feature, gain)| FeatureSummary {
            name: feature.name.clone(),
            label: feature.label.clone(),
            missing: feature.missing,
            importance: if total > 0.0 { gain / total } else { 0.0 },
        })
        .chain(prepared.unseen.iter().map(|feature| FeatureSummary {
            name: feature.name.to_owned(),
            label: feature.label.to_owned(),
            missing: 1.0,
            importance: 0.0,
        }))
        .collect();
    summaries.sort_by(|a, b| {
        b.importance
            .total_cmp(&a.importance)
            .then_with(|| a.name.cmp(&b.name))
    });
    summaries
}

/// Writes a file so that readers see the old one or the new one, never half of it.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let place = folder.join(name);
    let context = || format!("writing {}: is its folder writable?", place.display());
    fs::create_dir_all(folder).with_context(context)?;
    // Temporary files are private by default, but this one is going to be published.
    let mut file = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)
        .with_context(context)?;
    file.write_all(bytes).with_context(context)?;
    file.persist(&place).with_context(context)?;
    Ok(())
}

#[cfg(test)]
mod tests;
