//! Forests: several ways of growing, each on the events as its member is taught them.

use std::ops::ControlFlow;

use anyhow::Result;
use rayon::prelude::*;
use severity::cross::{self, Cross};
use severity::model::softmax;
use severity::tree::Tree;

use super::bins::Column;
use super::boost::{BoostParams, Boosted, Lessons, boost};
use super::metrics;
use super::prepare::{Prepared, tidy};
use super::table::Table;
use super::teach::{cells, shares, teach};

/// When to stop growing.
#[derive(Clone, Copy)]
pub(super) enum Until<'a> {
    /// At the round that is best for these events.
    BestFor(&'a [usize]),
    /// After so many rounds, one number a member.
    Rounds(&'a [u32]),
}

/// Several members, whose mean counts.
#[derive(Debug)]
pub(super) struct Forest {
    pub(super) crosses: Vec<Cross>,
    members: Vec<Boosted>,
}

impl Forest {
    /// Takes members away from the end, all but one if need be, until so many nodes are left.
    pub(super) fn limit(&mut self, nodes: usize) {
        let of_member = |member: &Boosted| -> usize {
            member.trees.iter().map(|tree| tree.nodes().len()).sum()
        };
        while self.members.len() > 1 && self.members.iter().map(of_member).sum::<usize>() > nodes {
            self.members.pop();
        }
    }

    /// Member by member, round by round, in each round one per class; leaves are divided by the
    /// number of members.
    pub(super) fn trees(&self) -> Vec<Tree> {
        let share = 1.0 / self.members.len() as f32;
        let trees = self.members.iter().flat_map(|member| &member.trees);
        trees.map(|tree| tree.scaled(share)).collect()
    }

    /// Gain per column, over all members.
    pub(super) fn gains(&self) -> Vec<f64> {
        let columns = self.members.first().map_or(0, |member| member.gains.len());
        let of_column = |at: usize| self.members.iter().map(|member| member.gains[at]).sum();
        (0..columns).map(of_column).collect()
    }

    /// Rounds of each member.
    pub(super) fn rounds(&self, classes: usize) -> Vec<u32> {
        let members = self.members.iter();
        members
            .map(|member| member.rounds(classes) as u32)
            .collect()
    }
}

/// Events to learn from and to stop on, ready for all members.
pub(super) struct Pupils {
    /// Features in bins that are cut for the events to learn from.
    columns: Vec<Column>,
    cells: Vec<Vec<u32>>,
    later_cells: Vec<Vec<u32>>,
    outcomes: Vec<usize>,
    later: Vec<usize>,
    base: Vec<f64>,
}

/// Everything the steps share.
pub(super) struct Material<'a> {
    pub(super) table: &'a Table,
    pub(super) prepared: &'a Prepared,
    /// Pairs of categories whose shares the trees may ask for.
    pub(super) pairs: Vec<Cross>,
    pub(super) priors: &'a [f64],
    pub(super) seed: u64,
}

impl Material<'_> {
    pub(super) fn rows(&self, events: &[usize]) -> Vec<&[f32]> {
        let rows = events.iter().map(|at| self.prepared.rows[*at].as_slice());
        rows.collect()
    }

    pub(super) fn outcomes(&self, events: &[usize]) -> Vec<usize> {
        events.iter().map(|at| self.table.outcomes[*at]).collect()
    }

    /// Logarithms of the class shares.
    pub(super) fn base(&self, events: &[usize]) -> Vec<f64> {
        let mut counts = vec![0.0; self.priors.len()];
        for at in events {
            counts[self.table.outcomes[*at]] += 1.0;
        }
        // A class without an event keeps half of one, so that its margin is finite.
        let share = |count: &f64| tidy((count.max(0.5) / events.len() as f64).ln());
        counts.iter().map(share).collect()
    }

    /// Makes events ready for any number of members.
    pub(super) fn pupils(&self, events: &[usize], later: &[usize]) -> Pupils {
        let (rows, later_rows) = (self.rows(events), self.rows(later));
        let values =
            |rows: &[&[f32]], at: usize| -> Vec<f32> { rows.iter().map(|row| row[at]).collect() };
        let column = |at| {
            let mut column = Column::new(&values(&rows, at));
            column.extend(&values(&later_rows, at));
            column
        };
        let features = 0..self.prepared.features.len();
        Pupils {
            columns: features.into_par_iter().map(column).collect(),
            cells: cells(&self.pairs, &rows),
            later_cells: cells(&self.pairs, &later_rows),
            outcomes: self.outcomes(events),
            later: self.outcomes(later),
            base: self.base(events),
        }
    }

    /// What a member learns from: the events with shares of pairs as the member is taught them.
    pub(super) fn lessons<'a>(&self, pupils: &'a Pupils, member: u64) -> (Vec<Cross>, Lessons<'a>) {
        let taught = teach(
            &self.pairs,
            &pupils.cells,
            &pupils.outcomes,
            self.priors.len(),
            self.seed + member,
        );
        let mut columns = pupils.columns.clone();
        let later = shares(&taught.crosses, &pupils.later_cells);
        columns.extend(taught.columns.iter().zip(later).map(|(values, later)| {
            let mut column = Column::new(values);
            column.extend(&later);
            column
        }));
        let lessons = Lessons {
            columns,
            outcomes: &pupils.outcomes,
            later: &pupils.later,
            base: &pupils.base,
        };
        (taught.crosses, lessons)
    }

    /// Grows a forest a way – they differ by chance as well: order of the events in the shares of
    /// pairs, choice of events and columns –; their mean is the model.
    pub(super) fn grow(
        &self,
        events: &[usize],
        ways: &[BoostParams],
        until: Until,
    ) -> Result<Forest> {
        let later = match until {
            Until::BestFor(later) => later,
            Until::Rounds(_) => &[],
        };
        let pupils = self.pupils(events, later);
        let grown: Vec<(Vec<Cross>, Boosted)> = ways
            .par_iter()
            .enumerate()
            .map(|(member, way)| {
                let (crosses, lessons) = self.lessons(&pupils, member as u64);
                let mut way = way.clone();
                if let Until::Rounds(rounds) = until {
                    way.rounds = rounds[member];
                }
                let watch = &mut |_, _| ControlFlow::Continue(());
                let boosted = boost(&lessons, &way, self.seed + member as u64, watch)?;
                Ok((crosses, boosted))
            })
            .collect::<Result<_>>()?;
        let (mut crosses, members): (Vec<_>, Vec<_>) = grown.into_iter().unzip();
        Ok(Forest {
            // The shares that later events see do not depend on the order.
            crosses: crosses.pop().unwrap_or_default(),
            members,
        })
    }

    /// Log loss of a forest on `events`.
    pub(super) fn loss(&self, events: &[usize], grown_on: &[usize], forest: &Forest) -> f64 {
        let (base, trees) = (self.base(grown_on), forest.trees());
        let margins: Vec<Vec<f64>> = self
            .rows(events)
            .into_iter()
            .map(|row| {
                let columns = cross::columns(&forest.crosses, row);
                let mut margins = base.clone();
                for (at, tree) in trees.iter().enumerate() {
                    margins[at % base.len()] += f64::from(tree.leaf(&columns));
                }
                margins
            })
            .collect();
        mean_log_loss(&self.outcomes(events), &margins)
    }
}

pub(super) fn mean_log_loss(outcomes: &[usize], margins: &[Vec<f64>]) -> f64 {
    let losses = outcomes.iter().zip(margins);
    let sum: f64 = losses
        .map(|(y, m)| metrics::log_loss(*y, &softmax(m)))
        .sum();
    sum / outcomes.len().max(1) as f64
}
