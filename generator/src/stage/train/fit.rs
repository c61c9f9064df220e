//! From prepared events to a model: search, calibration, decision weights, refit.

use anyhow::Result;
use indicatif::ProgressBar;
use rayon::prelude::*;
use severity::Model;
use severity::cross::Cross;
use severity::header::{Calibration, Header, Window};

use super::boost::{BoostParams, generator, sample};
use super::forest::{Material, Until, mean_log_loss};
use super::prepare::{Prepared, tidy};
use super::run::{CalibrationChoice, LearningPoint, Refit};
use super::search::{self, Found, Trial};
use super::split::{Parts, Split};
use super::table::Table;
use super::teach::pairs;
use super::{CLASSES, calibrate, classes, decide};

/// Shares of the training events on the learning curve; the search has its last point, all.
const CURVE: [f64; 4] = [0.1, 0.25, 0.5, 0.75];

/// Stream of the generator that chooses them.
const CURVE_STREAM: u64 = u64::MAX - 2;

/// Most nodes of a model: with more its file would be larger than a browser should have to fetch.
const NODES: usize = 58_000;

/// Most pairs of categories that trees may ask for: each costs time in every trial, and those that
/// are hardly asked for cost more than they tell.
const PAIRS: usize = 12;

/// A model and how it came about.
#[derive(Debug)]
pub(super) struct Fitted {
    pub(super) model: Model,
    /// Gain per column the trees may ask for.
    pub(super) gains: Vec<f64>,
    /// Rounds of each member.
    pub(super) rounds: Vec<u32>,
    pub(super) params: BoostParams,
    pub(super) trials: Vec<Trial>,
    pub(super) curve: Vec<f64>,
    pub(super) validation_log_loss: f64,
    pub(super) refit: Refit,
    pub(super) calibration: CalibrationChoice,
    pub(super) learning_curve: Vec<LearningPoint>,
}

/// Steps of the progress bar.
pub(super) fn steps(trials: u32) -> u64 {
    u64::from(trials) + CURVE.len() as u64 + 4
}

/// Searches, calibrates, decides whether to refit, and puts together.
pub(super) fn fit(
    table: &Table,
    parts: &Parts,
    split: Split,
    prepared: &Prepared,
    priors: &[f64],
    (trials, seed): (u32, u64),
    bar: &ProgressBar,
) -> Result<Fitted> {
    let mut material = Material {
        table,
        prepared,
        pairs: pairs(&prepared.features),
        priors,
        seed,
    };
    material.pairs = material.best_pairs(parts)?;
    bar.inc(1);
    let mut found = material.search(parts, trials, bar)?;
    let mut ways = found.ways();
    let until = Until::BestFor(&parts.validation);
    let mut forest = material.grow(&parts.train, &ways, until)?;
    forest.limit(NODES);
    let rounds = forest.rounds(CLASSES.len());
    ways.truncate(rounds.len());
    for at in &found.best[..rounds.len()] {
        found.trials[*at].member = true;
    }
    bar.inc(1);
    let later_outcomes = material.outcomes(&parts.validation);

    let mut header = Header {
        feature_set: prepared.set,
        classes: classes(priors),
        features: prepared.features.clone(),
        crosses: forest.crosses.clone(),
        base_margins: material.base(&parts.train),
        calibration: Calibration::identity(CLASSES.len()),
        decision: Vec::new(),
        window: Window {
            train_from: table.years[parts.train[0]],
            train_to: split.train_to,
            validate_to: split.validate_to,
            rows: parts.train.len() as u64,
            refit: false,
        },
    };
    let raw = Model::new(header.clone(), forest.trees())?;
    let validation = material.rows(&parts.validation);
    let margins = raw.margins_of(&validation);
    let calibration = calibrate::choose(&margins, &later_outcomes, CLASSES.len());
    header.calibration = calibration.fitted.clone();
    let calibrated = Model::new(header.clone(), forest.trees())?;
    let forecasts = calibrated.probabilities_of(&validation);
    header.decision = decide::weights(&later_outcomes, &forecasts, CLASSES.len(), seed)
        .into_iter()
        .map(tidy)
        .collect();

    let validation_log_loss = mean_log_loss(&later_outcomes, &margins);
    let learning_curve = material.learning_curve(parts, &ways[0], found.loss(), bar)?;
    let refit = material.try_refit(parts, &ways[0], bar)?;
    let mut last = forest;
    if refit.taken {
        let mut events = parts.train.clone();
        events.extend(&parts.validation);
        last = material.grow(&events, &ways, Until::Rounds(&rounds))?;
        header.base_margins = material.base(&events);
        header.crosses.clone_from(&last.crosses);
        header.window.refit = true;
    }
    bar.inc(1);
    Ok(Fitted {
        model: Model::new(header, last.trees())?,
        gains: last.gains(),
        rounds,
        params: ways[0].clone(),
        trials: found.trials,
        curve: found.curve,
        validation_log_loss,
        refit,
        calibration,
        learning_curve,
    })
}

