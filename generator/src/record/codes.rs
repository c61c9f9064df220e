//! Codes and what they mean.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Meanings by upper-case code.
pub(super) type Meanings = HashMap<String, &'static str>;

type ByColumn = HashMap<&'static str, Meanings>;

fn all() -> &'static ByColumn {
    static CODES: OnceLock<ByColumn> = OnceLock::new();
    CODES.get_or_init(|| {
        let mut columns = ByColumn::new();
        let gear = ["aircraft", "fixed_retractable", "FIXD", "Fixed"];
        for [_, column, code, meaning] in dataset::codes::dictionary().chain([gear]) {
            if meaning.is_empty() {
                continue;
            }
            let column = column.trim_end_matches(|c: char| c.is_ascii_digit());
            let codes = columns.entry(column).or_default();
            codes.entry(code.to_uppercase()).or_insert(meaning);
        }
        let countries = dataset::codes::countries().map(|[code, name]| (code.to_owned(), name));
        columns.entry("ev_country").or_default().extend(countries);
        columns
    })
}

/// What a code of a column means, whatever its case; nothing if no list has it.
pub(super) fn meaning(column: &str, code: &str) -> Option<&'static str> {
    let column = column.trim_end_matches(|c: char| c.is_ascii_digit());
    let known = all().get(column).and_then(|codes| {
        codes
            .get(code)
            .or_else(|| codes.get(&code.trim().to_uppercase()))
    });
    known.copied().or(match code {
        "Y" | "y" => Some("Yes"),
        "N" | "n" => Some("No"),
        "UNK" | "Unk" | "unk" => Some("Unknown"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_in_any_case_and_unknown_ones_stay_codes() {
        assert_eq!(meaning("acft_category", "AIR"), Some("Airplane"));
        assert_eq!(meaning("acft_category", "air"), Some("Airplane"));
        assert_eq!(
            meaning("crew_cert_code0", "PRI"),
            meaning("crew_cert_code", "PRI")
        );
        assert_eq!(meaning("ev_state", "TX"), Some("TEXAS"));
        assert_eq!(meaning("acft_category", "ZEPP"), None);
        assert_eq!(meaning("second_pilot", "Y"), Some("Yes"));
    }
}
