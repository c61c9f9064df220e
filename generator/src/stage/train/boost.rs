//! Gradient boosting for several classes: each round grows one tree per class on the derivatives
//! of the softmax loss, until the validation years stop getting better.

use anyhow::Result;
use indicatif::ProgressBar;
use rand::seq::index;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use severity::model::softmax;
use severity::tree::Tree;

use super::histogram::{Column, Sums};
use super::tree::{Ground, Grown, grow};

/// How trees are grown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoostParams {
    /// Most rounds; each grows one tree per class.
    pub rounds: u32,
    /// Rounds without a better validation log loss before growing stops.
    pub patience: u32,
    /// Share of each tree's opinion that is taken.
    pub learning_rate: f64,
    /// Most splits from root to leaf.
    pub depth: u32,
    /// L2 penalty on leaves.
    pub lambda: f64,
    /// Least hessian mass of a leaf.
    pub min_child_weight: f64,
    /// Gain a split must exceed.
    pub min_gain: f64,
    /// Share of the events each round sees.
    pub row_share: f64,
    /// Share of the features each tree sees.
    pub column_share: f64,
}

impl Default for BoostParams {
    fn default() -> Self {
        Self {
            rounds: 600,
            patience: 40,
            learning_rate: 0.08,
            depth: 4,
            lambda: 5.0,
            min_child_weight: 5.0,
            min_gain: 0.5,
            row_share: 0.8,
            column_share: 0.6,
        }
    }
}

impl BoostParams {
    /// Ways of growing that differ in how deep trees are and how much each may say; the validation
    /// years choose between them.
    pub fn candidates() -> Vec<Self> {
        [(4, 0.08), (5, 0.06), (6, 0.04)]
            .map(|(depth, learning_rate)| Self {
                learning_rate,
                depth,
                ..Self::default()
            })
            .to_vec()
    }
}

/// Encoded events and their outcomes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Examples<'a> {
    /// Encoded rows.
    pub(super) rows: &'a [&'a [f32]],
    /// Class of each row.
    pub(super) outcomes: &'a [usize],
}

/// Trees up to the best round.
#[derive(Debug)]
pub(super) struct Boosted {
    /// Round by round, in each round one per class.
    pub(super) trees: Vec<Tree>,
    /// Gain per feature over all kept trees.
    pub(super) gains: Vec<f64>,
    /// Log loss of the validation events under these trees.
    pub(super) loss: f64,
}

/// Grows trees from `base` margins. Same input and seed, same trees, on any number of threads.
pub(super) fn boost(
    train: Examples,
    validation: Examples,
    base: &[f64],
    params: &BoostParams,
    seed: u64,
    bar: &ProgressBar,
) -> Result<Boosted> {
    let features = train.rows.first().map_or(0, |row| row.len());
    let columns: Vec<Column> = (0..features)
        .into_par_iter()
        .map(|at| Column::new(&train.rows.iter().map(|row| row[at]).collect::<Vec<_>>()))
        .collect();
    let mut train_margins = vec![base.to_vec(); train.rows.len()];
    let mut validation_margins = vec![base.to_vec(); validation.rows.len()];
    let mut rounds: Vec<Vec<Grown>> = Vec::new();
    let (mut best_loss, mut best_rounds) = (loss(validation, &validation_margins), 0);
    for round in 0..params.rounds {
        let mut rng = generator(seed, u64::from(round) * (base.len() as u64 + 1));
        let events: Vec<u32> = sample(&mut rng, train.rows.len(), params.row_share)
            .into_iter()
            .map(|event| event as u32)
            .collect();
        let probabilities: Vec<Vec<f64>> = train_margins.iter().map(|m| softmax(m)).collect();
        // Classes do not depend on each other within a round, so threads cannot change a result.
        let grown = (0..base.len())
            .into_par_iter()
            .map(|class| {
                let stream = u64::from(round) * (base.len() as u64 + 1) + class as u64 + 1;
                let chosen = sample(&mut generator(seed, stream), features, params.column_share);
                let ground = Ground {
                    columns: &columns,
                    features: &chosen,
                    events: &events,
                    derivatives: &derivatives(&probabilities, train.outcomes, class),
                };
                Ok(grow(&ground, params)?)
            })
            .collect::<Result<Vec<_>>>()?;
        add(&mut train_margins, train.rows, &grown);
        add(&mut validation_margins, validation.rows, &grown);
        rounds.push(grown);
        bar.inc(1);
        let loss = loss(validation, &validation_margins);
        if loss < best_loss {
            (best_loss, best_rounds) = (loss, rounds.len());
        } else if rounds.len() - best_rounds >= params.patience as usize {
            break;
        }
    }
    rounds.truncate(best_rounds);
    let mut gains = vec![0.0; features];
    let mut trees = Vec::with_capacity(best_rounds * base.len());
    for grown in rounds.into_iter().flatten() {
        for (sum, gain) in gains.iter_mut().zip(&grown.gains) {
            *sum += gain;
        }
        trees.push(grown.tree);
    }
    let loss = best_loss;
    Ok(Boosted { trees, gains, loss })
}

/// A generator of its own for each tree, so that the order of growing does not matter.
fn generator(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// Ascending positions: `share` of `length`, at least one.
fn sample(rng: &mut ChaCha8Rng, length: usize, share: f64) -> Vec<usize> {
    let amount = (length as f64 * share)
        .round()
        .clamp(1.0, length.max(1) as f64) as usize;
    let mut chosen = index::sample(rng, length, amount.min(length)).into_vec();
    chosen.sort_unstable();
    chosen
}

/// Derivatives of the log loss by the margin of `class`.
///
/// The hessian is doubled, as is usual for softmax: the other margins move as well.
fn derivatives(probabilities: &[Vec<f64>], outcomes: &[usize], class: usize) -> Vec<Sums> {
    probabilities
        .iter()
        .zip(outcomes)
        .map(|(row, outcome)| {
            let p = row[class];
            Sums {
                gradient: p - if *outcome == class { 1.0 } else { 0.0 },
                hessian: (2.0 * p * (1.0 - p)).max(1e-16),
            }
        })
        .collect()
}

fn add(margins: &mut [Vec<f64>], rows: &[&[f32]], grown: &[Grown]) {
    margins.par_iter_mut().zip(rows).for_each(|(margins, row)| {
        for (margin, grown) in margins.iter_mut().zip(grown) {
            *margin += f64::from(grown.tree.leaf(row));
        }
    });
}

fn loss(examples: Examples, margins: &[Vec<f64>]) -> f64 {
    let losses = margins.iter().zip(examples.outcomes);
    let sum: f64 = losses.map(|(m, outcome)| -softmax(m)[*outcome].ln()).sum();
    sum / margins.len() as f64
}

#[cfg(test)]
mod tests;
