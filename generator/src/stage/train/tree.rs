//! One regression tree: the best split of each node by exact gain over the bins.

use std::collections::VecDeque;

use severity::tree::{Node, Tree, TreeError};

use super::boost::BoostParams;
use super::histogram::{Column, Sums};

/// What trees are grown on.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    /// All features in bins.
    pub(super) columns: &'a [Column],
    /// Features this tree may use, ascending.
    pub(super) features: &'a [usize],
    /// Events this tree sees, ascending.
    pub(super) events: &'a [u32],
    /// Derivatives of the loss per training event.
    pub(super) derivatives: &'a [Sums],
}

/// A grown tree.
#[derive(Debug)]
pub(super) struct Grown {
    /// The tree; leaves are already scaled by the learning rate.
    pub(super) tree: Tree,
    /// Gain per feature.
    pub(super) gains: Vec<f64>,
}

/// A node that may still be split.
struct Open {
    at: usize,
    depth: u32,
    events: Vec<u32>,
    /// Sums per bin, one histogram per feature of the tree.
    histograms: Vec<Vec<Sums>>,
    total: Sums,
}

#[derive(Debug, Clone, Copy)]
struct Best {
    gain: f64,
    /// Position in the tree's features.
    slot: usize,
    /// Last bin that goes left.
    edge: usize,
    missing_left: bool,
    left: Sums,
}

/// Grows a tree level by level.
pub(super) fn grow(ground: &Ground, params: &BoostParams) -> Result<Grown, TreeError> {
    let mut nodes = Vec::new();
    let mut gains = vec![0.0; ground.columns.len()];
    let mut queue = VecDeque::from([root(ground)]);
    nodes.push(leaf(queue[0].total, params));
    while let Some(open) = queue.pop_front() {
        if open.depth == params.depth {
            continue;
        }
        let Some(best) = best_split(ground, &open, params) else {
            continue;
        };
        let feature = ground.features[best.slot];
        let column = &ground.columns[feature];
        gains[feature] += best.gain;
        let (left, right) = (nodes.len(), nodes.len() + 1);
        nodes[open.at] = Node::Split {
            feature: feature as u16,
            threshold: column.cuts[best.edge],
            default_left: best.missing_left,
            left: left as u16,
            right: right as u16,
            cover: open.total.hessian as f32,
        };
        nodes.push(leaf(best.left, params));
        nodes.push(leaf(open.total - best.left, params));
        queue.extend(children(ground, open, best, left));
    }
    Ok(Grown {
        tree: Tree::new(nodes, ground.columns.len())?,
        gains,
    })
}

fn root(ground: &Ground) -> Open {
    let events = ground.events.to_vec();
    let histograms = histograms(ground, &events);
    let mut total = Sums::default();
    for event in &events {
        total += ground.derivatives[*event as usize];
    }
    Open {
        at: 0,
        depth: 0,
        events,
        histograms,
        total,
    }
}

fn histograms(ground: &Ground, events: &[u32]) -> Vec<Vec<Sums>> {
    let derivatives: Vec<Sums> = events
        .iter()
        .map(|event| ground.derivatives[*event as usize])
        .collect();
    ground
        .features
        .iter()
        .map(|feature| ground.columns[*feature].histogram(events, &derivatives))
        .collect()
}

fn leaf(sums: Sums, params: &BoostParams) -> Node {
    let value = -params.learning_rate * sums.gradient / (sums.hessian + params.lambda);
    Node::Leaf {
        value: value as f32,
        cover: sums.hessian as f32,
    }
}

/// The split with the largest gain; of equal ones the first feature, lowest edge, missing right.
fn best_split(ground: &Ground, open: &Open, params: &BoostParams) -> Option<Best> {
    let score = |s: Sums| s.gradient * s.gradient / (s.hessian + params.lambda);
    let heavy = |s: Sums| s.hessian >= params.min_child_weight;
    let whole = score(open.total);
    let mut best: Option<Best> = None;
    for (slot, histogram) in open.histograms.iter().enumerate() {
        let column = &ground.columns[ground.features[slot]];
        let missing = histogram[column.missing()];
        let mut below = Sums::default();
        for (edge, sums) in histogram[..column.cuts.len()].iter().enumerate() {
            below += *sums;
            let mut with_missing = below;
            with_missing += missing;
            for (missing_left, left) in [(false, below), (true, with_missing)] {
                let right = open.total - left;
                if !heavy(left) || !heavy(right) {
                    continue;
                }
                let gain = score(left) + score(right) - whole;
                if gain > best.map_or(params.min_gain, |best| best.gain) {
                    best = Some(Best {
                        gain,
                        slot,
                        edge,
                        missing_left,
                        left,
                    });
                }
            }
        }
    }
    // Without missing values here, one that comes later goes where most events went.
    best.map(|best| {
        let column = &ground.columns[ground.features[best.slot]];
        let missing = open.histograms[best.slot][column.missing()];
        let undecided = missing.hessian <= f64::EPSILON * open.total.hessian;
        Best {
            missing_left: if undecided {
                best.left.hessian > open.total.hessian / 2.0
            } else {
                best.missing_left
            },
            ..best
        }
    })
}

fn children(ground: &Ground, open: Open, best: Best, left_at: usize) -> [Open; 2] {
    let column = &ground.columns[ground.features[best.slot]];
    let goes_left = |event: &u32| {
        let bin = column.bin(*event);
        if bin == column.missing() {
            best.missing_left
        } else {
            bin <= best.edge
        }
    };
    let (left, right): (Vec<u32>, Vec<u32>) = open.events.iter().partition(|e| goes_left(e));
    // Only the smaller side is counted; the other is what remains of the parent.
    let left_is_smaller = left.len() <= right.len();
    let counted = histograms(ground, if left_is_smaller { &left } else { &right });
    let mut rest = open.histograms;
    for (parent, child) in rest.iter_mut().flatten().zip(counted.iter().flatten()) {
        *parent = *parent - *child;
    }
    let (left_histograms, right_histograms) = if left_is_smaller {
        (counted, rest)
    } else {
        (rest, counted)
    };
    let child = |at, events, histograms, total| Open {
        at,
        depth: open.depth + 1,
        events,
        histograms,
        total,
    };
    [
        child(left_at, left, left_histograms, best.left),
        child(left_at + 1, right, right_histograms, open.total - best.left),
    ]
}
