//! CSV of an answer: RFC 4180 with a header.

use std::fmt::Write;

use dataset::csv::{field, separate};

use crate::answer::{Cell, ResultTable};

/// Writes a table. A missing value is an empty field, an empty text a quoted one.
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
