//! From the name and arguments of an expectation to a rule.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::kwargs::{Kwargs, literal};
use super::{
    Aggregate, Columns, Comparison, Range, Relation, Rule, Scoped, Test, condition, strftime,
};

type Parser = fn(&mut Kwargs) -> Result<Rule>;

/// Understands an expectation.
///
/// # Errors
/// If the type is none of ours (the message lists them), an argument is missing, unknown or of the
/// wrong form.
pub(in super::super) fn parse(kind: &str, kwargs: &Map<String, Value>) -> Result<Scoped> {
    let Some(parser) = types().get(kind) else {
        let known: Vec<&str> = types().keys().copied().collect();
        bail!(
            "{kind} is no supported expectation type; supported are: {}",
            known.join(", ")
        );
    };
    let mut kwargs = Kwargs::new(kwargs);
    let scoped = (|| {
        let condition = kwargs
            .optional::<Value>("row_condition")?
            .map(|value| condition::sql(&value))
            .transpose()?;
        // Only says in which language the condition is; `condition::sql` tells that by itself.
        kwargs.optional::<String>("condition_parser")?;
        let mostly: f64 = kwargs.optional("mostly")?.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&mostly) {
            bail!("`mostly` is a share between 0 and 1, not {mostly}");
        }
        let rule = parser(&mut kwargs)?;
        kwargs.finish()?;
        Ok(Scoped {
            rule,
            condition,
            mostly,
        })
    })();
    scoped.with_context(|| format!("in an expectation of type {kind}"))
}

/// All supported types, by name.
fn types() -> &'static BTreeMap<&'static str, Parser> {
    static TYPES: OnceLock<BTreeMap<&'static str, Parser>> = OnceLock::new();
    TYPES.get_or_init(|| {
        let groups = [values(), several_columns(), aggregates(), sets(), tables()];
        groups.into_iter().flatten().collect()
    })
}

