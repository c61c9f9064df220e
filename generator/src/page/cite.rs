//! How to cite: BibTeX, and the Citation File Format 1.2.0.

use std::fmt::Write;

use super::{PageFile, Shell};
use crate::record::EventRecord;

/// Where the two files are.
pub(super) const BIBTEX: &str = "data/citation.bib";
pub(super) const CFF: &str = "data/CITATION.cff";

const BOARD: &str = "National Transportation Safety Board";
const TITLE: &str = "Aviation accident databases (eADMS)";

/// Both files about the data as a whole.
pub(super) fn files(shell: &Shell) -> [PageFile; 2] {
    [(BIBTEX, bibtex(shell)), (CFF, cff(shell))].map(|(path, text)| PageFile {
        path: path.to_owned(),
        text,
    })
}

/// The data as a whole.
pub(super) fn bibtex(shell: &Shell) -> String {
    let address = shell.site.absolute("data/");
    let address = address.unwrap_or_else(|| shell.site.url("data/"));
    let date = Some(shell.data_date.as_str());
    entry(shell, "ntsb-eadms", TITLE, "Data as of", date, &address)
}

/// One event, with the day its record was last changed: a page changes with its record only.
pub(super) fn event(shell: &Shell, record: &EventRecord, address: &str) -> String {
    let key = format!("ntsb-{}", record.ntsb_no.unwrap_or(record.ev_id));
    let number = record.ntsb_no.map_or_else(
        || record.ev_id.to_owned(),
        |n| format!("{n} ({})", record.ev_id),
    );
    let title = format!("{TITLE}, record {number}");
    let day = record.last_changed();
    entry(shell, &key, &title, "Record last changed", day, address)
}

fn entry(
    shell: &Shell,
    key: &str,
    title: &str,
    state: &str,
    date: Option<&str>,
    address: &str,
) -> String {
    let year = date.and_then(|date| date.get(..4));
    let year = year.map_or_else(String::new, |year| format!("  year = {{{year}}},\n"));
    let note = date.map_or_else(|| "As".to_owned(), |date| format!("{state} {date}, as"));
    let key: String = key
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    format!(
        "@misc{{{key},\n  author = {{{{{BOARD}}}}},\n  title = {{{{{}}}}},\n{year}  \
         note = {{{note} published by {}}},\n  url = {{{}}}\n}}\n",
        escaped(title),
        escaped(&shell.title),
        address.replace(['{', '}', '\\'], ""),
    )
}

/// A text within braces, for LaTeX.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '{' | '}' | '\\' => {}
            '&' | '%' | '$' | '#' | '_' => out.extend(['\\', c]),
            '~' | '^' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

fn cff(shell: &Shell) -> String {
    let mut text = String::from("cff-version: 1.2.0\n");
    let mut line = |key: &str, value: &str| {
        // A string of JSON is one of YAML. Writing to a string cannot fail.
        writeln!(text, "{key}: {}", serde_json::Value::from(value)).ok();
    };
    line("message", "Cite the data as below.");
    line("type", "dataset");
    line(
        "title",
        &format!("{TITLE}, as published by {}", shell.title),
    );
    line("version", &shell.data_date);
    line("date-released", &shell.data_date);
    line(
        "abstract",
        "Works of the United States Government, in the public domain in the United States \
         (17 U.S.C. 105).",
    );
    if let Some(address) = shell.site.absolute("data/") {
        line("url", &address);
    }
    text.push_str("authors:\n");
    writeln!(text, "  - name: {}", serde_json::Value::from(BOARD)).ok();
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SiteUrl;

    #[test]
    fn names_cannot_break_out_of_their_braces() {
        let mut shell = Shell::bare(SiteUrl::parse("https://example.org/x/").unwrap());
        shell.title = "A}\\{ & \"B\": 50 %".to_owned();
        shell.data_date = "2021-12-30".to_owned();
        let text = bibtex(&shell);
        assert_eq!(text.matches('{').count(), text.matches('}').count());
        assert!(text.contains("published by A \\& \"B\": 50 \\%}"), "{text}");
        assert!(
            text.contains("url = {https://example.org/x/data/}"),
            "{text}"
        );
        let text = cff(&shell);
        assert!(
            text.contains(r#"published by A}\\{ & \"B\": 50 %""#),
            "{text}"
        );
        assert!(text.contains("date-released: \"2021-12-30\""), "{text}");
    }
}
