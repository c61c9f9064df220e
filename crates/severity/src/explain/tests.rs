use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::format::tests::model;

const FEATURES: usize = 4;

/// What the tree says when only the features of `known` are known.
fn conditional(tree: &Tree, row: &[f32], known: usize, at: usize) -> f64 {
    let node = &tree.nodes()[at];
    match *node {
        Node::Leaf { value, .. } => f64::from(value),
        Node::Split {
            feature,
            left,
            right,
            ..
        } => {
            let below = |child: u16| conditional(tree, row, known, usize::from(child));
            if known & (1 << feature) != 0 {
                return below(if node.goes_left(row) { left } else { right });
            }
            let (share_left, share_right) = shares(tree, left, right);
            share_left * below(left) + share_right * below(right)
        }
    }
}

/// Shapley value by its definition, over all sets of other features.
fn by_definition(tree: &Tree, row: &[f32], feature: usize) -> f64 {
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    (0..1_usize << FEATURES)
        .filter(|set| set & (1 << feature) == 0)
        .map(|set| {
            let size = set.count_ones() as usize;
            let weight = factorial(size) * factorial(FEATURES - size - 1) / factorial(FEATURES);
            let with = conditional(tree, row, set | 1 << feature, 0);
            weight * (with - conditional(tree, row, set, 0))
        })
        .sum()
}

/// Feature, threshold, side of missing values, value of a leaf, share that goes left.
type Numbers = (u16, f32, bool, f32, f32);

/// A full tree of depth 4; features repeat on the way down.
fn tree(numbers: &[Numbers]) -> Tree {
    let mut covers = vec![100.0; numbers.len()];
    for at in 1..numbers.len() {
        let parent = (at - 1) / 2;
        let left = numbers[parent].4;
        covers[at] = covers[parent] * if at % 2 == 1 { left } else { 1.0 - left };
    }
    let nodes = numbers
        .iter()
        .zip(covers)
        .enumerate()
        .map(|(at, (numbers, cover))| {
            let (feature, threshold, default_left, value, _) = *numbers;
            if at >= 15 {
                return Node::Leaf { value, cover };
            }
            Node::Split {
                feature,
                threshold,
                default_left,
                left: 2 * at as u16 + 1,
                right: 2 * at as u16 + 2,
                cover,
            }
        });
    Tree::new(nodes.collect(), FEATURES).unwrap()
}

proptest! {
    #[test]
    fn agrees_with_the_definition(
        numbers in prop::collection::vec(
            (0..FEATURES as u16, -1.0f32..1.0, any::<bool>(), -1.0f32..1.0, 0.1f32..0.9),
            31,
        ),
        row in prop::collection::vec(
            prop_oneof![3 => -1.0f32..1.0, 1 => Just(f32::NAN)],
            FEATURES,
        ),
    ) {
        let tree = tree(&numbers);
        let mut values = vec![0.0; FEATURES];
        shapley(&tree, &row, &mut values);
        for (feature, value) in values.iter().enumerate() {
            prop_assert!((value - by_definition(&tree, &row, feature)).abs() < 1e-10);
        }
        let sum: f64 = values.iter().sum();
        prop_assert!((mean(&tree) + sum - f64::from(tree.leaf(&row))).abs() < 1e-10);
    }
}

#[test]
fn contributions_add_up_to_the_probabilities() {
    let model = model();
    let values = serde_json::from_value(json!({ "weather": "IMC", "wind": 3 })).unwrap();
    let explanation = model.explain(&values).unwrap();
    let margins: Vec<f64> = (0..2)
        .map(|class| {
            let parts = explanation.contributions.iter().map(|c| c.margins[class]);
            explanation.expected[class] + parts.sum::<f64>()
        })
        .collect();
    let score = model.score(&values).unwrap();
    for (class, p) in score.classes.iter().zip(crate::model::softmax(&margins)) {
        assert!((class.probability - p).abs() < 1e-12);
    }
    // No tree asks for the wind.
    assert_eq!(explanation.contributions[0].feature, "wind");
    assert!(
        explanation.contributions[0]
            .margins
            .iter()
            .all(|m| m.abs() < 1e-15)
    );
    assert!(explanation.contributions[1].margins[0] > 0.1);
}
