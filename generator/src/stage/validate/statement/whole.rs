//! Rules about columns and tables as a whole: one number or set, and whether it is as expected.

use super::super::rule::{Aggregate, Columns, Range, Relation};
use super::Target;
use crate::duck;

/// Distinct values that are shown.
const VALUES: usize = 1_000;

pub(super) fn aggregate(
    target: &Target,
    column: &str,
    aggregate: Aggregate,
    range: &Range,
) -> String {
    let expression = match aggregate {
        Aggregate::Min => format!("min({column})"),
        Aggregate::Max => format!("max({column})"),
        Aggregate::Mean => format!("avg({column} * 1.0)"),
        Aggregate::Median => format!("percentile_cont(0.5) WITHIN GROUP (ORDER BY {column})"),
        Aggregate::Sum => format!("sum({column})"),
        Aggregate::StandardDeviation => format!("stddev_samp({column})"),
        Aggregate::UniqueValues => format!("count(DISTINCT {column})"),
        Aggregate::ShareOfUnique => {
            format!("count(DISTINCT {column})::float8 / nullif(count({column}), 0)")
        }
        Aggregate::ShareOfPresent => format!("count({column})::float8 / nullif(count(*), 0)"),
    };
    format!(
        "SELECT jsonb_build_object(
           'element_count', element_count,
           'observed_value', observed,
           'success', coalesce(observed IS NOT NULL AND {holds}, false)
         )
         FROM (
           SELECT {expression} AS observed, count(*) AS element_count FROM {source}
         ) AS computed",
        holds = range.holds("observed"),
        source = target.source,
    )
}

pub(super) fn quantiles(target: &Target, column: &str, ranges: &[(f64, Range)]) -> String {
    let shares: Vec<String> = ranges.iter().map(|(share, _)| share.to_string()).collect();
    let shares = shares.join(", ");
    let holds: Vec<String> = (1..)
        .zip(ranges)
        .map(|(place, (_, range))| {
            let value = format!("observed[{place}]");
            format!(
                "coalesce({value} IS NOT NULL AND {}, false)",
                range.holds(&value)
            )
        })
        .collect();
    format!(
        "SELECT jsonb_build_object(
           'element_count', element_count,
           'observed_value',
             jsonb_build_object('quantiles', '[{shares}]'::jsonb, 'values', observed),
           'details', jsonb_build_object('success_details', to_jsonb(success)),
           'success', true = ALL (success)
         )
         FROM (
           SELECT *, ARRAY[{holds}] AS success
           FROM (
             SELECT
               percentile_disc(ARRAY[{shares}]::float8[]) WITHIN GROUP (ORDER BY {column})
                 AS observed,
               count(*) AS element_count
             FROM {source}
           ) AS computed
         ) AS compared",
        holds = holds.join(", "),
        source = target.source,
    )
}

pub(super) fn value_set(
    target: &Target,
    column: &str,
    relation: Relation,
    values: &[String],
) -> String {
    let mut values = values.to_vec();
    values.sort();
    values.dedup();
    let list = if values.is_empty() {
        "NULL".to_owned()
    } else {
        values.join(", ")
    };
    let within = format!("NOT coalesce(bool_or(value NOT IN ({list})), false)");
    let contains = format!(
        "count(*) FILTER (WHERE value IN ({list})) = {}",
        values.len()
    );
    let holds = match relation {
        Relation::Within => within,
        Relation::Contains => contains,
        Relation::Equals => format!("{within} AND {contains}"),
    };
    format!(
        "SELECT jsonb_build_object(
           'observed_value',
             coalesce(jsonb_agg(value ORDER BY value) FILTER (WHERE place <= {VALUES}), '[]'),
           'success', {holds}
         )
         FROM (
           SELECT {column} AS value, row_number() OVER (ORDER BY {column}) AS place
           FROM {source}
           WHERE {column} IS NOT NULL
           GROUP BY {column}
         ) AS members",
        source = target.source,
    )
}

pub(super) fn row_count(target: &Target, range: &Range) -> String {
    format!(
        "SELECT jsonb_build_object(
           'element_count', observed, 'observed_value', observed, 'success', {holds}
         )
         FROM (SELECT count(*) AS observed FROM {source}) AS counted",
        holds = range.holds("observed"),
        source = target.source,
    )
}

pub(super) fn row_count_of(target: &Target, other: &str) -> String {
    let other: Vec<String> = other.split('.').map(duck::identifier).collect();
    format!(
        "SELECT jsonb_build_object(
           'element_count', own,
           'observed_value', jsonb_build_object('self', own, 'other', other),
           'success', own = other
         )
         FROM (
           SELECT
             (SELECT count(*) FROM {source}) AS own,
             (SELECT count(*) FROM {other}) AS other
         ) AS counted",
        source = target.source,
        other = other.join("."),
    )
}

pub(super) fn columns(target: &Target, columns: &Columns) -> String {
    let list = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| duck::literal(name)).collect();
        format!("ARRAY[{}]::text[]", names.join(", "))
    };
    let (expected, holds) = match columns {
        Columns::Has { column, index } => {
            let name = duck::literal(column);
            let holds = match index {
                None => format!("{name} = ANY (names)"),
                Some(index) => format!("coalesce(names[{}] = {name}, false)", index + 1),
            };
            (list(std::slice::from_ref(column)), holds)
        }
        Columns::Count(range) => (list(&[]), range.holds("cardinality(names)")),
        Columns::Set {
            names,
            exact: false,
        } => (list(names), "names @> expected".to_owned()),
        Columns::Set { names, exact: true } => (
            list(names),
            "names @> expected AND names <@ expected".to_owned(),
        ),
        Columns::List(names) => (list(names), "names = expected".to_owned()),
    };
    let observed = match columns {
        Columns::Count(_) => "cardinality(names)",
        _ => "names",
    };
    format!(
        "SELECT jsonb_build_object(
           'observed_value', to_jsonb({observed}),
           'details', jsonb_build_object('mismatched', jsonb_build_object(
             'missing', to_jsonb(ARRAY(
               SELECT name FROM unnest(expected) AS name WHERE name <> ALL (names) ORDER BY name
             )),
             'unexpected', to_jsonb(ARRAY(
               SELECT name FROM unnest(names) AS name WHERE name <> ALL (expected) ORDER BY name
             ))
           )),
           'success', {holds}
         )
         FROM (
           SELECT {expected} AS expected, array_agg(attname::text ORDER BY attnum) AS names
           FROM pg_attribute
           WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped
         ) AS found",
        table = target.name,
    )
}
