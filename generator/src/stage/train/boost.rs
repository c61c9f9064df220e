//! Gradient boosting for several classes: each round grows one tree per class on the derivatives
//! of the softmax loss, until the validation years stop getting better.

use std::ops::ControlFlow;

use anyhow::Result;
use rand::RngCore;
use rand::seq::{SliceRandom, index};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use severity::tree::Tree;

use super::bins::{Column, View};
use super::softmax::{derivatives, loss};
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

/// Events to learn from and, after them, events to stop on.
#[derive(Debug)]
pub(super) struct Lessons<'a> {
    /// Features of all events in bins.
    pub(super) columns: Vec<Column>,
    /// Classes of the events to learn from.
    pub(super) outcomes: &'a [usize],
    /// Classes of the events to stop on, if there are any.
    pub(super) later: &'a [usize],
    /// Margin of each class before the first tree.
    pub(super) base: &'a [f64],
}

/// Rounds after which features are put into other words: a tree sees all features of some words.
const SHUFFLED: usize = 8;

/// Stream of the generator that does so, plus the round; trees use the low numbers.
const VIEWS: u64 = 1 << 62;

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
/// With later events, trees after the best round are dropped; without, all rounds are kept. `watch`
/// is told the loss after each round and may break off.
pub(super) fn boost(
    lessons: &Lessons,
    params: &BoostParams,
    seed: u64,
    watch: &mut dyn FnMut(usize, f64) -> ControlFlow<()>,
) -> Result<Boosted> {
    let classes = lessons.base.len();
    let learned = lessons.outcomes.len();
    let events = learned + lessons.later.len();
    let mut margins: Vec<Vec<f32>> = lessons
        .base
        .iter()
        .map(|margin| vec![*margin as f32; events])
        .collect();
    let (mut trees, mut splits) = (Vec::new(), Vec::new());
    let mut curve = Vec::new();
    let later_loss = |margins: &[Vec<f32>]| {
        let later: Vec<&[f32]> = margins.iter().map(|class| &class[learned..]).collect();
        loss(&later, lessons.later)
    };
    if !lessons.later.is_empty() {
        curve.push(later_loss(&margins));
    }
    let mut best = 0;
    let mut view = View::default();
    for number in 0..params.rounds as usize {
        if number.is_multiple_of(SHUFFLED) {
            let mut order: Vec<usize> = (0..lessons.columns.len()).collect();
            order.shuffle(&mut generator(seed, VIEWS + number as u64));
            view = View::new(&lessons.columns, order);
        }
        let grown = round(lessons, &view, &margins, params, (seed, number as u64))?;
        add(&mut margins, &grown);
        for Grown { tree, gains, .. } in grown {
            trees.push(tree);
            splits.push(gains);
        }
        if lessons.later.is_empty() {
            continue;
        }
        let (rounds, loss) = (number + 1, later_loss(&margins));
        if loss < curve[best] {
            best = rounds;
        }
        curve.push(loss);
        let waited = rounds - best >= params.patience as usize;
        if waited || watch(rounds, loss).is_break() {
            break;
        }
    }
    if !lessons.later.is_empty() {
        trees.truncate(best * classes);
        splits.truncate(best * classes);
    }
    let mut gains = vec![0.0; lessons.columns.len()];
    for (feature, gain) in splits.into_iter().flatten() {
        gains[feature] += gain;
    }
    Ok(Boosted {
        trees,
        gains,
        curve,
    })
}

/// Grows one tree per class, all on the same events.
fn round(
    lessons: &Lessons,
    view: &View,
    margins: &[Vec<f32>],
    params: &BoostParams,
    (seed, round): (u64, u64),
) -> Result<Vec<Grown>> {
    let classes = lessons.base.len();
    let learned = lessons.outcomes.len();
    let first_stream = round * (classes as u64 + 1);
    let mut rng = generator(seed, first_stream);
    let (order, counting) = order(&mut rng, learned, lessons.later.len(), params.row_share);
    let margins: Vec<&[f32]> = margins.iter().map(|class| &class[..learned]).collect();
    let (derivatives, units) = derivatives(&margins, lessons.outcomes);
    // Classes do not depend on each other within a round, so threads cannot change a result.
    derivatives
        .par_iter()
        .enumerate()
        .map(|(class, derivatives)| {
            let mut rng = generator(seed, first_stream + class as u64 + 1);
            let words = sample(&mut rng, view.words.len(), params.column_share);
            let ground = Ground {
                view,
                words: &words,
                order: &order,
                counting,
                derivatives,
                unit: 1.0 / units,
            };
            Ok(grow(&ground, params, &mut rng)?)
        })
        .collect()
}

/// All events, first those that count – `share` of the events to learn from, at least one –, and how
/// many these are.
fn order(rng: &mut ChaCha8Rng, learned: usize, later: usize, share: f64) -> (Vec<u32>, usize) {
    let amount = amount(learned, share);
    let (mut order, mut others) = (Vec::with_capacity(learned + later), Vec::new());
    for event in 0..learned {
        // Selection sampling (Knuth, volume 2, 3.4.2 S): every choice of so many is as likely.
        let (rest, wanted) = ((learned - event) as u64, (amount - order.len()) as u64);
        let drawn = (u64::from(rng.next_u32()) * rest) >> 32;
        let chosen = if drawn < wanted {
            &mut order
        } else {
            &mut others
        };
        chosen.push(event as u32);
    }
    order.extend(others);
    order.extend(learned as u32..(learned + later) as u32);
    (order, amount)
}

/// A generator of its own for each tree, so that the order of growing does not matter.
pub(super) fn generator(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// Ascending positions: `share` of `length`, at least one.
pub(super) fn sample(rng: &mut ChaCha8Rng, length: usize, share: f64) -> Vec<usize> {
    let mut chosen = index::sample(rng, length, amount(length, share)).into_vec();
    chosen.sort_unstable();
    chosen
}

/// `share` of `length`, at least one if there is one.
fn amount(length: usize, share: f64) -> usize {
    let amount = (length as f64 * share).round() as usize;
    amount.clamp(1, length.max(1)).min(length)
}

/// Adds the leaves of one round to the margins per class and event.
fn add(margins: &mut [Vec<f32>], grown: &[Grown]) {
    for (margins, tree) in margins.iter_mut().zip(grown) {
        for (value, events) in tree.leaves() {
            for event in events {
                margins[*event as usize] += value;
            }
        }
    }
}

#[cfg(test)]
mod tests;
