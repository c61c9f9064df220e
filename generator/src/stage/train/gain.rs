//! Which split of a node gains most.

use super::bins::{BINS, LANES, MISSING};
use super::boost::BoostParams;
use super::histogram::{Group, Histogram, Packed};

/// Edges that are compared at a time when the highest score is looked for.
const WIDTH: usize = 8;

/// The split of a node that gains most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    pub(super) gain: f64,
    /// Position among the features that may be used.
    pub(super) slot: usize,
    /// Last bin that goes left.
    pub(super) edge: usize,
    pub(super) missing_left: bool,
    /// Derivatives of the left side.
    pub(super) left: Packed,
}

/// A gradient sum after the L1 penalty.
pub(super) fn pulled(gradient: f64, alpha: f64) -> f64 {
    (gradient.abs() - alpha).max(0.0).copysign(gradient)
}

/// The split with the largest gain over a node with derivatives `total` (in units of `unit`), if one
/// is worth it; of equal ones the first of `slots`, missing right, lowest edge. Slots come with their
/// number of edges between bins.
pub(super) fn best_split(
    groups: &[Group],
    total: Packed,
    unit: f64,
    slots: impl Iterator<Item = (usize, usize)>,
    params: &BoostParams,
) -> Option<Best> {
    let scores = Scores::new(total, unit, params);
    let mut best: Option<Best> = None;
    for (slot, edges) in slots {
        let histogram = &groups[slot / LANES][slot % LANES];
        let missing = histogram[MISSING];
        let below = Below::new(histogram, edges);
        // Without missing values both sides are the same split: the first is taken.
        let none_missing = missing == Packed::default();
        let sides = [(false, Packed::default()), (true, missing)];
        for (missing_left, more) in sides.into_iter().take(if none_missing { 1 } else { 2 }) {
            let least = best.map_or(params.min_gain, |best| best.gain) + scores.whole;
            let Some((edge, score)) = scores.highest(&below, more, edges, least) else {
                continue;
            };
            let left = below.upto(edge).plus(more);
            // Where nothing is missing now, what comes later goes where most events went.
            let majority_left = left.hessian() > total.hessian() / 2;
            best = Some(Best {
                gain: f64::from(score) - scores.whole,
                slot,
                edge,
                missing_left: if none_missing {
                    majority_left
                } else {
                    missing_left
                },
                left,
            });
        }
    }
    best
}

/// What lies below each edge between two bins, apart by derivative so that the scores of several
/// edges can be computed at once.
struct Below {
    gradients: [i32; BINS],
    hessians: [i32; BINS],
}

impl Below {
    fn new(histogram: &Histogram, edges: usize) -> Self {
        let (mut gradients, mut hessians) = ([0; BINS], [0; BINS]);
        let mut sum = Packed::default();
        for (at, bin) in histogram[..edges].iter().enumerate() {
            sum = sum.plus(*bin);
            (gradients[at], hessians[at]) = (sum.gradient(), sum.hessian());
        }
        Self {
            gradients,
            hessians,
        }
    }

    fn upto(&self, edge: usize) -> Packed {
        Packed::new(self.gradients[edge], self.hessians[edge])
    }
}

/// How good a division of a node is.
struct Scores {
    total: Packed,
    /// Score of the undivided node.
    whole: f64,
    unit: f32,
    lambda: f32,
    alpha: f32,
    least: f32,
}

impl Scores {
    fn new(total: Packed, unit: f64, params: &BoostParams) -> Self {
        let gradient = pulled(f64::from(total.gradient()) * unit, params.alpha);
        let hessian = f64::from(total.hessian().max(1)) * unit;
        Self {
            total,
            whole: gradient * gradient / (hessian + params.lambda),
            unit: unit as f32,
            lambda: params.lambda as f32,
            alpha: params.alpha as f32,
            least: params.min_child_weight as f32,
        }
    }

