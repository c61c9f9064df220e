//! The search for good ways of growing trees: a number of trials, hopeless ones broken off early.
//!
//! The ranges are those that the documentation of XGBoost and LightGBM and the surveys of their
//! tuning (Probst, Boulesteix and Bischl 2019; Bischl et al. 2023) recommend, kept to trees small
//! enough for a browser. All trials learn at one fast rate, faster than that of the model, so that
//! they are short and their curves can be compared round by round. Only the validation years judge.

use std::ops::ControlFlow;

use anyhow::{Context, Result};
use indicatif::ProgressBar;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::boost::{BoostParams, Lessons, boost, generator};
use super::tpe;

/// Learning rate of all trials: what is good at this rate is good at that of the model, and a trial
/// takes half of the time.
const TRIAL_RATE: f64 = 0.3;

/// Rounds without improvement after which a trial ends.
const TRIAL_PATIENCE: u32 = 10;

/// Learning rate and patience of the model: a slower one would need more trees.
const RATE: f64 = 0.15;
const PATIENCE: u32 = 15;

/// Most members of the model. Much of what one forest gets wrong is chance, and so is which of the best
/// trials was the best.
const MEMBERS: usize = 8;

/// Rounds after which, and from then on every so many, a trial is compared with earlier ones.
const CHECK: usize = 5;

/// Trials that run at the same time.
const TOGETHER: usize = 2;

/// Complete trials before any is broken off.
const UNPRUNED: usize = 5;

/// Stream of the generator that proposes; trees use the low numbers.
const STREAM: u64 = u64::MAX;

/// Dimensions of the search space.
const DIMENSIONS: usize = 9;

/// One way of growing that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// How trees were grown.
    pub params: BoostParams,
    /// Least log loss on the validation years.
    pub loss: f64,
    /// Round of the least loss.
    pub rounds: u32,
    /// Whether it was broken off because it was worse than half of the earlier trials.
    pub pruned: bool,
    /// Whether a member of the model was grown this way, at the pace of the model.
    #[serde(default)]
    pub member: bool,
}

/// What a search found.
#[derive(Debug)]
pub(super) struct Found {
    /// All trials, in order.
    pub(super) trials: Vec<Trial>,
    /// The trials that were best, best first.
    pub(super) best: Vec<usize>,
    /// The best trial's log loss on the validation years after each round, before the first round first.
    pub(super) curve: Vec<f64>,
}

impl Found {
    /// The best ways of growing, best first, at the pace of the model.
    pub(super) fn ways(&self) -> Vec<BoostParams> {
        let trials = self.best.iter().map(|at| &self.trials[*at]);
        let at_pace = |trial: &Trial| BoostParams {
            learning_rate: RATE,
            patience: PATIENCE,
            ..trial.params.clone()
        };
        trials.map(at_pace).collect()
    }

