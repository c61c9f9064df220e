//! Text of the data as a part of HTML and XML.

use std::fmt::{self, Write};

/// What askama's templates escape with: markup stays text, and so do characters that nobody sees
/// but that turn text around or break files. `static/js/visible.js` shows them alike.
#[derive(Debug, Clone, Copy)]
pub struct Markup;

impl askama::filters::Escaper for Markup {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        let mut plain = 0;
        for (at, c) in text.char_indices() {
            let entity = match c {
                '"' => "&#34;",
                '&' => "&#38;",
                '\'' => "&#39;",
                '<' => "&#60;",
                '>' => "&#62;",
                _ if is_unseen(c) => "",
                _ => continue,
            };
            dest.write_str(&text[plain..at])?;
            if entity.is_empty() {
                write!(dest, "⟨U+{:04X}⟩", u32::from(c))?;
            } else {
                dest.write_str(entity)?;
            }
            plain = at + c.len_utf8();
        }
        dest.write_str(&text[plain..])
    }
}

/// Characters that are written as their number: controls, which XML forbids, and those that order
/// text (Unicode Standard Annex #9), with which a value could rewrite what stands beside it.
const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
            | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}'
    )
}

#[cfg(test)]
mod tests {
    use askama::filters::Escaper;

    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        Markup.write_escaped_str(&mut out, text).unwrap();
        out
    }

    #[test]
    fn markup_is_text_and_the_unseen_is_seen() {
        for (text, expected) in [
            ("plain – ÄÖ 日本", "plain – ÄÖ 日本"),
            ("<b a='1'>\"&", "&#60;b a=&#39;1&#39;&#62;&#34;&#38;"),
            ("a\u{202e}b\u{0}c", "a⟨U+202E⟩b⟨U+0000⟩c"),
            ("line\r\n\ttab\u{a0}", "line\r\n\ttab\u{a0}"),
            ("\u{1b}[31m\u{85}\u{ffff}", "⟨U+001B⟩[31m⟨U+0085⟩⟨U+FFFF⟩"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }
}
