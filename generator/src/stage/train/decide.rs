//! Which class to name when only one may be named.
//!
//! The likeliest class is right most often, but then the rare outcomes in the middle are almost
//! never named, and macro F1, which counts all classes alike, is low. Weights on the probabilities
//! trade one for the other. They are chosen on the validation years, kept in the model file, and
//! both ways of naming are reported.
//!
//! Macro F1 of a few thousand events jumps with every event that changes its name, and the best weights
//! with it. So they are chosen on resamples of the events, and their geometric mean is what counts.

use rand::Rng;
use rayon::prelude::*;

use super::boost::generator;

/// Factors tried per class: from `e^-2` to `e^2`.
const STEPS: i32 = 20;

/// Passes over the classes.
const PASSES: usize = 4;

/// Resamples of the events.
const RESAMPLES: u64 = 24;

/// First stream of the generator that resamples.
const STREAM: u64 = u64::MAX - 1_000;

/// Weights of the classes for a high macro F1, the last class counting 1.
pub(super) fn weights(
    outcomes: &[usize],
    forecasts: &[Vec<f64>],
    classes: usize,
    seed: u64,
) -> Vec<f64> {
    let of_resample = |at: u64| {
        let mut rng = generator(seed, STREAM + at);
        let mut times = vec![0u32; outcomes.len()];
        for _ in outcomes {
            times[rng.random_range(0..outcomes.len())] += 1;
        }
        best_weights(outcomes, forecasts, &times, classes)
    };
    // Collected first: a sum in the order of arrival would depend on the threads.
    let chosen: Vec<Vec<f64>> = (0..RESAMPLES).into_par_iter().map(of_resample).collect();
    let mean = |class: usize| {
        let logarithms = chosen.iter().map(|weights| weights[class].ln());
        (logarithms.sum::<f64>() / RESAMPLES as f64).exp()
    };
    (0..classes).map(mean).collect()
}

/// Weights with the best macro F1 where every event counts `times`.
fn best_weights(
    outcomes: &[usize],
    forecasts: &[Vec<f64>],
    times: &[u32],
    classes: usize,
) -> Vec<f64> {
    let mut weights = vec![1.0; classes];
    let mut best = macro_f1(outcomes, forecasts, times, &weights);
    for _ in 0..PASSES {
        let before = best;
        for class in 0..classes.saturating_sub(1) {
            for step in -STEPS..=STEPS {
                let mut tried = weights.clone();
                tried[class] = (f64::from(step) / f64::from(STEPS) * 2.0).exp();
                let f1 = macro_f1(outcomes, forecasts, times, &tried);
                if f1 > best + 1e-12 {
                    (best, weights) = (f1, tried);
                }
            }
        }
        if best <= before {
            break;
        }
    }
    weights
}

/// The class to name: the largest product of forecast and weight, of equal ones the first.
pub(super) fn named(forecast: &[f64], weights: &[f64]) -> usize {
    let mut best = 0;
    for class in 1..forecast.len() {
        if forecast[class] * weights[class] > forecast[best] * weights[best] {
            best = class;
        }
    }
    best
}

fn macro_f1(outcomes: &[usize], forecasts: &[Vec<f64>], times: &[u32], weights: &[f64]) -> f64 {
    let mut hits = vec![0u32; weights.len()];
    // Actual and named events of each class; a hit stands in both.
    let mut both = vec![0u32; weights.len()];
    for ((outcome, forecast), times) in outcomes.iter().zip(forecasts).zip(times) {
        let named = named(forecast, weights);
        both[*outcome] += times;
        both[named] += times;
        if named == *outcome {
            hits[named] += times;
        }
    }
    let present = both.iter().filter(|n| **n > 0).count().max(1);
    let f1 = hits.iter().zip(&both);
    f1.map(|(hits, both)| 2.0 * f64::from(*hits) / f64::from((*both).max(1)))
        .sum::<f64>()
        / present as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_class_that_is_never_likeliest_gets_named() {
        // One event in four is class 0 and then forecast at 40 %, otherwise at 20 %.
        let outcomes: Vec<usize> = (0..100).map(|at| usize::from(at % 4 != 0)).collect();
        let forecasts: Vec<Vec<f64>> = outcomes
            .iter()
            .map(|y| {
                if *y == 0 {
                    vec![0.4, 0.6]
                } else {
                    vec![0.2, 0.8]
                }
            })
            .collect();
        let chosen = weights(&outcomes, &forecasts, 2, 1);
        assert!(
            chosen[0] > 1.5 && (chosen[1] - 1.0).abs() < 1e-12,
            "{chosen:?}"
        );
        assert!((macro_f1(&outcomes, &forecasts, &[1; 100], &chosen) - 1.0).abs() < 1e-12);
        assert!(macro_f1(&outcomes, &forecasts, &[1; 100], &[1.0, 1.0]) < 0.5);
    }

    #[test]
    fn nothing_to_gain_leaves_the_weights_alone() {
        let forecasts = vec![vec![0.9, 0.1], vec![0.1, 0.9]];
        assert_eq!(weights(&[0, 1], &forecasts, 2, 1), [1.0, 1.0]);
    }
}
