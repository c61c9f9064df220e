//! Sorted terms with the numbers of their events, in files of a size that is quickly fetched.
//!
//! A file ends where the hash of a term says so, the likelier the more bytes the term has: one
//! more event changes the files of its words, and of no others. `docs/search.md` has the format.

use anyhow::Result;
use rayon::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::super::events::buckets::gzip;
use super::FOLDER;
use crate::output::{Output, sha256_hex};

/// Bytes of a file before compression, on average.
const AVERAGE: u64 = 48 << 10;

/// Bytes before compression of more than one term, whatever the hash says.
const LIMIT: usize = 112 << 10;

/// Files compressed at once.
const AT_ONCE: usize = 32;

/// Hexadecimal digits of a file's name: enough for thousands of files in one folder.
const NAME: usize = 12;

/// Terms are added in their order; [`Buckets::finish`] names the index of the files.
pub(super) struct Buckets<'a, O> {
    output: &'a mut O,
    open: Open,
    /// First term and content.
    waiting: Vec<(String, Vec<u8>)>,
    /// First term and name.
    names: Vec<(String, String)>,
}

/// The file that is being filled.
#[derive(Default)]
struct Open {
    first: String,
    last: String,
    terms: u64,
    dictionary: Vec<u8>,
    numbers: Vec<u8>,
}

impl<'a, O: Output> Buckets<'a, O> {
    pub(super) fn new(output: &'a mut O) -> Self {
        Self {
            output,
            open: Open::default(),
            waiting: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Adds a term with lists of numbers, each ascending.
    pub(super) fn add(&mut self, term: &str, lists: &[Vec<u32>]) -> Result<()> {
        let numbers = encoded(lists);
        if self.open.bytes() + numbers.len() > LIMIT {
            self.close()?;
        }
        self.open.add(term, lists, &numbers);
        if ends_after(term, (term.len() + numbers.len()) as u64) {
            self.close()?;
        }
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        let open = std::mem::take(&mut self.open);
        if open.terms > 0 {
            let mut bytes = Vec::with_capacity(open.bytes() + 8);
            varint(&mut bytes, open.terms);
            bytes.extend(open.dictionary);
            bytes.extend(open.numbers);
            self.waiting.push((open.first, bytes));
        }
        if self.waiting.len() == AT_ONCE {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let files: Vec<Vec<u8>> = waiting
            .par_iter()
            .map(|(_, bytes)| gzip(bytes))
            .collect::<Result<_>>()?;
        for ((first, _), file) in std::iter::zip(waiting, files) {
            self.names.push((first, named(&file, self.output)?));
        }
        Ok(())
    }

    /// Writes what is left and an index of the files, first term and name of each; returns the
    /// name of the index.
    pub(super) fn finish(mut self) -> Result<String> {
        self.close()?;
        self.write()?;
        let index = json!(self.names).to_string();
        named(&gzip(index.as_bytes())?, self.output)
    }
}

impl Open {
    fn bytes(&self) -> usize {
        self.dictionary.len() + self.numbers.len()
    }

    fn add(&mut self, term: &str, lists: &[Vec<u32>], numbers: &[u8]) {
        if self.terms == 0 {
            term.clone_into(&mut self.first);
        }
        let pairs = std::iter::zip(term.bytes(), self.last.bytes());
        let shared = pairs.take_while(|(a, b)| a == b).count();
        varint(&mut self.dictionary, shared as u64);
        varint(&mut self.dictionary, (term.len() - shared) as u64);
        self.dictionary.extend(&term.as_bytes()[shared..]);
        for list in lists {
            varint(&mut self.dictionary, list.len() as u64);
        }
        self.numbers.extend(numbers);
        term.clone_into(&mut self.last);
        self.terms += 1;
    }
}

/// What each number of a list adds to the one before.
fn encoded(lists: &[Vec<u32>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for list in lists {
        let mut before = 0;
        for &number in list {
            varint(&mut bytes, u64::from(number - before));
            before = number;
        }
    }
    bytes
}

/// Writes a file under a name made of its content.
pub(super) fn named(file: &[u8], output: &mut impl Output) -> Result<String> {
    let mut name = sha256_hex(file);
    name.truncate(NAME);
    output.write(&format!("{FOLDER}/{name}.gz"), file)?;
    Ok(name)
}

/// Seven bits a byte, the lowest first; the highest bit says that more follow (LEB128).
fn varint(to: &mut Vec<u8>, mut number: u64) {
    while number >= 128 {
        to.push(number as u8 | 128);
        number >>= 7;
    }
    to.push(number as u8);
}

fn ends_after(term: &str, bytes: u64) -> bool {
    let digest = Sha256::digest(term.as_bytes());
    let number = digest
        .iter()
        .take(8)
        .fold(0, |n: u64, &byte| (n << 8) | u64::from(byte));
    number / AVERAGE < bytes.min(AVERAGE) * (u64::MAX / AVERAGE / AVERAGE)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::output::MemoryOutput;

    fn written(terms: &BTreeMap<String, Vec<u32>>) -> BTreeSet<String> {
        let mut output = MemoryOutput::default();
        let mut buckets = Buckets::new(&mut output);
        for (term, numbers) in terms {
            buckets.add(term, std::slice::from_ref(numbers)).unwrap();
        }
        let index = buckets.finish().unwrap();
        let index = format!("{FOLDER}/{index}.gz");
        output
            .files
            .into_keys()
            .filter(|path| *path != index)
            .collect()
    }

    fn terms(count: u32) -> BTreeMap<String, Vec<u32>> {
        let numbers = |n: u32| (0..n % 50).map(|m| m * (n % 300 + 1)).collect();
        (0..count)
            .map(|n| (format!("w{n:05}"), numbers(n)))
            .collect()
    }

    #[test]
    fn one_more_event_changes_the_files_of_its_words() {
        let mut all = terms(40_000);
        let before = written(&all);
        assert!((15..120).contains(&before.len()), "{} files", before.len());
        for word in ["w00500", "w20000"] {
            all.get_mut(word).unwrap().push(170_000);
        }
        let new = written(&all).difference(&before).count();
        assert!((2..=4).contains(&new), "{new} new files");
    }

    #[test]
    fn numbers_take_as_few_bytes_as_they_need() {
        for (number, bytes) in [
            (0, vec![0]),
            (127, vec![127]),
            (128, vec![128, 1]),
            (300, vec![172, 2]),
        ] {
            let mut found = Vec::new();
            varint(&mut found, number);
            assert_eq!(found, bytes);
        }
    }

    #[test]
    fn a_large_term_ends_its_file() {
        assert!(ends_after("any", AVERAGE));
        assert!(ends_after("other", 10 * AVERAGE));
        let ends = (0..10_000)
            .filter(|n| ends_after(&n.to_string(), AVERAGE / 100))
            .count();
        assert!((50..200).contains(&ends), "{ends} of 10,000");
    }
}
