use rand::Rng;

use super::*;

/// Class 1 where exactly one of two signals is on; the second signal is "on" by being missing.
/// A third column is noise.
fn puzzle(rows: usize, seed: u64) -> (Vec<Vec<f32>>, Vec<usize>) {
    let mut rng = generator(seed, 0);
    (0..rows)
        .map(|_| {
            let (a, b): (bool, bool) = (rng.random(), rng.random());
            let level = if a { 3.0 } else { 1.0 } + f32::from(rng.random_range(0..2u8));
            let second = if b { f32::NAN } else { rng.random() };
            (vec![level, second, rng.random()], usize::from(a != b))
        })
        .unzip()
}

/// Features of events in bins that are cut for the first `learned` of them.
fn columns(rows: &[Vec<f32>], learned: usize) -> Vec<Column> {
    let column = |at: usize| {
        let values: Vec<f32> = rows.iter().map(|row| row[at]).collect();
        let mut column = Column::new(&values[..learned]);
        column.extend(&values[learned..]);
        column
    };
    (0..rows[0].len()).map(column).collect()
}

fn fit(rows: &[Vec<f32>], outcomes: &[usize], params: &BoostParams) -> Boosted {
    let watch = &mut |_, _| ControlFlow::Continue(());
    watched(rows, outcomes, params, watch)
}

/// Learns from three quarters and stops on the rest.
fn watched(
    rows: &[Vec<f32>],
    outcomes: &[usize],
    params: &BoostParams,
    watch: &mut dyn FnMut(usize, f64) -> ControlFlow<()>,
) -> Boosted {
    let (outcomes, later) = outcomes.split_at(rows.len() * 3 / 4);
    let lessons = Lessons {
        columns: columns(rows, outcomes.len()),
        outcomes,
        later,
        base: &[0.0, 0.0],
    };
    boost(&lessons, params, 7, watch).unwrap()
}

fn params() -> BoostParams {
    BoostParams {
        rounds: 60,
        learning_rate: 0.3,
        column_share: 1.0,
        min_child_weight: 1.0,
        ..BoostParams::default()
    }
}

#[test]
fn learns_an_exclusive_or_of_a_category_and_a_missing_value() {
    let (rows, outcomes) = puzzle(1200, 1);
    let boosted = fit(&rows, &outcomes, &params());
    let (fresh, truth) = puzzle(400, 2);
    let right = fresh.iter().zip(&truth).filter(|(row, truth)| {
        let margin = |class: usize| -> f64 {
            let trees = boosted.trees.iter().skip(class).step_by(2);
            trees.map(|tree| f64::from(tree.leaf(row))).sum()
        };
        usize::from(margin(1) > margin(0)) == **truth
    });
    assert!(right.count() > 390);
    assert!(
        boosted.gains[2] < 0.1 * boosted.gains[0],
        "noise is not important"
    );
}

#[test]
fn the_same_seed_gives_the_same_trees_on_any_number_of_threads() {
    let (rows, outcomes) = puzzle(600, 3);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| fit(&rows, &outcomes, &params()).trees)
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn growing_stops_when_validation_does_not_improve() {
    let (rows, mut outcomes) = puzzle(600, 4);
    // Outcomes without any relation to the rows: nothing to learn.
    let mut rng = generator(9, 0);
    outcomes.fill_with(|| usize::from(rng.random::<bool>()));
    let boosted = fit(
        &rows,
        &outcomes,
        &BoostParams {
            rounds: 500,
            patience: 5,
            ..params()
        },
    );
    assert!(boosted.trees.len() < 100);
}

#[test]
fn without_later_events_all_rounds_are_kept() {
    let (rows, outcomes) = puzzle(300, 5);
    let lessons = Lessons {
        columns: columns(&rows, rows.len()),
        outcomes: &outcomes,
        later: &[],
        base: &[0.0, 0.0],
    };
    let params = BoostParams {
        rounds: 7,
        ..params()
    };
    let never = &mut |_, _| panic!("there is no loss to tell");
    let boosted = boost(&lessons, &params, 7, never).unwrap();
    assert_eq!((boosted.rounds(2), boosted.curve.len()), (7, 0));
}

#[test]
fn whoever_watches_may_break_off() {
    let (rows, outcomes) = puzzle(300, 6);
    let stop = &mut |round, _| match round {
        3 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let boosted = watched(&rows, &outcomes, &params(), stop);
    assert_eq!(
        boosted.curve.len(),
        4,
        "before the first and after three rounds"
    );
}

#[test]
fn trees_keep_to_their_limits() {
    let (rows, outcomes) = puzzle(600, 8);
    for (depth, leaves) in [(1, 32), (6, 5)] {
        let limited = BoostParams {
            rounds: 5,
            depth,
            leaves,
            min_gain: 0.0,
            ..params()
        };
        for tree in fit(&rows, &outcomes, &limited).trees {
            let most = if depth == 1 { 2 } else { 5 };
            assert!(tree.nodes().len() < 2 * most);
        }
    }
}

#[test]
fn every_event_is_there_once_and_the_share_that_counts_comes_first() {
    for (learned, later, share) in [(100, 7, 0.8), (1, 0, 0.1), (50, 0, 1.0), (1000, 3, 0.5)] {
        let (order, counting) = order(&mut generator(1, 2), learned, later, share);
        assert_eq!(counting, amount(learned, share));
        assert!(order[..counting].is_sorted());
        assert!(
            order[..counting]
                .iter()
                .all(|event| (*event as usize) < learned)
        );
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert!(sorted.iter().copied().eq(0..(learned + later) as u32));
    }
    // Every event counts about as often.
    let mut counts = [0; 20];
    for seed in 0..2000 {
        let (order, counting) = order(&mut generator(seed, 0), 20, 0, 0.25);
        for event in &order[..counting] {
            counts[*event as usize] += 1;
        }
    }
    assert!(
        counts.iter().all(|count| (400..600).contains(count)),
        "{counts:?}"
    );
}

#[test]
fn the_curve_is_that_of_the_trees() {
    let (rows, outcomes) = puzzle(400, 9);
    let boosted = fit(&rows, &outcomes, &params());
    let (later, truth) = (&rows[300..], &outcomes[300..]);
    let mut margins = [vec![0.0; later.len()], vec![0.0; later.len()]];
    for (at, tree) in boosted.trees.iter().enumerate() {
        for (margin, row) in margins[at % 2].iter_mut().zip(later) {
            *margin += tree.leaf(row);
        }
    }
    let loss = loss(&[&margins[0], &margins[1]], truth);
    assert!((loss - boosted.loss()).abs() < 1e-9, "{loss}");
}
