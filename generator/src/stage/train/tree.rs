//! One regression tree: the leaf whose split gains most is split first, until depth, number of
//! leaves or gain run out.

use std::ops::Range;

use rand::seq::index;
use rand_chacha::ChaCha8Rng;
use severity::tree::{Node, Tree, TreeError};

use super::bins::{LANES, MISSING, View, bin};
use super::boost::BoostParams;
use super::gain::{Best, best_split, pulled};
use super::histogram::{Group, Packed, count, subtract, sum};

/// What trees are grown on.
#[derive(Debug)]
pub(super) struct Ground<'a> {
    pub(super) view: &'a View<'a>,
    /// Words of the view whose features this tree may use, ascending.
    pub(super) words: &'a [usize],
    /// All events, those that count first.
    pub(super) order: &'a [u32],
    /// How many count. The others ride along, so that nobody has to look up their leaf.
    pub(super) counting: usize,
    /// Derivatives of the loss per event that may count, in units of `unit`.
    pub(super) derivatives: &'a [Packed],
    /// What 1 stands for.
    pub(super) unit: f64,
}

impl Ground<'_> {
    /// Number of features this tree may use.
    fn slots(&self) -> usize {
        // Only the last word may hold fewer than the others.
        let empty = self.view.words.len() * LANES - self.view.features.len();
        let has_last = self
            .words
            .last()
            .is_some_and(|at| at + 1 == self.view.words.len());
        self.words.len() * LANES - if has_last { empty } else { 0 }
    }

    /// Position in the view of one of the features this tree may use.
    fn place(&self, slot: usize) -> usize {
        self.words[slot / LANES] * LANES + slot % LANES
    }
}

/// A grown tree.
#[derive(Debug)]
pub(super) struct Grown {
    /// The tree; leaves are already scaled by the learning rate.
    pub(super) tree: Tree,
    /// Feature and gain of each split.
    pub(super) gains: Vec<(usize, f64)>,
    /// All events, leaf by leaf.
    order: Vec<u32>,
    /// Node of each leaf, and where its events are in `order`.
    leaves: Vec<(usize, Range<usize>)>,
}

impl Grown {
    /// Value and events of each leaf.
    pub(super) fn leaves(&self) -> impl Iterator<Item = (f32, &[u32])> {
        let leaves = self.leaves.iter();
        leaves.filter_map(|(at, events)| match self.tree.nodes()[*at] {
            Node::Leaf { value, .. } => Some((value, &self.order[events.clone()])),
            Node::Split { .. } => None,
        })
    }
}

/// A node and its events.
#[derive(Debug)]
struct Side {
    /// Position among the nodes.
    at: usize,
    depth: u32,
    /// Where its events are; those that count come first.
    events: Range<usize>,
    counting: usize,
    total: Packed,
}

/// A leaf that may be split.
struct Open {
    side: Side,
    groups: Vec<Group>,
    best: Best,
}

/// Sums of first and second derivatives of the loss.
#[derive(Debug, Clone, Copy)]
struct Sums {
    gradient: f64,
    hessian: f64,
}

/// A tree in the making.
struct Growing<'a> {
    ground: &'a Ground<'a>,
    params: &'a BoostParams,
    order: Vec<u32>,
    /// Room to divide events in.
    spare: Vec<u32>,
    nodes: Vec<Node>,
    open: Vec<Open>,
    leaves: Vec<(usize, Range<usize>)>,
}

/// Grows a tree. `rng` chooses the features that each split may use.
pub(super) fn grow(
    ground: &Ground,
    params: &BoostParams,
    rng: &mut ChaCha8Rng,
) -> Result<Grown, TreeError> {
    let mut growing = Growing {
        ground,
        params,
        order: ground.order.to_vec(),
        spare: vec![0; ground.order.len()],
        nodes: Vec::new(),
        open: Vec::new(),
        leaves: Vec::new(),
    };
    let root = Side {
        at: 0,
        depth: 0,
        events: 0..growing.order.len(),
        counting: ground.counting,
        total: sum(ground.derivatives, &growing.order[..ground.counting]),
    };
    // Splitting one of `leaves` makes one more.
    let splits = params.leaves.max(1) - 1;
    let mut gains = Vec::new();
    growing.nodes.push(growing.leaf(&root));
    if splits > 0 && growing.may_split(&root) {
        let groups = growing.count(&root);
        growing.consider(root, groups, rng);
    } else {
        growing.leaves.push((root.at, root.events));
    }
    for left in (0..splits).rev() {
        let Some(open) = growing.most_gain() else {
            break;
        };
        let feature = ground.view.features[ground.place(open.best.slot)];
        gains.push((feature, open.best.gain));
        growing.split(open, left > 0, rng);
    }
    let Growing {
        order,
        nodes,
        open,
        mut leaves,
        ..
    } = growing;
    leaves.extend(
        open.into_iter()
            .map(|open| (open.side.at, open.side.events)),
    );
    Ok(Grown {
        tree: Tree::new(nodes, ground.view.features.len())?,
        gains,
        order,
        leaves,
    })
}

