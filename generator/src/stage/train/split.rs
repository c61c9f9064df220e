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
#[derive(Debug)]
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
        // Each period keeps at least one year.
        let validate_to = validate_to.unwrap_or_else(|| cut(&counts, years.len(), 2));
        let before: BTreeMap<_, _> = counts.range(..=validate_to).map(|(y, n)| (*y, *n)).collect();
        let train_to = match train_to {
            Some(year) => year,
            None if before.len() >= 2 => cut(&before, years.len(), 1),
            None => validate_to,
        };
        let first = *counts.keys().next().unwrap_or(&0);
        let last = *counts.keys().next_back().unwrap_or(&0);
        ensure!(
            first <= train_to
                && counts.range(train_to + 1..=validate_to.max(train_to)).next().is_some()
                && validate_to < last,
            "training up to {train_to} and validation up to {validate_to} leave a period without \
             events: the closed cases run from {first} to {last}"
        );
        Ok(Self {
            train_to,
            validate_to,
        })
    }

    /// Sorts events into the three periods.
    pub(super) fn parts(self, years: &[i32]) -> Parts {
        let within = |from: i32, to: i32| {
            let events = years.iter().enumerate();
            events
                .filter(|(_, year)| (from..=to).contains(*year))
                .map(|(at, _)| at)
                .collect()
        };
        Parts {
            train: within(i32::MIN, self.train_to),
            validation: within(self.train_to + 1, self.validate_to),
            test: within(self.validate_to + 1, i32::MAX),
        }
    }
}

/// The year after which the share of `total` events comes closest to [`SHARE`]; at least one year
/// stays after it and `keep` up to it.
fn cut(counts: &BTreeMap<i32, usize>, total: usize, keep: usize) -> i32 {
    let years: Vec<i32> = counts.keys().copied().collect();
    let distance = |year: i32| {
        let newer: usize = counts.range(year + 1..).map(|(_, n)| n).sum();
        (newer as f64 / total as f64 - SHARE).abs()
    };
    let candidates = &years[keep - 1..years.len() - 1];
    candidates
        .iter()
        .copied()
        .min_by(|a, b| distance(*a).total_cmp(&distance(*b)))
        .unwrap_or(years[0])
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
        assert!(Split::choose(&events, Some(3), Some(3)).is_err());
        assert!(Split::choose(&events, Some(2), Some(4)).is_err());
        assert!(Split::choose(&events, Some(0), None).is_err());
        assert!(Split::choose(&events, None, Some(1)).is_err());
    }
}
