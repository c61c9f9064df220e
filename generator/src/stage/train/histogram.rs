//! Features in bins, and gradient sums per bin.

use std::ops::{AddAssign, Sub};

/// Values of a feature fall into at most this many bins, missing ones into one more.
const MAX_BINS: usize = 128;

/// Sums of first and second derivatives of the loss.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    /// First derivatives.
    pub(super) gradient: f64,
    /// Second derivatives.
    pub(super) hessian: f64,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.gradient += other.gradient;
        self.hessian += other.hessian;
    }
}

impl Sub for Sums {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            hessian: self.hessian - other.hessian,
        }
    }
}

/// A feature of the training events in bins.
#[derive(Debug)]
pub(super) struct Column {
    /// Bin `b` holds the values from `cuts[b - 1]` to just below `cuts[b]`.
    pub(super) cuts: Vec<f32>,
    /// Bin of each event; [`Column::missing`] for a missing value.
    bins: Vec<u8>,
}

impl Column {
    /// Cuts the values at quantiles; a missing value is NaN.
    pub(super) fn new(values: &[f32]) -> Self {
        let mut sorted: Vec<f32> = values.iter().copied().filter(|x| !x.is_nan()).collect();
        sorted.sort_by(f32::total_cmp);
        let cuts = cuts(&sorted);
        let missing = cuts.len() + 1;
        let bins = values
            .iter()
            .map(|x| {
                let bin = if x.is_nan() {
                    missing
                } else {
                    cuts.partition_point(|cut| cut <= x)
                };
                u8::try_from(bin).expect("fewer than 256 bins")
            })
            .collect();
        Self { cuts, bins }
    }

    /// The bin of missing values, after all others.
    pub(super) fn missing(&self) -> usize {
        self.cuts.len() + 1
    }

    /// Bin of an event.
    pub(super) fn bin(&self, event: u32) -> usize {
        usize::from(self.bins[event as usize])
    }

    /// Bins, the one of missing values included.
    pub(super) fn width(&self) -> usize {
        self.cuts.len() + 2
    }

    /// Adds the derivatives of `events` to the sums of their bins.
    ///
    /// # Panics
    /// If `sums` has fewer than [`Column::width`] places.
    pub(super) fn count(&self, events: &[u32], derivatives: &[Sums], sums: &mut [Sums]) {
        for (event, sum) in events.iter().zip(derivatives) {
            sums[self.bin(*event)] += *sum;
        }
    }
}

/// Midpoints between neighbouring values, thinned out to quantiles if there are too many.
fn cuts(sorted: &[f32]) -> Vec<f32> {
    let mut cuts = Vec::new();
    let per_bin = sorted.len().div_ceil(MAX_BINS).max(1);
    let mut distinct = sorted.to_vec();
    distinct.dedup();
    let few = distinct.len() <= MAX_BINS;
    let mut in_bin = 0;
    for pair in sorted.windows(2) {
        in_bin += 1;
        if pair[0] < pair[1] && (few || in_bin >= per_bin) {
            let middle = pair[0] + (pair[1] - pair[0]) / 2.0;
            // Between neighbouring floats there is no middle; the upper one parts them as well.
            cuts.push(if middle > pair[0] { middle } else { pair[1] });
            in_bin = 0;
        }
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_agree_with_thresholds() {
        let values: Vec<f32> = (0..1000u16).map(|x| f32::from(x * 37 % 500)).collect();
        let column = Column::new(&values);
        assert!(column.cuts.len() < MAX_BINS && column.cuts.len() > MAX_BINS / 2);
        for (at, x) in values.iter().enumerate() {
            let bin = column.bin(at as u32);
            for (edge, cut) in column.cuts.iter().enumerate() {
                assert_eq!(*x < *cut, bin <= edge);
            }
        }
    }

    #[test]
    fn missing_values_have_a_bin_of_their_own() {
        let column = Column::new(&[1.0, f32::NAN, 3.0, 1.0]);
        assert_eq!(column.cuts, [2.0]);
        let one = Sums {
            gradient: 1.0,
            hessian: 0.5,
        };
        let mut histogram = vec![Sums::default(); column.width()];
        column.count(&[0, 1, 3], &[one; 3], &mut histogram);
        assert_eq!(
            histogram[0],
            Sums {
                gradient: 2.0,
                hessian: 1.0
            }
        );
        assert_eq!(histogram[1], Sums::default());
        assert_eq!(histogram[column.missing()], one);
    }
}
