//! The summary of a sync as JSON, written while it goes on: changes can be too many to keep.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;

use super::{Change, SyncReport};

/// A summary that is being written: `{"changes": [one a line], "dry_run": …, "files": …, …}`.
#[derive(Debug)]
pub struct Summary {
    path: PathBuf,
    out: BufWriter<File>,
    empty: bool,
}

#[derive(Serialize)]
struct Tail<'a> {
    #[serde(flatten)]
    report: &'a SyncReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

impl Summary {
    /// Begins a summary that takes the place of `path` when it is finished.
    ///
    /// # Errors
    /// If the file cannot be created.
    pub fn begin(path: &Path) -> Result<Self> {
        let new = path.with_extension("new");
        let file = File::create(&new).with_context(|| format!("creating {}", new.display()))?;
        let mut out = BufWriter::new(file);
        out.write_all(b"{\"changes\":[")?;
        Ok(Self {
            path: path.to_owned(),
            out,
            empty: true,
        })
    }

    /// Adds a change.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn add(&mut self, change: &Change) -> Result<()> {
        self.out
            .write_all(if self.empty { b"\n" } else { b",\n" })?;
        self.empty = false;
        serde_json::to_writer(&mut self.out, change).context("writing the summary of the sync")
    }

    /// Adds the report, and the error that ended the sync if one did.
    ///
    /// # Errors
    /// If the file cannot be written or put in place.
    pub fn finish(mut self, report: &SyncReport, error: Option<&str>) -> Result<()> {
        let tail = serde_json::to_string_pretty(&Tail { report, error })?;
        // The tail is an object of its own: its fields go on where the changes end.
        let fields = tail.strip_prefix('{').unwrap_or_default();
        write!(self.out, "\n],{fields}\n")?;
        self.out.flush()?;
        fs::rename(self.path.with_extension("new"), &self.path)
            .with_context(|| format!("writing {}", self.path.display()))
    }
}
