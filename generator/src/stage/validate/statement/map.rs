//! Rules about rows: how many were considered, how many break the rule, and which.

use super::super::rule::{Comparison, Ignore, Test};
use super::{SAMPLES, Target, object};

/// A rule about rows as SQL over the columns of the table.
struct Terms {
    /// Which rows count; the others are missing values.
    considered: String,
    /// Which rows break the rule; unknown means no.
    unexpected: String,
    /// What is shown of a row that breaks it, as JSON.
    value: String,
    /// Columns the rule is about.
    columns: Vec<String>,
}

pub(super) fn values(target: &Target, column: &str, test: &Test) -> String {
    rows(
        target,
        &Terms {
            considered: format!("{column} IS NOT NULL"),
            unexpected: format!("NOT ({})", holds(column, test)),
            value: format!("to_jsonb({column})"),
            columns: vec![column.to_owned()],
        },
    )
}

fn holds(column: &str, test: &Test) -> String {
    let each = |operator: &str, patterns: &[String], word: &str| {
        let terms: Vec<String> = patterns
            .iter()
            .map(|pattern| format!("{column} {operator} {pattern}"))
            .collect();
        terms.join(word)
    };
    let word = |all: &bool| if *all { " AND " } else { " OR " };
    match test {
        Test::Between(range) => range.holds(column),
        // An empty list lets nothing through, and its contrary everything.
        Test::In(values) if values.is_empty() => "false".to_owned(),
        Test::NotIn(values) if values.is_empty() => "true".to_owned(),
        Test::In(values) => format!("{column} IN ({})", values.join(", ")),
        Test::NotIn(values) => format!("{column} NOT IN ({})", values.join(", ")),
        Test::Regex { patterns, all } => each("~", patterns, word(all)),
        Test::NotRegex(patterns) => each("!~", patterns, " AND "),
        Test::Like { patterns, all } => each("LIKE", patterns, word(all)),
        Test::NotLike(patterns) => each("NOT LIKE", patterns, " AND "),
        Test::Length(range) => range.holds(&format!("length({column})")),
    }
}

pub(super) fn present(target: &Target, column: &str) -> String {
    rows(
        target,
        &Terms {
            considered: "true".to_owned(),
            unexpected: format!("{column} IS NULL"),
            value: "'null'::jsonb".to_owned(),
            columns: vec![column.to_owned()],
        },
    )
}

pub(super) fn absent(target: &Target, column: &str) -> String {
    rows(
        target,
        &Terms {
            considered: "true".to_owned(),
            unexpected: format!("{column} IS NOT NULL"),
            value: format!("to_jsonb({column})"),
            columns: vec![column.to_owned()],
        },
    )
}

pub(super) fn pair(target: &Target, a: &str, b: &str, test: Comparison, ignore: Ignore) -> String {
    let columns = [a.to_owned(), b.to_owned()];
    let unexpected = match test {
        // Unlike the others, this one is broken by a value without a partner.
        Comparison::Equal => format!("({a} = {b}) IS NOT TRUE"),
        Comparison::Greater => format!("NOT ({a} > {b})"),
        Comparison::GreaterOrEqual => format!("NOT ({a} >= {b} OR ({a} IS NULL AND {b} IS NULL))"),
    };
    rows(
        target,
        &Terms {
            considered: considered(&columns, ignore),
            unexpected,
            value: format!("jsonb_build_array({a}, {b})"),
            columns: columns.to_vec(),
        },
    )
}

pub(super) fn sum(target: &Target, columns: &[String], total: &str, ignore: Ignore) -> String {
    rows(
        target,
        &Terms {
            considered: considered(columns, ignore),
            unexpected: format!("{} <> {total}", columns.join(" + ")),
            value: object(columns),
            columns: columns.to_vec(),
        },
    )
}

