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

/// Weight of what is known beforehand in a share, in events.
const PRIOR: f64 = 2.0;

/// Stream of the generator that orders the events.
const STREAM: u64 = u64::MAX - 1;

/// What a set of events teaches about pairs.
#[derive(Debug)]
pub(super) struct Taught {
    /// For the model file.
    pub(super) crosses: Vec<Cross>,
    /// Per share, what the trees may see of each event learned from.
    pub(super) columns: Vec<Vec<f32>>,
}

/// The pair of levels of every event, per pair of categories.
pub(super) fn cells(pairs: &[Cross], rows: &[&[f32]]) -> Vec<Vec<u32>> {
    let of_pair = |cross: &Cross| rows.iter().map(|row| cross.cell(row) as u32).collect();
    pairs.iter().map(of_pair).collect()
}

/// Learns the shares of `pairs`, which come without, from the events' [`cells`].
pub(super) fn teach(
    pairs: &[Cross],
    cells: &[Vec<u32>],
    outcomes: &[usize],
    classes: usize,
    seed: u64,
) -> Taught {
    let mut order: Vec<usize> = (0..outcomes.len()).collect();
    order.shuffle(&mut generator(seed, STREAM));
    let mut overall = vec![0.0; classes];
    for outcome in outcomes {
        overall[*outcome] += 1.0 / outcomes.len() as f64;
    }
    let mut taught = Taught {
        crosses: Vec::new(),
        columns: Vec::new(),
    };
    // All shares add up to one: the last class's would say nothing new.
    let told = 0..classes.saturating_sub(1);
    for (cross, cells) in pairs.iter().zip(cells) {
        let mut tally = Tally::new(cross.sizes, &overall);
        let mut columns = vec![vec![0.0; outcomes.len()]; told.len()];
        for at in &order {
            let cell = cells[*at] as usize;
            for (class, column) in columns.iter_mut().enumerate() {
                column[*at] = three_digits(tally.share(cell, class));
            }
            tally.add(cell, outcomes[*at]);
        }
        taught.columns.extend(columns);
        let cells = 0..cross.sizes[0] * cross.sizes[1];
        let table = |class| {
            cells
                .clone()
                .map(|cell| three_digits(tally.settled(cell, class)))
                .collect()
        };
        taught.crosses.push(Cross {
            shares: told.clone().map(table).collect(),
            ..cross.clone()
        });
    }
    taught
}

/// Per share, what the trees may see of events with these cells that were not learned from.
pub(super) fn shares(crosses: &[Cross], cells: &[Vec<u32>]) -> Vec<Vec<f32>> {
    let of_pair = |(cross, cells): (&Cross, &Vec<u32>)| -> Vec<Vec<f32>> {
        let column = |table: &Vec<f32>| cells.iter().map(|cell| table[*cell as usize]).collect();
        cross.shares.iter().map(column).collect()
    };
    crosses.iter().zip(cells).flat_map(of_pair).collect()
}

/// Events counted by pair of levels and by either level.
struct Tally<'a> {
    /// Share of each class among all events.
    overall: &'a [f64],
    /// Number of levels of the second category.
    width: usize,
    pairs: Vec<Count>,
    firsts: Vec<Count>,
    seconds: Vec<Count>,
}

/// Events, and of each class.
#[derive(Clone)]
struct Count {
    events: f64,
    classes: Vec<f64>,
}

impl Count {
    /// Share of a class, pulled towards `prior`.
    fn share(&self, class: usize, prior: f64) -> f64 {
        (self.classes[class] + PRIOR * prior) / (self.events + PRIOR)
    }
}

impl<'a> Tally<'a> {
    fn new([height, width]: [usize; 2], overall: &'a [f64]) -> Self {
        let none = Count {
            events: 0.0,
            classes: vec![0.0; overall.len()],
        };
        Self {
            overall,
            width,
            pairs: vec![none.clone(); height * width],
            firsts: vec![none.clone(); height],
            seconds: vec![none; width],
        }
    }

    fn add(&mut self, cell: usize, class: usize) {
        for count in [
            &mut self.pairs[cell],
            &mut self.firsts[cell / self.width],
            &mut self.seconds[cell % self.width],
        ] {
            count.events += 1.0;
            count.classes[class] += 1.0;
        }
    }

    /// Share of a class among the events of a pair of levels.
    fn share(&self, cell: usize, class: usize) -> f64 {
        self.pairs[cell].share(class, self.overall[class])
    }

    /// The same for the model file. A pair that was never seen is as its levels are, by what either
    /// adds to the overall share: who leaves a field empty does not thereby hide the other one.
    fn settled(&self, cell: usize, class: usize) -> f64 {
        if self.pairs[cell].events > 0.0 {
            return self.share(cell, class);
        }
        let overall = self.overall[class];
        let first = self.firsts[cell / self.width].share(class, overall);
        let second = self.seconds[cell % self.width].share(class, overall);
        (first + second - overall).clamp(0.0, 1.0)
    }
}

/// Pairs of [`CROSSED`] and every other category, without shares; no pair stands twice.
pub(super) fn pairs(features: &[ModelFeature]) -> Vec<Cross> {
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
        let pairs = pairs(&features);
        let cells = cells(&pairs, &vec![&row[..]; 60]);
        let taught = teach(&pairs, &cells, &outcomes, 2, 1);
        // One cell: the first in the order sees the overall share, later ones what came before.
        let third = 20.0_f32 / 60.0;
        let [seen] = &taught.columns[..] else {
            panic!("one share: the other class is the rest");
        };
        assert!(seen.iter().any(|share| (share - third).abs() < 1e-3));
        let all = cross::columns(&taught.crosses, &row);
        assert!((all[2] - third).abs() < 1e-3);
        assert_eq!(shares(&taught.crosses, &cells), vec![vec![all[2]; 60]]);
        // Whoever ended in class 0 saw, on average, no higher share of it than the others.
        let mean = |class: usize| {
            let shares: Vec<f32> = (0..60)
                .filter(|at| outcomes[*at] == class)
                .map(|at| seen[at])
                .collect();
            shares.iter().sum::<f32>() / shares.len() as f32
        };
        assert!(mean(0) <= mean(1) + 0.02, "{} {}", mean(0), mean(1));
    }

    #[test]
    fn a_pair_never_seen_is_as_its_levels_are() {
        let features = [category(CROSSED[0], 2), category("light_cond", 2)];
        // The first level decides, the second is always the same.
        let rows: Vec<[f32; 2]> = (0..200).map(|at| [f32::from(at % 2 == 0), 0.0]).collect();
        let rows: Vec<&[f32]> = rows.iter().map(|row| &row[..]).collect();
        let outcomes: Vec<usize> = (0..200).map(|at| at % 2).collect();
        let pairs = pairs(&features);
        let taught = teach(&pairs, &cells(&pairs, &rows), &outcomes, 2, 1);
        let share = |row: [f32; 2]| cross::columns(&taught.crosses, &row)[2];
        for second in [0.0, 1.0, f32::NAN] {
            assert!(share([1.0, second]) > 0.95 && share([0.0, second]) < 0.05);
        }
        assert!((share([f32::NAN, f32::NAN]) - 0.5).abs() < 0.01);
    }

    #[test]
    fn without_the_crossed_feature_there_are_no_pairs() {
        assert!(pairs(&[category("light_cond", 2)]).is_empty());
    }
}
