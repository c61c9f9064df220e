//! From margins to probabilities that come true as often as they say, fitted on validation years.

use severity::header::Calibration;
use severity::model::softmax;

use super::metrics::log_loss;
use super::prepare::tidy;
use super::run::CalibrationChoice;

/// Pull towards "change nothing", so that a small validation set cannot do much.
const RIDGE: f64 = 1e-3;

/// Parts of the evidence.
const FOLDS: usize = 5;

/// Fits a calibration and keeps it if held-out events are forecast better with it.
pub(super) fn choose(
    margins: &[Vec<f64>],
    outcomes: &[usize],
    classes: usize,
) -> CalibrationChoice {
    let identity = Calibration::identity(classes);
    let part = |keep: &dyn Fn(usize) -> bool| -> (Vec<Vec<f64>>, Vec<usize>) {
        let events = (0..outcomes.len()).filter(|at| keep(*at));
        events.map(|at| (margins[at].clone(), outcomes[at])).unzip()
    };
    let held_out: f64 = (0..FOLDS)
        .map(|fold| {
            let (margins, outcomes) = part(&|at| at % FOLDS != fold);
            let calibration = fit(&margins, &outcomes, classes);
            let (margins, outcomes) = part(&|at| at % FOLDS == fold);
            total_loss(&calibration, &margins, &outcomes)
        })
        .sum();
    let events = outcomes.len().max(1) as f64;
    let before = total_loss(&identity, margins, outcomes) / events;
    let after = held_out / events;
    CalibrationChoice {
        fitted: if after < before {
            fit(margins, outcomes, classes)
        } else {
            identity
        },
        before,
        after,
    }
}

fn total_loss(calibration: &Calibration, margins: &[Vec<f64>], outcomes: &[usize]) -> f64 {
    let mut theta = vec![calibration.scale];
    theta.extend(&calibration.bias);
    let losses = margins.iter().zip(outcomes);
    losses
        .map(|(m, y)| log_loss(*y, &calibrated(&theta, m)))
        .sum()
}

/// Fits one scale and a shift per class by Newton's method on the log loss.
fn fit(margins: &[Vec<f64>], outcomes: &[usize], classes: usize) -> Calibration {
    // Parameters: scale, then one shift per class.
    let mut theta = vec![0.0; classes + 1];
    theta[0] = 1.0;
    let mut best = objective(&theta, margins, outcomes);
    for _ in 0..50 {
        let (gradient, hessian) = derivatives(&theta, margins, outcomes);
        let Some(step) = solve(hessian, gradient) else {
            break;
        };
        let improved = (0..20)
            .map(|halving| 0.5_f64.powi(halving))
            .find_map(|share| {
                let next: Vec<f64> = theta
                    .iter()
                    .zip(&step)
                    .map(|(t, s)| t - share * s)
                    .collect();
                let loss = objective(&next, margins, outcomes);
                (next[0] > 0.05 && loss < best - 1e-12).then_some((next, loss))
            });
        let Some((next, loss)) = improved else {
            break;
        };
        (theta, best) = (next, loss);
    }
    Calibration {
        scale: tidy(theta[0]),
        bias: theta[1..].iter().map(|b| tidy(*b)).collect(),
    }
}

fn calibrated(theta: &[f64], margins: &[f64]) -> Vec<f64> {
    let shifted = margins.iter().zip(&theta[1..]);
    softmax(&shifted.map(|(m, b)| theta[0] * m + b).collect::<Vec<_>>())
}

fn objective(theta: &[f64], margins: &[Vec<f64>], outcomes: &[usize]) -> f64 {
    let losses = margins.iter().zip(outcomes);
    let sum: f64 = losses
        .map(|(m, y)| -calibrated(theta, m)[*y].max(1e-300).ln())
        .sum();
    let shift: f64 = theta[1..].iter().map(|b| b * b).sum();
    sum / margins.len().max(1) as f64 + RIDGE / 2.0 * ((theta[0] - 1.0).powi(2) + shift)
}

