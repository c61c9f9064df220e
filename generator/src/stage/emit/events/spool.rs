//! JSON values on the disk until all of them are known.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;

use anyhow::{Context, Result};

/// Where a value lies.
#[derive(Debug, Clone, Copy)]
struct Place {
    at: u64,
    bytes: usize,
}

/// Values by key, written in any order, read in the order of their keys: what does not fit into
/// memory is in a file without a name, which is gone with the process.
#[derive(Debug)]
pub(super) struct Spool {
    file: BufWriter<File>,
    end: u64,
    values: Vec<(String, Place)>,
}

impl Spool {
    pub(super) fn new() -> Result<Self> {
        let file = tempfile::tempfile().context("making a temporary file")?;
        Ok(Self {
            file: BufWriter::with_capacity(1 << 20, file),
            end: 0,
            values: Vec::new(),
        })
    }

    pub(super) fn push(&mut self, key: String, json: &[u8]) -> Result<()> {
        self.file
            .write_all(json)
            .context("writing a temporary file")?;
        let place = Place {
            at: self.end,
            bytes: json.len(),
        };
        self.end += json.len() as u64;
        self.values.push((key, place));
        Ok(())
    }

    /// Ends the writing.
    pub(super) fn sorted(self) -> Result<Sorted> {
        let file = self.file.into_inner().context("writing a temporary file")?;
        let mut values = self.values;
        values.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(Sorted { file, values })
    }
}

/// Values by key, ready to be read.
#[derive(Debug)]
pub(super) struct Sorted {
    file: File,
    values: Vec<(String, Place)>,
}

impl Sorted {
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn key(&self, index: usize) -> &str {
        &self.values[index].0
    }

    /// Size of a value in bytes.
    pub(super) fn size(&self, index: usize) -> usize {
        self.values[index].1.bytes
    }

    /// Appends a value.
    pub(super) fn read(&self, index: usize, to: &mut Vec<u8>) -> Result<()> {
        let place = self.values[index].1;
        let start = to.len();
        to.resize(start + place.bytes, 0);
        self.file
            .read_exact_at(&mut to[start..], place.at)
            .context("reading a temporary file")
    }
}
