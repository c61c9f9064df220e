//! The different texts of one column over all files fed so far.

use crate::ids::{Slots, hash_text};

/// Texts numbered in order of first appearance; a number once given stays.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    /// All texts end to end.
    arena: String,
    /// Where each text ends in the arena.
    ends: Vec<usize>,
    /// Codes of texts that are not ASCII.
    beyond_ascii: Vec<u32>,
    slots: Slots,
}

impl Dictionary {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a code this dictionary gave.
    pub(crate) fn text(&self, code: u32) -> &str {
        entry(&self.arena, &self.ends, code)
    }

    /// All texts end to end, and where each ends.
    pub(crate) fn arena(&self) -> (&str, &[usize]) {
        (&self.arena, &self.ends)
    }

    /// Codes of texts that are not ASCII.
    pub(crate) fn beyond_ascii(&self) -> &[u32] {
        &self.beyond_ascii
    }

    /// Bytes it takes, about.
    pub(crate) fn memory(&self) -> usize {
        // Slots are at most four times as many as texts.
        self.arena.len() + self.ends.len() * (size_of::<usize>() + 4 * size_of::<u32>())
    }

    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|code| self.text(code))
    }

    /// The code of a text, if any row has had it.
    pub(crate) fn code(&self, text: &str) -> Option<u32> {
        self.slots
            .find(hash_text(text), |code| self.text(code) == text)
    }

    /// The code of a text, new if need be.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        let (arena, ends, new) = (&self.arena, &self.ends, self.ends.len() as u32);
        let known = self.slots.enter(
            new,
            hash_text(text),
            |code| entry(arena, ends, code) == text,
            |code| hash_text(entry(arena, ends, code)),
        );
        known.unwrap_or_else(|| {
            if !text.is_ascii() {
                self.beyond_ascii.push(new);
            }
            self.arena.push_str(text);
            self.ends.push(self.arena.len());
            new
        })
    }
}

fn entry<'a>(arena: &'a str, ends: &[usize], code: u32) -> &'a str {
    let code = code as usize;
    let start = if code == 0 { 0 } else { ends[code - 1] };
    &arena[start..ends[code]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stable_and_lead_back_to_the_text() {
        let mut dictionary = Dictionary::default();
        let texts: Vec<String> = (0..500)
            .map(|n| "x".repeat(n % 7) + &n.to_string())
            .collect();
        let codes: Vec<u32> = texts.iter().map(|text| dictionary.intern(text)).collect();
        for (text, code) in texts.iter().zip(&codes) {
            assert_eq!(dictionary.intern(text), *code);
            assert_eq!(dictionary.code(text), Some(*code));
            assert_eq!(dictionary.text(*code), text);
        }
        assert_eq!(dictionary.code("never seen"), None);
        assert_eq!(dictionary.len(), 500);
    }
}
