//! One regression tree: the leaf whose split gains most is split first, until depth, number of
//! leaves or gain run out.

use rand::seq::index;
use rand_chacha::ChaCha8Rng;
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
    /// Events the tree has seen, by the node of their leaf.
    pub(super) leaves: Vec<(usize, Vec<u32>)>,
}

/// A leaf that may be split.
struct Open {
    at: usize,
    side: Side,
    depth: u32,
    best: Best,
}

/// The split of a leaf that gains most.
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

/// The events of a leaf.
struct Side {
    events: Vec<u32>,
    /// Sums per bin: the histograms of the tree's features, one after the other.
    histograms: Vec<Sums>,
    total: Sums,
}

/// Where the histogram of each of the tree's features begins, and where the last one ends.
fn offsets(ground: &Ground) -> Vec<usize> {
    let mut offsets = vec![0];
    for feature in ground.features {
        offsets.push(offsets[offsets.len() - 1] + ground.columns[*feature].width());
    }
    offsets
}

/// Grows a tree. `rng` chooses the features that each split may use.
pub(super) fn grow(
    ground: &Ground,
    params: &BoostParams,
    rng: &mut ChaCha8Rng,
) -> Result<Grown, TreeError> {
    let mut nodes = Vec::new();
    let mut gains = vec![0.0; ground.columns.len()];
    let mut leaves = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let offsets = offsets(ground);
    let root = root(ground, &offsets);
    nodes.push(leaf(root.total, params));
    let mut consider = |side: Side, at, depth, open: &mut Vec<Open>| match best_of(
        ground, params, rng, &side, &offsets, depth,
    ) {
        Some(best) => open.push(Open {
            at,
            side,
            depth,
            best,
        }),
        None => leaves.push((at, side.events)),
    };
    consider(root, 0, 0, &mut open);
    // Splitting one of `leaves` makes one more.
    for _ in 1..params.leaves.max(1) {
        let Some(chosen) = most_gain(&open) else {
            break;
        };
        let split = open.swap_remove(chosen);
        let best = split.best;
        let feature = ground.features[best.slot];
        gains[feature] += best.gain;
        let (left_at, depth) = (nodes.len(), split.depth + 1);
        nodes[split.at] = Node::Split {
            feature: feature as u16,
            threshold: ground.columns[feature].cuts[best.edge],
            default_left: best.missing_left,
            left: left_at as u16,
            right: left_at as u16 + 1,
            cover: coarse(split.side.total.hessian),
        };
        let sides = divide(ground, split, &offsets);
        for side in &sides {
            nodes.push(leaf(side.total, params));
        }
        for (at, side) in (left_at..).zip(sides) {
            consider(side, at, depth, &mut open);
        }
    }
    leaves.extend(open.into_iter().map(|open| (open.at, open.side.events)));
    Ok(Grown {
        tree: Tree::new(nodes, ground.columns.len())?,
        gains,
        leaves,
    })
}

/// Of leaves that gain the same, the one made first.
fn most_gain(open: &[Open]) -> Option<usize> {
    let better = |a: &Open, b: &Open| a.best.gain.total_cmp(&b.best.gain).then(b.at.cmp(&a.at));
    (0..open.len()).max_by(|a, b| better(&open[*a], &open[*b]))
}

fn root(ground: &Ground, offsets: &[usize]) -> Side {
    let mut total = Sums::default();
    for event in ground.events {
        total += ground.derivatives[*event as usize];
    }
    Side {
        events: ground.events.to_vec(),
        histograms: histograms(ground, ground.events, offsets),
        total,
    }
}

fn histograms(ground: &Ground, events: &[u32], offsets: &[usize]) -> Vec<Sums> {
    let derivatives: Vec<Sums> = events
        .iter()
        .map(|event| ground.derivatives[*event as usize])
        .collect();
    let mut sums = vec![Sums::default(); offsets[ground.features.len()]];
    for (feature, ends) in ground.features.iter().zip(offsets.windows(2)) {
        let column = &ground.columns[*feature];
        column.count(events, &derivatives, &mut sums[ends[0]..ends[1]]);
    }
    sums
}

fn leaf(sums: Sums, params: &BoostParams) -> Node {
    let value = -params.learning_rate * pulled(sums.gradient, params.alpha)
        / (sums.hessian + params.lambda);
    Node::Leaf {
        value: rounded(value),
        cover: coarse(sums.hessian),
    }
}

/// A number of 10 significant bits: leaves need no more, and the model file becomes half as large
/// when compressed.
fn rounded(x: f64) -> f32 {
    keep_bits(x, 14)
}

/// A number of 8 significant bits: covers only weigh the branches of an explanation.
fn coarse(x: f64) -> f32 {
    keep_bits(x, 16)
}

/// Rounds the last `dropped` bits of the fraction away.
fn keep_bits(x: f64, dropped: u32) -> f32 {
    let bits = (x as f32).to_bits();
    let half = 1 << (dropped - 1);
    let kept = f32::from_bits(bits.saturating_add(half) & (u32::MAX << dropped));
    if kept.is_finite() && kept != 0.0 {
        kept
    } else {
        x as f32
    }
}

