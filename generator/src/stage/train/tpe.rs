//! Tree-structured Parzen estimator: proposes the next point to try from how earlier ones did.
//!
//! Bergstra et al., "Algorithms for Hyper-Parameter Optimization" (2011): the best tenth of the
//! points and the others each make a density; of some draws from the density of the good points,
//! the one that is likeliest compared to the others is proposed. Dimensions are independent.
//! Libraries of this kind bring their own generators and keep one state a dimension; one function
//! over the trials so far is reproducible by construction.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Trials drawn evenly before there is anything to learn from.
const FIRST: usize = 12;

/// Draws a dimension.
const DRAWS: usize = 24;

/// Proposes a point of the unit cube of `dimensions`, given earlier points with their losses.
pub(super) fn propose(
    trials: &[(Vec<f64>, f64)],
    dimensions: usize,
    rng: &mut ChaCha8Rng,
) -> Vec<f64> {
    if trials.len() < FIRST {
        return (0..dimensions).map(|_| rng.random()).collect();
    }
    let mut ranked: Vec<&(Vec<f64>, f64)> = trials.iter().collect();
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (good, others) = ranked.split_at(trials.len().div_ceil(10));
    (0..dimensions)
        .map(|dimension| {
            let density = |part: &[&(Vec<f64>, f64)]| {
                Density::new(part.iter().map(|(point, _)| point[dimension]).collect())
            };
            let (good, others) = (density(good), density(others));
            let mut best = (f64::NEG_INFINITY, 0.5);
            for _ in 0..DRAWS {
                let x = good.draw(rng);
                let advantage = good.at(x).ln() - others.at(x).ln();
                if advantage > best.0 {
                    best = (advantage, x);
                }
            }
            best.1
        })
        .collect()
}

/// Bells around points of the unit interval, and one wide bell in its middle.
struct Density {
    /// Centre and width.
    bells: Vec<(f64, f64)>,
}

impl Density {
    /// As wide as the farther neighbour is away, within limits.
    fn new(mut points: Vec<f64>) -> Self {
        points.sort_by(f64::total_cmp);
        let least = 1.0 / (1.0 + points.len() as f64).min(100.0);
        let bell = |at: usize| {
            let x = points[at];
            let below = at.checked_sub(1).map_or(0.0, |before| points[before]);
            let above = points.get(at + 1).copied().unwrap_or(1.0);
            (x, (x - below).max(above - x).clamp(least, 1.0))
        };
        let bells = (0..points.len()).map(bell).chain([(0.5, 1.0)]).collect();
        Self { bells }
    }

    fn at(&self, x: f64) -> f64 {
        let bell =
            |(centre, width): &(f64, f64)| (-((x - centre) / width).powi(2) / 2.0).exp() / width;
        self.bells.iter().map(bell).sum::<f64>() / self.bells.len() as f64
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> f64 {
        let (centre, width) = self.bells[rng.random_range(0..self.bells.len())];
        for _ in 0..16 {
            // Box and Muller.
            let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
            let angle = std::f64::consts::TAU * rng.random::<f64>();
            let x = centre + width * radius * angle.cos();
            if (0.0..=1.0).contains(&x) {
                return x;
            }
        }
        centre
    }
}

#[cfg(test)]
mod tests {
    use super::super::boost::generator;
    use super::*;

    /// Least at (0.2, 0.8).
    fn bowl(point: &[f64]) -> f64 {
        (point[0] - 0.2).powi(2) + (point[1] - 0.8).powi(2)
    }

    fn search(seed: u64) -> Vec<(Vec<f64>, f64)> {
        let mut rng = generator(seed, 0);
        let mut trials = Vec::new();
        for _ in 0..60 {
            let point = propose(&trials, 2, &mut rng);
            assert!(point.iter().all(|x| (0.0..=1.0).contains(x)));
            trials.push((point.clone(), bowl(&point)));
        }
        trials
    }

    #[test]
    fn proposals_gather_where_losses_are_small() {
        let mean = |trials: &[(Vec<f64>, f64)]| {
            trials.iter().map(|(_, loss)| loss).sum::<f64>() / trials.len() as f64
        };
        for seed in 0..5 {
            let trials = search(seed);
            assert!(
                mean(&trials[40..]) < mean(&trials[..FIRST]) / 3.0,
                "seed {seed}"
            );
        }
    }

    #[test]
    fn the_same_seed_proposes_the_same() {
        assert_eq!(search(3), search(3));
        assert_ne!(search(3), search(4));
    }
}
