//! From prepared events to a model: search, calibration, decision weights, refit.

use std::ops::ControlFlow;

use anyhow::Result;
use indicatif::ProgressBar;
use rayon::prelude::*;
use severity::Model;
use severity::cross::{self, Cross};
use severity::header::{Calibration, Header, Window};
use severity::model::softmax;
use severity::tree::Tree;

use super::boost::{BoostParams, Boosted, Examples, Lessons, boost, generator, sample};
use super::prepare::{Prepared, tidy};
use super::run::{CalibrationChoice, LearningPoint, Refit};
use super::search::{self, Found, Trial};
use super::split::{Parts, Split};
use super::table::Table;
use super::teach::{Taught, pairs, teach};
use super::{CLASSES, calibrate, classes, decide, metrics};

/// Shares of the training events on the learning curve; the search has its last point, all.
const CURVE: [f64; 4] = [0.1, 0.25, 0.5, 0.75];

/// Stream of the generator that chooses them.
const CURVE_STREAM: u64 = u64::MAX - 2;

/// Forests whose mean is the model: much of what one gets wrong is chance.
const MEMBERS: u64 = 5;

/// Most pairs of categories that trees may ask for: each costs time in every trial, and those that
/// are hardly asked for cost more than they tell.
const PAIRS: usize = 18;

/// Most nodes of a model: with more its file would be larger than a browser should have to fetch.
const NODES: usize = 52_000;

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

/// When to stop growing.
#[derive(Clone, Copy)]
enum Until<'a> {
    /// At the round that is best for these events.
    BestFor(&'a [usize]),
    /// After so many rounds, one number a member.
    Rounds(&'a [u32]),
}

/// Trees of several members, their leaves already divided by the number of members.
#[derive(Debug, Default)]
struct Forest {
    crosses: Vec<Cross>,
    /// Member by member, round by round, in each round one per class.
    trees: Vec<Tree>,
    /// Gain per column.
    gains: Vec<f64>,
    /// Rounds of each member.
    rounds: Vec<u32>,
}

impl Forest {
    fn nodes(&self) -> usize {
        self.trees.iter().map(|tree| tree.nodes().len()).sum()
    }
}

/// Everything the steps share.
struct Material<'a> {
    table: &'a Table,
    prepared: &'a Prepared,
    /// Pairs of categories whose shares the trees may ask for.
    pairs: Vec<Cross>,
    priors: &'a [f64],
    seed: u64,
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
    let found = material.search(parts, trials, bar)?;
    let params = found.params.clone();
    let until = Until::BestFor(&parts.validation);
    let mut forest = material.grow(&parts.train, &params, until, MEMBERS)?;
    while forest.rounds.len() > 1 && forest.nodes() > NODES {
        let fewer = forest.rounds.len() as u64 - 1;
        forest = material.grow(&parts.train, &params, until, fewer)?;
    }
    let members = forest.rounds.len() as u64;
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
    let raw = Model::new(header.clone(), forest.trees.clone())?;
    let validation = material.rows(&parts.validation);
    let margins = raw.margins_of(&validation);
    let calibration = calibrate::choose(&margins, &later_outcomes, CLASSES.len());
    header.calibration = calibration.fitted.clone();
    let calibrated = Model::new(header.clone(), forest.trees.clone())?;
    let forecasts = calibrated.probabilities_of(&validation);
    header.decision = decide::weights(&later_outcomes, &forecasts, CLASSES.len())
        .into_iter()
        .map(tidy)
        .collect();

    let validation_log_loss = mean_log_loss(&later_outcomes, &margins);
    let learning_curve = material.learning_curve(parts, &found, bar)?;
    let refit = material.try_refit(parts, &params, bar)?;
    let mut last = forest;
    if refit.taken {
        let mut events = parts.train.clone();
        events.extend(&parts.validation);
        last = material.grow(&events, &params, Until::Rounds(&last.rounds), members)?;
        header.base_margins = material.base(&events);
        header.crosses.clone_from(&last.crosses);
        header.window.refit = true;
    }
    bar.inc(1);
    Ok(Fitted {
        model: Model::new(header, last.trees)?,
        gains: last.gains,
        rounds: last.rounds,
        params,
        trials: found.trials,
        curve: found.curve,
        validation_log_loss,
        refit,
        calibration,
        learning_curve,
    })
}

