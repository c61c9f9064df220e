//! Two columns of a figure against each other.

use std::collections::BTreeMap;

use anyhow::Result;

use super::super::figure::{Lookup, Table};
use super::super::format;

/// A table whose cells are shaded by what they count; the number says the same.
pub(super) struct Cross {
    pub(super) corner: String,
    pub(super) heads: Vec<String>,
    pub(super) lines: Vec<(String, Vec<Cell>)>,
}

pub(super) struct Cell {
    pub(super) text: String,
    /// How dark, from 0 to 5.
    pub(super) level: u64,
}

/// Sums `count` over all rows with the same two names; lines and heads in the order of the figure.
pub(super) fn cross(
    figure: Lookup,
    table: &Table,
    [down, across]: [&str; 2],
    count: &str,
) -> Result<Cross> {
    let (down, across) = (figure.column(down)?, figure.column(across)?);
    let counts = figure.counts(count)?;
    let (mut lines, mut heads) = (Names::default(), Names::default());
    let mut sums = BTreeMap::<(usize, usize), u64>::new();
    for (row, count) in std::iter::zip(&table.rows, &counts) {
        let line = lines.place(&row.cells[down].text);
        let head = heads.place(&row.cells[across].text);
        *sums.entry((line, head)).or_default() += count;
    }
    let most = sums.values().copied().max().unwrap_or(1).max(1);
    let order = heads.order();
    let cell = |line: usize, head: usize| {
        let count = sums.get(&(line, head)).copied().unwrap_or_default();
        Cell {
            text: format::thousands(count),
            level: (count * 5).div_ceil(most),
        }
    };
    Ok(Cross {
        corner: format!(
            "{} by {}",
            table.headers[down].label, table.headers[across].label
        ),
        lines: lines
            .order()
            .into_iter()
            .map(|line| {
                let cells = order.iter().map(|&head| cell(line, head)).collect();
                (lines.0[line].clone(), cells)
            })
            .collect(),
        heads: order.iter().map(|&head| heads.0[head].clone()).collect(),
    })
}

/// Names in the order in which they come.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn place(&mut self, name: &str) -> usize {
        self.0
            .iter()
            .position(|known| known == name)
            .unwrap_or_else(|| {
                self.0.push(name.to_owned());
                self.0.len() - 1
            })
    }

    /// Numbers by size, words as they came, what is missing last.
    fn order(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.0.len()).collect();
        places.sort_by_key(|&place| {
            let name = &self.0[place];
            (name == format::MISSING, name.parse::<i64>().ok())
        });
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_order_and_missing_is_last() {
        let mut names = Names::default();
        for name in ["10", format::MISSING, "9"] {
            names.place(name);
        }
        assert_eq!(names.order(), [2, 0, 1]);
    }
}