impl Growing<'_> {
    fn read(&self, sums: Packed) -> Sums {
        Sums {
            gradient: f64::from(sums.gradient()) * self.ground.unit,
            // What weighs too little to be counted still weighs something.
            hessian: f64::from(sums.hessian().max(1)) * self.ground.unit,
        }
    }

    fn leaf(&self, side: &Side) -> Node {
        let Sums { gradient, hessian } = self.read(side.total);
        let params = self.params;
        let value =
            -params.learning_rate * pulled(gradient, params.alpha) / (hessian + params.lambda);
        Node::Leaf {
            value: rounded(value),
            cover: coarse(hessian),
        }
    }

    /// Whether there could be two children that are heavy enough.
    fn may_split(&self, side: &Side) -> bool {
        side.depth < self.params.depth
            && self.read(side.total).hessian >= 2.0 * self.params.min_child_weight
    }

    fn count(&self, side: &Side) -> Vec<Group> {
        let counted = &self.order[side.events.start..][..side.counting];
        let Ground {
            view,
            words,
            derivatives,
            ..
        } = self.ground;
        count(view, words, counted, derivatives)
    }

    /// Finds the best split of a node and keeps it, if there is one that is worth it.
    fn consider(&mut self, side: Side, groups: Vec<Group>, rng: &mut ChaCha8Rng) {
        let ground = self.ground;
        let slots = slots(ground.slots(), self.params.split_share, rng).into_iter();
        let slots = slots.map(|slot| (slot, ground.view.cuts(ground.place(slot)).len()));
        match best_split(&groups, side.total, ground.unit, slots, self.params) {
            Some(best) => self.open.push(Open { side, groups, best }),
            None => self.leaves.push((side.at, side.events)),
        }
    }

    /// Of the leaves that gain the same, the one made first.
    fn most_gain(&mut self) -> Option<Open> {
        let open = &self.open;
        let better = |a: &Open, b: &Open| {
            let gains = a.best.gain.total_cmp(&b.best.gain);
            gains.then(b.side.at.cmp(&a.side.at))
        };
        let most = (0..open.len()).max_by(|a, b| better(&open[*a], &open[*b]))?;
        Some(self.open.swap_remove(most))
    }

    /// Makes two leaves of one and, if there may be more splits, considers them.
    fn split(&mut self, open: Open, more: bool, rng: &mut ChaCha8Rng) {
        let Open {
            side,
            mut groups,
            best,
        } = open;
        let (view, place) = (self.ground.view, self.ground.place(best.slot));
        let sides = self.divide(&side, best);
        let [left, right] = sides.each_ref().map(|side| side.at as u16);
        self.nodes[side.at] = Node::Split {
            feature: view.features[place] as u16,
            threshold: view.cuts(place)[best.edge],
            default_left: best.missing_left,
            left,
            right,
            cover: coarse(self.read(side.total).hessian),
        };
        for side in &sides {
            let leaf = self.leaf(side);
            self.nodes.push(leaf);
        }
        let may = sides.each_ref().map(|side| more && self.may_split(side));
        if may == [false, false] {
            let leaves = sides.into_iter().map(|side| (side.at, side.events));
            self.leaves.extend(leaves);
            return;
        }
        // Only the smaller side is counted; the other is what remains of the parent.
        let left_is_smaller = sides[0].counting <= sides[1].counting;
        let counted = self.count(&sides[usize::from(!left_is_smaller)]);
        subtract(&mut groups, &counted);
        let groups = if left_is_smaller {
            [counted, groups]
        } else {
            [groups, counted]
        };
        for ((side, groups), may) in sides.into_iter().zip(groups).zip(may) {
            if may {
                self.consider(side, groups, rng);
            } else {
                self.leaves.push((side.at, side.events));
            }
        }
    }

    /// Left and right side of a node's best split; their events keep their order.
    fn divide(&mut self, side: &Side, best: Best) -> [Side; 2] {
        let place = self.ground.place(best.slot);
        let words = &self.ground.view.words[place / LANES];
        let goes_left = |event: u32| match bin(words[event as usize], place % LANES) {
            MISSING => best.missing_left,
            bin => bin <= best.edge,
        };
        let events = &mut self.order[side.events.clone()];
        let (mut left, mut counting) = (0, 0);
        for at in 0..events.len() {
            if at == side.counting {
                counting = left;
            }
            // Every event is written to both and counted in one: no branch to foretell.
            let event = events[at];
            events[left] = event;
            self.spare[at - left] = event;
            left += usize::from(goes_left(event));
        }
        if events.len() == side.counting {
            counting = left;
        }
        let right = events.len() - left;
        events[left..].copy_from_slice(&self.spare[..right]);
        let (start, end) = (side.events.start, side.events.end);
        let child = |at, events, counting, total| Side {
            at,
            depth: side.depth + 1,
            events,
            counting,
            total,
        };
        let at = self.nodes.len();
        [
            child(at, start..start + left, counting, best.left),
            child(
                at + 1,
                start + left..end,
                side.counting - counting,
                side.total.minus(best.left),
            ),
        ]
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
}
