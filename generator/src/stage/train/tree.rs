//! One regression tree: the leaf whose split gains most is split first, until depth, number of
//! leaves or gain run out.

use rand::seq::index;
use rand_chacha::ChaCha8Rng;
use severity::tree::{Node, Tree, TreeError};

use super::boost::BoostParams;
use super::histogram::{BINS, Bins, Derivatives, Histogram, MISSING, Packed};

/// What trees are grown on.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    /// All features in bins.
    pub(super) bins: &'a Bins,
    /// Features this tree may use, ascending.
    pub(super) features: &'a [usize],
    /// Events this tree sees, ascending.
    pub(super) events: &'a [u32],
    /// Derivatives of the loss per training event.
    pub(super) derivatives: &'a Derivatives,
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
    left: Packed,
}

/// The events of a leaf.
struct Side {
    events: Vec<u32>,
    /// One per feature of the tree.
    histograms: Vec<Histogram>,
    total: Packed,
}

/// Sums of first and second derivatives of the loss.
#[derive(Debug, Clone, Copy)]
struct Sums {
    gradient: f64,
    hessian: f64,
}

impl Ground<'_> {
    fn read(&self, sums: Packed) -> Sums {
        let unit = self.derivatives.unit();
        Sums {
            gradient: f64::from(sums.gradient()) * unit,
            // What weighs too little to be counted still weighs something.
            hessian: f64::from(sums.hessian().max(1)) * unit,
        }
    }
}

/// Grows a tree. `rng` chooses the features that each split may use.
pub(super) fn grow(
    ground: &Ground,
    params: &BoostParams,
    rng: &mut ChaCha8Rng,
) -> Result<Grown, TreeError> {
    let mut nodes = Vec::new();
    let mut gains = vec![0.0; ground.bins.features()];
    let mut leaves = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let root = Side {
        events: ground.events.to_vec(),
        histograms: ground
            .bins
            .count(ground.events, ground.features, ground.derivatives),
        total: ground.derivatives.sum(ground.events),
    };
    nodes.push(leaf(ground.read(root.total), params));
    let mut consider = |side: Side, at, depth, open: &mut Vec<Open>| match best_of(
        ground, params, rng, &side, depth,
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
            threshold: ground.bins.cuts(feature)[best.edge],
            default_left: best.missing_left,
            left: left_at as u16,
            right: left_at as u16 + 1,
            cover: coarse(ground.read(split.side.total).hessian),
        };
        let sides = divide(ground, split);
        for side in &sides {
            nodes.push(leaf(ground.read(side.total), params));
        }
        for (at, side) in (left_at..).zip(sides) {
            consider(side, at, depth, &mut open);
        }
    }
    leaves.extend(open.into_iter().map(|open| (open.at, open.side.events)));
    Ok(Grown {
        tree: Tree::new(nodes, ground.bins.features())?,
        gains,
        leaves,
    })
}

