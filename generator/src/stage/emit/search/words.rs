//! Text → the words it is found by. `static/js/words.js` does the same to what a visitor types;
//! `words.tsv` has examples that both are held to.

/// Characters of a word at most: what is longer is no word, and is found by its beginning.
const LONGEST: usize = 40;

/// Words that every report has, in the form texts are read in: they are found nowhere, and skipped
/// within a phrase.
pub(super) const SKIPPED: [&str; 44] = [
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has",
    "have", "he", "her", "his", "in", "into", "is", "it", "its", "of", "on", "or", "s", "she", "t",
    "that", "the", "their", "them", "then", "there", "they", "thi", "to", "was", "were", "which",
    "who", "with", "would",
];

/// Whether a word is one of [`SKIPPED`].
pub(super) fn is_skipped(word: &str) -> bool {
    SKIPPED.binary_search(&word).is_ok()
}

/// Calls `each` with the words of a text in their order, and whether it is a compound: of
/// `mid-air`, the words `mid` and `air`, and the compound `midair`.
pub(super) fn words(text: &str, mut each: impl FnMut(&str, bool)) {
    let mut word = String::new();
    // What a hyphen joined to the word that is being read, and how it was typed.
    let mut before = String::new();
    let mut compound = String::new();
    let mut finish = |word: &mut String, before: &mut String, joined: bool| {
        if word.is_empty() {
            before.clear();
            return;
        }
        if !before.is_empty() {
            compound.clear();
            compound.push_str(before);
            compound.extend(word.chars().take(LONGEST.saturating_sub(before.len())));
            singular(&mut compound);
            each(&compound, true);
        }
        before.clear();
        if joined {
            before.push_str(word);
        }
        singular(word);
        each(word, false);
        word.clear();
    };
    for c in text.chars() {
        match letters(c) {
            Some(letters) if word.len() + letters.len() <= LONGEST => word.push_str(letters),
            Some(_) => {}
            None => finish(&mut word, &mut before, c == '-'),
        }
    }
    finish(&mut word, &mut before, false);
}

/// A character as part of a word: lower case, without accents.
fn letters(c: char) -> Option<&'static str> {
    const ASCII: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
    let at = match c {
        '0'..='9' => c as usize - '0' as usize,
        'a'..='z' => c as usize - 'a' as usize + 10,
        'A'..='Z' => c as usize - 'A' as usize + 10,
        // Letters of Latin-1, which is what Access files can hold of others.
        'À'..='Ö' | 'Ø'..='ß' => return Some(LATIN[c as usize - 'À' as usize]),
        'ÿ' => return Some("y"),
        'à'..='ö' | 'ø'..='þ' => return Some(LATIN[c as usize - 'à' as usize]),
        _ => return None,
    };
    ASCII.get(at..=at)
}

/// From `À` or `à` on, with `×`/`÷` between that are never asked for.
const LATIN: [&str; 32] = [
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o",
    "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "ss",
];

/// `lines` → `line`, `bodies` → `body`, `crashes` → `crash`: the S stemmer (Harman 1991), which
/// changes plurals and little else, and `-es` after a sibilant. Words with a digit stay, as do
/// short ones.
fn singular(word: &mut String) {
    let bytes = word.as_bytes();
    let length = bytes.len();
    if length < 4 || bytes.iter().any(u8::is_ascii_digit) || bytes[length - 1] != b's' {
        return;
    }
    let (last, third) = (bytes[length - 2], bytes[length - 3]);
    if last == b'e' && third == b'i' {
        if !b"ae".contains(&bytes[length - 4]) {
            word.truncate(length - 3);
            word.push('y');
        }
    } else if last == b'e' {
        let hiss = ["ches", "shes", "sses", "xes", "zes"];
        if hiss.iter().any(|ending| word.ends_with(ending)) {
            word.truncate(length - 2);
        } else if !b"aeo".contains(&third) {
            word.truncate(length - 1);
        }
    } else if !b"us".contains(&last) {
        word.truncate(length - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_list_browsers_are_held_to() {
        let mut lines = 0;
        for line in include_str!("words.tsv").lines().skip(1) {
            let (text, expected) = line.split_once('\t').unwrap();
            let text = text.replace("\\t", "\t");
            let mut found = Vec::new();
            words(&text, |word, compound| {
                found.push(format!("{}{word}", if compound { "+" } else { "" }));
            });
            assert_eq!(found.join(" "), expected, "{text}");
            lines += 1;
        }
        assert!(lines > 20);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let mut found = Vec::new();
        words(&"x".repeat(1 << 20), |word, _| found.push(word.to_owned()));
        assert_eq!(found, ["x".repeat(LONGEST)]);
    }

    #[test]
    fn skipped_words_are_sorted_words() {
        assert!(SKIPPED.is_sorted());
        for word in SKIPPED {
            words(word, |found, _| assert_eq!(found, word));
            assert!(is_skipped(word));
        }
        assert!(!is_skipped("not"));
    }
}
