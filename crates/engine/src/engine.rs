//! The engine: plan, feed, run.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use dataset::manifest::{FileRef, Index, Manifest, TableRef};
use dataset::query::{Measure, Query, Sort};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::answer::{ResultColumn, ResultTable};
use crate::column::Column;
use crate::csv;
use crate::dictionary::Dictionary;
use crate::error::EngineError;
use crate::facet;
use crate::group::{self, KeysByColumn};
use crate::order;
use crate::predicate::Predicate;
use crate::prune;
use crate::table::{Spot, Table};

/// The column that tells events apart.
const EVENT: &str = "ev_id";

/// Answers queries over the files it has been fed.
pub struct Engine {
    tables: BTreeMap<String, State>,
}

/// How much is known of a table.
enum State {
    /// What the index says: which file lists the rest.
    Named(TableRef),
    /// Its columns and files.
    Open(Table),
}

/// What a query needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Files still to be fed, in manifest order. As long as the table's own manifest is missing,
    /// it is the only one: plan again after feeding it.
    pub fetch: Vec<PlannedFile>,
    /// Paths of the files that have been fed already.
    pub loaded: Vec<String>,
}

/// A file to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedFile {
    /// Path relative to the manifest.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
}

impl Engine {
    /// An engine that knows the names of the tables; the manifest of a table is a file of the
    /// first plan that needs it.
    pub fn new(index: Index) -> Self {
        let table = |(name, reference)| (name, State::Named(reference));
        Self {
            tables: index.tables.into_iter().map(table).collect(),
        }
    }

    /// An engine that knows all files of the lake and has none of them yet.
    pub fn with_manifest(manifest: Manifest) -> Self {
        let table = |(name, entry): (String, _)| {
            let table = Table::new(name.clone(), entry);
            (name, State::Open(table))
        };
        Self {
            tables: manifest.tables.into_iter().map(table).collect(),
        }
    }

    /// Which files a query needs, and which of them are still missing.
    ///
    /// # Errors
    /// If the query names unknown tables or columns or does not fit together.
    pub fn plan(&self, query: &Query) -> Result<Plan, EngineError> {
        let mut plan = Plan {
            fetch: Vec::new(),
            loaded: Vec::new(),
        };
        let table = match self.state(query)? {
            State::Open(table) => table,
            State::Named(reference) => {
                plan.fetch.push(PlannedFile {
                    path: reference.manifest.path.clone(),
                    bytes: reference.manifest.bytes,
                });
                return Ok(plan);
            }
        };
        let bound = Bound::new(query, table)?;
        for file in bound.files(table) {
            let entry = &table.entry.files[file];
            if table.is_fed(file) {
                plan.loaded.push(entry.path.clone());
            } else {
                plan.fetch.push(PlannedFile {
                    path: entry.path.clone(),
                    bytes: entry.bytes,
                });
            }
        }
        Ok(plan)
    }

    /// Takes a file: Parquet, or the manifest of a table. Feeding it again changes nothing.
    ///
    /// # Errors
    /// If the manifest has no such file, or its size, SHA-256 or rows differ from what the
    /// manifest says, or it is not Parquet.
    pub fn feed(&mut self, path: &str, bytes: impl Into<Bytes>) -> Result<(), EngineError> {
        let bytes = bytes.into();
        for (name, state) in &mut self.tables {
            match state {
                State::Named(reference) if reference.manifest.path == path => {
                    let FileRef {
                        bytes: size,
                        sha256,
                        ..
                    } = &reference.manifest;
                    check(path, &bytes, *size, sha256)?;
                    let entry = serde_json::from_slice(&bytes);
                    let entry = entry.map_err(|source| EngineError::Manifest {
                        path: path.to_owned(),
                        source,
                    })?;
                    *state = State::Open(Table::new(name.clone(), entry));
                    return Ok(());
                }
                State::Named(_) => {}
                State::Open(table) => {
                    if let Some(file) = table.entry.files.iter().position(|f| f.path == path) {
                        if table.is_fed(file) {
                            return Ok(());
                        }
                        let entry = &table.entry.files[file];
                        check(path, &bytes, entry.bytes, &entry.sha256)?;
                        return table.accept(file, bytes);
                    }
                }
            }
        }
        Err(EngineError::UnknownFile(path.to_owned()))
    }

    /// Answers a query.
    ///
    /// # Errors
    /// As [`Self::plan`], and if a file the query needs was not fed or cannot be decoded.
    pub fn run(&mut self, query: &Query) -> Result<ResultTable<'_>, EngineError> {
        let table = match self.tables.get_mut(&query.table) {
            Some(State::Open(table)) => table,
            Some(State::Named(reference)) => {
                return Err(EngineError::NotFed(reference.manifest.path.clone()));
            }
            None => return Err(EngineError::UnknownTable(query.table.clone())),
        };
        let mut bound = Bound::new(query, table)?;
        let files = bound.files(table);
        if let Some(file) = files.iter().find(|file| !table.is_fed(**file)) {
            return Err(EngineError::NotFed(table.entry.files[*file].path.clone()));
        }
        for file in &files {
            for column in &bound.columns {
                table.decode(*file, *column)?;
            }
        }
        if let Some(predicate) = &mut bound.predicate {
            predicate.resolve(&table.dictionaries);
        }
        bound.answer(table, &files)
    }

    /// All matching rows (or groups) as CSV, whatever `limit` and `offset` say; all columns if
    /// the query names none.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn csv(&mut self, query: &Query) -> Result<String, EngineError> {
        let mut query = query.clone();
        (query.limit, query.offset) = (None, 0);
        query.facets.clear();
        if !is_grouped(&query)
            && query.select.is_empty()
            && let State::Open(table) = self.state(&query)?
        {
            let columns = &table.entry.columns;
            query.select = columns.iter().map(|column| column.name.clone()).collect();
        }
        Ok(csv::write(&self.run(&query)?))
    }

    fn state(&self, query: &Query) -> Result<&State, EngineError> {
        let state = self.tables.get(&query.table);
        state.ok_or_else(|| EngineError::UnknownTable(query.table.clone()))
    }
}

