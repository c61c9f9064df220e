//! Finding text in text. Case does not matter.

use memchr::memchr2_iter;

use crate::dictionary::Dictionary;

/// What is looked for.
#[derive(Debug, Clone)]
pub(crate) struct Needle {
    /// In lower case.
    lower: String,
    /// Only where no letter or digit touches it.
    word: bool,
    /// Where its rarest byte is: what is looked for first.
    rarest: usize,
}

/// Bytes of English text from frequent to rare; what is not here is rarer or not a letter.
const FREQUENT: &[u8] = b" etaoinrslhdcumfpgwybvk";

impl Needle {
    pub(crate) fn new(text: &str, word: bool) -> Self {
        let lower = text.to_lowercase();
        let rank = |byte: &u8| FREQUENT.iter().position(|f| f == byte);
        let rarity = |byte: &u8| rank(byte).unwrap_or(FREQUENT.len());
        let rarest = lower.bytes().enumerate().max_by_key(|(_, b)| rarity(b));
        Self {
            rarest: rarest.map_or(0, |(at, _)| at),
            lower,
            word,
        }
    }

    /// Whether a text contains it.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        if self.lower.is_empty() {
            return true;
        }
        if text.is_ascii() {
            // The lower case of ASCII is ASCII: other needles find nothing.
            let text = text.as_bytes();
            return self.places(text).any(|at| self.stands_alone(text, at));
        }
        let text = text.to_lowercase();
        let mut from = 0;
        while let Some(found) = text[from..].find(&self.lower) {
            let (at, end) = (from + found, from + found + self.lower.len());
            let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let touched =
                touches(text[..at].chars().next_back()) || touches(text[end..].chars().next());
            if !self.word || !touched {
                return true;
            }
            from = at + text[at..].chars().next().map_or(1, char::len_utf8);
        }
        false
    }

    /// Which texts of a dictionary contain it, by code. All texts are searched as one.
    pub(crate) fn holds(&self, dictionary: &Dictionary) -> Vec<bool> {
        let mut holds = vec![self.lower.is_empty(); dictionary.len()];
        if self.lower.is_empty() {
            return holds;
        }
        let (arena, ends) = dictionary.arena();
        let (mut code, mut start) = (0, 0);
        for at in self.places(arena.as_bytes()) {
            while ends[code] <= at {
                start = ends[code];
                code += 1;
            }
            let text = &arena.as_bytes()[start..ends[code]];
            let inside = at + self.lower.len() <= ends[code];
            if !holds[code] && inside && self.stands_alone(text, at - start) {
                holds[code] = true;
            }
        }
        // Lower case and word borders of other scripts are not a matter of single bytes.
        for code in dictionary.beyond_ascii() {
            holds[*code as usize] = self.is_in(dictionary.text(*code));
        }
        holds
    }

    /// Where it begins, for ASCII.
    fn places<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = usize> + 't {
        let needle = self.lower.as_bytes();
        let (rare, length) = (needle[self.rarest], needle.len());
        let found = memchr2_iter(rare, rare.to_ascii_uppercase(), text);
        found.filter_map(move |at| {
            let start = at.checked_sub(self.rarest)?;
            let there = text.get(start..start + length)?;
            there.eq_ignore_ascii_case(needle).then_some(start)
        })
    }

    fn stands_alone(&self, text: &[u8], at: usize) -> bool {
        let touches = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        !self.word || !(touches(before) || touches(text.get(at + self.lower.len())))
    }
}

/// Whether a text begins with another given in lower case.
pub(crate) fn begins(text: &str, lower: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().starts_with(lower);
    }
    let start = text.as_bytes().get(..lower.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(lower.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(text: &str, needle: &str) -> bool {
        Needle::new(needle, false).is_in(text)
    }

    fn word(text: &str, needle: &str) -> bool {
        Needle::new(needle, true).is_in(text)
    }

    #[test]
    fn case_does_not_matter_in_any_script() {
        assert!(contains("CESSNA 172", "na 1"));
        assert!(contains("SÃO PAULO", "são"));
        assert!(contains("anything", ""));
        assert!(!contains("AB", "abc"));
        assert!(begins("Örebro", "ör") && begins("N123", "n1"));
        assert!(!begins("N", "n1") && !begins("XN1", "n1"));
    }

    #[test]
    fn words_stand_alone() {
        assert!(word("Carburetor ICE.", "ice") && word("ice", "Ice"));
        assert!(!word("service", "ice") && !word("ice4", "ice"));
        assert!(word("xa a a", "a a"), "after one that touches a letter");
        assert!(word("öl a öl", "A") && !word("öa", "a"));
    }

    #[test]
    fn a_dictionary_is_searched_text_by_text() {
        let texts = ["", "ab", "c", "ABC", "x ab", "Kab", "\u{212A}ö", "é ab"];
        let mut dictionary = Dictionary::default();
        for text in texts {
            dictionary.intern(text);
        }
        for needle in ["ab", "abc", "c", "k", "é", "", "b"] {
            for word in [false, true] {
                let needle = Needle::new(needle, word);
                let each: Vec<bool> = texts.iter().map(|text| needle.is_in(text)).collect();
                assert_eq!(needle.holds(&dictionary), each, "{needle:?}");
            }
        }
    }
}
