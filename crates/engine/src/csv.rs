//! CSV of an answer: RFC 4180 with a header.

use std::fmt::Write;

use crate::answer::{Cell, ResultTable};

/// Writes a table. A missing value is an empty field, an empty text a quoted one.
///
/// Text that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab or carriage return
/// first) gets an apostrophe before it, as OWASP's "CSV Injection" advises.
pub(crate) fn write(table: &ResultTable<'_>) -> String {
    let mut out = String::new();
    for (at, column) in table.columns.iter().enumerate() {
        separate(&mut out, at);
        field(&mut out, &column.name);
    }
    out.push_str("\r\n");
    for row in 0..table.rows {
        for (at, column) in table.columns.iter().enumerate() {
            separate(&mut out, at);
            match column.cell(row) {
                Cell::Text(text) => field(&mut out, text),
                // Writing to a String cannot fail.
                other => {
                    let _ = write!(out, "{other}");
                }
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// Begins the field at this position of a row.
pub fn separate(out: &mut String, at: usize) {
    if at > 0 {
        out.push(',');
    }
}

/// Appends a field, quoted and disarmed where needed, as [`crate::Engine::csv`] does.
pub fn field(out: &mut String, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let plain = !text.is_empty() && !text.contains([',', '"', '\r', '\n']);
    let sign = if formula { "'" } else { "" };
    if plain {
        out.push_str(sign);
        out.push_str(text);
        return;
    }
    out.push('"');
    out.push_str(sign);
    for (at, part) in text.split('"').enumerate() {
        if at > 0 {
            out.push_str("\"\"");
        }
        out.push_str(part);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_disarmed_only_where_needed() {
        for (text, expected) in [
            ("CESSNA", "CESSNA"),
            ("SMITH, J", "\"SMITH, J\""),
            ("5\" RUT", "\"5\"\" RUT\""),
            ("", "\"\""),
            ("=1+1", "'=1+1"),
            ("-A,B", "\"'-A,B\""),
            ("\tX", "'\tX"),
            ("A-B", "A-B"),
        ] {
            let mut out = String::new();
            field(&mut out, text);
            assert_eq!(out, expected);
        }
    }
}