/// Whether these are the bytes that were published.
fn check(path: &str, bytes: &[u8], size: u64, sha256: &str) -> Result<(), EngineError> {
    if bytes.len() as u64 != size {
        return Err(EngineError::Size {
            path: path.to_owned(),
            expected: size,
            actual: bytes.len() as u64,
        });
    }
    if !is_hex(&Sha256::digest(bytes), sha256) {
        return Err(EngineError::Hash(path.to_owned()));
    }
    Ok(())
}

fn is_hex(digest: &[u8], hex: &str) -> bool {
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let expected = hex.chars().map(|digit| digit.to_digit(16));
    digits.map(|digit| Some(u32::from(digit))).eq(expected)
}

fn is_grouped(query: &Query) -> bool {
    !query.group.is_empty() || !query.measures.is_empty()
}

/// A query checked against its table.
struct Bound<'q> {
    query: &'q Query,
    predicate: Option<Predicate>,
    /// Columns to be decoded.
    columns: Vec<usize>,
    select: Vec<usize>,
    group: Vec<usize>,
    /// Index of `ev_id`.
    event: Option<usize>,
    /// Columns whose values are told apart within groups, `ev_id` among them.
    keys: BTreeSet<usize>,
}

impl<'q> Bound<'q> {
    fn new(query: &'q Query, table: &Table) -> Result<Self, EngineError> {
        if query.group.len() > 2 {
            return Err(EngineError::Shape("at most two columns to group by"));
        }
        if is_grouped(query) && !query.select.is_empty() {
            return Err(EngineError::Shape("select columns or group them, not both"));
        }
        let all = |names: &[String]| -> Result<Vec<usize>, EngineError> {
            names.iter().map(|name| table.index(name)).collect()
        };
        let filter = query.filter.as_ref();
        let bound = filter.map(|filter| Predicate::bind(filter, table));
        let predicate = bound.transpose()?;
        let (select, group) = (all(&query.select)?, all(&query.group)?);
        let event = table.index(EVENT).ok();
        let mut keys: BTreeSet<usize> = event.into_iter().collect();
        let mut columns: Vec<usize> = [&select[..], &group].concat();
        if let Some(predicate) = &predicate {
            predicate.columns(&mut columns);
        }
        for facet in &query.facets {
            columns.push(table.index(&facet.column)?);
        }
        for measure in &query.measures {
            match measure {
                Measure::Rows => {}
                Measure::Distinct(name) => {
                    keys.insert(table.index(name)?);
                }
                Measure::Min(name) | Measure::Max(name) => columns.push(table.index(name)?),
                Measure::Sum(of) | Measure::Mean(of) => {
                    columns.push(table.number(&of.column)?);
                    if let Some(key) = &of.once_per {
                        keys.insert(table.index(key)?);
                    }
                }
            }
        }
        if !is_grouped(query) {
            for sort in &query.sort {
                columns.push(table.index(&sort.by)?);
            }
        }
        columns.extend(&keys);
        columns.sort_unstable();
        columns.dedup();
        Ok(Self {
            query,
            predicate,
            columns,
            select,
            group,
            event,
            keys,
        })
    }

    /// The files that may have matching rows.
    fn files(&self, table: &Table) -> Vec<usize> {
        let wanted = |file: &usize| match &self.predicate {
            Some(predicate) => prune::may_match(predicate, table, *file),
            None => true,
        };
        (0..table.entry.files.len()).filter(wanted).collect()
    }

    fn answer<'a>(
        &self,
        table: &'a Table,
        files: &[usize],
    ) -> Result<ResultTable<'a>, EngineError> {
        let spots = self.matching(table, files);
        let keys: KeysByColumn = (self.keys.iter())
            .map(|column| (*column, group::keys(table, &spots, *column)))
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
            scanned_rows: files.iter().map(|file| table.entry.files[*file].rows).sum(),
            facets: facets.collect::<Result<_, _>>()?,
        })
    }

    /// The rows the filter lets through, in file order.
    fn matching(&self, table: &Table, files: &[usize]) -> Vec<Spot> {
        let mut spots = Vec::new();
        for file in files {
            let number = *file as u32;
            match &self.predicate {
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
        let groups = group::group(table, spots, &self.group);
        let mut columns = Vec::new();
        for index in &self.group {
            let firsts: Vec<Spot> = groups
                .first
                .iter()
                .map(|row| spots[*row as usize])
                .collect();
            columns.push(ResultColumn {
                name: table.entry.columns[*index].name.clone(),
                kind: table.kind(*index),
                column: table.gather(*index, &firsts),
                dictionary: &table.dictionaries[*index],
            });
        }
        for measure in &self.query.measures {
            let (kind, column) = group::measure(table, spots, &groups, keys, measure)?;
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
