//! Sums of the loss's derivatives per bin.
//!
//! Growing trees is adding up derivatives, so this is where training spends its time. Both
//! derivatives of an event are whole numbers in one 64-bit word: one addition adds both, sums are
//! exact in any order, and what remains of a parent without one child is exact as well.

use super::bins::{BINS, LANES, View, bin};

/// Sums of both derivatives per bin of a feature.
pub(super) type Histogram = [Packed; BINS];

/// Histograms of the features whose bins stand in one word.
pub(super) type Group = [Histogram; LANES];

/// First derivative (upper half, signed) and second derivative (lower half, below 2³¹) of the
/// loss, in units of [`unit`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Packed(i64);

impl Packed {
    pub(super) fn new(gradient: i32, hessian: i32) -> Self {
        Self((i64::from(gradient) << 32) + i64::from(hessian))
    }

    pub(super) fn gradient(self) -> i32 {
        (self.0 >> 32) as i32
    }

    pub(super) fn hessian(self) -> i32 {
        self.0 as i32
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// How many units make 1, so that a sum over `events` derivatives from -1 to 1 stays below 2³¹.
pub(super) fn units(events: usize) -> f32 {
    // More than 2²⁰ would not survive the arithmetic that makes whole numbers of them.
    (f64::from(1 << 30) / events.max(1) as f64).clamp(1.0, f64::from(1 << 20)) as f32
}

/// Sum over `events`.
pub(super) fn sum(derivatives: &[Packed], events: &[u32]) -> Packed {
    let derivatives = events.iter().map(|event| derivatives[*event as usize]);
    derivatives.fold(Packed::default(), Packed::plus)
}

/// Sums of the derivatives of `events` per bin of each feature in some words of a view.
pub(super) fn count(
    view: &View,
    words: &[usize],
    events: &[u32],
    derivatives: &[Packed],
) -> Vec<Group> {
    let mut groups = vec![[[Packed::default(); BINS]; LANES]; words.len()];
    for (at, group) in words.iter().zip(&mut groups) {
        let words = &view.words[*at];
        // Event by event: the sums of one event fall into places that do not wait for each other.
        for event in events {
            let (word, derivative) = (words[*event as usize], derivatives[*event as usize]);
            for (lane, histogram) in group.iter_mut().enumerate() {
                let sum = &mut histogram[bin(word, lane)];
                *sum = sum.plus(derivative);
            }
        }
    }
    groups
}

/// What remains of `whole` without `part`.
pub(super) fn subtract(whole: &mut [Group], part: &[Group]) {
    let whole = whole.as_flattened_mut().as_flattened_mut();
    for (sum, less) in whole.iter_mut().zip(part.as_flattened().as_flattened()) {
        *sum = sum.minus(*less);
    }
}

#[cfg(test)]
mod tests {
    use super::super::bins::{Column, MISSING};
    use super::*;

    #[test]
    fn derivatives_are_summed_per_bin_and_missing_values_apart() {
        let columns = [
            Column::new(&[7.0; 4]),
            Column::new(&[1.0, f32::NAN, 3.0, 1.0]),
        ];
        assert_eq!(columns[1].cuts(), [2.0]);
        let derivatives = [(-4, 1), (2, 4), (3, 0), (-2, 2)].map(|(g, h)| Packed::new(g, h));
        let view = View::new(&columns, vec![0, 1]);
        let mut groups = count(&view, &[0], &[0, 1, 2, 3], &derivatives);
        let read = |sum: Packed| (sum.gradient(), sum.hessian());
        let histogram = groups[0][1];
        assert_eq!(read(groups[0][0][0]), (-1, 7));
        assert_eq!(read(histogram[0]), (-6, 3));
        assert_eq!(read(histogram[1]), (3, 0));
        assert_eq!(read(histogram[MISSING]), (2, 4));
        let rest = sum(&derivatives, &[0, 1, 2, 3]).minus(histogram[0]);
        assert_eq!(read(rest), (5, 4));
        subtract(&mut groups, &count(&view, &[0], &[0, 2], &derivatives));
        assert_eq!(groups, count(&view, &[0], &[1, 3], &derivatives));
    }

    #[test]
    fn the_largest_sums_fit() {
        for events in [1, 1000, 3_000_000_u32] {
            let one = units(events as usize) as i32;
            let derivatives = vec![Packed::new(-one, one); events as usize];
            let events: Vec<u32> = (0..events).collect();
            let sum = sum(&derivatives, &events);
            assert_eq!(
                i64::from(sum.hessian()),
                i64::from(one) * events.len() as i64
            );
            assert_eq!(sum.gradient(), -sum.hessian());
        }
    }
}
