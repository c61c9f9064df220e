//! More numbers than memory should hold, sorted: parts are sorted in memory, wait in a file without
//! a name, and are merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;

use anyhow::{Context, Result};
use rayon::prelude::*;

/// What is sorted: three numbers, the first one first.
pub(super) type Triple = [u32; 3];

/// Bytes of a triple in the file.
const BYTES: usize = 12;

/// Triples in memory at once: 24 MB.
const IN_MEMORY: usize = 2 << 20;

/// Triples of a part read at once.
const READ: usize = 1 << 13;

/// Triples as they come.
#[derive(Debug)]
pub(super) struct Runs {
    file: File,
    /// Where the sorted parts in the file end, in triples.
    ends: Vec<u64>,
    waiting: Vec<Triple>,
    limit: usize,
}

impl Runs {
    pub(super) fn new() -> Result<Self> {
        Self::of(IN_MEMORY)
    }

    fn of(limit: usize) -> Result<Self> {
        Ok(Self {
            file: tempfile::tempfile().context("making a temporary file")?,
            ends: Vec::new(),
            waiting: Vec::new(),
            limit,
        })
    }

    pub(super) fn push(&mut self, triple: Triple) -> Result<()> {
        self.waiting.push(triple);
        if self.waiting.len() == self.limit {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> Result<()> {
        self.waiting.par_sort_unstable();
        let mut bytes = Vec::with_capacity(self.waiting.len() * BYTES);
        for number in self.waiting.iter().flatten() {
            bytes.extend(number.to_le_bytes());
        }
        self.file
            .write_all(&bytes)
            .context("writing a temporary file")?;
        let before = self.ends.last().copied().unwrap_or_default();
        self.ends.push(before + self.waiting.len() as u64);
        self.waiting.clear();
        Ok(())
    }

    /// Hands over all triples in their order.
    pub(super) fn merged(mut self, mut each: impl FnMut(Triple) -> Result<()>) -> Result<()> {
        self.spill()?;
        drop(std::mem::take(&mut self.waiting));
        let mut parts: Vec<Part> = Vec::new();
        let mut start = 0;
        for &end in &self.ends {
            parts.push(Part {
                next: start,
                end,
                read: Vec::new(),
                at: 0,
            });
            start = end;
        }
        let mut heap = BinaryHeap::new();
        for (number, part) in parts.iter_mut().enumerate() {
            heap.extend(
                part.next(&self.file)?
                    .map(|triple| Reverse((triple, number))),
            );
        }
        while let Some(Reverse((triple, number))) = heap.pop() {
            each(triple)?;
            let next = parts[number].next(&self.file)?;
            heap.extend(next.map(|triple| Reverse((triple, number))));
        }
        Ok(())
    }
}

/// What is left of a sorted part.
struct Part {
    /// First triple that is not read yet, and the first of the next part.
    next: u64,
    end: u64,
    read: Vec<u8>,
    at: usize,
}

impl Part {
    fn next(&mut self, file: &File) -> Result<Option<Triple>> {
        if self.at == self.read.len() {
            let count = (self.end - self.next).min(READ as u64);
            self.read.resize(count as usize * BYTES, 0);
            file.read_exact_at(&mut self.read, self.next * BYTES as u64)
                .context("reading a temporary file")?;
            self.next += count;
            self.at = 0;
        }
        let Some(bytes) = self.read.get(self.at..self.at + BYTES) else {
            return Ok(None);
        };
        self.at += BYTES;
        let mut triple = [0; 3];
        for (number, bytes) in std::iter::zip(&mut triple, bytes.chunks_exact(4)) {
            *number = bytes.iter().rev().fold(0, |n, &b| (n << 8) | u32::from(b));
        }
        Ok(Some(triple))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_parts_comes_out_in_order() {
        for count in [0_u32, 1, 9, 10, 11, 20_000] {
            let mut runs = Runs::of(10).unwrap();
            let mut expected = Vec::new();
            for n in 0..count {
                let triple = [n.wrapping_mul(2_654_435_761) % 97, n % 7, n];
                runs.push(triple).unwrap();
                expected.push(triple);
            }
            expected.sort_unstable();
            let mut merged = Vec::new();
            runs.merged(|triple| {
                merged.push(triple);
                Ok(())
            })
            .unwrap();
            assert_eq!(merged, expected, "{count}");
        }
    }
}