    /// The edge with the highest score above `least`, if both its sides are heavy enough.
    ///
    /// All edges are scored before one is chosen, without branches and in single precision: so the
    /// compiler does several at a time.
    fn highest(
        &self,
        below: &Below,
        more: Packed,
        edges: usize,
        least: f64,
    ) -> Option<(usize, f32)> {
        let mut scores = [f32::NEG_INFINITY; BINS];
        let (g, h) = (more.gradient(), more.hessian());
        let (all_g, all_h) = (self.total.gradient(), self.total.hessian());
        let squared = |gradient: i32| {
            let pulled = (gradient as f32 * self.unit).abs() - self.alpha;
            let pulled = if pulled > 0.0 { pulled } else { 0.0 };
            pulled * pulled
        };
        // Edges that are not there are overwritten below.
        let some = edges.next_multiple_of(WIDTH).min(BINS);
        let sides = below.gradients[..some].iter().zip(&below.hessians[..some]);
        for (out, (gradient, hessian)) in scores[..some].iter_mut().zip(sides) {
            let (left_g, left_h) = (gradient + g, hessian + h);
            let left = left_h as f32 * self.unit;
            let right = (all_h - left_h) as f32 * self.unit;
            let (over, under) = (left + self.lambda, right + self.lambda);
            // One division for both sides.
            let sum = (squared(left_g) * under + squared(all_g - left_g) * over) / (over * under);
            *out = if left.min(right) >= self.least {
                sum
            } else {
                f32::NEG_INFINITY
            };
        }
        scores[edges..].fill(f32::NEG_INFINITY);
        let mut highest = [f32::NEG_INFINITY; WIDTH];
        for part in scores[..some].chunks_exact(WIDTH) {
            for (high, score) in highest.iter_mut().zip(part) {
                *high = if score > high { *score } else { *high };
            }
        }
        let highest = highest.into_iter().fold(f32::NEG_INFINITY, f32::max);
        if f64::from(highest) <= least {
            return None;
        }
        let edge = scores.iter().position(|score| *score >= highest)?;
        Some((edge, highest))
    }
}

#[cfg(test)]
mod tests {
    use super::super::bins::{Column, View};
    use super::super::histogram::count;
    use super::*;

    #[test]
    fn the_l1_penalty_pulls_to_zero_from_both_sides() {
        for (gradient, expected) in [(3.0, 2.0), (-3.0, -2.0), (0.5, 0.0)] {
            assert!((pulled(gradient, 1.0) - expected).abs() < 1e-12);
        }
    }

    /// Every split of a node, one by one.
    fn slowly(
        column: &Column,
        values: &[f32],
        derivatives: &[Packed],
        params: &BoostParams,
    ) -> f64 {
        let score = |events: &[usize]| {
            let (mut g, mut h) = (0.0, 0.0);
            for event in events {
                g += f64::from(derivatives[*event].gradient());
                h += f64::from(derivatives[*event].hessian());
            }
            (pulled(g, params.alpha).powi(2) / (h + params.lambda), h)
        };
        let all: Vec<usize> = (0..values.len()).collect();
        let mut best = f64::NEG_INFINITY;
        for cut in column.cuts() {
            for missing_left in [false, true] {
                let (left, right): (Vec<usize>, Vec<usize>) = all.iter().partition(|event| {
                    let x = values[**event];
                    x < *cut || (x.is_nan() && missing_left)
                });
                let (left, right) = (score(&left), score(&right));
                if left.1.min(right.1) >= params.min_child_weight {
                    best = best.max(left.0 + right.0 - score(&all).0);
                }
            }
        }
        best
    }

    #[test]
    fn the_best_split_is_the_best_of_all() {
        let values: Vec<f32> = (0..400u16)
            .map(|at| {
                if at % 7 == 0 {
                    f32::NAN
                } else {
                    f32::from(at * 31 % 97)
                }
            })
            .collect();
        let derivatives: Vec<Packed> = (0..400)
            .map(|at| Packed::new((at * 17 % 41) - 15 - at % 97 / 9, 1 + at % 3))
            .collect();
        let events: Vec<u32> = (0..400).collect();
        let columns = [Column::new(&[1.0; 400]), Column::new(&values)];
        let view = View::new(&columns, vec![0, 1]);
        let groups = count(&view, &[0], &events, &derivatives);
        let slots = [0, 1].map(|slot| (slot, columns[slot].cuts().len()));
        let total = super::super::histogram::sum(&derivatives, &events);
        for (alpha, min_child_weight) in [(0.0, 1.0), (20.0, 90.0)] {
            let params = BoostParams {
                alpha,
                min_child_weight,
                ..BoostParams::default()
            };
            let best = best_split(&groups, total, 1.0, slots.into_iter(), &params).unwrap();
            let expected = slowly(&columns[1], &values, &derivatives, &params);
            assert_eq!(best.slot, 1);
            assert!(
                (best.gain / expected - 1.0).abs() < 1e-3,
                "{} {expected}",
                best.gain
            );
        }
        let heavy = BoostParams {
            min_child_weight: 1e6,
            ..BoostParams::default()
        };
        assert!(best_split(&groups, total, 1.0, slots.into_iter(), &heavy).is_none());
    }
}
