//! An output that keeps account of what is written through it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

use crate::output::Output;

/// Passes everything on and counts files and bytes; a path written twice counts once.
pub(super) struct Counting<'a> {
    inner: &'a mut dyn Output,
    sizes: BTreeMap<String, u64>,
}

impl<'a> Counting<'a> {
    pub(super) fn new(inner: &'a mut dyn Output) -> Self {
        Self {
            inner,
            sizes: BTreeMap::new(),
        }
    }

    pub(super) fn files(&self) -> u64 {
        self.sizes.len() as u64
    }

    pub(super) fn bytes(&self) -> u64 {
        self.sizes.values().sum()
    }
}

impl Output for Counting<'_> {
    fn write(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        self.sizes.insert(path.to_owned(), bytes.len() as u64);
        self.inner.write(path, bytes)
    }

    fn copy(&mut self, path: &str, from: &Path) -> Result<()> {
        let size = std::fs::metadata(from)
            .with_context(|| format!("reading {}", from.display()))?
            .len();
        self.sizes.insert(path.to_owned(), size);
        self.inner.copy(path, from)
    }
}
