//! How good forecasts were. Definitions follow scikit-learn where it has the measure.

use std::collections::BTreeMap;

use super::decide::named;
use super::run::{CalibrationBin, ClassScore, Evaluation, Naming};

/// Forecasts of exactly 0 would make one event outweigh all others; the log loss stops here.
const LEAST: f64 = 1e-15;

/// Bins of the reliability curve.
const BINS: usize = 10;

/// Compares forecasts with outcomes; the intervals are left to [`super::bootstrap`]. `fatal` is
/// the class of the precision-recall area and of the reliability curve.
pub(super) fn evaluate(
    classes: &[String],
    fatal: usize,
    outcomes: &[usize],
    forecasts: &[&[f64]],
) -> Evaluation {
    let events = outcomes.len().max(1) as f64;
    let pairs = || outcomes.iter().zip(forecasts);
    let brier: f64 = pairs().map(|(y, p)| squared_error(*y, p)).sum();
    let areas: Vec<f64> = (0..classes.len())
        .filter_map(|class| roc_area(&scored(class, outcomes, forecasts)))
        .collect();
    let likeliest = vec![1.0; classes.len()];
    let Naming {
        accuracy,
        macro_f1,
        weighted_f1,
        per_class,
        confusion,
    } = naming(classes, outcomes, forecasts, &likeliest);
    Evaluation {
        log_loss: pairs().map(|(y, p)| log_loss(*y, p)).sum::<f64>() / events,
        brier: brier / events,
        accuracy,
        macro_f1,
        weighted_f1,
        auc_ovr: mean(areas.iter().copied()),
        pr_auc_fatal: average_precision(&scored(fatal, outcomes, forecasts)),
        per_class,
        confusion,
        calibration: reliability(&scored(fatal, outcomes, forecasts)),
        intervals: BTreeMap::new(),
    }
}

/// Negative log-likelihood of one event.
pub(super) fn log_loss(outcome: usize, forecast: &[f64]) -> f64 {
    -forecast[outcome].max(LEAST).ln()
}

/// Names one class per event by weighted forecasts and compares with the outcomes.
pub(super) fn naming(
    classes: &[String],
    outcomes: &[usize],
    forecasts: &[&[f64]],
    weights: &[f64],
) -> Naming {
    let events = outcomes.len().max(1) as f64;
    let mut confusion = vec![vec![0u64; classes.len()]; classes.len()];
    for (outcome, forecast) in outcomes.iter().zip(forecasts) {
        confusion[*outcome][named(forecast, weights)] += 1;
    }
    let right: u64 = (0..classes.len()).map(|at| confusion[at][at]).sum();
    let per_class = class_scores(classes, &confusion);
    // Classes that neither occurred nor were named have no F1.
    let (present, supports): (Vec<&ClassScore>, Vec<f64>) = per_class
        .iter()
        .enumerate()
        .filter(|(at, score)| score.support > 0 || confusion.iter().any(|row| row[*at] > 0))
        .map(|(_, score)| (score, score.support as f64))
        .unzip();
    let weighted: f64 = present.iter().zip(&supports).map(|(s, w)| s.f1 * w).sum();
    Naming {
        accuracy: right as f64 / events,
        macro_f1: mean(present.iter().map(|score| score.f1)),
        weighted_f1: weighted / events,
        per_class,
        confusion,
    }
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len().max(1) as f64;
    values.sum::<f64>() / count
}

fn squared_error(outcome: usize, forecast: &[f64]) -> f64 {
    let truth = |class| if class == outcome { 1.0 } else { 0.0 };
    let classes = forecast.iter().enumerate();
    classes.map(|(class, p)| (p - truth(class)).powi(2)).sum()
}

fn class_scores(classes: &[String], confusion: &[Vec<u64>]) -> Vec<ClassScore> {
    let ratio = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
    let classes = classes.iter().enumerate();
    classes
        .map(|(at, class)| {
            let hits = confusion[at][at];
            let support: u64 = confusion[at].iter().sum();
            let predicted: u64 = confusion.iter().map(|row| row[at]).sum();
            ClassScore {
                class: class.clone(),
                precision: ratio(hits, predicted),
                recall: ratio(hits, support),
                f1: ratio(2 * hits, support + predicted),
                support,
            }
        })
        .collect()
}

/// Forecast of `class` and whether it came true, highest forecast first.
fn scored(class: usize, outcomes: &[usize], forecasts: &[&[f64]]) -> Vec<(f64, bool)> {
    let mut scored: Vec<_> = outcomes
        .iter()
        .zip(forecasts)
        .map(|(outcome, forecast)| (forecast[class], *outcome == class))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored
}

