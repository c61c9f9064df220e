//! Output into memory, for tests.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

use super::Output;

/// Files by path.
#[derive(Debug, Clone, Default)]
pub struct MemoryOutput {
    /// Content by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Output for MemoryOutput {
    fn write(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        self.files.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn copy(&mut self, path: &str, from: &Path) -> Result<()> {
        let bytes = std::fs::read(from).with_context(|| format!("reading {}", from.display()))?;
        self.write(path, &bytes)
    }
}
