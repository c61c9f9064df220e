//! Formats of Python's `strftime` as regular expressions of PostgreSQL.

use anyhow::{Result, bail};

/// A pattern for the whole text. Python also refuses dates that do not exist, such as February
/// 30th; the pattern only knows that a month has 31 days at most.
pub(super) fn pattern(format: &str) -> Result<String> {
    let mut pattern = "^".to_owned();
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            if !character.is_alphanumeric() && character != ' ' {
                pattern.push('\\');
            }
            pattern.push(character);
            continue;
        }
        pattern.push_str(match characters.next() {
            Some('Y') => "[0-9]{4}",
            Some('y') => "[0-9]{2}",
            Some('m' | 'I') => "(0?[1-9]|1[0-2])",
            Some('d') => "(0?[1-9]|[12][0-9]|3[01])",
            Some('H') => "([01]?[0-9]|2[0-3])",
            Some('M') => "[0-5]?[0-9]",
            Some('S') => "([0-5]?[0-9]|6[01])",
            Some('f') => "[0-9]{1,6}",
            Some('j') => "(00[1-9]|0?[1-9]?[0-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-6])",
            Some('p') => "([AaPp][Mm])",
            Some('z') => "(Z|[+-][0-9]{2}:?[0-9]{2})",
            Some('%') => "%",
            Some('b') => "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
            Some('a') => "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)",
            Some('T') => "([01]?[0-9]|2[0-3]):[0-5]?[0-9]:([0-5]?[0-9]|6[01])",
            Some('F') => "[0-9]{4}-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])",
            other => {
                let code = other.map_or_else(|| "%".to_owned(), |code| format!("%{code}"));
                bail!("`strftime_format` has {code}, which is not supported");
            }
        });
    }
    pattern.push('$');
    Ok(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_stand_for_themselves() {
        assert_eq!(
            pattern("%Y-%m.%d").unwrap(),
            r"^[0-9]{4}\-(0?[1-9]|1[0-2])\.(0?[1-9]|[12][0-9]|3[01])$"
        );
    }

    #[test]
    fn an_unknown_code_is_named() {
        assert!(pattern("%Q").unwrap_err().to_string().contains("%Q"));
    }
}
