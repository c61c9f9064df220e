//! Groups of rows and what is computed for each.

use std::collections::BTreeMap;

use dataset::explore::ColumnType;
use dataset::query::Measure;

use crate::column::{Column, Values};
use crate::dictionary::Dictionary;
use crate::error::EngineError;
use crate::ids::Ids;
use crate::table::{Spot, Table};

/// The values of a column numbered from 0 in order of first appearance.
pub(crate) struct Dense {
    /// Number of each row's value.
    pub(crate) ids: Vec<u32>,
    /// The row that first has each value.
    pub(crate) first: Vec<u32>,
    /// The number of the missing value, if rows have it.
    pub(crate) null: Option<u32>,
}

impl Dense {
    /// All rows have the same (no) value.
    fn single(rows: usize) -> Self {
        Self {
            ids: vec![0; rows],
            first: vec![0],
            null: None,
        }
    }

    pub(crate) fn of(column: &Column, dictionary: &Dictionary) -> Self {
        const UNSEEN: u32 = u32::MAX;
        let mut first = Vec::new();
        let mut null = None;
        let mut by_code = vec![UNSEEN; dictionary.len()];
        let mut by_bits = Ids::default();
        let mut bits_to_id = Vec::new();
        let mut number = |row: usize| {
            if !column.is_valid(row) {
                return *null.get_or_insert_with(|| add(&mut first, row));
            }
            let bits = match &column.values {
                Values::Text(codes) => {
                    let id = &mut by_code[codes[row] as usize];
                    if *id == UNSEEN {
                        *id = add(&mut first, row);
                    }
                    return *id;
                }
                Values::Int(numbers) => numbers[row].cast_unsigned(),
                Values::Float(numbers) => numbers[row].to_bits(),
                Values::Boolean(booleans) => u64::from(booleans[row]),
            };
            let seen = by_bits.id(bits) as usize;
            if seen == bits_to_id.len() {
                bits_to_id.push(add(&mut first, row));
            }
            bits_to_id[seen]
        };
        let ids = (0..column.len()).map(&mut number).collect();
        Self { ids, first, null }
    }

    /// Numbers the pairs of two columns' values.
    fn pairs(&self, other: &Self) -> Self {
        let mut first = Vec::new();
        let mut pairs = Ids::default();
        let rows = self.ids.iter().zip(&other.ids).enumerate();
        let number = |(row, (a, b)): (usize, (&u32, &u32))| {
            let id = pairs.id(u64::from(*a) << 32 | u64::from(*b));
            if id as usize == first.len() {
                add(&mut first, row);
            }
            id
        };
        Self {
            ids: rows.map(number).collect(),
            first,
            null: None,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.first.len()
    }
}

fn add(first: &mut Vec<u32>, row: usize) -> u32 {
    first.push(row as u32);
    (first.len() - 1) as u32
}

/// A column whose values are to be told apart within groups, with the rows in order of value.
pub(crate) struct Keys {
    dense: Dense,
    /// Rows in order of number and then row; `None` if they are so anyway.
    order: Option<Vec<u32>>,
}

impl Keys {
    pub(crate) fn new(dense: Dense) -> Self {
        let order = (!dense.ids.is_sorted()).then(|| {
            let mut next = vec![0_u32; dense.len() + 1];
            for id in &dense.ids {
                next[*id as usize + 1] += 1;
            }
            for id in 0..dense.len() {
                next[id + 1] += next[id];
            }
            let mut order = vec![0; dense.ids.len()];
            for (row, id) in dense.ids.iter().enumerate() {
                let place = &mut next[*id as usize];
                order[*place as usize] = row as u32;
                *place += 1;
            }
            order
        });
        Self { dense, order }
    }

    /// Different values there are.
    pub(crate) fn distinct(&self) -> usize {
        self.dense.len() - usize::from(self.dense.null.is_some())
    }

