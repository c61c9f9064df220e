//! What PostgreSQL answered → how the check ended, in the terms of Great Expectations.

use serde_json::{Map, Value, json};

use super::rule::Scoped;

/// The outcome of one statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    pub(super) success: bool,
    /// Great Expectations' `result`.
    pub(super) result: Map<String, Value>,
}

/// Judges the answer of a statement made by [`super::statement::build`].
pub(super) fn judge(scoped: &Scoped, mut answer: Map<String, Value>) -> Outcome {
    if let Some(Value::Bool(success)) = answer.remove("success") {
        return Outcome {
            success,
            result: answer,
        };
    }
    let count = |name: &str| answer.get(name).and_then(Value::as_u64).unwrap_or(0);
    let elements = count("element_count");
    let considered = count("considered_count");
    let unexpected = count("unexpected_count");
    let percent = |part: u64, whole: u64| match whole {
        0 => Value::Null,
        _ => json!(part as f64 / whole as f64 * 100.0),
    };
    let share = (considered as f64 - unexpected as f64) / considered as f64;
    // Where nothing is considered, nothing is wrong.
    let success = considered == 0 || share >= scoped.mostly;
    answer.remove("considered_count");
    let missing = elements - considered;
    answer.insert("missing_count".to_owned(), json!(missing));
    answer.insert("missing_percent".to_owned(), percent(missing, elements));
    for (name, whole) in [
        ("unexpected_percent", considered),
        ("unexpected_percent_total", elements),
        ("unexpected_percent_nonmissing", considered),
    ] {
        answer.insert(name.to_owned(), percent(unexpected, whole));
    }
    for list in ["partial_unexpected_list", "partial_unexpected_counts"] {
        answer.entry(list).or_insert_with(|| json!([]));
    }
    Outcome {
        success,
        result: answer,
    }
}

#[cfg(test)]
mod tests {
    use super::super::rule;
    use super::*;

    fn outcome(mostly: f64, elements: u64, considered: u64, unexpected: u64) -> Outcome {
        let kwargs = json!({"column": "a", "min_value": 1, "mostly": mostly});
        let scoped = rule::parse(
            "expect_column_values_to_be_between",
            kwargs.as_object().unwrap(),
        )
        .unwrap();
        let answer = json!({
            "element_count": elements,
            "considered_count": considered,
            "unexpected_count": unexpected,
        });
        judge(&scoped, answer.as_object().unwrap().clone())
    }

    #[test]
    fn mostly_is_a_share_of_the_values_not_of_the_rows() {
        // 10 of 100 values break the rule; 900 more rows have none.
        assert!(outcome(0.9, 1000, 100, 10).success);
        assert!(!outcome(0.91, 1000, 100, 10).success);
        assert!(!outcome(0.95, 1000, 100, 10).success);
    }

    #[test]
    fn a_column_without_values_passes() {
        let empty = outcome(1.0, 5, 0, 0);
        assert!(empty.success);
        assert_eq!(empty.result["unexpected_percent"], Value::Null);
        assert_eq!(empty.result["missing_percent"], json!(100.0));
    }
}