/// A gradient sum after the L1 penalty.
fn pulled(gradient: f64, alpha: f64) -> f64 {
    (gradient.abs() - alpha).max(0.0).copysign(gradient)
}

/// The best split of a leaf, if it has one that is worth it.
fn best_of(
    ground: &Ground,
    params: &BoostParams,
    rng: &mut ChaCha8Rng,
    side: &Side,
    offsets: &[usize],
    depth: u32,
) -> Option<Best> {
    // Too light for two children that are heavy enough.
    if depth == params.depth || side.total.hessian < 2.0 * params.min_child_weight {
        return None;
    }
    let slots = slots(ground.features.len(), params.split_share, rng);
    best_split(ground, side, &slots, offsets, params)
}

/// Ascending positions of the features that a split may use, at least one.
fn slots(features: usize, share: f64, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let amount = (features as f64 * share).ceil() as usize;
    if amount >= features {
        return (0..features).collect();
    }
    let mut slots = index::sample(rng, features, amount.max(1)).into_vec();
    slots.sort_unstable();
    slots
}

/// The split with the largest gain; of equal ones the first feature, lowest edge, missing right.
fn best_split(
    ground: &Ground,
    side: &Side,
    slots: &[usize],
    offsets: &[usize],
    params: &BoostParams,
) -> Option<Best> {
    let score = |s: Sums| {
        let gradient = pulled(s.gradient, params.alpha);
        gradient * gradient / (s.hessian + params.lambda)
    };
    let heavy = |s: Sums| s.hessian >= params.min_child_weight;
    let whole = score(side.total);
    let mut best: Option<Best> = None;
    for slot in slots {
        let histogram = &side.histograms[offsets[*slot]..offsets[*slot + 1]];
        let column = &ground.columns[ground.features[*slot]];
        let missing = histogram[column.missing()];
        // Without missing values both sides are the same split: the first is taken.
        let none_missing = missing.hessian <= f64::EPSILON * side.total.hessian;
        let sides = if none_missing { 1 } else { 2 };
        let mut below = Sums::default();
        for (edge, sums) in histogram[..column.cuts.len()].iter().enumerate() {
            below += *sums;
            let mut with_missing = below;
            with_missing += missing;
            for (missing_left, left) in [(false, below), (true, with_missing)]
                .into_iter()
                .take(sides)
            {
                let right = side.total - left;
                if !heavy(left) || !heavy(right) {
                    continue;
                }
                let gain = score(left) + score(right) - whole;
                if gain > best.map_or(params.min_gain, |best| best.gain) {
                    // Where nothing is missing now, what comes later goes where most events went.
                    let majority_left = left.hessian > side.total.hessian / 2.0;
                    best = Some(Best {
                        gain,
                        slot: *slot,
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
        }
    }
    best
}

/// Left and right side of a leaf's best split.
fn divide(ground: &Ground, open: Open, offsets: &[usize]) -> [Side; 2] {
    let Open { side, best, .. } = open;
    let column = &ground.columns[ground.features[best.slot]];
    let goes_left = |event: &u32| {
        let bin = column.bin(*event);
        if bin == column.missing() {
            best.missing_left
        } else {
            bin <= best.edge
        }
    };
    let (left, right): (Vec<u32>, Vec<u32>) = side.events.iter().partition(|e| goes_left(e));
    // Only the smaller side is counted; the other is what remains of the parent.
    let left_is_smaller = left.len() <= right.len();
    let counted = histograms(
        ground,
        if left_is_smaller { &left } else { &right },
        offsets,
    );
    let mut rest = side.histograms;
    for (parent, child) in rest.iter_mut().zip(&counted) {
        *parent = *parent - *child;
    }
    let (left_histograms, right_histograms) = if left_is_smaller {
        (counted, rest)
    } else {
        (rest, counted)
    };
    [
        Side {
            events: left,
            histograms: left_histograms,
            total: best.left,
        },
        Side {
            events: right,
            histograms: right_histograms,
            total: side.total - best.left,
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_keeps_ten_bits_and_never_makes_a_zero() {
        for x in [1.0 / 3.0, -123.456, 1e-9, 1e30] {
            let kept = rounded(x);
            assert!((f64::from(kept) - x).abs() <= x.abs() / 1024.0, "{x}");
            assert_eq!(kept.to_bits() & 0x3FFF, 0);
        }
        assert!(rounded(f64::from(f32::MIN_POSITIVE)) > 0.0);
        assert_eq!(rounded(0.0).to_bits(), 0);
    }

    #[test]
    fn the_l1_penalty_pulls_to_zero_from_both_sides() {
        for (gradient, expected) in [(3.0, 2.0), (-3.0, -2.0), (0.5, 0.0)] {
            assert!((pulled(gradient, 1.0) - expected).abs() < 1e-12);
        }
    }
}
