//! Pairs of categories: the shares the model file will hold, and what the trees see of them while
//! they grow.
//!
//! Shares that include an event's own outcome would give it away to the trees. So each event is
//! shown the shares of the events before it in a random order ("ordered target statistics",
//! Prokhorenkova et al. 2018); whoever comes later – validation, test, a visitor – is shown the
//! shares of all events learned from.

use rand::seq::SliceRandom;
use severity::cross::Cross;
use severity::features::CROSSED;
use severity::header::{ModelFeature, ModelKind};

use super::boost::generator;

/// Weight of the overall share in that of a pair, in events.
const PRIOR: f64 = 2.0;

/// Stream of the generator that orders the events.
const STREAM: u64 = u64::MAX - 1;

/// What a set of events teaches about pairs.
#[derive(Debug)]
pub(super) struct Taught {
    /// For the model file.
    pub(super) crosses: Vec<Cross>,
    /// What the trees may see of each event learned from.
    pub(super) columns: Vec<Vec<f32>>,
}

/// Crosses [`CROSSED`] with every other category.
pub(super) fn teach(
    features: &[ModelFeature],
    rows: &[&[f32]],
    outcomes: &[usize],
    classes: usize,
    seed: u64,
) -> Taught {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.shuffle(&mut generator(seed, STREAM));
    let mut overall = vec![0.0; classes];
    for outcome in outcomes {
        overall[*outcome] += 1.0 / outcomes.len() as f64;
    }
    let mut taught = Taught {
        crosses: Vec::new(),
        columns: rows.iter().map(|row| row.to_vec()).collect(),
    };
    // All shares add up to one: the last class's would say nothing new.
    let told = 0..classes.saturating_sub(1);
    for mut cross in pairs(features) {
        let cells = cross.sizes[0] * cross.sizes[1];
        // Events per cell and class, and per cell.
        let mut counts = vec![vec![0.0; cells]; classes];
        let mut events = vec![0.0; cells];
        let share = |hits: f64, events: f64, class: usize| {
            three_digits((hits + PRIOR * overall[class]) / (events + PRIOR))
        };
        for at in &order {
            let cell = cross.cell(rows[*at]);
            let shares = told
                .clone()
                .map(|class| share(counts[class][cell], events[cell], class));
            taught.columns[*at].extend(shares);
            counts[outcomes[*at]][cell] += 1.0;
            events[cell] += 1.0;
        }
        cross.shares = told
            .clone()
            .map(|class| {
                let cells = counts[class].iter().zip(&events);
                cells
                    .map(|(hits, events)| share(*hits, *events, class))
                    .collect()
            })
            .collect();
        taught.crosses.push(cross);
    }
    taught
}

/// Pairs of [`CROSSED`] and every other category, without shares; no pair stands twice.
fn pairs(features: &[ModelFeature]) -> Vec<Cross> {
    let levels = |feature: &ModelFeature| match &feature.kind {
        ModelKind::Category { levels, .. } => Some(levels.len()),
        ModelKind::Numeric { .. } => None,
    };
    let categories: Vec<(usize, usize)> = features
        .iter()
        .enumerate()
        .filter_map(|(at, feature)| Some((at, levels(feature)?)))
        .collect();
    let place = |at: usize| CROSSED.iter().position(|name| *name == features[at].name);
    let mut pairs = Vec::new();
    for (first, levels) in &categories {
        let Some(mine) = place(*first) else { continue };
        // Of two crossed features the one that is declared first makes the pair.
        let theirs = |(at, _): &&(usize, usize)| place(*at).is_none_or(|other| mine < other);
        for (second, others) in categories.iter().filter(theirs) {
            pairs.push(Cross {
                features: [*first, *second],
                sizes: [levels + 1, others + 1],
                shares: Vec::new(),
            });
        }
    }
    pairs
}

/// A share as the model file spells it; more digits would be noise.
fn three_digits(share: f64) -> f32 {
    ((share * 1000.0).round() / 1000.0) as f32
}

#[cfg(test)]
mod tests {
    use severity::cross;
    use severity::header::Level;

    use super::*;

    fn category(name: &str, levels: usize) -> ModelFeature {
        let level = |code: usize| Level {
            code: code.to_string(),
            label: String::new(),
            rows: 1,
        };
        ModelFeature {
            name: name.to_owned(),
            label: String::new(),
            unit: None,
            help: String::new(),
            group: String::new(),
            missing: 0.0,
            kind: ModelKind::Category {
                unknown: Vec::new(),
                levels: (0..levels).map(level).collect(),
            },
        }
    }

    #[test]
    fn an_event_never_sees_its_own_outcome() {
        let features = [category(CROSSED[0], 1), category("light_cond", 1)];
        let row = [0.0_f32, 0.0];
        let outcomes: Vec<usize> = (0..60).map(|at| usize::from(at % 3 != 0)).collect();
        let taught = teach(&features, &vec![&row[..]; 60], &outcomes, 2, 1);
        // One cell: the first in the order sees the overall share, later ones what came before.
        let third = 20.0_f32 / 60.0;
        let first = taught
            .columns
            .iter()
            .filter(|c| (c[2] - third).abs() < 1e-3);
        assert!(first.count() >= 1);
        let all = cross::columns(&taught.crosses, &row);
        assert_eq!(all.len(), 3, "one share: the other class is the rest");
        assert!((all[2] - third).abs() < 1e-3);
        // Whoever ended in class 0 saw, on average, no higher share of it than the others.
        let mean = |class: usize| {
            let seen: Vec<f32> = (0..60)
                .filter(|at| outcomes[*at] == class)
                .map(|at| taught.columns[at][2])
                .collect();
            seen.iter().sum::<f32>() / seen.len() as f32
        };
        assert!(mean(0) <= mean(1) + 0.02, "{} {}", mean(0), mean(1));
    }

    #[test]
    fn without_the_crossed_feature_there_are_no_pairs() {
        let taught = teach(&[category("light_cond", 2)], &[&[0.0][..]], &[0], 2, 1);
        assert!(taught.crosses.is_empty());
        assert_eq!(taught.columns, [[0.0]]);
    }
}
