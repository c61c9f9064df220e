//! What the features are worth to a finished model.

use rand::seq::SliceRandom;
use rayon::prelude::*;
use severity::Model;

use super::boost::generator;
use super::metrics::log_loss;

/// Times each feature is shuffled.
const SHUFFLES: u64 = 1;

/// Test events that are explained, evenly chosen: an exact explanation takes a thousand times as
/// long as a score.
const EXPLAINED: usize = 400;

/// How much the mean log loss of `rows` rises, per feature, when its values are shuffled.
pub(super) fn permutation(
    model: &Model,
    rows: &[&[f32]],
    outcomes: &[usize],
    seed: u64,
) -> Vec<f64> {
    let mean_loss = |rows: &[&[f32]]| {
        let forecasts = model.probabilities_of(rows);
        let losses = outcomes.iter().zip(&forecasts);
        let sum: f64 = losses.map(|(outcome, p)| log_loss(*outcome, p)).sum();
        sum / outcomes.len().max(1) as f64
    };
    let whole = mean_loss(rows);
    (0..model.header().features.len())
        .into_par_iter()
        .map(|feature| {
            let shuffled = (0..SHUFFLES).map(|number| {
                let mut values: Vec<f32> = rows.iter().map(|row| row[feature]).collect();
                values.shuffle(&mut generator(seed, feature as u64 * SHUFFLES + number));
                let mut rows: Vec<Vec<f32>> = rows.iter().map(|row| row.to_vec()).collect();
                for (row, value) in rows.iter_mut().zip(values) {
                    row[feature] = value;
                }
                mean_loss(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
            });
            shuffled.sum::<f64>() / SHUFFLES as f64 - whole
        })
        .collect()
}

/// Mean absolute Shapley value per feature, over classes and some of the rows.
pub(super) fn shapley(model: &Model, rows: &[&[f32]]) -> Vec<f64> {
    let step = rows.len().div_ceil(EXPLAINED).max(1);
    let explained: Vec<Vec<f64>> = rows
        .iter()
        .step_by(step)
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|row| {
            let (_, classes) = model.contributions(row);
            (0..model.header().features.len())
                .map(|at| {
                    let values = classes.iter().map(|class| class[at].abs());
                    values.sum::<f64>() / classes.len() as f64
                })
                .collect()
        })
        .collect();
    let mut mean = vec![0.0; model.header().features.len()];
    for values in &explained {
        for (sum, value) in mean.iter_mut().zip(values) {
            *sum += value / explained.len() as f64;
        }
    }
    mean
}
