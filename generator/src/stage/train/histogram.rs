//! Features in bins, and sums of the loss's derivatives per bin.
//!
//! Growing trees is adding up derivatives, so this is where training spends its time. Both
//! derivatives of an event are whole numbers in one 64-bit word: one addition adds both, sums are
//! exact in any order, and what remains of a parent without one child is exact as well.

/// Bins of a feature; the last one holds the missing values.
pub(super) const BINS: usize = 64;

/// Bin of missing values.
pub(super) const MISSING: usize = BINS - 1;

/// Most thresholds between the bins of values.
const MAX_CUTS: usize = MISSING - 1;

/// Sums of both derivatives per bin of a feature.
pub(super) type Histogram = [Packed; BINS];

/// First derivative (upper half, signed) and second derivative (lower half, below 2³¹) of the
/// loss, in units of [`Derivatives::unit`].
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

/// Derivatives of the loss by one margin, per event.
#[derive(Debug)]
pub(super) struct Derivatives {
    events: Vec<Packed>,
    /// What 1 stands for.
    unit: f64,
}

impl Derivatives {
    /// Of pairs of a first derivative from -1 to 1 and a second one from 0 to 1.
    pub(super) fn new(pairs: impl ExactSizeIterator<Item = (f64, f64)>) -> Self {
        // The sum over all events has to stay below 2³¹.
        let scale = (f64::from(1 << 30) / pairs.len().max(1) as f64).max(1.0);
        let whole = |x: f64| (x * scale).round() as i32;
        Self {
            unit: 1.0 / scale,
            events: pairs
                .map(|(g, h)| Packed::new(whole(g), whole(h)))
                .collect(),
        }
    }

    pub(super) fn unit(&self) -> f64 {
        self.unit
    }

    /// Sum over `events`.
    pub(super) fn sum(&self, events: &[u32]) -> Packed {
        events.iter().fold(Packed::default(), |sum, event| {
            sum.plus(self.events[*event as usize])
        })
    }
}

/// The events to learn from in bins.
#[derive(Debug)]
pub(super) struct Bins {
    /// Per feature: bin `b` holds the values from `cuts[b - 1]` to just below `cuts[b]`.
    cuts: Vec<Vec<f32>>,
    /// Event by event, the bin of each feature.
    bins: Vec<u8>,
}

impl Bins {
    /// Cuts the values of each feature at quantiles; a missing value is NaN.
    pub(super) fn new(rows: &[&[f32]]) -> Self {
        let features = rows.first().map_or(0, |row| row.len());
        let cuts: Vec<Vec<f32>> = (0..features)
            .map(|at| {
                let values = rows.iter().map(|row| row[at]);
                let mut sorted: Vec<f32> = values.filter(|x| !x.is_nan()).collect();
                sorted.sort_unstable_by(f32::total_cmp);
                cuts(&sorted)
            })
            .collect();
        let bin = |(x, cuts): (&f32, &Vec<f32>)| {
            if x.is_nan() {
                MISSING as u8
            } else {
                cuts.partition_point(|cut| cut <= x) as u8
            }
        };
        Self {
            bins: rows
                .iter()
                .flat_map(|row| row.iter().zip(&cuts).map(bin))
                .collect(),
            cuts,
        }
    }

    /// Number of features.
    pub(super) fn features(&self) -> usize {
        self.cuts.len()
    }

    /// Thresholds of a feature, ascending.
    pub(super) fn cuts(&self, feature: usize) -> &[f32] {
        &self.cuts[feature]
    }

    /// Bin of a feature of an event.
    pub(super) fn bin(&self, event: u32, feature: usize) -> usize {
        usize::from(self.bins[event as usize * self.cuts.len() + feature])
    }

