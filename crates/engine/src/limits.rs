//! How much the engine takes on.

/// Bounds that keep a page usable. A query beyond them is refused before anything is fetched or
/// decoded for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes one query may have fetched.
    pub fetch: u64,
    /// Bytes that files, columns and texts may take in memory.
    pub memory: u64,
}

impl Default for Limits {
    /// 100 MB to fetch; 1 GiB of the 4 GiB that 32-bit WebAssembly can address to hold, about
    /// what a phone lets a page have.
    fn default() -> Self {
        Self {
            fetch: 100_000_000,
            memory: 1 << 30,
        }
    }
}

/// Rows a file may have. Those of the lake have some thousands; more than this would only be
/// claimed to exhaust the memory.
pub(crate) const FILE_ROWS: u64 = 1 << 24;
