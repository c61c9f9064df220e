//! Numbers as readers expect them.

use serde_json::Value;

pub(super) use crate::text::{bytes, thousands};

/// Shown where the data has no value.
pub(super) const MISSING: &str = "–";

/// `0.1234` → `12.3 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}\u{a0}%", share * 100.0)
}

/// Share of a whole as percentage; missing when the whole is empty.
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        MISSING.to_owned()
    } else {
        percent(part as f64 / whole as f64)
    }
}

/// A score with three decimals.
pub(super) fn score(value: f64) -> String {
    format!("{value:.3}")
}

/// A cell of a figure, by the name of its column: years stay plain, shares become percentages.
pub(super) fn cell(column: &str, value: &Value) -> String {
    match value {
        Value::Null => MISSING.to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Value::Number(number) if column.ends_with("_share") => {
            number.as_f64().map_or_else(|| MISSING.to_owned(), percent)
        }
        Value::Number(number) if !column.ends_with("year") => grouped(&number.to_string()),
        other => other.to_string(),
    }
}

/// A number with its whole part in groups of three, without a fraction of zero.
fn grouped(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let whole = whole
        .parse()
        .map_or_else(|_| whole.to_owned(), |whole: u64| thousands(whole));
    if fraction == "0" {
        whole
    } else {
        format!("{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_grouped_but_years_are_not() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(cell("accidents", &json!(1234)), "1,234");
        assert_eq!(cell("ev_year", &json!(2021)), "2021");
        assert_eq!(cell("median_hours", &json!(1044.0)), "1,044");
        assert_eq!(cell("median_hours", &json!(1044.5)), "1,044.5");
        assert_eq!(cell("change", &json!(-3.25)), "-3.25");
    }

    #[test]
    fn shares_and_sizes_carry_their_unit() {
        assert_eq!(cell("fatal_share", &json!(0.1849)), "18.5\u{a0}%");
        assert_eq!(share(1, 0), MISSING);
        assert_eq!(bytes(1_300_000), "1.3\u{a0}MB");
    }

    #[test]
    fn missing_stays_missing() {
        assert_eq!(cell("fatal_share", &Value::Null), MISSING);
    }
}