pub(super) fn distinct(target: &Target, columns: &[String], ignore: Ignore) -> String {
    let mut equal = Vec::new();
    for (position, a) in columns.iter().enumerate() {
        for b in &columns[position + 1..] {
            equal.push(format!("coalesce({a} = {b}, {a} IS NULL AND {b} IS NULL)"));
        }
    }
    rows(
        target,
        &Terms {
            considered: considered(columns, ignore),
            unexpected: equal.join(" OR "),
            value: object(columns),
            columns: columns.to_vec(),
        },
    )
}

fn considered(columns: &[String], ignore: Ignore) -> String {
    let present = |word: &str| {
        let terms: Vec<String> = columns.iter().map(|c| format!("{c} IS NOT NULL")).collect();
        format!("({})", terms.join(word))
    };
    match ignore {
        Ignore::AllMissing => present(" OR "),
        Ignore::AnyMissing => present(" AND "),
        Ignore::Never => "true".to_owned(),
    }
}

/// Rows whose group has several members. Only whole keys are compared: a missing part is never
/// equal to another.
pub(super) fn unique(target: &Target, columns: &[String], ignore: Ignore) -> String {
    let list = columns.join(", ");
    let whole = considered(columns, Ignore::AnyMissing);
    // Two passes: the groups come out of the key's index, and only repeated ones are added up.
    let counted = format!(
        "SELECT
           count(*) AS element_count,
           count(*) FILTER (WHERE {considered}) AS considered_count,
           (
             SELECT coalesce(sum(copies), 0)::bigint
             FROM (
               SELECT count(*) AS copies FROM {source} WHERE {whole}
               GROUP BY {list} HAVING count(*) > 1
             ) AS repeated
           ) AS unexpected_count
         FROM {source}",
        considered = considered(columns, ignore),
        source = target.source,
    );
    let several = format!(
        "({list}) IN (SELECT {list} FROM {} GROUP BY {list} HAVING count(*) > 1)",
        target.source
    );
    let value = match columns {
        [column] => format!("to_jsonb({column})"),
        _ => object(columns),
    };
    answer(target, &counted, &several, &value, columns)
}

fn rows(target: &Target, terms: &Terms) -> String {
    let Terms {
        considered,
        unexpected,
        value,
        columns,
    } = terms;
    let counted = format!(
        "SELECT
           count(*) AS element_count,
           count(*) FILTER (WHERE {considered}) AS considered_count,
           count(*) FILTER (WHERE {considered} AND ({unexpected})) AS unexpected_count
         FROM {}",
        target.source
    );
    let violations = format!("{considered} AND ({unexpected})");
    answer(target, &counted, &violations, value, columns)
}

fn answer(
    target: &Target,
    counted: &str,
    violations: &str,
    value: &str,
    columns: &[String],
) -> String {
    let (source, order) = (&target.source, target.order());
    let index = target.index(columns);
    format!(
        "WITH counted AS ({counted})
         SELECT jsonb_build_object(
           'element_count', element_count,
           'considered_count', considered_count,
           'unexpected_count', unexpected_count
         ) || CASE WHEN unexpected_count > 0 THEN (
           SELECT jsonb_build_object(
             'partial_unexpected_list', jsonb_agg(value ORDER BY place),
             'partial_unexpected_index_list', jsonb_agg(index ORDER BY place)
           )
           FROM (
             SELECT {value} AS value, {index} AS index, row_number() OVER (ORDER BY {order}) AS place
             FROM {source}
             WHERE {violations}
             ORDER BY {order}
             LIMIT {SAMPLES}
           ) AS found
         ) || (
           SELECT jsonb_build_object(
             'partial_unexpected_counts',
             jsonb_agg(jsonb_build_object('value', value, 'count', rows) ORDER BY rows DESC, value)
           )
           FROM (
             SELECT {value} AS value, count(*) AS rows
             FROM {source}
             WHERE {violations}
             GROUP BY 1
             ORDER BY 2 DESC, 1
             LIMIT {SAMPLES}
           ) AS frequent
         ) ELSE '{{}}'::jsonb END
         FROM counted"
    )
}
