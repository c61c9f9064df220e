//! Gradient boosting for several classes: each round grows one tree per class on the derivatives
//! of the softmax loss, until the validation years stop getting better.

use std::ops::ControlFlow;

use anyhow::Result;
use rand::seq::index;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use severity::tree::{Node, Tree};

use super::histogram::{Bins, Derivatives};
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
    /// Most leaves of a tree.
    pub leaves: u32,
    /// L2 penalty on leaves.
    pub lambda: f64,
    /// L1 penalty on leaves.
    pub alpha: f64,
    /// Least hessian mass of a leaf.
    pub min_child_weight: f64,
    /// Gain a split must exceed.
    pub min_gain: f64,
    /// Share of the events each round sees.
    pub row_share: f64,
    /// Share of the features each tree sees.
    pub column_share: f64,
    /// Share of the tree's features each split sees.
    pub split_share: f64,
}

impl Default for BoostParams {
    fn default() -> Self {
        Self {
            rounds: 300,
            patience: 30,
            learning_rate: 0.1,
            depth: 6,
            leaves: 14,
            lambda: 5.0,
            alpha: 0.0,
            min_child_weight: 5.0,
            min_gain: 0.1,
            row_share: 0.8,
            column_share: 0.3,
            split_share: 0.5,
        }
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

impl<'a> Examples<'a> {
    pub(super) fn new(rows: &'a [&'a [f32]], outcomes: &'a [usize]) -> Self {
        Self { rows, outcomes }
    }
}

/// Events to learn from, in bins; made once for all ways of growing.
#[derive(Debug)]
pub(super) struct Lessons<'a> {
    examples: Examples<'a>,
    bins: Bins,
    /// Margin of each class before the first tree.
    base: &'a [f64],
}

impl<'a> Lessons<'a> {
    pub(super) fn new(examples: Examples<'a>, base: &'a [f64]) -> Self {
        Self {
            examples,
            bins: Bins::new(examples.rows),
            base,
        }
    }

    pub(super) fn classes(&self) -> usize {
        self.base.len()
    }
}

/// Trees up to the best round.
#[derive(Debug)]
pub(super) struct Boosted {
    /// Round by round, in each round one per class.
    pub(super) trees: Vec<Tree>,
    /// Gain per feature over all kept trees.
    pub(super) gains: Vec<f64>,
    /// Log loss of the later events after each round that was grown; before the first tree first.
    pub(super) curve: Vec<f64>,
}

impl Boosted {
    /// Rounds that were kept.
    pub(super) fn rounds(&self, classes: usize) -> usize {
        self.trees.len() / classes
    }