impl Material<'_> {
    /// The pairs that one forest grown the default way gains most by, in their order.
    fn best_pairs(&self, parts: &Parts) -> Result<Vec<Cross>> {
        let until = Until::BestFor(&parts.validation);
        let forest = self.grow(&parts.train, &[search::default_trial()], until)?;
        let shares = self.priors.len() - 1;
        let gains = forest.gains();
        let gains = gains[self.prepared.features.len()..].chunks(shares);
        let gains: Vec<f64> = gains.map(|gains| gains.iter().sum()).collect();
        let mut ranked: Vec<usize> = (0..self.pairs.len()).collect();
        ranked.sort_by(|a, b| gains[*b].total_cmp(&gains[*a]));
        ranked.truncate(PAIRS);
        ranked.sort_unstable();
        Ok(ranked.iter().map(|at| self.pairs[*at].clone()).collect())
    }

    fn search(&self, parts: &Parts, trials: u32, bar: &ProgressBar) -> Result<Found> {
        let pupils = self.pupils(&parts.train, &parts.validation);
        let (_, lessons) = self.lessons(&pupils, 0);
        search::search(&lessons, trials, self.seed, bar)
    }

    /// At the pace of a trial, and with one member: how fast the curve falls is the same. Its last point
    /// is the search's, `whole`.
    fn learning_curve(
        &self,
        parts: &Parts,
        way: &BoostParams,
        whole: f64,
        bar: &ProgressBar,
    ) -> Result<Vec<LearningPoint>> {
        let way = [search::hurried(way)];
        let point = |share: f64| {
            let mut rng = generator(self.seed, CURVE_STREAM);
            let chosen = sample(&mut rng, parts.train.len(), share);
            let events: Vec<usize> = chosen.into_iter().map(|at| parts.train[at]).collect();
            let until = Until::BestFor(&parts.validation);
            let forest = self.grow(&events, &way, until)?;
            bar.inc(1);
            Ok(LearningPoint {
                rows: events.len() as u64,
                log_loss: self.loss(&parts.validation, &events, &forest),
            })
        };
        let points = CURVE.into_par_iter().map(point);
        let mut points: Vec<LearningPoint> = points.collect::<Result<_>>()?;
        points.push(LearningPoint {
            rows: parts.train.len() as u64,
            log_loss: whole,
        });
        Ok(points)
    }

    /// Tries inside the training years what a refit on newer years is worth, see [`Refit`].
    fn try_refit(&self, parts: &Parts, params: &BoostParams, bar: &ProgressBar) -> Result<Refit> {
        let years = &self.table.years;
        let last = years[parts.train[parts.train.len() - 1]];
        let span = years[parts.validation[parts.validation.len() - 1]] - last;
        let (older, newer): (Vec<usize>, Vec<usize>) = parts
            .train
            .iter()
            .partition(|at| years[**at] <= last - span);
        bar.inc(1);
        // Less than half of the events would tell about their number, not about their age.
        if older.len() < newer.len() {
            return Ok(Refit {
                taken: false,
                without: None,
                with: None,
            });
        }
        // One member in a hurry tells as much about the years as several.
        let params = &[search::hurried(params)];
        let stopped = self.grow(&older, params, Until::BestFor(&newer))?;
        let rounds = stopped.rounds(self.priors.len());
        let again = self.grow(&parts.train, params, Until::Rounds(&rounds))?;
        let without = self.loss(&parts.validation, &older, &stopped);
        let with = self.loss(&parts.validation, &parts.train, &again);
        Ok(Refit {
            taken: with < without,
            without: Some(without),
            with: Some(with),
        })
    }
}