    /// Least log loss of any trial on the validation years.
    pub(super) fn loss(&self) -> f64 {
        self.curve.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

/// Runs `count` trials, several at a time: those know the outcomes of the earlier ones only, so that
/// the number of threads changes nothing.
pub(super) fn search(lessons: &Lessons, count: u32, seed: u64, bar: &ProgressBar) -> Result<Found> {
    let mut rng = generator(seed, STREAM);
    let mut trials: Vec<Trial> = Vec::new();
    let mut points: Vec<(Vec<f64>, f64)> = Vec::new();
    let mut curves: Vec<Vec<f64>> = Vec::new();
    let mut best: Option<(f64, Vec<f64>)> = None;
    while trials.len() < count as usize {
        // The first trial is the default way, so that a search is never worse than none.
        let first = trials.is_empty().then(|| (None, default_trial()));
        let proposed = std::iter::repeat_with(|| {
            let point = tpe::propose(&points, DIMENSIONS, &mut rng);
            let params = params(&point);
            (Some(point), params)
        });
        let next = TOGETHER.min(count as usize - trials.len());
        let next: Vec<_> = first.into_iter().chain(proposed).take(next).collect();
        let done: Vec<(Trial, Vec<f64>)> = next
            .par_iter()
            .map(|(_, params)| run(lessons, params, &curves, seed))
            .collect::<Result<_>>()?;
        for ((point, _), (trial, curve)) in next.into_iter().zip(done) {
            points.extend(point.map(|point| (point, trial.loss)));
            if !trial.pruned {
                curves.push(running_least(&curve));
            }
            if best.as_ref().is_none_or(|(least, _)| trial.loss < *least) {
                best = Some((trial.loss, curve));
            }
            trials.push(trial);
            bar.inc(1);
        }
        let least = best.as_ref().map_or(f64::NAN, |(least, _)| *least);
        bar.set_message(format!("validation log-loss {least:.4}"));
    }
    let (_, curve) = best.context("no trial was asked for")?;
    Ok(Found {
        best: ranked(&trials),
        trials,
        curve,
    })
}

/// The best of the trials that ran to their end.
fn ranked(trials: &[Trial]) -> Vec<usize> {
    let mut ranked: Vec<usize> = (0..trials.len()).filter(|at| !trials[*at].pruned).collect();
    // Stable: of equal ones the first.
    ranked.sort_by(|a, b| trials[*a].loss.total_cmp(&trials[*b].loss));
    ranked.truncate(MEMBERS);
    ranked
}

/// Runs one trial, unless it turns out to be hopeless beside the curves of earlier ones.
fn run(
    lessons: &Lessons,
    params: &BoostParams,
    curves: &[Vec<f64>],
    seed: u64,
) -> Result<(Trial, Vec<f64>)> {
    let mut pruned = false;
    let mut least = f64::INFINITY;
    let watch = &mut |round: usize, loss: f64| {
        least = least.min(loss);
        pruned = round.is_multiple_of(CHECK) && is_hopeless(curves, round, least);
        if pruned {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let boosted = boost(lessons, params, seed, watch)?;
    let trial = Trial {
        params: params.clone(),
        loss: boosted.loss(),
        rounds: boosted.rounds(lessons.base.len()) as u32,
        pruned,
        member: false,
    };
    Ok((trial, boosted.curve))
}

/// Median pruning: worse at this round than half of the complete trials were.
fn is_hopeless(curves: &[Vec<f64>], round: usize, least: f64) -> bool {
    if curves.len() < UNPRUNED {
        return false;
    }
    // A trial that had stopped by then would not have become better.
    let mut then: Vec<f64> = curves
        .iter()
        .map(|curve| curve[round.min(curve.len() - 1)])
        .collect();
    then.sort_by(f64::total_cmp);
    least > then[then.len() / 2]
}

fn running_least(curve: &[f64]) -> Vec<f64> {
    let mut least = f64::INFINITY;
    curve
        .iter()
        .map(|loss| {
            least = least.min(*loss);
            least
        })
        .collect()
}

/// The default way of growing at the pace of trials.
pub(super) fn default_trial() -> BoostParams {
    hurried(&BoostParams::default())
}

/// A way of growing at the pace of trials.
pub(super) fn hurried(params: &BoostParams) -> BoostParams {
    BoostParams {
        learning_rate: TRIAL_RATE,
        patience: TRIAL_PATIENCE,
        ..params.clone()
    }
}

/// The way of growing at a point of the unit cube.
fn params(point: &[f64]) -> BoostParams {
    let linear = |at: usize, from: f64, to: f64| from + point[at] * (to - from);
    let log = |at: usize, from: f64, to: f64| from * (to / from).powf(point[at]);
    let whole = |x: f64| x.round() as u32;
    hurried(&BoostParams {
        depth: whole(linear(0, 3.0, 8.0)),
        leaves: whole(log(1, 6.0, 16.0)),
        lambda: log(2, 0.1, 30.0),
        alpha: log(3, 0.001, 5.0),
        min_child_weight: log(4, 1.0, 30.0),
        min_gain: log(5, 0.001, 3.0),
        row_share: linear(6, 0.5, 1.0),
        column_share: linear(7, 0.1, 0.7),
        split_share: linear(8, 0.2, 1.0),
        ..BoostParams::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_is_broken_off_when_half_were_better_by_then() {
        let curves: Vec<Vec<f64>> = (0..6)
            .map(|at| vec![1.2, 1.0 + f64::from(at) / 10.0])
            .collect();
        assert!(is_hopeless(&curves, 1, 1.35));
        assert!(!is_hopeless(&curves, 1, 1.25));
        assert!(!is_hopeless(&curves[..4], 1, 9.0), "too few to compare");
        assert!(is_hopeless(&curves, 40, 1.35), "the others had stopped");
    }

    #[test]
    fn members_are_grown_the_ways_of_the_best_trials_that_ran_to_their_end() {
        let trial = |(at, pruned): (u32, bool)| Trial {
            params: BoostParams {
                depth: at,
                ..default_trial()
            },
            loss: f64::from(at % 5),
            rounds: 1,
            pruned,
            member: false,
        };
        let trials: Vec<Trial> = (0..20).map(|at| trial((at, at % 2 == 0))).collect();
        let found = Found {
            best: ranked(&trials),
            trials,
            curve: Vec::new(),
        };
        assert_eq!(found.best, [5, 15, 1, 11, 7, 17, 3, 13]);
        let ways = found.ways();
        assert_eq!((ways[0].depth, ways[7].depth), (5, 13));
        assert!(ways.iter().all(|way| way.learning_rate < TRIAL_RATE));
    }

    #[test]
    fn corners_of_the_space_are_ways_of_growing() {
        let least = params(&[0.0; DIMENSIONS]);
        assert_eq!((least.depth, least.leaves), (3, 6));
        let most = params(&[1.0; DIMENSIONS]);
        assert_eq!((most.depth, most.leaves), (8, 16));
        assert!((most.lambda - 30.0).abs() < 1e-9 && (most.row_share - 1.0).abs() < 1e-12);
    }
}