    /// Least log loss of the later events.
    pub(super) fn loss(&self) -> f64 {
        self.curve.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

/// Grows trees. Same input and seed, same trees, on any number of threads.
///
/// With events to stop on (`later`), trees after the best round are dropped; without, all rounds
/// are kept. `watch` is told the loss after each round and may break off.
pub(super) fn boost(
    lessons: &Lessons,
    later: Option<Examples>,
    params: &BoostParams,
    seed: u64,
    watch: &mut dyn FnMut(usize, f64) -> ControlFlow<()>,
) -> Result<Boosted> {
    let train = lessons.examples;
    let classes = lessons.base.len();
    let mut margins = lessons.base.repeat(train.rows.len());
    let mut later_margins = later.map_or_else(Vec::new, |l| lessons.base.repeat(l.rows.len()));
    let mut rounds: Vec<Vec<Grown>> = Vec::new();
    let mut curve: Vec<f64> = later.iter().map(|l| loss(*l, &later_margins)).collect();
    let mut best = 0;
    while rounds.len() < params.rounds as usize {
        let grown = round(lessons, &margins, params, seed, rounds.len() as u64)?;
        learn(&mut margins, train.rows, &grown);
        rounds.push(grown);
        let Some(later) = later else { continue };
        add(&mut later_margins, later.rows, &rounds[rounds.len() - 1]);
        let loss = loss(later, &later_margins);
        if loss < curve[best] {
            best = rounds.len();
        }
        curve.push(loss);
        let waited = rounds.len() - best >= params.patience as usize;
        if waited || watch(rounds.len(), loss).is_break() {
            break;
        }
    }
    if later.is_some() {
        rounds.truncate(best);
    }
    let mut gains = vec![0.0; lessons.bins.features()];
    let mut trees = Vec::with_capacity(rounds.len() * classes);
    for grown in rounds.into_iter().flatten() {
        for (sum, gain) in gains.iter_mut().zip(&grown.gains) {
            *sum += gain;
        }
        trees.push(grown.tree);
    }
    Ok(Boosted {
        trees,
        gains,
        curve,
    })
}

/// Grows one tree per class.
fn round(
    lessons: &Lessons,
    margins: &[f64],
    params: &BoostParams,
    seed: u64,
    round: u64,
) -> Result<Vec<Grown>> {
    let classes = lessons.base.len();
    let first_stream = round * (classes as u64 + 1);
    let mut rng = generator(seed, first_stream);
    let events: Vec<u32> = sample(&mut rng, lessons.examples.rows.len(), params.row_share)
        .into_iter()
        .map(|event| event as u32)
        .collect();
    let probabilities = probabilities(margins, classes);
    // Classes do not depend on each other within a round, so threads cannot change a result.
    (0..classes)
        .into_par_iter()
        .map(|class| {
            let mut rng = generator(seed, first_stream + class as u64 + 1);
            let features = sample(&mut rng, lessons.bins.features(), params.column_share);
            let ground = Ground {
                bins: &lessons.bins,
                features: &features,
                events: &events,
                derivatives: &derivatives(
                    &probabilities,
                    classes,
                    lessons.examples.outcomes,
                    class,
                ),
            };
            Ok(grow(&ground, params, &mut rng)?)
        })
        .collect()
}

/// A generator of its own for each tree, so that the order of growing does not matter.
pub(super) fn generator(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// Ascending positions: `share` of `length`, at least one.
pub(super) fn sample(rng: &mut ChaCha8Rng, length: usize, share: f64) -> Vec<usize> {
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
fn derivatives(
    probabilities: &[f64],
    classes: usize,
    outcomes: &[usize],
    class: usize,
) -> Derivatives {
    let rows = probabilities.chunks_exact(classes).zip(outcomes);
    Derivatives::new(rows.map(|(row, outcome)| {
        let p = row[class];
        let hit = if *outcome == class { 1.0 } else { 0.0 };
        (p - hit, 2.0 * p * (1.0 - p))
    }))
}

/// Softmax of margins that stand row by row.
fn probabilities(margins: &[f64], classes: usize) -> Vec<f64> {
    let mut probabilities = margins.to_vec();
    for row in probabilities.chunks_exact_mut(classes) {
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut sum = 0.0;
        for x in row.iter_mut() {
            *x = (*x - largest).exp();
            sum += *x;
        }
        for x in row {
            *x /= sum;
        }
    }
    probabilities
}

/// Adds the leaves of one round to the margins of the events it was grown from, which stand row by
/// row; only events the trees have not seen need to walk down them.
fn learn(margins: &mut [f64], rows: &[&[f32]], grown: &[Grown]) {
    let classes = grown.len();
    for (class, grown) in grown.iter().enumerate() {
        let mut seen = vec![false; rows.len()];
        for (node, events) in &grown.leaves {
            let value = match grown.tree.nodes()[*node] {
                Node::Leaf { value, .. } => f64::from(value),
                Node::Split { .. } => continue,
            };
            for event in events {
                let event = *event as usize;
                margins[event * classes + class] += value;
                seen[event] = true;
            }
        }
        for (event, row) in rows.iter().enumerate().filter(|(event, _)| !seen[*event]) {
            margins[event * classes + class] += f64::from(grown.tree.leaf(row));
        }
    }
}

/// Adds the leaves of one round to the margins, which stand row by row.
fn add(margins: &mut [f64], rows: &[&[f32]], grown: &[Grown]) {
    for (margins, row) in margins.chunks_exact_mut(grown.len()).zip(rows) {
        for (margin, grown) in margins.iter_mut().zip(grown) {
            *margin += f64::from(grown.tree.leaf(row));
        }
    }
}

/// Mean log loss of margins that stand row by row.
fn loss(examples: Examples, margins: &[f64]) -> f64 {
    let classes = margins.len() / examples.outcomes.len().max(1);
    let forecasts = probabilities(margins, classes.max(1));
    let losses = forecasts
        .chunks_exact(classes.max(1))
        .zip(examples.outcomes);
    let sum: f64 = losses.map(|(p, outcome)| -p[*outcome].ln()).sum();
    sum / examples.outcomes.len().max(1) as f64
}

#[cfg(test)]
mod tests;
