//! A split by time: train on the past, stop and calibrate on what followed, test on the newest.
//!
//! A random split would let a model learn from the years it is tested on; forecasts are always
//! about years nobody has seen.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

/// Share of the events that the newest years must hold, for validation and for test.
const SHARE: f64 = 0.15;

/// Boundaries between the three periods, in years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Split {
    /// Last year of training.
    pub(super) train_to: i32,
    /// Last year of validation.
    pub(super) validate_to: i32,
}

/// Positions of the events of the three periods.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Events to grow trees on.
    pub(super) train: Vec<usize>,
    /// Events to stop and calibrate on.
    pub(super) validation: Vec<usize>,
    /// Events to report on.
    pub(super) test: Vec<usize>,
}

impl Split {
    /// Chooses boundaries on whole years, unless given.
    pub(super) fn choose(
        years: &[i32],
        train_to: Option<i32>,
        validate_to: Option<i32>,
    ) -> Result<Self> {
        let mut counts: BTreeMap<i32, usize> = BTreeMap::new();
        for year in years {
            *counts.entry(*year).or_default() += 1;
        }
        ensure!(
            counts.len() >= 3,
            "the lake covers {} year(s) with closed cases; training, validation and test need one \
             each: add older or newer databases",
            counts.len()
        );
        let known: Vec<i32> = counts.keys().copied().collect();
        let last = known[known.len() - 1];
        // Each period keeps at least one year.
        let validate_to = validate_to.unwrap_or_else(|| {
            let after = |year: &i32| train_to.is_none_or(|train_to| *year > train_to);
            let candidates: Vec<i32> = known[1..].iter().copied().filter(after).collect();
            cut(&counts, &candidates, last)
        });
        let train_to = train_to.unwrap_or_else(|| {
            let candidates: Vec<i32> = known.iter().copied().filter(|y| *y < validate_to).collect();
            cut(&counts, &candidates, validate_to)
        });
        ensure!(
            known[0] <= train_to
                && known
                    .iter()
                    .any(|year| (train_to < *year) && (*year <= validate_to))
                && validate_to < last,
            "training up to {train_to} and validation up to {validate_to} leave a period without \
             events: the closed cases run from {} to {last}",
            known[0]
        );
        Ok(Self {
            train_to,
            validate_to,
        })
    }

    /// Sorts events into the three periods.
    pub(super) fn parts(self, years: &[i32]) -> Parts {
        let mut parts = Parts::default();
        for (at, year) in years.iter().enumerate() {
            if *year <= self.train_to {
                parts.train.push(at);
            } else if *year <= self.validate_to {
                parts.validation.push(at);
            } else {
                parts.test.push(at);
            }
        }
        parts
    }
}

/// Of the candidates before `end`, the year after which the share of events up to `end` comes
/// closest to [`SHARE`] of all.
fn cut(counts: &BTreeMap<i32, usize>, candidates: &[i32], end: i32) -> i32 {
    let total: usize = counts.values().sum();
    let distance = |year: i32| {
        let span = counts.iter().filter(|(y, _)| **y > year && **y <= end);
        let newer: usize = span.map(|(_, n)| n).sum();
        (newer as f64 / total as f64 - SHARE).abs()
    };
    let before = candidates.iter().copied().filter(|year| *year < end);
    before
        .min_by(|a, b| distance(*a).total_cmp(&distance(*b)))
        .unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years(per_year: &[(i32, usize)]) -> Vec<i32> {
        per_year
            .iter()
            .flat_map(|(year, n)| std::iter::repeat_n(*year, *n))
            .collect()
    }

    #[test]
    fn fourteen_even_years_give_two_each_for_validation_and_test() {
        let even: Vec<_> = (2008..=2021).map(|year| (year, 100)).collect();
        let events = years(&even);
        let split = Split::choose(&events, None, None).unwrap();
        assert_eq!((split.train_to, split.validate_to), (2017, 2019));
        let parts = split.parts(&events);
        assert_eq!(
            (parts.train.len(), parts.validation.len(), parts.test.len()),
            (1000, 200, 200)
        );
        assert!(parts.test.iter().all(|at| events[*at] >= 2020));
    }

    #[test]
    fn three_years_are_the_least() {
        let split = Split::choose(&years(&[(1, 9), (2, 1), (3, 500)]), None, None).unwrap();
        assert_eq!((split.train_to, split.validate_to), (1, 2));
        let error = Split::choose(&years(&[(1, 9), (2, 9)]), None, None).unwrap_err();
        assert!(error.to_string().contains("covers 2 year(s)"));
    }

    #[test]
    fn given_years_are_used_or_refused() {
        let events = years(&[(1, 10), (2, 10), (3, 10), (4, 10)]);
        let split = Split::choose(&events, Some(1), Some(3)).unwrap();
        assert_eq!((split.train_to, split.validate_to), (1, 3));
        let split = Split::choose(&events, Some(2), None).unwrap();
        assert_eq!((split.train_to, split.validate_to), (2, 3));
        assert!(Split::choose(&events, Some(3), None).is_err());
        assert!(Split::choose(&events, Some(i32::MAX), Some(i32::MIN)).is_err());
        assert!(Split::choose(&events, Some(3), Some(3)).is_err());
        assert!(Split::choose(&events, Some(2), Some(4)).is_err());
        assert!(Split::choose(&events, Some(0), None).is_err());
        assert!(Split::choose(&events, None, Some(1)).is_err());
    }
}
