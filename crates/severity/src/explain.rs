//! What each value contributes to a score: exact Shapley values of the trees.
//!
//! Path-dependent TreeSHAP (Lundberg et al., "Consistent Individualized Feature Attribution for
//! Tree Ensembles", 2018, algorithm 2): a feature that is not known yet is averaged over by the
//! share of training rows on each side. What a pair of categories contributes is shared by the
//! two. Contributions add up to the margin exactly, up to rounding.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::Model;
use crate::score::ScoreError;
use crate::tree::{Node, Tree};

/// Why a score is what it is, in calibrated margins (log odds before softmax).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// Margin of each class when nothing is known about the event, in the model's order.
    pub expected: Vec<f64>,
    /// Features in the model's order.
    pub contributions: Vec<Contribution>,
}

/// What the value of one feature, or its absence, adds to the margins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// Name of the feature.
    pub feature: String,
    /// Added to the margin of each class, in the model's order.
    pub margins: Vec<f64>,
}

impl Model {
    /// Explains [`Model::score`]: expected margin plus contributions is the margin of a class.
    ///
    /// # Errors
    /// As [`Model::score`].
    pub fn explain(&self, values: &BTreeMap<String, Value>) -> Result<Explanation, ScoreError> {
        let row = self.encode(values)?.row;
        let (expected, classes) = self.contributions(&row);
        let features = self.header().features.iter().enumerate();
        Ok(Explanation {
            expected,
            contributions: features
                .map(|(at, feature)| Contribution {
                    feature: feature.name.clone(),
                    margins: classes.iter().map(|class| class[at]).collect(),
                })
                .collect(),
        })
    }

    /// Expected margin of each class, and what each value of an encoded row adds to it:
    /// `.1[class][feature]`.
    ///
    /// # Panics
    /// If `row` is shorter than the model's features.
    pub fn contributions(&self, row: &[f32]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let header = self.header();
        let classes = header.classes.len();
        let scale = header.calibration.scale;
        let mut expected = header.base_margins.clone();
        let columns = self.columns(row);
        let mut contributions = vec![vec![0.0; columns.len()]; classes];
        for (at, tree) in self.trees().iter().enumerate() {
            expected[at % classes] += mean(tree);
            shapley(tree, &columns, &mut contributions[at % classes]);
        }
        let contributions = contributions.into_iter();
        let contributions = contributions.map(|class| header.per_feature(class));
        let mut contributions: Vec<Vec<f64>> = contributions.collect();
        for (margin, bias) in expected.iter_mut().zip(&header.calibration.bias) {
            *margin = scale * *margin + bias;
        }
        for value in contributions.iter_mut().flatten() {
            *value *= scale;
        }
        (expected, contributions)
    }
}

/// Shares of a split's training rows that went left and right.
fn shares(tree: &Tree, left: u16, right: u16) -> (f64, f64) {
    let cover = |child: u16| tree.nodes()[usize::from(child)].cover();
    let sum = cover(left) + cover(right);
    (cover(left) / sum, cover(right) / sum)
}

/// Mean of the leaves, weighted by the training rows that came there.
fn mean(tree: &Tree) -> f64 {
    let mut means = vec![0.0; tree.nodes().len()];
    // Children come after their parents.
    for (at, node) in tree.nodes().iter().enumerate().rev() {
        means[at] = match *node {
            Node::Leaf { value, .. } => f64::from(value),
            Node::Split { left, right, .. } => {
                let (share_left, share_right) = shares(tree, left, right);
                share_left * means[usize::from(left)] + share_right * means[usize::from(right)]
            }
        };
    }
    means[0]
}

/// A feature on the way from the root to a node.
#[derive(Debug, Clone, Copy)]
struct Step {
    feature: usize,
    /// Share of rows that take this way when the feature is unknown.
    unknown: f64,
    /// 1 if the row takes this way when the feature is known, else 0.
    known: f64,
    /// Weight of the sets of as many known features as the position of this step.
    weight: f64,
}

/// Adds the Shapley values of a tree to `values`, one per feature.
fn shapley(tree: &Tree, row: &[f32], values: &mut [f64]) {
    // The root is reached by no feature.
    let root = Step {
        feature: usize::MAX,
        unknown: 1.0,
        known: 1.0,
        weight: 0.0,
    };
    descend(tree, row, values, 0, &[], root);
}

fn descend(tree: &Tree, row: &[f32], values: &mut [f64], at: usize, above: &[Step], step: Step) {
    let mut path = extend(above, step);
    let node = &tree.nodes()[at];
    match *node {
        Node::Leaf { value, .. } => {
            for position in 1..path.len() {
                let weight: f64 = unwind(&path, position).iter().map(|s| s.weight).sum();
                let step = path[position];
                values[step.feature] += weight * (step.known - step.unknown) * f64::from(value);
            }
        }
        Node::Split {
            feature,
            left,
            right,
            ..
        } => {
            let feature = usize::from(feature);
            let (mut unknown, mut known) = (1.0, 1.0);
            // A feature asked again further down counts once.
            if let Some(position) = path.iter().position(|step| step.feature == feature) {
                (unknown, known) = (path[position].unknown, path[position].known);
                path = unwind(&path, position);
            }
            let (share_left, share_right) = shares(tree, left, right);
            let goes_left = node.goes_left(row);
            for (child, share, taken) in [
                (left, share_left, goes_left),
                (right, share_right, !goes_left),
            ] {
                let step = Step {
                    feature,
                    unknown: unknown * share,
                    known: if taken { known } else { 0.0 },
                    weight: 0.0,
                };
                descend(tree, row, values, usize::from(child), &path, step);
            }
        }
    }
}

/// The path with one more step, all weights brought up to date.
fn extend(above: &[Step], step: Step) -> Vec<Step> {
    let mut path = above.to_vec();
    let length = path.len();
    path.push(Step {
        weight: if length == 0 { 1.0 } else { 0.0 },
        ..step
    });
    let whole = (length + 1) as f64;
    for at in (0..length).rev() {
        path[at + 1].weight += step.known * path[at].weight * (at + 1) as f64 / whole;
        path[at].weight *= step.unknown * (length - at) as f64 / whole;
    }
    path
}

/// The path without the step at `position`: undoes [`extend`].
fn unwind(path: &[Step], position: usize) -> Vec<Step> {
    let mut path = path.to_vec();
    let length = path.len() - 1;
    let whole = (length + 1) as f64;
    let Step { unknown, known, .. } = path[position];
    let mut next = path[length].weight;
    for at in (0..length).rev() {
        let rest = unknown * (length - at) as f64 / whole;
        // `known` is a flag: 0 or 1.
        if known > 0.5 {
            let weight = path[at].weight;
            path[at].weight = next * whole / (at + 1) as f64;
            next = weight - path[at].weight * rest;
        } else {
            path[at].weight /= rest;
        }
    }
    for at in position..length {
        path[at] = Step {
            weight: path[at].weight,
            ..path[at + 1]
        };
    }
    path.pop();
    path
}

#[cfg(test)]
mod tests;
