//! A decision tree as flat nodes: children come after their parent, the root is first.

/// A node of a [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Node {
    /// Asks whether the value of a feature is below a threshold.
    Split {
        /// Position of the feature in the encoded row.
        feature: u16,
        /// Values below go left.
        threshold: f32,
        /// Whether a missing value goes left.
        default_left: bool,
        /// Node taken when below.
        left: u16,
        /// Node taken otherwise.
        right: u16,
        /// Hessian mass of the training rows that passed here.
        cover: f32,
    },
    /// Adds to the margin.
    Leaf {
        /// What it adds.
        value: f32,
        /// Hessian mass of the training rows that ended here.
        cover: f32,
    },
}

/// A regression tree on encoded rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    nodes: Vec<Node>,
    /// The nodes as scoring walks over them.
    steps: Vec<Step>,
    /// Splits above the deepest leaf.
    depth: usize,
}

/// What is asked at a node. At a leaf, both answers lead to the leaf itself: several walks can go on
/// in step until the longest of them has ended.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    /// Threshold, or value of the leaf.
    value: f32,
    feature: u16,
    /// Node taken when not below, and when below.
    sides: [u16; 2],
    missing_left: bool,
}

impl Step {
    fn new(at: usize, node: &Node) -> Self {
        match *node {
            Node::Split {
                feature,
                threshold,
                default_left,
                left,
                right,
                ..
            } => Self {
                value: threshold,
                feature,
                sides: [right, left],
                missing_left: default_left,
            },
            Node::Leaf { value, .. } => Self {
                value,
                feature: 0,
                sides: [at as u16; 2],
                missing_left: false,
            },
        }
    }

    /// The next node. It is looked up rather than branched to: which side it is cannot be foretold.
    fn next(&self, row: &[f32]) -> u16 {
        let value = row[usize::from(self.feature)];
        self.sides[usize::from((value < self.value) | (self.missing_left & value.is_nan()))]
    }
}

/// Most splits between root and leaf; explaining a score walks down recursively.
pub const MAX_DEPTH: usize = 64;

/// Why nodes do not form a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// No node at all, or more than 65,535.
    #[error("a tree of {0} nodes")]
    Size(usize),
    /// A child that does not exist or does not come after its parent.
    #[error("a child of node {0} that does not come after it")]
    Child(usize),
    /// A feature the model does not have.
    #[error("a feature at node {0} that the model does not have")]
    Feature(usize),
    /// A threshold or leaf that is no finite number, or a cover that is not above 0.
    #[error("a value at node {0} that cannot be")]
    Value(usize),
    /// More than [`MAX_DEPTH`] splits above a node.
    #[error("more than {MAX_DEPTH} splits above node {0}")]
    Depth(usize),
}

impl Tree {
    /// Checks that `nodes` form a tree over `features` features.
    ///
    /// # Errors
    /// [`TreeError`] names the first node that is wrong.
    pub fn new(nodes: Vec<Node>, features: usize) -> Result<Self, TreeError> {
        if nodes.is_empty() || nodes.len() > usize::from(u16::MAX) {
            return Err(TreeError::Size(nodes.len()));
        }
        let mut depths = vec![0; nodes.len()];
        for (at, node) in nodes.iter().enumerate() {
            if depths[at] > MAX_DEPTH {
                return Err(TreeError::Depth(at));
            }
            let cover_is_wrong = |cover: f32| !(cover.is_finite() && cover > 0.0);
            match *node {
                Node::Split {
                    feature,
                    threshold,
                    left,
                    right,
                    cover,
                    ..
                } => {
                    // Children after their parent: walking down must end.
                    let child = |c: u16| usize::from(c) > at && usize::from(c) < nodes.len();
                    if !child(left) || !child(right) {
                        return Err(TreeError::Child(at));
                    }
                    if usize::from(feature) >= features {
                        return Err(TreeError::Feature(at));
                    }
                    if !threshold.is_finite() || cover_is_wrong(cover) {
                        return Err(TreeError::Value(at));
                    }
                    for child in [left, right].map(usize::from) {
                        depths[child] = depths[child].max(depths[at] + 1);
                    }
                }
                Node::Leaf { value, cover } => {
                    if !value.is_finite() || cover_is_wrong(cover) {
                        return Err(TreeError::Value(at));
                    }
                }
            }
        }
        Ok(Self::walkable(nodes, depths.into_iter().max().unwrap_or(0)))
    }

    fn walkable(nodes: Vec<Node>, depth: usize) -> Self {
        let steps = nodes.iter().enumerate();
        Self {
            steps: steps.map(|(at, node)| Step::new(at, node)).collect(),
            nodes,
            depth,
        }
    }

    /// Nodes, root first.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The same tree with all leaves multiplied by a finite `factor`.
    #[must_use]
    pub fn scaled(&self, factor: f32) -> Self {
        let nodes = self.nodes.iter().map(|node| match *node {
            Node::Leaf { value, cover } => Node::Leaf {
                value: value * factor,
                cover,
            },
            split @ Node::Split { .. } => split,
        });
        Self::walkable(nodes.collect(), self.depth)
    }

