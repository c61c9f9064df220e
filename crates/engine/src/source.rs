//! Which files of a table a question needs.
//!
//! A table may lie there twice, by partition and by column ([`dataset::manifest`]). What is decoded
//! of it is the same either way, a column of a file, so both may be read together; what is not there
//! yet comes from whichever moves fewer bytes.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::table::{Table, covered};

/// What a request costs beside the bytes of its file: headers, and the time until they come.
const REQUEST: u64 = 4096;

/// A file of a table, by its index in the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// With all columns of its rows.
    Rows(usize),
    /// With some columns of the rows of several files.
    Columns(usize),
}

/// What the manifest says of a [`Source`].
pub(crate) struct Described<'t> {
    pub(crate) path: &'t str,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    pub(crate) sha256: &'t str,
}

impl Table {
    pub(crate) fn describe(&self, source: Source) -> Described<'_> {
        match source {
            Source::Rows(file) => {
                let entry = &self.entry.files[file];
                Described {
                    path: &entry.path,
                    rows: entry.rows,
                    bytes: entry.bytes,
                    sha256: &entry.sha256,
                }
            }
            Source::Columns(part) => {
                let entry = &self.entry.by_column[part];
                Described {
                    path: &entry.path,
                    rows: entry.rows,
                    bytes: entry.bytes,
                    sha256: &entry.sha256,
                }
            }
        }
    }

    /// The file with this path.
    pub(crate) fn source(&self, path: &str) -> Option<Source> {
        let file = self.entry.files.iter().position(|file| file.path == path);
        let part = || {
            self.entry
                .by_column
                .iter()
                .position(|part| part.path == path)
        };
        file.map(Source::Rows)
            .or_else(|| part().map(Source::Columns))
    }

    /// The files that some columns of some files are still to be read from, in manifest order.
    pub(crate) fn missing(&self, files: &[usize], columns: &[usize]) -> Vec<Source> {
        let mut out = BTreeSet::new();
        let mut rest = files;
        for stretch in self.stretches() {
            let here = rest.partition_point(|file| *file < stretch.end);
            let (some, others) = rest.split_at(here);
            rest = others;
            out.extend(self.cheaper(some, columns));
        }
        out.extend(self.cheaper(rest, columns));
        out.into_iter().collect()
    }

    /// The files that have been fed and are read for some columns of some files.
    pub(crate) fn used(&self, files: &[usize], columns: &[usize]) -> Vec<Source> {
        let mut out = BTreeSet::new();
        for file in files {
            for column in columns {
                let parts = self.parts(*file, *column).map(Source::Columns);
                let mut sources = std::iter::once(Source::Rows(*file)).chain(parts);
                out.extend(sources.find(|source| self.is_fed(*source)));
            }
        }
        out.into_iter().collect()
    }

    /// Where no file of columns reaches over: what is fetched of one stretch has nothing to do with
    /// what is fetched of another.
    fn stretches(&self) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = self.entry.by_column.iter().map(covered).collect();
        ranges.sort_unstable_by_key(|range| range.start);
        let mut out: Vec<Range<usize>> = Vec::new();
        for range in ranges {
            match out.last_mut() {
                Some(last) if range.start < last.end => last.end = last.end.max(range.end),
                _ => out.push(range),
            }
        }
        out
    }

    /// What is missing of files, by row or by column.
    fn cheaper(&self, files: &[usize], columns: &[usize]) -> BTreeSet<Source> {
        let mut by_row = BTreeSet::new();
        let mut by_column = BTreeSet::new();
        for file in files {
            let rows = Source::Rows(*file);
            if self.is_fed(rows) {
                continue;
            }
            for column in columns
                .iter()
                .filter(|column| !self.is_known(*file, **column))
            {
                let parts: Vec<Source> = self.parts(*file, *column).map(Source::Columns).collect();
                if parts.iter().any(|part| self.is_fed(*part)) {
                    continue;
                }
                by_row.insert(rows);
                by_column.insert(parts.first().copied().unwrap_or(rows));
            }
        }
        let cost = |sources: &BTreeSet<Source>| {
            let bytes = sources.iter().map(|source| self.describe(*source).bytes);
            bytes.fold(0, |sum: u64, bytes| {
                sum.saturating_add(bytes).saturating_add(REQUEST)
            })
        };
        if cost(&by_row) <= cost(&by_column) {
            by_row
        } else {
            by_column
        }
    }
}
