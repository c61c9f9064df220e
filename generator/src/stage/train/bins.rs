//! Features in bins: what trees compare while they grow are small whole numbers.

/// Bins of a feature; the last one holds the missing values.
pub(super) const BINS: usize = 64;

/// Bin of missing values.
pub(super) const MISSING: usize = BINS - 1;

/// Most thresholds between the bins of values.
const MAX_CUTS: usize = MISSING - 1;

/// Features whose bins stand in one word.
pub(super) const LANES: usize = 8;

/// A feature of some events in bins.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Bin `b` holds the values from `cuts[b - 1]` to just below `cuts[b]`.
    cuts: Vec<f32>,
    /// Bin of each event.
    bins: Vec<u8>,
}

impl Column {
    /// Cuts values at quantiles; a missing value is NaN.
    pub(super) fn new(values: &[f32]) -> Self {
        let mut sorted: Vec<f32> = values.iter().copied().filter(|x| !x.is_nan()).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let mut column = Self {
            cuts: cuts(&sorted),
            bins: Vec::with_capacity(values.len()),
        };
        column.extend(values);
        column
    }

    /// Values of more events, into the same bins.
    pub(super) fn extend(&mut self, values: &[f32]) {
        for x in values {
            self.bins.push(if x.is_nan() {
                MISSING as u8
            } else {
                self.cuts.partition_point(|cut| cut <= x) as u8
            });
        }
    }

    /// Thresholds, ascending.
    #[cfg(test)]
    pub(super) fn cuts(&self) -> &[f32] {
        &self.cuts
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

/// All features of all events, the bins of eight features in a word.
#[derive(Debug, Default)]
pub(super) struct View<'a> {
    /// Position of each feature among the columns, in the order of the words and their lanes.
    pub(super) features: Vec<usize>,
    columns: Vec<&'a Column>,
    /// Per eight features a word for each event, the first feature in the lowest byte.
    pub(super) words: Vec<Vec<u64>>,
}

impl<'a> View<'a> {
    /// A view of `columns` in this order.
    pub(super) fn new(columns: &'a [Column], order: Vec<usize>) -> Self {
        let columns: Vec<&Column> = order.iter().map(|at| &columns[*at]).collect();
        Self {
            words: columns.chunks(LANES).map(words).collect(),
            features: order,
            columns,
        }
    }

    /// Thresholds of the feature at a position of the view.
    pub(super) fn cuts(&self, place: usize) -> &'a [f32] {
        &self.columns[place].cuts
    }
}

fn words(columns: &[&Column]) -> Vec<u64> {
    /// Words that stay close to the processor while all their lanes are filled.
    const PART: usize = 512;
    let mut words = vec![0; columns.first().map_or(0, |column| column.bins.len())];
    for (at, words) in words.chunks_mut(PART).enumerate() {
        for (lane, column) in columns.iter().enumerate() {
            for (word, bin) in words.iter_mut().zip(&column.bins[at * PART..]) {
                *word |= u64::from(*bin) << (8 * lane);
            }
        }
    }
    words
}

/// The bin that a word holds for one of its eight features.
pub(super) fn bin(word: u64, lane: usize) -> usize {
    (word >> (8 * lane)) as usize % BINS
}

#[cfg(test)]
mod tests {
    use severity::features::{FeatureSet, Kind};

    use super::*;

    #[test]
    fn bins_agree_with_thresholds() {
        let values: Vec<f32> = (0..1000u16).map(|x| f32::from(x * 37 % 500)).collect();
        let mut columns = vec![Column::new(&[1.0; 1000]), Column::new(&values)];
        let later = [-1.0, 250.0, 1e9, f32::NAN];
        for column in &mut columns {
            column.extend(&later);
        }
        assert!(columns[0].cuts().is_empty());
        let cuts = columns[1].cuts();
        assert!(cuts.len() <= MAX_CUTS && cuts.len() > MAX_CUTS / 2);
        let view = View::new(&columns, vec![1]);
        for (word, x) in view.words[0].iter().zip(values.iter().chain(&later)) {
            if x.is_nan() {
                assert_eq!(bin(*word, 0), MISSING);
                continue;
            }
            for (edge, cut) in cuts.iter().enumerate() {
                assert_eq!(*x < *cut, bin(*word, 0) <= edge);
            }
        }
    }

    #[test]
    fn a_view_finds_every_feature_in_its_lane() {
        let columns: Vec<Column> = (0..20u8)
            .map(|at| {
                Column::new(
                    &[0.0, 1.0, 2.0].map(|x| if f32::from(at % 3) < x { x } else { f32::NAN }),
                )
            })
            .collect();
        let view = View::new(&columns, (0..20).collect());
        assert_eq!(view.words.len(), 3);
        for (at, column) in columns.iter().enumerate() {
            for (event, expected) in column.bins.iter().enumerate() {
                let word = view.words[at / LANES][event];
                assert_eq!(bin(word, at % LANES), usize::from(*expected));
            }
        }
    }

    #[test]
    fn as_many_levels_as_fit_have_bins_of_their_own() {
        let levels: Vec<f32> = (0..(MAX_CUTS as u16 + 1) * 2)
            .map(|x| f32::from(x / 2))
            .collect();
        assert_eq!(Column::new(&levels).cuts().len(), MAX_CUTS);
    }

    #[test]
    fn every_declared_category_fits() {
        for feature in FeatureSet::FullRecord.features() {
            if let Kind::Category { top, .. } = feature.kind {
                assert!(top <= MAX_CUTS, "{}", feature.name);
            }
        }
    }
}
