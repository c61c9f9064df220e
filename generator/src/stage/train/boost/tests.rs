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

fn fit(rows: &[Vec<f32>], outcomes: &[usize], params: &BoostParams) -> Boosted {
    let slices: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
    let (train, validation) = slices.split_at(rows.len() * 3 / 4);
    let (train_outcomes, validation_outcomes) = outcomes.split_at(train.len());
    let lessons = Lessons::new(Examples::new(train, train_outcomes), &[0.0, 0.0]);
    let later = Examples::new(validation, validation_outcomes);
    let watch = &mut |_, _| ControlFlow::Continue(());
    boost(&lessons, Some(later), params, 7, watch).unwrap()
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
    let slices: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
    let lessons = Lessons::new(Examples::new(&slices, &outcomes), &[0.0, 0.0]);
    let params = BoostParams {
        rounds: 7,
        ..params()
    };
    let never = &mut |_, _| panic!("there is no loss to tell");
    let boosted = boost(&lessons, None, &params, 7, never).unwrap();
    assert_eq!((boosted.rounds(2), boosted.curve.len()), (7, 0));
}

#[test]
fn whoever_watches_may_break_off() {
    let (rows, outcomes) = puzzle(300, 6);
    let slices: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
    let examples = Examples::new(&slices, &outcomes);
    let lessons = Lessons::new(examples, &[0.0, 0.0]);
    let stop = &mut |round, _| match round {
        3 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let boosted = boost(&lessons, Some(examples), &params(), 7, stop).unwrap();
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