fn slices(rows: &[Vec<f32>]) -> Vec<&[f32]> {
    rows.iter().map(Vec::as_slice).collect()
}

impl Material<'_> {
    fn rows(&self, events: &[usize]) -> Vec<&[f32]> {
        let rows = events.iter().map(|at| self.prepared.rows[*at].as_slice());
        rows.collect()
    }

    fn outcomes(&self, events: &[usize]) -> Vec<usize> {
        events.iter().map(|at| self.table.outcomes[*at]).collect()
    }

    /// Logarithms of the class shares.
    fn base(&self, events: &[usize]) -> Vec<f64> {
        let mut counts = vec![0.0; self.priors.len()];
        for at in events {
            counts[self.table.outcomes[*at]] += 1.0;
        }
        // A class without an event keeps half of one, so that its margin is finite.
        let share = |count: &f64| tidy((count.max(0.5) / events.len() as f64).ln());
        counts.iter().map(share).collect()
    }

    fn teach(&self, events: &[usize], member: u64) -> Taught {
        teach(
            &self.pairs,
            &self.rows(events),
            &self.outcomes(events),
            self.priors.len(),
            self.seed + member,
        )
    }

    /// What trees are asked about events that were not learned from.
    fn columns(&self, taught: &Taught, events: &[usize]) -> Vec<Vec<f32>> {
        let rows = self.rows(events).into_iter();
        rows.map(|row| cross::columns(&taught.crosses, row))
            .collect()
    }

    /// The pairs that one forest grown the default way gains most by, in their order.
    fn best_pairs(&self, parts: &Parts) -> Result<Vec<Cross>> {
        let until = Until::BestFor(&parts.validation);
        let forest = self.grow(&parts.train, &search::default_trial(), until, 1)?;
        let shares = self.priors.len() - 1;
        let gains = forest.gains[self.prepared.features.len()..].chunks(shares);
        let gains: Vec<f64> = gains.map(|gains| gains.iter().sum()).collect();
        let mut ranked: Vec<usize> = (0..self.pairs.len()).collect();
        ranked.sort_by(|a, b| gains[*b].total_cmp(&gains[*a]));
        ranked.truncate(PAIRS);
        ranked.sort_unstable();
        Ok(ranked.iter().map(|at| self.pairs[*at].clone()).collect())
    }

    fn search(&self, parts: &Parts, trials: u32, bar: &ProgressBar) -> Result<Found> {
        let taught = self.teach(&parts.train, 0);
        let later = self.columns(&taught, &parts.validation);
        let base = self.base(&parts.train);
        let (rows, outcomes) = (slices(&taught.columns), self.outcomes(&parts.train));
        let (later, later_outcomes) = (slices(&later), self.outcomes(&parts.validation));
        let lessons = Lessons::new(Examples::new(&rows, &outcomes), &base);
        let later = Examples::new(&later, &later_outcomes);
        search::search(&lessons, later, trials, self.seed, bar)
    }

    /// Grows `members` forests that differ by chance only – order of the events in the shares of
    /// pairs, choice of events and columns – and takes their mean.
    fn grow(
        &self,
        events: &[usize],
        params: &BoostParams,
        until: Until,
        members: u64,
    ) -> Result<Forest> {
        let base = self.base(events);
        let outcomes = self.outcomes(events);
        let grown: Vec<(Vec<Cross>, Boosted)> = (0..members)
            .into_par_iter()
            .map(|member| {
                let taught = self.teach(events, member);
                let rows = slices(&taught.columns);
                let lessons = Lessons::new(Examples::new(&rows, &outcomes), &base);
                let seed = self.seed + member;
                let watch = &mut |_, _| ControlFlow::Continue(());
                let boosted = match until {
                    Until::Rounds(rounds) => {
                        let params = BoostParams {
                            rounds: rounds[member as usize],
                            ..params.clone()
                        };
                        boost(&lessons, None, &params, seed, watch)?
                    }
                    Until::BestFor(later) => {
                        let columns = self.columns(&taught, later);
                        let (rows, outcomes) = (slices(&columns), self.outcomes(later));
                        let later = Examples::new(&rows, &outcomes);
                        boost(&lessons, Some(later), params, seed, watch)?
                    }
                };
                Ok((taught.crosses, boosted))
            })
            .collect::<Result<_>>()?;
        let mut forest = Forest::default();
        for (crosses, boosted) in grown {
            // The shares that later events see do not depend on the order.
            forest.crosses = crosses;
            forest.rounds.push(boosted.rounds(base.len()) as u32);
            forest.gains.resize(boosted.gains.len(), 0.0);
            for (sum, gain) in forest.gains.iter_mut().zip(boosted.gains) {
                *sum += gain;
            }
            let trees = boosted.trees.iter();
            forest
                .trees
                .extend(trees.map(|tree| tree.scaled(1.0 / members as f32)));
        }
        Ok(forest)
    }

    /// At the pace of a trial, and with one member: how fast the curve falls is the same.
    fn learning_curve(
        &self,
        parts: &Parts,
        found: &Found,
        bar: &ProgressBar,
    ) -> Result<Vec<LearningPoint>> {
        let params = search::hurried(&found.params);
        let mut points = Vec::new();
        for share in CURVE {
            let mut rng = generator(self.seed, CURVE_STREAM);
            let chosen = sample(&mut rng, parts.train.len(), share);
            let events: Vec<usize> = chosen.into_iter().map(|at| parts.train[at]).collect();
            let until = Until::BestFor(&parts.validation);
            let forest = self.grow(&events, &params, until, 1)?;
            bar.inc(1);
            points.push(LearningPoint {
                rows: events.len() as u64,
                log_loss: self.loss(&parts.validation, &events, &forest),
            });
        }
        points.push(LearningPoint {
            rows: parts.train.len() as u64,
            log_loss: found.loss(),
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
        let params = &search::hurried(params);
        let stopped = self.grow(&older, params, Until::BestFor(&newer), 1)?;
        let again = self.grow(&parts.train, params, Until::Rounds(&stopped.rounds), 1)?;
        let without = self.loss(&parts.validation, &older, &stopped);
        let with = self.loss(&parts.validation, &parts.train, &again);
        Ok(Refit {
            taken: with < without,
            without: Some(without),
            with: Some(with),
        })
    }

    /// Log loss of a forest on `events`.
    fn loss(&self, events: &[usize], grown_on: &[usize], forest: &Forest) -> f64 {
        let base = self.base(grown_on);
        let margins: Vec<Vec<f64>> = self
            .rows(events)
            .into_iter()
            .map(|row| {
                let columns = cross::columns(&forest.crosses, row);
                let mut margins = base.clone();
                for (at, tree) in forest.trees.iter().enumerate() {
                    margins[at % base.len()] += f64::from(tree.leaf(&columns));
                }
                margins
            })
            .collect();
        mean_log_loss(&self.outcomes(events), &margins)
    }
}

fn mean_log_loss(outcomes: &[usize], margins: &[Vec<f64>]) -> f64 {
    let losses = outcomes.iter().zip(margins);
    let sum: f64 = losses
        .map(|(y, m)| metrics::log_loss(*y, &softmax(m)))
        .sum();
    sum / outcomes.len().max(1) as f64
}