type Types = Vec<(&'static str, Parser)>;

fn tested(k: &mut Kwargs, test: Test) -> Result<Rule> {
    Ok(Rule::Values {
        column: k.column()?,
        test,
    })
}

fn values() -> Types {
    vec![
        ("expect_column_values_to_not_be_null", |k| {
            Ok(Rule::Present {
                column: k.column()?,
            })
        }),
        ("expect_column_values_to_be_null", |k| {
            Ok(Rule::Absent {
                column: k.column()?,
            })
        }),
        ("expect_column_values_to_be_between", |k| {
            let range = k.bounded()?;
            tested(k, Test::Between(range))
        }),
        ("expect_column_values_to_be_in_set", |k| {
            let values = k.values("value_set")?;
            tested(k, Test::In(values))
        }),
        ("expect_column_values_to_not_be_in_set", |k| {
            let values = k.values("value_set")?;
            tested(k, Test::NotIn(values))
        }),
        ("expect_column_values_to_match_regex", |k| {
            let patterns = vec![literal(&k.required("regex")?)?];
            tested(
                k,
                Test::Regex {
                    patterns,
                    all: false,
                },
            )
        }),
        ("expect_column_values_to_match_regex_list", |k| {
            let (patterns, all) = (k.values("regex_list")?, all(k)?);
            tested(k, Test::Regex { patterns, all })
        }),
        ("expect_column_values_to_not_match_regex", |k| {
            let patterns = vec![literal(&k.required("regex")?)?];
            tested(k, Test::NotRegex(patterns))
        }),
        ("expect_column_values_to_not_match_regex_list", |k| {
            let patterns = k.values("regex_list")?;
            tested(k, Test::NotRegex(patterns))
        }),
        ("expect_column_values_to_match_like_pattern", |k| {
            let patterns = vec![literal(&k.required("like_pattern")?)?];
            tested(
                k,
                Test::Like {
                    patterns,
                    all: false,
                },
            )
        }),
        ("expect_column_values_to_match_like_pattern_list", |k| {
            let (patterns, all) = (k.values("like_pattern_list")?, all(k)?);
            tested(k, Test::Like { patterns, all })
        }),
        ("expect_column_values_to_not_match_like_pattern", |k| {
            let patterns = vec![literal(&k.required("like_pattern")?)?];
            tested(k, Test::NotLike(patterns))
        }),
        ("expect_column_values_to_not_match_like_pattern_list", |k| {
            let patterns = k.values("like_pattern_list")?;
            tested(k, Test::NotLike(patterns))
        }),
        ("expect_column_values_to_match_strftime_format", |k| {
            let format: String = k.required("strftime_format")?;
            let pattern = Value::String(strftime::pattern(&format)?);
            let patterns = vec![literal(&pattern)?];
            tested(
                k,
                Test::Regex {
                    patterns,
                    all: false,
                },
            )
        }),
        ("expect_column_value_lengths_to_be_between", |k| {
            let range = k.bounded()?;
            tested(k, Test::Length(range))
        }),
        ("expect_column_value_lengths_to_equal", |k| {
            let range = exactly(k)?;
            tested(k, Test::Length(range))
        }),
    ]
}

fn several_columns() -> Types {
    vec![
        ("expect_column_values_to_be_unique", |k| {
            let columns = vec![k.column()?];
            Ok(Rule::Unique {
                columns,
                ignore: super::Ignore::AnyMissing,
            })
        }),
        ("expect_compound_columns_to_be_unique", |k| {
            Ok(Rule::Unique {
                columns: k.names("column_list")?,
                ignore: k.ignore()?,
            })
        }),
        (
            "expect_select_column_values_to_be_unique_within_record",
            |k| {
                Ok(Rule::Distinct {
                    columns: k.names("column_list")?,
                    ignore: k.ignore()?,
                })
            },
        ),
        ("expect_multicolumn_sum_to_equal", |k| {
            let total = literal(&k.required("sum_total")?)?;
            Ok(Rule::Sum {
                columns: k.names("column_list")?,
                total,
                ignore: k.ignore()?,
            })
        }),
        ("expect_column_pair_values_to_be_equal", |k| {
            pair(k, Comparison::Equal)
        }),
        (
            "expect_column_pair_values_a_to_be_greater_than_b",
            |k| match k.optional("or_equal")? {
                Some(true) => pair(k, Comparison::GreaterOrEqual),
                _ => pair(k, Comparison::Greater),
            },
        ),
    ]
}

fn pair(k: &mut Kwargs, test: Comparison) -> Result<Rule> {
    Ok(Rule::Pair {
        a: k.name("column_A")?,
        b: k.name("column_B")?,
        test,
        ignore: k.ignore()?,
    })
}

fn aggregates() -> Types {
    fn of(k: &mut Kwargs, aggregate: Aggregate) -> Result<Rule> {
        Ok(Rule::Aggregate {
            column: k.column()?,
            aggregate,
            range: k.range()?,
        })
    }
    vec![
        ("expect_column_min_to_be_between", |k| of(k, Aggregate::Min)),
        ("expect_column_max_to_be_between", |k| of(k, Aggregate::Max)),
        ("expect_column_mean_to_be_between", |k| {
            of(k, Aggregate::Mean)
        }),
        ("expect_column_median_to_be_between", |k| {
            of(k, Aggregate::Median)
        }),
        ("expect_column_sum_to_be_between", |k| of(k, Aggregate::Sum)),
        ("expect_column_stdev_to_be_between", |k| {
            of(k, Aggregate::StandardDeviation)
        }),
        ("expect_column_unique_value_count_to_be_between", |k| {
            of(k, Aggregate::UniqueValues)
        }),
        (
            "expect_column_proportion_of_unique_values_to_be_between",
            |k| of(k, Aggregate::ShareOfUnique),
        ),
        (
            "expect_column_proportion_of_non_null_values_to_be_between",
            |k| of(k, Aggregate::ShareOfPresent),
        ),
        ("expect_column_quantile_values_to_be_between", quantiles),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuantileRanges {
    quantiles: Vec<f64>,
    value_ranges: Vec<[Value; 2]>,
}

fn quantiles(k: &mut Kwargs) -> Result<Rule> {
    let given: QuantileRanges = k.required("quantile_ranges")?;
    // PostgreSQL's quantiles are exact, so an error is never needed.
    k.optional::<Value>("allow_relative_error")?;
    if given.quantiles.len() != given.value_ranges.len() {
        bail!("`quantile_ranges` needs a range for each quantile");
    }
    if let Some(odd) = given.quantiles.iter().find(|q| !(0.0..=1.0).contains(*q)) {
        bail!("a quantile is a share between 0 and 1, not {odd}");
    }
    let bound = |value: &Value| (!value.is_null()).then(|| literal(value)).transpose();
    let ranges = given.value_ranges.iter().map(|[min, max]| {
        Ok(Range {
            min: bound(min)?,
            max: bound(max)?,
            ..Range::default()
        })
    });
    let ranges: Result<Vec<Range>> = ranges.collect();
    Ok(Rule::Quantiles {
        column: k.column()?,
        ranges: given.quantiles.into_iter().zip(ranges?).collect(),
    })
}

fn sets() -> Types {
    fn of(k: &mut Kwargs, relation: Relation) -> Result<Rule> {
        Ok(Rule::ValueSet {
            column: k.column()?,
            relation,
            values: k.values("value_set")?,
        })
    }
    vec![
        ("expect_column_distinct_values_to_be_in_set", |k| {
            of(k, Relation::Within)
        }),
        ("expect_column_distinct_values_to_contain_set", |k| {
            of(k, Relation::Contains)
        }),
        ("expect_column_distinct_values_to_equal_set", |k| {
            of(k, Relation::Equals)
        }),
    ]
}

fn tables() -> Types {
    vec![
        ("expect_table_row_count_to_be_between", |k| {
            Ok(Rule::RowCount(k.range()?))
        }),
        ("expect_table_row_count_to_equal", |k| {
            Ok(Rule::RowCount(exactly(k)?))
        }),
        ("expect_table_row_count_to_equal_other_table", |k| {
            Ok(Rule::RowCountOf(k.required("other_table_name")?))
        }),
        ("expect_column_to_exist", |k| {
            let (column, index) = (k.required("column")?, k.optional("column_index")?);
            Ok(Rule::Columns(Columns::Has { column, index }))
        }),
        ("expect_table_column_count_to_be_between", |k| {
            Ok(Rule::Columns(Columns::Count(k.range()?)))
        }),
        ("expect_table_column_count_to_equal", |k| {
            Ok(Rule::Columns(Columns::Count(exactly(k)?)))
        }),
        ("expect_table_columns_to_match_set", |k| {
            let exact = k.optional("exact_match")?.unwrap_or(true);
            Ok(Rule::Columns(Columns::Set {
                names: k.required("column_set")?,
                exact,
            }))
        }),
        ("expect_table_columns_to_match_ordered_list", |k| {
            Ok(Rule::Columns(Columns::List(k.required("column_list")?)))
        }),
        ("unexpected_rows_expectation", |k| {
            Ok(Rule::NoRows {
                query: k.required("unexpected_rows_query")?,
            })
        }),
    ]
}

/// `value`, as a range of one.
fn exactly(k: &mut Kwargs) -> Result<Range> {
    let value = literal(&k.required("value")?)?;
    Ok(Range {
        min: Some(value.clone()),
        max: Some(value),
        ..Range::default()
    })
}

/// `match_on`: whether all patterns must match, or any.
fn all(k: &mut Kwargs) -> Result<bool> {
    match k.optional::<String>("match_on")?.as_deref() {
        None | Some("any") => Ok(false),
        Some("all") => Ok(true),
        Some(other) => bail!("`match_on` is any or all, not {other}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(kind: &str, kwargs: &Value) -> String {
        format!(
            "{:#}",
            parse(kind, kwargs.as_object().unwrap()).unwrap_err()
        )
    }

    #[test]
    fn an_unknown_type_is_named_beside_the_known_ones() {
        let message = refusal("expect_magic", &json!({}));
        assert!(message.contains("expect_magic"), "{message}");
        assert!(
            message.contains("expect_column_values_to_be_between"),
            "{message}"
        );
    }

    #[test]
    fn an_argument_without_effect_is_refused() {
        let message = refusal(
            "expect_column_values_to_not_be_null",
            &json!({"column": "a", "min_value": 1}),
        );
        assert!(message.contains("min_value"), "{message}");
        let message = refusal(
            "expect_column_values_to_be_between",
            &json!({"column": "a"}),
        );
        assert!(message.contains("min_value"), "{message}");
    }

    #[test]
    fn how_to_report_is_no_argument() {
        let kwargs = json!({"column": "a", "result_format": "COMPLETE", "mostly": null});
        let scoped = parse(
            "expect_column_values_to_not_be_null",
            kwargs.as_object().unwrap(),
        )
        .unwrap();
        assert_eq!(
            scoped.rule,
            Rule::Present {
                column: "\"a\"".to_owned()
            }
        );
        assert!((scoped.mostly - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_suite_parameter_is_asked_for() {
        let message = refusal(
            "expect_column_values_to_be_between",
            &json!({"column": "a", "min_value": {"$PARAMETER": "low"}}),
        );
        assert!(message.contains("suite parameter"), "{message}");
    }
}