    /// Sums of the derivatives of `events` per bin of each of `features`.
    pub(super) fn count(
        &self,
        events: &[u32],
        features: &[usize],
        derivatives: &Derivatives,
    ) -> Vec<Histogram> {
        let mut histograms = vec![[Packed::default(); BINS]; features.len()];
        let width = self.cuts.len();
        // Event by event: sums of one event fall into places that do not wait for each other.
        for event in events {
            let derivative = derivatives.events[*event as usize];
            let row = &self.bins[*event as usize * width..][..width];
            for (histogram, feature) in histograms.iter_mut().zip(features) {
                let sum = &mut histogram[usize::from(row[*feature]) % BINS];
                *sum = sum.plus(derivative);
            }
        }
        histograms
    }
}

/// Midpoints between neighbouring values, thinned out to quantiles if there are too many.
fn cuts(sorted: &[f32]) -> Vec<f32> {
    let mut cuts = Vec::new();
    let per_bin = sorted.len().div_ceil(MAX_CUTS + 1).max(1);
    let edges = sorted.windows(2).filter(|pair| pair[0] < pair[1]).count();
    let few = edges <= MAX_CUTS;
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
    use severity::features::{FeatureSet, Kind};

    use super::*;

    fn bins(columns: &[Vec<f32>]) -> Bins {
        let rows: Vec<Vec<f32>> = (0..columns[0].len())
            .map(|at| columns.iter().map(|column| column[at]).collect())
            .collect();
        let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        Bins::new(&rows)
    }

    #[test]
    fn bins_agree_with_thresholds() {
        let values: Vec<f32> = (0..1000u16).map(|x| f32::from(x * 37 % 500)).collect();
        let bins = bins(&[vec![1.0; 1000], values.clone()]);
        assert!(bins.cuts(0).is_empty());
        let cuts = bins.cuts(1);
        assert!(cuts.len() <= MAX_CUTS && cuts.len() > MAX_CUTS / 2);
        for (event, x) in (0..).zip(&values) {
            let bin = bins.bin(event, 1);
            for (edge, cut) in cuts.iter().enumerate() {
                assert_eq!(*x < *cut, bin <= edge);
            }
        }
    }

    #[test]
    fn as_many_levels_as_fit_have_bins_of_their_own() {
        let levels: Vec<f32> = (0..(MAX_CUTS as u16 + 1) * 2)
            .map(|x| f32::from(x / 2))
            .collect();
        assert_eq!(bins(&[levels]).cuts(0).len(), MAX_CUTS);
    }

    #[test]
    fn every_declared_category_fits() {
        for feature in FeatureSet::FullRecord.features() {
            if let Kind::Category { top, .. } = feature.kind {
                assert!(top <= MAX_CUTS, "{}", feature.name);
            }
        }
    }

    #[test]
    fn derivatives_are_summed_per_bin_and_missing_values_apart() {
        let bins = bins(&[vec![7.0; 4], vec![1.0, f32::NAN, 3.0, 1.0]]);
        assert_eq!(bins.cuts(1), [2.0]);
        let pairs = [(-1.0, 0.25), (0.5, 1.0), (0.75, 0.0), (-0.5, 0.5)];
        let derivatives = Derivatives::new(pairs.into_iter());
        let read = |sum: Packed| {
            let real = |x: i32| f64::from(x) * derivatives.unit();
            (real(sum.gradient()), real(sum.hessian()))
        };
        let histogram = bins.count(&[0, 1, 2, 3], &[1], &derivatives)[0];
        assert_eq!(read(histogram[0]), (-1.5, 0.75));
        assert_eq!(read(histogram[1]), (0.75, 0.0));
        assert_eq!(read(histogram[MISSING]), (0.5, 1.0));
        let rest = derivatives.sum(&[0, 1, 2, 3]).minus(histogram[0]);
        assert_eq!(read(rest), (1.25, 1.0));
    }

    #[test]
    fn the_largest_sums_fit() {
        let count = 3_000_000;
        let derivatives = Derivatives::new((0..count).map(|_| (-1.0, 1.0)));
        let events: Vec<u32> = (0..count).collect();
        let sum = derivatives.sum(&events);
        let real = |x: i32| f64::from(x) * derivatives.unit() / f64::from(count);
        assert!((real(sum.gradient()) + 1.0).abs() < 1e-2);
        assert!((real(sum.hessian()) - 1.0).abs() < 1e-2);
    }
}
