//! All texts as numbers of words, in a file without a name.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use dataset::manifest::Manifest;
use rayon::prelude::*;

use super::super::events::groups;
use super::numbering::Numbering;
use super::words::{is_skipped, words};
use crate::record::{Brief, texts};

/// Stands between two texts.
const BREAK: u32 = u32::MAX;

/// A word of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A word, and whether it says what the event is about: it is of the probable cause, the
    /// place or the type of aircraft.
    Word { word: u32, strong: bool },
    /// Two words that a hyphen makes one; not part of the text's order.
    Aside { word: u32, strong: bool },
    /// The next word is of another text.
    Break,
}

impl Token {
    fn packed(self) -> u32 {
        match self {
            Self::Word { word, strong } => (word << 2) | u32::from(strong),
            Self::Aside { word, strong } => (word << 2) | 2 | u32::from(strong),
            Self::Break => BREAK,
        }
    }

    fn of(packed: u32) -> Self {
        let (word, strong) = (packed >> 2, packed & 1 == 1);
        match packed {
            BREAK => Self::Break,
            _ if packed & 2 == 0 => Self::Word { word, strong },
            _ => Self::Aside { word, strong },
        }
    }
}

/// Words by number, in the order in which they were met.
#[derive(Debug, Default)]
struct Vocabulary {
    words: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Vocabulary {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }
}

/// The words of all events.
#[derive(Debug)]
pub(super) struct Gathered {
    /// Words in the order of their characters.
    pub(super) words: Vec<String>,
    /// Position in `words` by the number in the file.
    ranks: Vec<u32>,
    file: File,
}

/// What several threads add to.
struct Shared {
    vocabulary: Vocabulary,
    file: BufWriter<File>,
    seen: Vec<bool>,
}

/// Events of one part of the lake, with numbers of its own for words.
#[derive(Default)]
struct Part {
    vocabulary: Vocabulary,
    /// Number of the event, number of tokens, tokens; and so on.
    packed: Vec<u32>,
}

impl Part {
    fn event(&mut self, number: u32, event: &Brief, texts: &[texts::Text]) {
        let start = self.packed.len();
        self.packed.extend([number, 0]);
        for name in names(event) {
            self.text(&name, true);
        }
        for text in texts {
            self.text(text.text, text.is_cause);
        }
        self.packed[start + 1] = (self.packed.len() - start - 2) as u32;
    }

    fn text(&mut self, text: &str, strong: bool) {
        words(text, |word, compound| {
            if !is_skipped(word) {
                let word = self.vocabulary.number(word);
                let token = if compound {
                    Token::Aside { word, strong }
                } else {
                    Token::Word { word, strong }
                };
                self.packed.push(token.packed());
            }
        });
        self.packed.push(Token::Break.packed());
    }

    /// Writes the events with the numbers all parts share.
    fn flush(self, shared: &Mutex<Shared>) -> Result<()> {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let words = self.vocabulary.words.iter();
        let numbers: Vec<u32> = words.map(|word| shared.vocabulary.number(word)).collect();
        let mut rest = self.packed.as_slice();
        while let [event, count, after @ ..] = rest {
            let (tokens, next) = after.split_at(*count as usize);
            shared.seen[*event as usize] = true;
            let renumbered = tokens.iter().map(|&packed| match Token::of(packed) {
                Token::Break => packed,
                _ => (numbers[(packed >> 2) as usize] << 2) | (packed & 3),
            });
            let all = [*event, *count].into_iter().chain(renumbered);
            let bytes: Vec<u8> = all.flat_map(u32::to_le_bytes).collect();
            shared
                .file
                .write_all(&bytes)
                .context("writing a temporary file")?;
            rest = next;
        }
        Ok(())
    }
}

/// What an event is called by: place and types of aircraft.
fn names(event: &Brief) -> Vec<String> {
    let place = [&event.city, &event.state, &event.airport];
    let crafts = event
        .aircraft
        .iter()
        .flat_map(|craft| [&craft.make, &craft.model]);
    let mut names: Vec<String> = place.into_iter().chain(crafts).flatten().cloned().collect();
    names.extend(event.state.as_deref().map(groups::state));
    names
}

/// Reads all texts, on all processors; a part of the lake is in memory at once per thread.
pub(super) fn gather(lake: &Path, manifest: &Manifest, numbering: &Numbering) -> Result<Gathered> {
    let file = tempfile::tempfile().context("making a temporary file")?;
    let shared = Mutex::new(Shared {
        vocabulary: Vocabulary::default(),
        file: BufWriter::with_capacity(1 << 20, file),
        seen: vec![false; numbering.events.len()],
    });
    texts::parts(manifest).par_iter().try_for_each(|paths| {
        let mut part = Part::default();
        texts::for_each(lake, paths, |ev_id, texts| {
            if let Some(number) = numbering.number(ev_id) {
                part.event(number, numbering.events[number as usize], texts);
            }
            Ok(())
        })?;
        part.flush(&shared)
    })?;
    let mut without = Part::default();
    {
        let shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        for (number, event) in numbering.events.iter().enumerate() {
            if !shared.seen[number] {
                without.event(number as u32, event, &[]);
            }
        }
    }
    without.flush(&shared)?;
    let Shared {
        vocabulary, file, ..
    } = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    let file = file.into_inner().context("writing a temporary file")?;
    drop(vocabulary.numbers);
    let mut words: Vec<(String, u32)> = vocabulary.words.into_iter().zip(0..).collect();
    words.par_sort_unstable();
    let mut ranks = vec![0; words.len()];
    for (rank, (_, number)) in (0..).zip(&words) {
        ranks[*number as usize] = rank;
    }
    Ok(Gathered {
        words: words.into_iter().map(|(word, _)| word).collect(),
        ranks,
        file,
    })
}

impl Gathered {
    /// Hands over the tokens of one event after the other, in no particular order; words are
    /// positions in [`Self::words`].
    pub(super) fn for_each(
        &mut self,
        mut each: impl FnMut(u32, &[Token]) -> Result<()>,
    ) -> Result<()> {
        let reading = "reading a temporary file";
        self.file.rewind().context(reading)?;
        let mut reader = BufReader::with_capacity(1 << 20, &self.file);
        let (mut bytes, mut tokens) = (Vec::new(), Vec::new());
        let mut head = [0; 8];
        loop {
            if reader.read(&mut head[..1]).context(reading)? == 0 {
                return Ok(());
            }
            reader.read_exact(&mut head[1..]).context(reading)?;
            let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |n, &b| (n << 8) | u32::from(b));
            bytes.resize(number(&head[4..]) as usize * 4, 0);
            reader.read_exact(&mut bytes).context(reading)?;
            tokens.clear();
            tokens.extend(bytes.chunks_exact(4).map(|bytes| {
                let rank = |word: u32| self.ranks[word as usize];
                match Token::of(number(bytes)) {
                    Token::Word { word, strong } => Token::Word {
                        word: rank(word),
                        strong,
                    },
                    Token::Aside { word, strong } => Token::Aside {
                        word: rank(word),
                        strong,
                    },
                    Token::Break => Token::Break,
                }
            }));
            each(number(&head[..4]), &tokens)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_what_was_packed() {
        for word in [0, 1, (1 << 30) - 2] {
            for strong in [false, true] {
                for token in [Token::Word { word, strong }, Token::Aside { word, strong }] {
                    assert_eq!(Token::of(token.packed()), token);
                }
            }
        }
        assert_eq!(Token::of(Token::Break.packed()), Token::Break);
    }
}
