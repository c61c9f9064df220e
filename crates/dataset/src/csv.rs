//! Fields of CSV as RFC 4180 has them, safe to open in a spreadsheet.

/// Adds a field to a line.
///
/// Text that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab or carriage return
/// first) gets an apostrophe before it, as OWASP's "CSV Injection" advises. An empty text is
/// quoted, so that it differs from a missing value.
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

/// Begins the field at this position of a line.
pub fn separate(out: &mut String, at: usize) {
    if at > 0 {
        out.push(',');
    }
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
