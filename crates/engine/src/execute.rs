//! Bound queries to answers.

use std::cmp::Ordering;

use dataset::query::{Measure, Sort};

use crate::answer::{ResultColumn, ResultTable};
use crate::bound::{Bound, is_grouped};
use crate::column::Column;
use crate::dictionary::Dictionary;
use crate::error::EngineError;
use crate::facet;
use crate::group::{self, KeysByColumn};
use crate::measure;
use crate::order;
use crate::predicate::Predicate;
use crate::prune;
use crate::table::{Spot, Table};

impl Bound<'_> {
    /// Answers from the files that may have matching rows, which have been decoded.
    pub(crate) fn answer<'a>(
        &self,
        table: &'a Table,
        files: &[usize],
        scanned_rows: u64,
    ) -> Result<ResultTable<'a>, EngineError> {
        let spots = self.matching(table, files);
        let keys = |column: &usize| match self.event_start {
            Some(start) if Some(*column) == self.event => group::events(table, &spots, start),
            _ => group::keys(table, &spots, *column),
        };
        let keys: KeysByColumn = (self.keys.iter())
            .map(|column| (*column, keys(column)))
            .collect();
        let events = self.event.map(|event| &keys[&event]);
        let (columns, rows) = if is_grouped(self.query) {
            self.groups(table, &spots, &keys)?
        } else {
            self.rows(table, &spots)?
        };
        let facets = self.query.facets.iter();
        let facets = facets.map(|f| facet::count_values(table, &spots, events, f));
        Ok(ResultTable {
            columns,
            rows,
            matched_rows: spots.len() as u64,
            matched_events: events.map(|events| events.distinct() as u64),
            scanned_rows,
            facets: facets.collect::<Result<_, _>>()?,
        })
    }

    /// The rows the filter lets through, in file order.
    fn matching(&self, table: &Table, files: &[usize]) -> Vec<Spot> {
        let mut spots = Vec::new();
        for file in files {
            let number = *file as u32;
            let some_fail = |p: &&Predicate| prune::judge(p, table, *file).fails;
            match self.predicate.as_ref().filter(some_fail) {
                None => {
                    let rows = table.entry.files[*file].rows as u32;
                    spots.extend((0..rows).map(|row| (number, row)));
                }
                Some(predicate) => {
                    let holds = predicate.evaluate(table, *file);
                    let rows = holds.iter().enumerate().filter(|(_, holds)| **holds);
                    spots.extend(rows.map(|(row, _)| (number, row as u32)));
                }
            }
        }
        spots
    }

    fn rows<'a>(
        &self,
        table: &'a Table,
        spots: &[Spot],
    ) -> Result<(Vec<ResultColumn<'a>>, usize), EngineError> {
        if self.select.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let mut keys = Vec::new();
        for sort in &self.query.sort {
            let index = table.index(&sort.by)?;
            let column = table.gather(index, spots);
            keys.push((column, &table.dictionaries[index], sort.desc));
        }
        let keys: Vec<_> = keys.iter().map(|(c, d, desc)| (c, *d, *desc)).collect();
        let order = self.page(spots.len(), &keys);
        let shown: Vec<Spot> = order.iter().map(|row| spots[*row as usize]).collect();
        let column = |index: &usize| ResultColumn {
            name: table.entry.columns[*index].name.clone(),
            kind: table.kind(*index),
            column: table.gather(*index, &shown),
            dictionary: &table.dictionaries[*index],
        };
        Ok((self.select.iter().map(column).collect(), shown.len()))
    }

    fn groups<'a>(
        &self,
        table: &'a Table,
        spots: &[Spot],
        keys: &KeysByColumn,
    ) -> Result<(Vec<ResultColumn<'a>>, usize), EngineError> {
        let values: Vec<(usize, Column)> = (self.group.iter())
            .map(|key| (key.column, key.values(table, spots)))
            .collect();
        let groups = group::group(table, spots.len(), &values);
        let firsts: Vec<Option<u32>> = groups.first.iter().copied().map(Some).collect();
        let mut columns = Vec::new();
        let keys_named = self.query.group.iter().zip(&self.group);
        for ((named, key), (index, values)) in keys_named.zip(&values) {
            columns.push(ResultColumn {
                name: named.name(),
                kind: key.kind(table),
                column: values.take(&firsts),
                dictionary: &table.dictionaries[*index],
            });
        }
        for measure in &self.query.measures {
            let (kind, column) = measure::measure(table, spots, &groups, keys, measure)?;
            let index = match measure {
                Measure::Min(name) | Measure::Max(name) => table.index(name)?,
                // A number, which no dictionary is asked about.
                _ => 0,
            };
            columns.push(ResultColumn {
                name: measure.name(),
                kind,
                column,
                dictionary: &table.dictionaries[index],
            });
        }
        let mut keys = Vec::new();
        for Sort { by, desc } in &self.query.sort {
            let found = columns.iter().find(|column| column.name == *by);
            let found = found.ok_or_else(|| EngineError::UnknownColumn {
                table: "of groups".to_owned(),
                column: by.clone(),
            })?;
            keys.push((&found.column, found.dictionary, *desc));
        }
        // Groups appear in file order, which means nothing: the rest of the order is theirs.
        let values = &columns[..self.group.len()];
        keys.extend(values.iter().map(|c| (&c.column, c.dictionary, false)));
        let order = self.page(groups.len(), &keys);
        let order: Vec<Option<u32>> = order.into_iter().map(Some).collect();
        for column in &mut columns {
            column.column = column.column.take(&order);
        }
        Ok((columns, order.len()))
    }

    fn page(&self, count: usize, keys: &[(&Column, &Dictionary, bool)]) -> Vec<u32> {
        let compare = |a, b| {
            let steps = keys.iter();
            steps.fold(Ordering::Equal, |order, (column, dictionary, desc)| {
                order.then_with(|| column.compare(dictionary, *desc, a, b))
            })
        };
        let compare: &dyn Fn(usize, usize) -> Ordering = &compare;
        let sorted = (!keys.is_empty()).then_some(compare);
        order::page(count, self.query.offset, self.query.limit, sorted)
    }
}