/// Per distinct forecast, from high to low: how many came true and how many did not.
fn steps(scored: &[(f64, bool)]) -> impl Iterator<Item = (f64, f64)> {
    scored
        .chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq())
        .map(|tied| {
            let hits = tied.iter().filter(|(_, hit)| *hit).count() as f64;
            (hits, tied.len() as f64 - hits)
        })
}

/// Chance that an event of the class got a higher forecast than one of the others, ties half;
/// `None` if either side is empty.
fn roc_area(scored: &[(f64, bool)]) -> Option<f64> {
    let (mut hits, mut misses, mut area) = (0.0, 0.0, 0.0);
    for (hit, miss) in steps(scored) {
        area += miss * (hits + hit / 2.0);
        hits += hit;
        misses += miss;
    }
    (hits > 0.0 && misses > 0.0).then(|| area / (hits * misses))
}

/// Average precision: the precision at each forecast, weighted by the recall gained there.
fn average_precision(scored: &[(f64, bool)]) -> f64 {
    let (mut hits, mut seen, mut sum) = (0.0, 0.0, 0.0);
    for (hit, miss) in steps(scored) {
        hits += hit;
        seen += hit + miss;
        sum += hit * hits / seen;
    }
    if hits > 0.0 { sum / hits } else { 0.0 }
}

/// Ten bins of equal width; empty ones are left out.
fn reliability(scored: &[(f64, bool)]) -> Vec<CalibrationBin> {
    let mut bins = vec![(0u64, 0.0, 0u64); BINS];
    for (forecast, hit) in scored {
        let bin = &mut bins[((forecast * BINS as f64) as usize).min(BINS - 1)];
        *bin = (bin.0 + 1, bin.1 + forecast, bin.2 + u64::from(*hit));
    }
    bins.into_iter()
        .filter(|(rows, ..)| *rows > 0)
        .map(|(rows, sum, hits)| CalibrationBin {
            forecast: sum / rows as f64,
            observed: hits as f64 / rows as f64,
            rows,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    #[test]
    fn areas_count_ties_half() {
        // Hits 0.9, 0.5; misses 0.5, 0.1: of 4 pairs 3 are right and one is tied.
        let scored = [(0.9, true), (0.5, true), (0.5, false), (0.1, false)];
        close(roc_area(&scored).unwrap(), 3.5 / 4.0);
        // Recall 1/2 at precision 1, then 1/2 more at precision 2/3.
        close(average_precision(&scored), 0.5 + 0.5 * 2.0 / 3.0);
        let constant = [(0.3, true), (0.3, false), (0.3, false)];
        close(roc_area(&constant).unwrap(), 0.5);
        close(average_precision(&constant), 1.0 / 3.0);
        assert_eq!(roc_area(&[(0.3, true)]), None);
    }

    #[test]
    fn a_small_case_by_hand() {
        let classes = ["FATL", "MINR", "NONE"].map(str::to_owned);
        let outcomes = [0, 1, 2, 2];
        let forecasts = [
            vec![0.6, 0.2, 0.2],
            vec![0.1, 0.3, 0.6],
            vec![0.2, 0.2, 0.6],
            vec![0.5, 0.1, 0.4],
        ];
        let forecasts: Vec<&[f64]> = forecasts.iter().map(Vec::as_slice).collect();
        let evaluation = evaluate(&classes, 0, &outcomes, &forecasts);
        close(evaluation.accuracy, 0.5);
        let logs = -(0.6_f64.ln() + 0.3_f64.ln() + 0.6_f64.ln() + 0.4_f64.ln()) / 4.0;
        close(evaluation.log_loss, logs);
        close(evaluation.brier, (0.24 + 0.86 + 0.24 + 0.62) / 4.0);
        // FATL 2/3, MINR 0, NONE 1/2.
        close(evaluation.macro_f1, (2.0 / 3.0 + 0.0 + 0.5) / 3.0);
        close(evaluation.weighted_f1, (2.0 / 3.0 + 0.0 + 0.5 * 2.0) / 4.0);
        assert_eq!(
            evaluation.confusion,
            [vec![1, 0, 0], vec![0, 0, 1], vec![1, 0, 1]]
        );
        assert_eq!(evaluation.per_class[2].support, 2);
        close(evaluation.per_class[0].precision, 0.5);
        // FATL 1 (0.6 above 0.5, 0.2, 0.1); MINR 1 (0.3 above all); NONE (0.6 ties 0.6, above
        // 0.2; 0.4 above 0.2 only) = 2.5 of 4.
        close(evaluation.auc_ovr, (1.0 + 1.0 + 2.5 / 4.0) / 3.0);
        let rows: Vec<_> = evaluation.calibration.iter().map(|bin| bin.rows).collect();
        assert_eq!(rows, [1, 1, 1, 1]);
    }
}
