//! The engine: plan, feed, run.

use std::collections::BTreeSet;

use bytes::Bytes;
use dataset::manifest::{FileRef, Index, Manifest, TableEntry};
use dataset::query::Query;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::answer::ResultTable;
use crate::bound::{Bound, Need, is_grouped, refuse_excess};
use crate::csv;
use crate::error::EngineError;
use crate::limits::Limits;
use crate::table::Table;
use crate::tables::{State, Tables};

/// Answers queries over the files it has been fed.
pub struct Engine {
    tables: Tables,
    limits: Limits,
}

/// What a query needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Files still to be fed, in manifest order. As long as the manifest of a table is missing,
    /// there are only manifests: plan again after feeding them.
    pub fetch: Vec<PlannedFile>,
    /// Paths of the files that have been fed already.
    pub loaded: Vec<String>,
    /// Rows of all files the query reads.
    pub rows: u64,
}

/// A file to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlannedFile {
    /// Path relative to the manifest.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
}

impl Engine {
    /// An engine that knows the names of the tables; the manifest of a table is a file of the
    /// first plan that needs it.
    pub fn new(index: Index) -> Self {
        Self {
            tables: Tables::named(index.tables),
            limits: Limits::default(),
        }
    }

    /// An engine that knows all files of the lake and has none of them yet.
    pub fn with_manifest(manifest: Manifest) -> Self {
        Self {
            tables: Tables::open(manifest),
            limits: Limits::default(),
        }
    }

    /// Replaces the default limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Which files a query needs, and which of them are still missing.
    ///
    /// # Errors
    /// If the query names unknown tables or columns, does not fit together, or needs more than
    /// [`Limits::fetch`].
    pub fn plan(&self, query: &Query) -> Result<Plan, EngineError> {
        refuse_excess(query)?;
        let mut plan = Plan::default();
        let mut names = vec![query.table.as_str()];
        if let Some(filter) = &query.filter {
            filter.tables(&mut names);
        }
        for name in names.into_iter().collect::<BTreeSet<_>>() {
            if let State::Named(reference) = self.tables.state(name)? {
                plan.fetch.push(PlannedFile {
                    path: reference.manifest.path.clone(),
                    bytes: reference.manifest.bytes,
                    sha256: reference.manifest.sha256.clone(),
                });
            }
        }
        if !plan.fetch.is_empty() {
            return Ok(plan);
        }
        let needs = Bound::new(query, &self.tables)?.needs(&self.tables)?;
        let mut seen = BTreeSet::new();
        for need in &needs {
            let table = self.tables.table(&need.table)?;
            plan.rows = plan.rows.saturating_add(table.rows_of(&need.files));
            for source in table.missing(&need.files, &need.columns) {
                let file = table.describe(source);
                if seen.insert(file.path) {
                    plan.fetch.push(PlannedFile {
                        path: file.path.to_owned(),
                        bytes: file.bytes,
                        sha256: file.sha256.to_owned(),
                    });
                }
            }
            for source in table.used(&need.files, &need.columns) {
                let path = table.describe(source).path;
                if seen.insert(path) {
                    plan.loaded.push(path.to_owned());
                }
            }
        }
        let sizes = plan.fetch.iter().map(|file| file.bytes);
        let needed = sizes.fold(0, u64::saturating_add);
        if needed > self.limits.fetch {
            return Err(EngineError::Fetch {
                needed,
                allowed: self.limits.fetch,
            });
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
        for (name, state) in &mut self.tables.0 {
            match state {
                State::Named(reference) if reference.manifest.path == path => {
                    let FileRef {
                        bytes: size,
                        sha256,
                        ..
                    } = &reference.manifest;
                    check(path, &bytes, *size, sha256)?;
                    let entry = serde_json::from_slice(&bytes);
                    let entry: TableEntry = entry.map_err(|source| EngineError::Manifest {
                        path: path.to_owned(),
                        source,
                    })?;
                    *state = State::Open(Table::new(name.clone(), entry));
                    return Ok(());
                }
                State::Named(_) => {}
                State::Open(table) => {
                    if let Some(source) = table.source(path) {
                        if table.is_fed(source) {
                            return Ok(());
                        }
                        let file = table.describe(source);
                        check(path, &bytes, file.bytes, file.sha256)?;
                        return table.accept(source, bytes);
                    }
                }
            }
        }
        Err(EngineError::UnknownFile(path.to_owned()))
    }

    /// Answers a query.
    ///
    /// # Errors
    /// As [`Self::plan`], and if a file the query needs was not fed or cannot be decoded, or its
    /// columns would not fit into [`Limits::memory`].
    pub fn run(&mut self, query: &Query) -> Result<ResultTable<'_>, EngineError> {
        refuse_excess(query)?;
        let mut bound = Bound::new(query, &self.tables)?;
        let needs = bound.needs(&self.tables)?;
        self.make_room(&needs)?;
        for need in &needs {
            let table = self.tables.table_mut(&need.table)?;
            for file in &need.files {
                for column in &need.columns {
                    table.decode(*file, *column)?;
                }
            }
        }
        bound.resolve(&self.tables, &needs)?;
        let mut scanned = 0;
        for need in &needs {
            scanned += self.tables.table(&need.table)?.rows_of(&need.files);
        }
        bound.answer(self.tables.table(&query.table)?, &needs[0].files, scanned)
    }

    /// Bytes that files, columns and texts take, about.
    pub fn memory(&self) -> u64 {
        self.tables.all().map(Table::memory).sum()
    }

    /// Makes sure that what is needed has been fed and fits into the memory, if need be without
    /// what other queries have left there.
    fn make_room(&mut self, needs: &[Need]) -> Result<(), EngineError> {
        let mut more = 0_u64;
        for need in needs {
            let table = self.tables.table(&need.table)?;
            if let Some(source) = table.missing(&need.files, &need.columns).first() {
                let path = table.describe(*source).path;
                return Err(EngineError::NotFed(path.to_owned()));
            }
            more = more.saturating_add(table.cost(&need.files, &need.columns));
        }
        if self.memory().saturating_add(more) <= self.limits.memory {
            return Ok(());
        }
        for state in self.tables.0.values_mut() {
            if let State::Open(table) = state {
                table.forget();
            }
        }
        let mut needed = self.memory();
        for need in needs {
            let cost = (self.tables.table(&need.table)?).cost(&need.files, &need.columns);
            needed = needed.saturating_add(cost);
        }
        if needed > self.limits.memory {
            return Err(EngineError::Memory {
                needed,
                allowed: self.limits.memory,
            });
        }
        Ok(())
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
        if !is_grouped(&query) && query.select.is_empty() {
            let columns = &self.tables.table(&query.table)?.entry.columns;
            query.select = columns.iter().map(|column| column.name.clone()).collect();
        }
        Ok(csv::write(&self.run(&query)?))
    }
}

/// Whether these are the bytes that were published.
pub(crate) fn check(path: &str, bytes: &[u8], size: u64, sha256: &str) -> Result<(), EngineError> {
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