/// Of leaves that gain the same, the one made first.
fn most_gain(open: &[Open]) -> Option<usize> {
    let better = |a: &Open, b: &Open| a.best.gain.total_cmp(&b.best.gain).then(b.at.cmp(&a.at));
    (0..open.len()).max_by(|a, b| better(&open[*a], &open[*b]))
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
    depth: u32,
) -> Option<Best> {
    // Too light for two children that are heavy enough.
    let light = ground.read(side.total).hessian < 2.0 * params.min_child_weight;
    if depth == params.depth || light {
        return None;
    }
    let slots = slots(ground.features.len(), params.split_share, rng);
    best_split(ground, side, &slots, params)
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

/// The split with the largest gain; of equal ones the first feature, missing right, lowest edge.
fn best_split(ground: &Ground, side: &Side, slots: &[usize], params: &BoostParams) -> Option<Best> {
    let scores = Scores::new(ground, side.total, params);
    let mut best: Option<Best> = None;
    for slot in slots {
        let edges = ground.bins.cuts(ground.features[*slot]).len();
        let histogram = &side.histograms[*slot];
        let missing = histogram[MISSING];
        let below = Below::new(histogram);
        // Without missing values both sides are the same split: the first is taken.
        let none_missing = missing == Packed::default();
        let sides = [(false, Packed::default()), (true, missing)];
        for (missing_left, more) in sides.into_iter().take(if none_missing { 1 } else { 2 }) {
            let Some((edge, score)) = scores.highest(&below, more, edges) else {
                continue;
            };
            let gain = f64::from(score) - scores.whole;
            if gain > best.map_or(params.min_gain, |best| best.gain) {
                let left = below.upto(edge).plus(more);
                // Where nothing is missing now, what comes later goes where most events went.
                let majority_left = left.hessian() > side.total.hessian() / 2;
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
    best
}

/// What lies below each edge between two bins, apart by derivative so that the scores of all edges
/// can be computed at once.
struct Below {
    gradients: [i32; BINS],
    hessians: [i32; BINS],
}

impl Below {
    fn new(histogram: &Histogram) -> Self {
        let (mut gradients, mut hessians) = ([0; BINS], [0; BINS]);
        let mut sum = Packed::default();
        for (at, bin) in histogram.iter().enumerate() {
            sum = sum.plus(*bin);
            (gradients[at], hessians[at]) = (sum.gradient(), sum.hessian());
        }
        Self {
            gradients,
            hessians,
        }
    }

    fn upto(&self, edge: usize) -> Packed {
        Packed::new(self.gradients[edge], self.hessians[edge])
    }
}

/// How good a division of a leaf is.
struct Scores {
    total: Packed,
    /// Score of the undivided leaf.
    whole: f64,
    unit: f32,
    lambda: f32,
    alpha: f32,
    least: f32,
}

impl Scores {
    fn new(ground: &Ground, total: Packed, params: &BoostParams) -> Self {
        let sums = ground.read(total);
        let gradient = pulled(sums.gradient, params.alpha);
        Self {
            total,
            whole: gradient * gradient / (sums.hessian + params.lambda),
            unit: ground.derivatives.unit() as f32,
            lambda: params.lambda as f32,
            alpha: params.alpha as f32,
            least: params.min_child_weight as f32,
        }
    }

    /// The edge with the highest score, if both its sides are heavy enough.
    ///
    /// All edges are scored before one is chosen, without branches and in single precision: so the
    /// compiler does several at a time.
    fn highest(&self, below: &Below, more: Packed, edges: usize) -> Option<(usize, f32)> {
        let mut scores = [0.0_f32; BINS];
        let (g, h) = (more.gradient(), more.hessian());
        let (all_g, all_h) = (self.total.gradient(), self.total.hessian());
        let score = |gradient: i32, hessian: f32| {
            let gradient = gradient as f32 * self.unit;
            let pulled = (gradient.abs() - self.alpha).max(0.0);
            pulled * pulled / (hessian + self.lambda)
        };
        for (out, (gradient, hessian)) in scores
            .iter_mut()
            .zip(below.gradients.iter().zip(&below.hessians))
        {
            let (left_g, left_h) = (gradient + g, hessian + h);
            let (left, right) = (
                left_h as f32 * self.unit,
                (all_h - left_h) as f32 * self.unit,
            );
            let sum = score(left_g, left) + score(all_g - left_g, right);
            *out = if left.min(right) >= self.least {
                sum
            } else {
                f32::NEG_INFINITY
            };
        }
        let mut best = None;
        for (edge, score) in scores[..edges].iter().enumerate() {
            if *score > best.map_or(f32::NEG_INFINITY, |(_, highest)| highest) {
                best = Some((edge, *score));
            }
        }
        best
    }
}

/// Left and right side of a leaf's best split.
fn divide(ground: &Ground, open: Open) -> [Side; 2] {
    let Open { side, best, .. } = open;
    let feature = ground.features[best.slot];
    let goes_left = |event| match ground.bins.bin(event, feature) {
        MISSING => best.missing_left,
        bin => bin <= best.edge,
    };
    let (left, right) = part(&side.events, goes_left);
    // Only the smaller side is counted; the other is what remains of the parent.
    let left_is_smaller = left.len() <= right.len();
    let smaller = if left_is_smaller { &left } else { &right };
    let counted = ground
        .bins
        .count(smaller, ground.features, ground.derivatives);
    let mut rest = side.histograms;
    for (parent, child) in rest
        .as_flattened_mut()
        .iter_mut()
        .zip(counted.as_flattened())
    {
        *parent = parent.minus(*child);
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
            total: side.total.minus(best.left),
        },
    ]
}

/// Events that go left, and the others; both keep their order.
fn part(events: &[u32], goes_left: impl Fn(u32) -> bool) -> (Vec<u32>, Vec<u32>) {
    // Every event is written to both and counted in one: no branch to foretell.
    let (mut left, mut right) = (vec![0; events.len()], vec![0; events.len()]);
    let mut lefts = 0;
    for (at, event) in events.iter().enumerate() {
        left[lefts] = *event;
        right[at - lefts] = *event;
        lefts += usize::from(goes_left(*event));
    }
    left.truncate(lefts);
    right.truncate(events.len() - lefts);
    (left, right)
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
