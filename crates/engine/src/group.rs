//! Groups of rows.

use std::collections::BTreeMap;

use crate::column::{Column, Values};
use crate::dictionary::Dictionary;
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

/// Groups the rows by at most two keys, whose values are given; rows are one group without any.
pub(crate) fn group(table: &Table, rows: usize, keys: &[(usize, Column)]) -> Dense {
    let dense = |(index, values): &(usize, Column)| Dense::of(values, &table.dictionaries[*index]);
    match keys {
        [] => Dense::single(rows),
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

/// Numbers events by the column that is 1 where one begins, for rows in file order. An event goes
/// on from one file into the next, never over a file that nothing is read of.
pub(crate) fn events(table: &Table, spots: &[Spot], start: usize) -> Keys {
    let begins = |file: u32| {
        let column = table.column(file as usize, start);
        let Values::Int(numbers) = &column.values else {
            unreachable!("where events begin is a whole number");
        };
        move |row: u32| column.is_valid(row as usize) && numbers[row as usize] == 1
    };
    let mut ids = Vec::with_capacity(spots.len());
    let mut first = Vec::new();
    // The row after the last one looked at.
    let mut next: Spot = (u32::MAX, 0);
    for run in spots.chunk_by(|a, b| a.0 == b.0) {
        let file = run[0].0;
        let begun = match next {
            (before, row) if before.checked_add(1) == Some(file) => {
                let rows = table.entry.files[before as usize].rows as u32;
                (row..rows).any(begins(before))
            }
            _ => true,
        };
        next = (file, 0);
        let begins = begins(file);
        let mut another = begun || ids.is_empty();
        for (_, row) in run {
            another |= (next.1..=*row).any(&begins);
            if another {
                add(&mut first, ids.len());
                another = false;
            }
            ids.push((first.len() - 1) as u32);
            next.1 = row + 1;
        }
    }
    Keys::new(Dense {
        ids,
        first,
        null: None,
    })
}