    /// Marks, within each group, the first row of each value; rows without a value and rows for
    /// which `counts` does not hold are passed over.
    ///
    /// Going through the rows in order of value, a group needs to remember only the last one.
    pub(crate) fn firsts(&self, groups: &Dense, counts: impl Fn(usize) -> bool) -> Vec<bool> {
        const NONE: u32 = u32::MAX;
        let mut last = vec![NONE; groups.len()];
        let mut firsts = vec![false; groups.ids.len()];
        let mut visit = |row: usize| {
            let key = self.dense.ids[row];
            let last = &mut last[groups.ids[row] as usize];
            if *last != key && Some(key) != self.dense.null && counts(row) {
                *last = key;
                firsts[row] = true;
            }
        };
        match &self.order {
            None => (0..groups.ids.len()).for_each(visit),
            Some(order) => order.iter().for_each(|row| visit(*row as usize)),
        }
        firsts
    }
}

/// Counts the marked rows of each group.
pub(crate) fn count(groups: &Dense, marked: impl Fn(usize) -> bool) -> Vec<i64> {
    let mut counts = vec![0; groups.len()];
    for (row, group) in groups.ids.iter().enumerate() {
        counts[*group as usize] += i64::from(marked(row));
    }
    counts
}

/// Groups the rows by at most two columns; rows are one group without any.
pub(crate) fn group(table: &Table, spots: &[Spot], columns: &[usize]) -> Dense {
    let dense = |column: &usize| {
        let gathered = table.gather(*column, spots);
        Dense::of(&gathered, &table.dictionaries[*column])
    };
    match columns {
        [] => Dense::single(spots.len()),
        [only] => dense(only),
        [first, second, ..] => dense(first).pairs(&dense(second)),
    }
}

/// The keys of every column a query counts or tells apart by.
pub(crate) type KeysByColumn = BTreeMap<usize, Keys>;

/// Prepares a column to be told apart by.
pub(crate) fn keys(table: &Table, spots: &[Spot], column: usize) -> Keys {
    let gathered = table.gather(column, spots);
    Keys::new(Dense::of(&gathered, &table.dictionaries[column]))
}

/// Computes a measure for each group, with its type.
pub(crate) fn measure(
    table: &Table,
    spots: &[Spot],
    groups: &Dense,
    keys: &KeysByColumn,
    measure: &Measure,
) -> Result<(ColumnType, Column), EngineError> {
    let keys = |name: &str| Ok::<_, EngineError>(&keys[&table.index(name)?]);
    let counted = |counts| {
        let valid = None;
        let values = Values::Int(counts);
        Ok((ColumnType::Int, Column { values, valid }))
    };
    match measure {
        Measure::Rows => counted(count(groups, |_| true)),
        Measure::Distinct(name) => {
            let firsts = keys(name)?.firsts(groups, |_| true);
            counted(count(groups, |row| firsts[row]))
        }
        Measure::Sum(of) | Measure::Mean(of) => {
            let index = table.number(&of.column)?;
            let kind = table.kind(index);
            let column = table.gather(index, spots);
            let marked = match &of.once_per {
                Some(key) => keys(key)?.firsts(groups, |row| column.is_valid(row)),
                None => (0..spots.len()).map(|row| column.is_valid(row)).collect(),
            };
            let counts = count(groups, |row| marked[row]);
            let values = match &column.values {
                Values::Float(v) => Values::Float(sum(groups, &marked, v, |a, b| a + b)),
                Values::Int(v) => Values::Int(sum(groups, &marked, v, i64::saturating_add)),
                Values::Text(_) | Values::Boolean(_) => unreachable!("neither is a number"),
            };
            let is_mean = matches!(measure, Measure::Mean(_));
            let kind = if is_mean { ColumnType::Float } else { kind };
            let values = if is_mean {
                Values::Float(mean(&values, &counts))
            } else {
                values
            };
            let valid = Some(counts.iter().map(|count| *count > 0).collect());
            Ok((kind, Column { values, valid }))
        }
        Measure::Min(name) => extreme(table, spots, groups, name, false),
        Measure::Max(name) => extreme(table, spots, groups, name, true),
    }
}

/// Adds in row order, so that the same rows give the same bits.
fn sum<T: Copy + Default>(
    groups: &Dense,
    marked: &[bool],
    values: &[T],
    add: impl Fn(T, T) -> T,
) -> Vec<T> {
    let mut sums = vec![T::default(); groups.len()];
    for (row, group) in groups.ids.iter().enumerate() {
        if marked[row] {
            let sum = &mut sums[*group as usize];
            *sum = add(*sum, values[row]);
        }
    }
    sums
}

fn mean(sums: &Values, counts: &[i64]) -> Vec<f64> {
    let divide = |(sum, count): (f64, &i64)| sum / (*count).max(1) as f64;
    match sums {
        Values::Int(sums) => sums
            .iter()
            .map(|s| *s as f64)
            .zip(counts)
            .map(divide)
            .collect(),
        Values::Float(sums) => sums.iter().copied().zip(counts).map(divide).collect(),
        Values::Text(_) | Values::Boolean(_) => Vec::new(),
    }
}

fn extreme(
    table: &Table,
    spots: &[Spot],
    groups: &Dense,
    name: &str,
    largest: bool,
) -> Result<(ColumnType, Column), EngineError> {
    let index = table.index(name)?;
    let column = table.gather(index, spots);
    let dictionary = &table.dictionaries[index];
    let mut best: Vec<Option<u32>> = vec![None; groups.len()];
    for (row, group) in groups
        .ids
        .iter()
        .enumerate()
        .filter(|(row, _)| column.is_valid(*row))
    {
        let best = &mut best[*group as usize];
        let better = best.is_none_or(|best| {
            column
                .compare(dictionary, largest, row, best as usize)
                .is_lt()
        });
        if better {
            *best = Some(row as u32);
        }
    }
    Ok((table.kind(index), column.take(&best)))
}
