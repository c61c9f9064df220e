//! What is computed for each group of rows.

use dataset::explore::ColumnType;
use dataset::query::Measure;

use crate::column::{Column, Values};
use crate::error::EngineError;
use crate::group::{Dense, KeysByColumn, count};
use crate::table::{Spot, Table};

/// Which shares there are.
pub(crate) const SHARES: &str = "shares are of rows or of different values";

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
        Measure::Quantile { column, percent } => {
            let index = table.number(column)?;
            let column = table.gather(index, spots);
            let values = quantile(groups, &column, f64::from(*percent) / 100.0);
            Ok((ColumnType::Float, values))
        }
        Measure::Share(of) => {
            let (counts, all) = match &**of {
                Measure::Rows => (count(groups, |_| true), spots.len()),
                Measure::Distinct(name) => {
                    let keys = keys(name)?;
                    let firsts = keys.firsts(groups, |_| true);
                    (count(groups, |row| firsts[row]), keys.distinct())
                }
                _ => return Err(EngineError::Shape(SHARES)),
            };
            let share = |count: &i64| *count as f64 / all.max(1) as f64;
            let values = Values::Float(counts.iter().map(share).collect());
            let valid = (all == 0).then(|| vec![false; groups.len()]);
            Ok((ColumnType::Float, Column { values, valid }))
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

/// Interpolates between the two values next to the place of the quantile; as `quantile_cont` of
/// DuckDB.
fn quantile(groups: &Dense, column: &Column, part: f64) -> Column {
    let mut members: Vec<Vec<f64>> = vec![Vec::new(); groups.len()];
    for (row, group) in groups.ids.iter().enumerate() {
        if column.is_valid(row) {
            members[*group as usize].push(match &column.values {
                Values::Int(v) => v[row] as f64,
                Values::Float(v) => v[row],
                Values::Text(_) | Values::Boolean(_) => unreachable!("neither is a number"),
            });
        }
    }
    let valid = members.iter().map(|values| !values.is_empty()).collect();
    let at = |values: &mut Vec<f64>| {
        let place = values.len().saturating_sub(1) as f64 * part;
        let below = place.floor() as usize;
        if values.is_empty() {
            return 0.0;
        }
        let (_, low, above) = values.select_nth_unstable_by(below, f64::total_cmp);
        let low = *low;
        let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
        low + (high - low) * (place - place.floor())
    };
    Column {
        values: Values::Float(members.iter_mut().map(at).collect()),
        valid: Some(valid),
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
