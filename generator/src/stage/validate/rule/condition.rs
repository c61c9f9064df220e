//! `row_condition`: which rows an expectation is about.
//!
//! Great Expectations 1.x writes conditions as objects (`{"type": "comparison", …}`); before, they
//! were texts such as `col("ev_type") == "ACC"`. Both are read.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

use super::kwargs::literal;
use crate::duck;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Condition {
    Comparison {
        column: Column,
        operator: String,
        parameter: Value,
    },
    Nullity {
        column: Column,
        is_null: bool,
    },
    And {
        conditions: Vec<Value>,
    },
    Or {
        conditions: Vec<Value>,
    },
    PassThrough {
        pass_through_filter: String,
    },
}

#[derive(Deserialize)]
struct Column {
    name: String,
}

/// The condition as SQL over the table's columns.
pub(super) fn sql(condition: &Value) -> Result<String> {
    if let Value::String(text) = condition {
        return from_text(text);
    }
    let condition: Condition = serde_json::from_value(condition.clone())
        .with_context(|| format!("{condition} is no row condition"))?;
    match condition {
        Condition::Comparison {
            column,
            operator,
            parameter,
        } => comparison(&column.name, &operator, &parameter),
        Condition::Nullity { column, is_null } => Ok(nullity(&column.name, is_null)),
        Condition::And { conditions } => joined(&conditions, " AND "),
        Condition::Or { conditions } => joined(&conditions, " OR "),
        Condition::PassThrough {
            pass_through_filter,
        } => bail!(
            "`row_condition` {pass_through_filter:?} is in the language of pandas or Spark; \
             write it for Great Expectations: col(\"ev_type\") == \"ACC\""
        ),
    }
}

fn joined(conditions: &[Value], word: &str) -> Result<String> {
    let terms: Result<Vec<String>> = conditions.iter().map(sql).collect();
    Ok(format!("({})", terms?.join(word)))
}

fn nullity(column: &str, is_null: bool) -> String {
    let word = if is_null { "IS NULL" } else { "IS NOT NULL" };
    format!("{} {word}", duck::identifier(column))
}

fn comparison(column: &str, operator: &str, parameter: &Value) -> Result<String> {
    let column = duck::identifier(column);
    let operator = match operator {
        "==" => "=",
        "!=" => "<>",
        "<" | "<=" | ">" | ">=" => operator,
        "IN" | "NOT_IN" => {
            let values = parameter.as_array().context("IN needs a list")?;
            let values: Result<Vec<String>> = values.iter().map(literal).collect();
            let word = if operator == "IN" { "IN" } else { "NOT IN" };
            return Ok(match values?.join(", ").as_str() {
                "" => (operator == "NOT_IN").to_string(),
                list => format!("{column} {word} ({list})"),
            });
        }
        other => bail!("a row condition does not know the operator {other}"),
    };
    Ok(format!("{column} {operator} {}", literal(parameter)?))
}

/// `col("x").notnull()`, `col("x") >= 5`, `col("x") == "y"`, `col("x") > date("2020-01-01")`.
fn from_text(text: &str) -> Result<String> {
    let refuse = || {
        format!(
            "cannot read the row condition {text:?}: write col(\"ev_type\") == \"ACC\" or \
             col(\"ev_type\").notnull()"
        )
    };
    let rest = text.trim().strip_prefix("col(").with_context(refuse)?;
    let (column, rest) = rest.split_once(')').with_context(refuse)?;
    let (column, rest) = (column.trim().trim_matches(['"', '\'']), rest.trim());
    if rest.eq_ignore_ascii_case(".notnull()") {
        return Ok(nullity(column, false));
    }
    let operator = ["==", "!=", ">=", "<=", ">", "<"]
        .into_iter()
        .find(|operator| rest.starts_with(operator))
        .with_context(refuse)?;
    let value = rest[operator.len()..].trim();
    let dated = value
        .strip_prefix("date(")
        .and_then(|value| value.strip_suffix(')'));
    let value = dated.unwrap_or(value);
    let quoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    let parameter = if let Some(text) = quoted {
        Value::String(text.to_owned())
    } else {
        let number: serde_json::Number = value.parse().ok().with_context(refuse)?;
        Value::Number(number)
    };
    comparison(column, operator, &parameter)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_and_objects_say_the_same() {
        let object = json!({"type": "comparison", "column": {"name": "ev_type"},
                            "operator": "==", "parameter": "ACC"});
        assert_eq!(sql(&object).unwrap(), "\"ev_type\" = 'ACC'");
        assert_eq!(
            sql(&json!("col(\"ev_type\") == \"ACC\"")).unwrap(),
            "\"ev_type\" = 'ACC'"
        );
        assert_eq!(
            sql(&json!("col(\"a\").notNull()")).unwrap(),
            "\"a\" IS NOT NULL"
        );
        assert_eq!(sql(&json!("col(\"a\") >= -1.5")).unwrap(), "\"a\" >= -1.5");
        assert_eq!(
            sql(&json!("col(\"d\") < date('2020-01-01')")).unwrap(),
            "\"d\" < '2020-01-01'"
        );
    }

    #[test]
    fn conditions_join() {
        let present = json!({"type": "nullity", "column": {"name": "a"}, "is_null": false});
        let listed = json!({"type": "comparison", "column": {"name": "b"},
                            "operator": "IN", "parameter": ["x", "y'"]});
        let both = json!({"type": "and", "conditions": [present, listed]});
        assert_eq!(
            sql(&both).unwrap(),
            "(\"a\" IS NOT NULL AND \"b\" IN ('x', 'y'''))"
        );
    }

    #[test]
    fn a_condition_in_another_language_is_refused() {
        for text in ["ev_type == 'ACC'", "col(\"a\") ~ 3", "col(\"a\") == b"] {
            let message = sql(&json!(text)).unwrap_err().to_string();
            assert!(message.contains(&format!("{text:?}")), "{message}");
        }
    }
}