fn derivatives(
    theta: &[f64],
    margins: &[Vec<f64>],
    outcomes: &[usize],
) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = theta.len();
    let mut gradient = vec![0.0; size];
    let mut hessian = vec![vec![0.0; size]; size];
    let weight = 1.0 / margins.len().max(1) as f64;
    for (row, outcome) in margins.iter().zip(outcomes) {
        let p = calibrated(theta, row);
        for (j, pj) in p.iter().enumerate() {
            let error = weight * (pj - if j == *outcome { 1.0 } else { 0.0 });
            gradient[0] += error * row[j];
            gradient[j + 1] += error;
            for (k, pk) in p.iter().enumerate() {
                let curve = weight * (if j == k { *pj } else { 0.0 } - pj * pk);
                hessian[0][0] += curve * row[j] * row[k];
                hessian[0][k + 1] += curve * row[j];
                hessian[j + 1][0] += curve * row[k];
                hessian[j + 1][k + 1] += curve;
            }
        }
    }
    for (at, value) in theta.iter().enumerate() {
        gradient[at] += RIDGE * (value - if at == 0 { 1.0 } else { 0.0 });
        hessian[at][at] += RIDGE;
    }
    (gradient, hessian)
}

/// Solves a small symmetric system by elimination with pivoting; `None` if it is singular.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for column in 0..size {
        let pivot = (column..size).max_by(|a, b| {
            matrix[*a][column]
                .abs()
                .total_cmp(&matrix[*b][column].abs())
        })?;
        if matrix[pivot][column].abs() < 1e-14 {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let pivot_row = matrix[column].clone();
        for row in column + 1..size {
            let factor = matrix[row][column] / pivot_row[column];
            for (value, above) in matrix[row].iter_mut().zip(&pivot_row) {
                *value -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|k| matrix[row][k] * right[k]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overconfident_margins_are_pulled_together() {
        // Says 98 % where 75 % come true.
        let margins: Vec<Vec<f64>> = (0..4000).map(|_| vec![4.0, 0.0]).collect();
        let outcomes: Vec<usize> = (0..4000).map(|at| usize::from(at % 4 == 0)).collect();
        let calibration = fit(&margins, &outcomes, 2);
        let scaled = |class: usize| calibration.scale * margins[0][class] + calibration.bias[class];
        let p = softmax(&[scaled(0), scaled(1)]);
        assert!((p[0] - 0.75).abs() < 0.01, "{p:?}");
    }

    #[test]
    fn honest_margins_stay() {
        let margins: Vec<Vec<f64>> = (0..1000).map(|_| vec![4.0_f64.ln(), 0.0]).collect();
        let outcomes: Vec<usize> = (0..1000).map(|at| usize::from(at % 5 == 0)).collect();
        let calibration = fit(&margins, &outcomes, 2);
        assert!((calibration.scale - 1.0).abs() < 1e-3);
        assert!(calibration.bias.iter().all(|b| b.abs() < 1e-3));
    }

    #[test]
    fn calibration_is_kept_only_if_held_out_events_gain() {
        let margins: Vec<Vec<f64>> = (0..1000).map(|_| vec![4.0, 0.0]).collect();
        let outcomes: Vec<usize> = (0..1000).map(|at| usize::from(at % 4 == 0)).collect();
        let choice = choose(&margins, &outcomes, 2);
        assert!(choice.after < choice.before - 0.1);
        assert_ne!(choice.fitted, Calibration::identity(2));
        let fair: Vec<Vec<f64>> = (0..1000).map(|_| vec![3.0_f64.ln(), 0.0]).collect();
        let choice = choose(&fair, &outcomes, 2);
        assert!(choice.after > choice.before - 1e-3);
    }

    #[test]
    fn small_systems_are_solved() {
        let x = solve(vec![vec![0.0, 2.0], vec![4.0, 2.0]], vec![2.0, 10.0]).unwrap();
        assert!((x[0] - 2.0).abs() < 1e-12 && (x[1] - 1.0).abs() < 1e-12);
        assert_eq!(
            solve(vec![vec![1.0, 1.0], vec![1.0, 1.0]], vec![1.0, 2.0]),
            None
        );
    }
}
