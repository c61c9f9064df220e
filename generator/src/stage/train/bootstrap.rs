//! How far scores could have come out otherwise: the test events drawn again with replacement.
//!
//! One row is one event, so events are drawn. The same draws serve every score, so that
//! differences between forecasts are paired.

use std::collections::BTreeMap;

use rand::Rng;
use rayon::prelude::*;

use super::boost::generator;
use super::metrics;
use super::run::Evaluation;

/// Draws of the whole test set.
const DRAWS: u64 = 500;

/// Quantiles of the intervals.
const QUANTILES: [f64; 2] = [0.025, 0.975];

/// Adds intervals to an evaluation of the same events.
pub(super) fn with_intervals(
    evaluation: Evaluation,
    classes: &[String],
    fatal: usize,
    outcomes: &[usize],
    forecasts: &[&[f64]],
    seed: u64,
) -> Evaluation {
    let drawn: Vec<[(&str, f64); 7]> = (0..DRAWS)
        .into_par_iter()
        .map(|draw| {
            let events = events(outcomes.len(), seed, draw);
            let outcomes: Vec<usize> = events.iter().map(|at| outcomes[*at]).collect();
            let forecasts: Vec<&[f64]> = events.iter().map(|at| forecasts[*at]).collect();
            scores(&metrics::evaluate(classes, fatal, &outcomes, &forecasts))
        })
        .collect();
    let mut intervals = BTreeMap::new();
    for (at, (name, _)) in scores(&evaluation).into_iter().enumerate() {
        let values = drawn.iter().map(|scores| scores[at].1).collect();
        intervals.insert(name.to_owned(), interval(values));
    }
    Evaluation {
        intervals,
        ..evaluation
    }
}

/// Interval of the mean of `values`, one per event.
pub(super) fn of_mean(values: &[f64], seed: u64) -> [f64; 2] {
    // The sum of nothing would be minus zero.
    if values.is_empty() {
        return [0.0; 2];
    }
    let means = (0..DRAWS)
        .into_par_iter()
        .map(|draw| {
            let events = events(values.len(), seed, draw);
            let sum: f64 = events.iter().map(|at| values[*at]).sum();
            sum / values.len() as f64
        })
        .collect();
    interval(means)
}

fn scores(evaluation: &Evaluation) -> [(&'static str, f64); 7] {
    [
        ("log_loss", evaluation.log_loss),
        ("brier", evaluation.brier),
        ("accuracy", evaluation.accuracy),
        ("macro_f1", evaluation.macro_f1),
        ("weighted_f1", evaluation.weighted_f1),
        ("auc_ovr", evaluation.auc_ovr),
        ("pr_auc_fatal", evaluation.pr_auc_fatal),
    ]
}

/// As many positions as there are events, drawn with replacement.
fn events(count: usize, seed: u64, draw: u64) -> Vec<usize> {
    let mut rng = generator(seed, draw);
    (0..count).map(|_| rng.random_range(0..count)).collect()
}

fn interval(mut values: Vec<f64>) -> [f64; 2] {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1) as f64;
    QUANTILES.map(|q| {
        values
            .get((q * last).round() as usize)
            .copied()
            .unwrap_or(0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_mean_is_about_four_standard_errors_wide() {
        // 0 and 1 in turn: the standard error of the mean of 400 is 0.025.
        let values: Vec<f64> = (0..400).map(|at| f64::from(at % 2)).collect();
        let [low, high] = of_mean(&values, 1);
        assert!(low < 0.5 && 0.5 < high);
        assert!((high - low - 0.098).abs() < 0.015, "{low} {high}");
        let bits = |interval: [f64; 2]| interval.map(f64::to_bits);
        assert_eq!(bits(of_mean(&values, 1)), bits([low, high]));
        assert_eq!(bits(of_mean(&[], 1)), bits([0.0; 2]));
    }

    #[test]
    fn a_score_lies_in_its_interval() {
        let classes = ["FATL", "NONE"].map(str::to_owned);
        let outcomes: Vec<usize> = (0..200).map(|at| usize::from(at % 3 != 0)).collect();
        let forecasts: Vec<Vec<f64>> = (0..200)
            .map(|at| {
                let p = f64::from(at % 7) / 10.0 + 0.1;
                vec![p, 1.0 - p]
            })
            .collect();
        let forecasts: Vec<&[f64]> = forecasts.iter().map(Vec::as_slice).collect();
        let plain = metrics::evaluate(&classes, 0, &outcomes, &forecasts);
        let evaluation = with_intervals(plain, &classes, 0, &outcomes, &forecasts, 5);
        for (name, score) in scores(&evaluation) {
            let [low, high] = evaluation.intervals[name];
            assert!(low <= score && score <= high && low < high, "{name}");
        }
    }
}
