//! Chance, from a stream of its own for every event.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// Streams of one seed are independent of each other.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// 0 up to, not including, 1.
    pub(super) fn unit(&mut self) -> f64 {
        self.0.random()
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// `low` to `high`, both included.
    pub(super) fn range(&mut self, low: i32, high: i32) -> i32 {
        self.0.random_range(low..=high.max(low))
    }

    /// Uniform between `low` and `high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Roughly normal: the sum of three uniform numbers, so never far out.
    pub(super) fn around(&mut self, mean: f64, deviation: f64) -> f64 {
        mean + deviation * 2.0 * (self.unit() + self.unit() + self.unit() - 1.5)
    }

    /// One of `items`, which must not be empty.
    pub(super) fn pick<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.0.random_range(0..items.len())]
    }

    /// One of `items` by weight; the last one if all weigh nothing.
    pub(super) fn weighted<'t, T>(&mut self, items: &'t [T], weight: impl Fn(&T) -> f64) -> &'t T {
        let total: f64 = items.iter().map(&weight).sum();
        let mut left = self.unit() * total;
        for item in items {
            left -= weight(item);
            if left < 0.0 {
                return item;
            }
        }
        &items[items.len() - 1]
    }

    /// One of `codes` by its weight.
    pub(super) fn code(&mut self, codes: &[(&'static str, f64)]) -> &'static str {
        self.weighted(codes, |(_, weight)| *weight).0
    }

    /// Whether an event of the given log-odds happens.
    pub(super) fn logit(&mut self, odds: f64) -> bool {
        self.chance(1.0 / (1.0 + (-odds).exp()))
    }
}
