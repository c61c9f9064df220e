//! Every file the tool publishes goes through [`Output`].
//!
//! [`Staged`] writes beside the target folder and swaps at the end, so an interrupted run leaves
//! the last good state; [`MemoryOutput`] lets tests look at a site without touching the disk.

mod memory;
mod staged;

use std::path::Path;

use anyhow::Result;

pub use memory::MemoryOutput;
pub use staged::{Changes, Staged};

/// A place to write published files to. Paths are relative, with forward slashes.
pub trait Output {
    /// Writes a file, creating its folders.
    ///
    /// # Errors
    /// If the file cannot be written.
    fn write(&mut self, path: &str, bytes: &[u8]) -> Result<()>;

    /// Puts an existing file in place under `path`.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    fn copy(&mut self, path: &str, from: &Path) -> Result<()>;
}

/// First eight hexadecimal digits of the SHA-256, used in the names of immutable files.
pub fn short_hash(bytes: &[u8]) -> String {
    let mut digest = sha256_hex(bytes);
    digest.truncate(8);
    digest
}

/// SHA-256 of `bytes`, hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};

    hex(&Sha256::digest(bytes))
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_standard() {
        // FIPS 180-2, example B.1.
        assert!(sha256_hex(b"abc").starts_with("ba7816bf8f01cfea"));
        assert_eq!(short_hash(b"abc"), "ba7816bf");
    }
}
