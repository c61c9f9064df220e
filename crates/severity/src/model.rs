//! A model in memory: a header and trees that belong together.

use crate::cross::columns;
use crate::format::ModelError;
use crate::header::Header;
use crate::tree::Tree;

/// Rows that are scored together.
const BLOCK: usize = 128;

/// Walks down trees that go on side by side.
const WALKS: usize = 8;

/// A trained model whose parts have been checked against each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    header: Header,
    trees: Vec<Tree>,
}

impl Model {
    /// Puts a model together. Trees come round by round, in each round one per class in order.
    ///
    /// # Errors
    /// [`ModelError::Header`] if the parts do not belong together.
    pub fn new(header: Header, trees: Vec<Tree>) -> Result<Self, ModelError> {
        let classes = header.classes.len();
        let calibration = &header.calibration;
        let numbers = header
            .base_margins
            .iter()
            .chain(&calibration.bias)
            .chain(&header.decision)
            .chain(header.classes.iter().map(|class| &class.base_rate));
        let wrong = if classes < 2 {
            "it has fewer than two classes"
        } else if header.base_margins.len() != classes || calibration.bias.len() != classes {
            "its margins do not fit its classes"
        } else if !trees.len().is_multiple_of(classes) {
            "its trees do not fit its classes"
        } else if !(calibration.scale.is_finite() && calibration.scale > 0.0) {
            "its calibration is not above zero"
        } else if header.columns() >= usize::from(u16::MAX >> 1)
            || !header.crosses.iter().all(|c| c.fits(header.features.len()))
        {
            "its pairs do not fit its features"
        } else if !header.decision.is_empty()
            && (header.decision.len() != classes || header.decision.iter().any(|w| *w <= 0.0))
        {
            "its decision rule does not fit its classes"
        } else if numbers.into_iter().any(|x| !x.is_finite()) {
            "it holds a number that is not finite"
        } else {
            return Ok(Self { header, trees });
        };
        Err(ModelError::Header(wrong.to_owned()))
    }

    /// What the model says about itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The trees: round by round, in each round one per class.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// Calibrated probabilities of the classes, in class order, for an encoded row.
    ///
    /// # Panics
    /// If `row` is shorter than the model's features.
    pub fn probabilities(&self, row: &[f32]) -> Vec<f64> {
        self.calibrated(&self.margins(row))
    }

    /// [`Model::probabilities`] of many rows, to the bit, in less time.
    ///
    /// # Panics
    /// If a row is shorter than the model's features.
    pub fn probabilities_of(&self, rows: &[&[f32]]) -> Vec<Vec<f64>> {
        let margins = self.margins_of(rows).into_iter();
        margins.map(|margins| self.calibrated(&margins)).collect()
    }

    fn calibrated(&self, margins: &[f64]) -> Vec<f64> {
        let calibration = &self.header.calibration;
        let calibrated = margins
            .iter()
            .zip(&calibration.bias)
            .map(|(margin, bias)| calibration.scale * margin + bias);
        softmax(&calibrated.collect::<Vec<_>>())
    }

    /// Position of the class to name when only one may be named: the largest product of
    /// probability and the class's weight, of equal ones the first.
    pub fn decide(&self, probabilities: &[f64]) -> usize {
        let weight = |class: usize| self.header.decision.get(class).copied().unwrap_or(1.0);
        let mut best = 0;
        for class in 1..probabilities.len() {
            if probabilities[class] * weight(class) > probabilities[best] * weight(best) {
                best = class;
            }
        }
        best
    }

    /// What the trees are asked about an encoded row: its values, then the shares of pairs.
    ///
    /// # Panics
    /// If `row` is shorter than the model's features.
    pub fn columns(&self, row: &[f32]) -> Vec<f32> {
        columns(&self.header.crosses, row)
    }

    /// Sums of the trees per class, before calibration.
    ///
    /// # Panics
    /// If `row` is shorter than the model's features.
    pub fn margins(&self, row: &[f32]) -> Vec<f64> {
        let mut margins = self.header.base_margins.clone();
        let classes = margins.len();
        let row = &self.columns(row)[..];
        let (several, rest) = self.trees.as_chunks::<WALKS>();
        let values = several
            .iter()
            .flat_map(|trees| Tree::leaves(trees.each_ref().map(|tree| (tree, row))))
            .chain(rest.iter().map(|tree| tree.leaf(row)));
        for (at, value) in values.enumerate() {
            margins[at % classes] += f64::from(value);
        }
        margins
    }

    /// [`Model::margins`] of many rows, to the bit, in less time.
    ///
    /// # Panics
    /// If a row is shorter than the model's features.
    pub fn margins_of(&self, rows: &[&[f32]]) -> Vec<Vec<f64>> {
        let base = &self.header.base_margins;
        let mut all = vec![base.clone(); rows.len()];
        // A tree stays close to the processor while a block of rows walks down it; a whole model
        // does not.
        for (rows, all) in rows.chunks(BLOCK).zip(all.chunks_mut(BLOCK)) {
            let columns: Vec<Vec<f32>> = rows.iter().map(|row| self.columns(row)).collect();
            for (at, tree) in self.trees.iter().enumerate() {
                let class = at % base.len();
                let (several, rest) = columns.as_chunks::<WALKS>();
                let values = several
                    .iter()
                    .flat_map(|rows| Tree::leaves(rows.each_ref().map(|row| (tree, &row[..]))))
                    .chain(rest.iter().map(|row| tree.leaf(row)));
                for (margins, value) in all.iter_mut().zip(values) {
                    margins[class] += f64::from(value);
                }
            }
        }
        all
    }
}

/// Probabilities that are proportional to the exponentials of the margins.
pub fn softmax(margins: &[f64]) -> Vec<f64> {
    let largest = margins.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let exponentials: Vec<f64> = margins.iter().map(|m| (m - largest).exp()).collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials.iter().map(|e| e / sum).collect()
}
