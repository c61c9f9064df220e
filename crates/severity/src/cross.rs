//! Two categories read together: how accidents with both ended in training.
//!
//! What a phase of flight means depends on the aircraft, the weather, the purpose. A tree finds
//! that out split by split, and each split leaves it fewer events. So the model file holds, for
//! pairs of categories, the share of every outcome among the training events with both levels,
//! pulled towards the overall share, and the trees may ask for these shares like for any value.
//! This is the idea of target statistics (Micci-Barreca 2001; Prokhorenkova et al., "CatBoost",
//! 2018, whose ordered way of computing them in training the generator follows).

use serde::{Deserialize, Serialize};

/// A pair of categories and what it says about the outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cross {
    /// Positions of the two features in the encoded row.
    pub features: [usize; 2],
    /// Number of levels of the two, plus one each for a missing value, which comes last.
    pub sizes: [usize; 2],
    /// Per outcome that is told about: a share per pair of levels, the second level fastest.
    pub shares: Vec<Vec<f32>>,
}

impl Cross {
    /// Position of a row's pair of levels in [`Cross::shares`].
    ///
    /// # Panics
    /// If `row` is shorter than the features.
    pub fn cell(&self, row: &[f32]) -> usize {
        let level = |at: usize| {
            let missing = self.sizes[at] - 1;
            let value = row[self.features[at]];
            // Levels are counted from 0; anything else, NaN included, is missing.
            if value >= 0.0 && value < missing as f32 {
                value as usize
            } else {
                missing
            }
        };
        level(0) * self.sizes[1] + level(1)
    }

    /// Whether its tables fit a row of `features` values.
    pub(crate) fn fits(&self, features: usize) -> bool {
        let cells = self.sizes[0].checked_mul(self.sizes[1]);
        self.features.iter().all(|feature| *feature < features)
            && self.sizes.iter().all(|size| *size > 0)
            && self
                .shares
                .iter()
                .all(|table| Some(table.len()) == cells && table.iter().all(|x| x.is_finite()))
    }
}

/// A row of feature values with the shares of all pairs after them: what the trees are asked.
pub fn columns(crosses: &[Cross], row: &[f32]) -> Vec<f32> {
    let mut columns = row.to_vec();
    for cross in crosses {
        let cell = cross.cell(row);
        columns.extend(cross.shares.iter().map(|table| table[cell]));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_levels_have_cells_and_missing_ones_too() {
        let cross = Cross {
            features: [2, 0],
            sizes: [3, 2],
            shares: vec![vec![0.0, 0.1, 0.2, 0.3, 0.4, 0.5]],
        };
        assert!(cross.fits(3) && !cross.fits(2));
        assert_eq!(
            columns(std::slice::from_ref(&cross), &[0.0, 9.0, 1.0]),
            [0.0, 9.0, 1.0, 0.2]
        );
        assert_eq!(cross.cell(&[f32::NAN, 0.0, 0.0]), 1);
        assert_eq!(cross.cell(&[0.0, 0.0, f32::NAN]), 4);
        // A level that a broken row invents is missing, not a neighbour's cell.
        assert_eq!(cross.cell(&[7.0, 0.0, -1.0]), 5);
        let short = Cross {
            shares: vec![vec![0.0; 5]],
            ..cross
        };
        assert!(!short.fits(3));
    }
}
