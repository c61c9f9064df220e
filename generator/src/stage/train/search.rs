//! The search for good ways of growing trees: a number of trials, hopeless ones broken off early.
//!
//! The ranges are those that the documentation of XGBoost and LightGBM and the surveys of their
//! tuning (Probst, Boulesteix and Bischl 2019; Bischl et al. 2023) recommend, kept to trees small
//! enough for a browser. All trials learn at one fast rate, faster than that of the model, so that
//! they are short and their curves can be compared round by round. Only the validation years judge.

use std::ops::ControlFlow;

use anyhow::{Context, Result};
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};

use super::boost::{BoostParams, Examples, Lessons, boost, generator};
use super::tpe;

/// Learning rate of all trials: what is good at this rate is good at that of the model, and a trial
/// takes half of the time.
const TRIAL_RATE: f64 = 0.3;

/// Rounds without improvement after which a trial ends.
const TRIAL_PATIENCE: u32 = 10;

/// Learning rate and patience of the model: a slower one would need more trees.
const RATE: f64 = 0.15;
const PATIENCE: u32 = 15;

/// Rounds after which, and from then on every so many, a trial is compared with earlier ones.
const CHECK: usize = 5;

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
}

/// What a search found.
#[derive(Debug)]
pub(super) struct Found {
    /// All trials, in order.
    pub(super) trials: Vec<Trial>,
    /// The way of growing that was best, at the pace of the model.
    pub(super) params: BoostParams,
    /// The trial's log loss on the validation years after each round, before the first round first.
    pub(super) curve: Vec<f64>,
}

impl Found {
    /// Least log loss of any trial on the validation years.
    pub(super) fn loss(&self) -> f64 {
        self.curve.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

/// Runs `count` trials.
pub(super) fn search(
    lessons: &Lessons,
    validation: Examples,
    count: u32,
    seed: u64,
    bar: &ProgressBar,
) -> Result<Found> {
    let mut rng = generator(seed, STREAM);
    let mut trials: Vec<Trial> = Vec::new();
    let mut points: Vec<(Vec<f64>, f64)> = Vec::new();
    let mut curves: Vec<Vec<f64>> = Vec::new();
    let mut best: Option<(f64, BoostParams, Vec<f64>)> = None;
    for number in 0..count {
        // The first trial is the default way, so that a search is never worse than none.
        let (point, params) = if number == 0 {
            (None, default_trial())
        } else {
            let point = tpe::propose(&points, DIMENSIONS, &mut rng);
            let params = params(&point);
            (Some(point), params)
        };
        let mut pruned = false;
        let mut least = f64::INFINITY;
        let boosted = boost(
            lessons,
            Some(validation),
            &params,
            seed,
            &mut |round, loss| {
                least = least.min(loss);
                pruned = round % CHECK == 0 && is_hopeless(&curves, round, least);
                if pruned {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            },
        )?;
        let loss = boosted.loss();
        trials.push(Trial {
            params: params.clone(),
            loss,
            rounds: boosted.rounds(lessons.classes()) as u32,
            pruned,
        });
        points.extend(point.map(|point| (point, loss)));
        if !pruned {
            curves.push(running_least(&boosted.curve));
        }
        if best.as_ref().is_none_or(|(least, ..)| loss < *least) {
            best = Some((loss, params, boosted.curve));
        }
        bar.inc(1);
        let least = best.as_ref().map_or(loss, |(least, ..)| *least);
        bar.set_message(format!("validation log-loss {least:.4}"));
    }
    let (_, params, curve) = best.context("no trial was asked for")?;
    let params = BoostParams {
        learning_rate: RATE,
        patience: PATIENCE,
        ..params
    };
    Ok(Found {
        trials,
        params,
        curve,
    })
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
    fn corners_of_the_space_are_ways_of_growing() {
        let least = params(&[0.0; DIMENSIONS]);
        assert_eq!((least.depth, least.leaves), (3, 6));
        let most = params(&[1.0; DIMENSIONS]);
        assert_eq!((most.depth, most.leaves), (8, 16));
        assert!((most.lambda - 30.0).abs() < 1e-9 && (most.row_share - 1.0).abs() < 1e-12);
    }
}
