//! Probabilities of many events at once, the derivatives of their loss, and the loss.
//!
//! In single precision and without branches, so that the compiler computes several at a time.

use super::histogram::{Packed, units};

/// Adding and taking away this number leaves the nearest whole number.
const ROUND: f32 = 12_582_912.0;

/// Exponentials of margins minus the largest of their event.
struct Exponentials {
    /// Per class and event.
    values: Vec<Vec<f32>>,
    /// Sum of each event's.
    sums: Vec<f32>,
    /// Largest margin of each event.
    largest: Vec<f32>,
}

impl Exponentials {
    fn new(margins: &[&[f32]]) -> Self {
        let events = margins.first().map_or(0, |margins| margins.len());
        let mut largest = vec![f32::NEG_INFINITY; events];
        for margins in margins {
            for (largest, margin) in largest.iter_mut().zip(*margins) {
                *largest = if margin > largest { *margin } else { *largest };
            }
        }
        let mut sums = vec![0.0; events];
        let values = margins.iter().map(|margins| {
            let pairs = margins.iter().zip(&largest);
            let values: Vec<f32> = pairs.map(|(margin, most)| exp(margin - most)).collect();
            for (sum, value) in sums.iter_mut().zip(&values) {
                *sum += value;
            }
            values
        });
        Self {
            values: values.collect(),
            sums,
            largest,
        }
    }
}

/// The exponential of a number from -87 to 0; of a smaller one, that of -87.
///
/// The polynomial is that of the Cephes library (Moshier 1992): two units in the last place.
fn exp(x: f32) -> f32 {
    let x = if x > -87.0 { x } else { -87.0 };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let x = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let mut y = 1.987_569_1e-4;
    for term in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5] {
        y = y * x + term;
    }
    let y = y * x * x + x + 1.0;
    // The low bits of `shifted` are the whole number: added to the exponent.
    f32::from_bits(y.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// Derivatives of the log loss by the margins, per class and event, and how many units make 1.
///
/// The hessian is doubled, as is usual for softmax: the other margins move as well.
pub(super) fn derivatives(margins: &[&[f32]], outcomes: &[usize]) -> (Vec<Vec<Packed>>, f64) {
    let units = units(outcomes.len());
    let exponentials = Exponentials::new(margins);
    let whole = |x: f32| (x * units + ROUND).to_bits().wrapping_sub(ROUND.to_bits()) as i32;
    let of_class = |values: &Vec<f32>| -> Vec<Packed> {
        let pairs = values.iter().zip(&exponentials.sums);
        pairs
            .map(|(value, sum)| {
                let p = value / sum;
                Packed::new(whole(p), whole(2.0 * p * (1.0 - p)))
            })
            .collect()
    };
    let mut packed: Vec<Vec<Packed>> = exponentials.values.iter().map(of_class).collect();
    let one = Packed::new(whole(1.0), 0);
    for (event, outcome) in outcomes.iter().enumerate() {
        let hit = &mut packed[*outcome][event];
        *hit = hit.minus(one);
    }
    (packed, f64::from(units))
}

/// Mean log loss of margins per class and event.
pub(super) fn loss(margins: &[&[f32]], outcomes: &[usize]) -> f64 {
    let Exponentials { sums, largest, .. } = Exponentials::new(margins);
    let events = sums.iter().zip(largest).zip(outcomes).enumerate();
    let losses = events.map(|(event, ((sum, largest), outcome))| {
        f64::from(*sum).ln() + f64::from(largest) - f64::from(margins[*outcome][event])
    });
    losses.sum::<f64>() / outcomes.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_right_to_six_digits() {
        for step in 0..8_700 {
            let x = -f64::from(step) / 100.0;
            let ratio = f64::from(exp(x as f32)) / f64::from(x as f32).exp();
            assert!((ratio - 1.0).abs() < 3e-7, "{x}: {ratio}");
        }
        assert!(exp(-1e9) > 0.0 && exp(-1e9) < 1e-37);
        assert_eq!(exp(0.0).to_bits(), 1f32.to_bits());
    }

    #[test]
    fn derivatives_are_those_of_the_loss() {
        let margins = [[0.3, -4.0], [-1.2, 4.0], [2.0, 0.0]];
        let outcomes = [1, 0];
        let total = |margins: &[[f32; 2]; 3]| {
            loss(&margins.each_ref().map(|class| &class[..]), &outcomes) * 2.0
        };
        let (derivatives, units) =
            derivatives(&margins.each_ref().map(|class| &class[..]), &outcomes);
        let step = 1.0 / 64.0;
        for (event, class) in [(0, 0), (0, 1), (1, 1), (1, 2)] {
            let at = |by: f32| {
                let mut moved = margins;
                moved[class][event] += by;
                total(&moved)
            };
            let slope = (at(step) - at(-step)) / f64::from(2.0 * step);
            let packed = derivatives[class][event];
            assert!((f64::from(packed.gradient()) / units - slope).abs() < 1e-3);
            assert!(packed.hessian() > 0);
        }
        let sum: i32 = derivatives.iter().map(|class| class[0].gradient()).sum();
        assert!(f64::from(sum.abs()) / units < 1e-5, "shares add up to one");
    }

    #[test]
    fn far_margins_have_a_finite_loss() {
        let loss = loss(&[&[900.0], &[-900.0]], &[1]);
        assert!((loss - 1800.0).abs() < 1e-3, "{loss}");
    }
}