    /// Value of the leaf that `row` ends in; a missing value is NaN.
    ///
    /// # Panics
    /// If `row` is shorter than the features the tree was checked against.
    pub fn leaf(&self, row: &[f32]) -> f32 {
        Self::leaves([(self, row)])[0]
    }

    /// [`Tree::leaf`] of several trees or rows at once: their walks do not wait for each other.
    ///
    /// # Panics
    /// As [`Tree::leaf`].
    pub(crate) fn leaves<const N: usize>(walks: [(&Self, &[f32]); N]) -> [f32; N] {
        let deepest = walks.iter().map(|(tree, _)| tree.depth).max();
        let mut at = [0; N];
        for _ in 0..deepest.unwrap_or(0) {
            for (at, (tree, row)) in at.iter_mut().zip(walks) {
                *at = tree.steps[usize::from(*at)].next(row);
            }
        }
        let mut values = [0.0; N];
        for (value, (at, (tree, _))) in values.iter_mut().zip(at.into_iter().zip(walks)) {
            *value = tree.steps[usize::from(at)].value;
        }
        values
    }
}

impl Node {
    /// Whether `row` goes left at a split; a leaf has no sides.
    pub(crate) fn goes_left(&self, row: &[f32]) -> bool {
        match *self {
            Self::Leaf { .. } => false,
            Self::Split {
                feature,
                threshold,
                default_left,
                ..
            } => {
                let value = row[usize::from(feature)];
                (value < threshold) | (default_left & value.is_nan())
            }
        }
    }

    /// Hessian mass of the training rows that came here; above 0.
    pub fn cover(&self) -> f64 {
        match *self {
            Self::Leaf { cover, .. } | Self::Split { cover, .. } => f64::from(cover),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(left: u16, right: u16, default_left: bool) -> Node {
        Node::Split {
            feature: 0,
            threshold: 2.0,
            default_left,
            left,
            right,
            cover: 1.0,
        }
    }

    fn leaf(value: f32) -> Node {
        Node::Leaf { value, cover: 1.0 }
    }

    #[test]
    fn missing_values_take_the_learned_side() {
        for (default_left, expected) in [(true, -1.0), (false, 1.0)] {
            let tree =
                Tree::new(vec![split(1, 2, default_left), leaf(-1.0), leaf(1.0)], 1).unwrap();
            assert_eq!(tree.leaf(&[f32::NAN]).to_bits(), f32::to_bits(expected));
            assert_eq!(tree.leaf(&[1.9]).to_bits(), f32::to_bits(-1.0));
            assert_eq!(tree.leaf(&[2.0]).to_bits(), f32::to_bits(1.0));
        }
    }

    #[test]
    fn walks_side_by_side_end_where_they_would_alone() {
        let stump = Tree::new(vec![leaf(5.0)], 1).unwrap();
        let shallow = Tree::new(vec![split(1, 2, true), leaf(-1.0), leaf(1.0)], 1).unwrap();
        let nodes = vec![
            split(1, 2, false),
            leaf(-2.0),
            split(3, 4, true),
            leaf(2.0),
            leaf(3.0),
        ];
        let deep = Tree::new(nodes, 1).unwrap();
        let rows = [[1.0_f32], [2.0], [f32::NAN], [9.0]];
        for row in &rows {
            let walks = [&stump, &shallow, &deep, &shallow].map(|tree| (tree, &row[..]));
            let alone = walks.map(|(tree, row)| tree.leaf(row).to_bits());
            assert_eq!(Tree::leaves(walks).map(f32::to_bits), alone);
        }
        let [a, b, c, d] = &rows;
        let walks = [a, b, c, d].map(|row| (&deep, &row[..]));
        let expected = [-2.0, 3.0, 2.0, 3.0].map(f32::to_bits);
        assert_eq!(Tree::leaves(walks).map(f32::to_bits), expected);
    }

    #[test]
    fn cycles_and_strangers_are_refused() {
        let own_child = vec![split(0, 1, true), leaf(1.0)];
        assert_eq!(Tree::new(own_child, 1), Err(TreeError::Child(0)));
        let outside = vec![split(1, 3, true), leaf(1.0), leaf(1.0)];
        assert_eq!(Tree::new(outside, 1), Err(TreeError::Child(0)));
        let feature = vec![split(1, 2, true), leaf(1.0), leaf(1.0)];
        assert_eq!(Tree::new(feature, 0), Err(TreeError::Feature(0)));
        assert_eq!(Tree::new(vec![leaf(f32::NAN)], 0), Err(TreeError::Value(0)));
        assert_eq!(Tree::new(Vec::new(), 0), Err(TreeError::Size(0)));
        let chain = (0..100).map(|at| split(at + 1, 100, true));
        let deep: Vec<Node> = chain.chain([leaf(1.0)]).collect();
        assert_eq!(Tree::new(deep, 1), Err(TreeError::Depth(MAX_DEPTH + 1)));
    }
}
