//! The functions of the console.

use std::sync::Arc;

use arrow::array::StringViewArray;
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::cast::{as_date32_array, as_string_view_array};
use datafusion::error::Result;
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::functions_aggregate::first_last::first_value_udaf;
use datafusion::logical_expr::{AggregateUDF, ColumnarValue, ScalarUDF, Volatility, create_udf};

/// Gives a session the functions of the families this package is compiled with.
pub(crate) fn register(builder: SessionStateBuilder) -> SessionStateBuilder {
    let mut scalar = SessionStateDefaults::default_scalar_functions();
    // Later ones take the place of earlier ones of the same name.
    scalar.extend([unix_date(), initcap(), regexp_matches()].map(Arc::new));
    let mut aggregate = SessionStateDefaults::default_aggregate_functions();
    aggregate.push(Arc::new(any_value()));
    builder
        .with_expr_planners(SessionStateDefaults::default_expr_planners())
        .with_scalar_functions(scalar)
        .with_aggregate_functions(aggregate)
        .with_window_functions(SessionStateDefaults::default_window_functions())
        .with_table_function_list(SessionStateDefaults::default_table_functions())
}

/// Days since 1970-01-01, as the queries of the figures have it from Spark.
fn unix_date() -> ScalarUDF {
    let days = |arguments: &[ColumnarValue]| -> Result<ColumnarValue> {
        let dates = ColumnarValue::values_to_arrays(arguments)?;
        let days = as_date32_array(&dates[0])?.unary::<_, Int64Type>(i64::from);
        Ok(ColumnarValue::Array(Arc::new(days)))
    };
    create_udf(
        "unix_date",
        vec![DataType::Date32],
        DataType::Int64,
        Volatility::Immutable,
        Arc::new(days),
    )
}

/// Each word with a capital, as Spark has it: only a space begins a word, not a hyphen.
fn initcap() -> ScalarUDF {
    let capitals = |arguments: &[ColumnarValue]| -> Result<ColumnarValue> {
        let texts = ColumnarValue::values_to_arrays(arguments)?;
        let texts = as_string_view_array(&texts[0])?.iter();
        let texts: StringViewArray = texts.map(|text| text.map(capitalised)).collect();
        Ok(ColumnarValue::Array(Arc::new(texts)))
    };
    create_udf(
        "initcap",
        vec![DataType::Utf8View],
        DataType::Utf8View,
        Volatility::Immutable,
        Arc::new(capitals),
    )
}

fn capitalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_first = true;
    for letter in text.to_lowercase().chars() {
        if is_first {
            out.extend(letter.to_uppercase());
        } else {
            out.push(letter);
        }
        is_first = letter == ' ';
    }
    out
}

/// Whether a pattern occurs in a text, under the name DuckDB has for it: the explore page shows its
/// questions in DuckDB's words.
fn regexp_matches() -> ScalarUDF {
    ScalarUDF::clone(&datafusion::functions::regex::regexp_like()).with_aliases(["regexp_matches"])
}

/// One of the values of a group, under the name that DuckDB and Spark have for it.
fn any_value() -> AggregateUDF {
    let first = first_value_udaf();
    AggregateUDF::clone(&first).with_aliases(["any_value"])
}
