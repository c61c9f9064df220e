//! The custom expectation: a query that finds what should not be there.

use super::{SAMPLES, Target};

/// Words that may follow a table in FROM, so that they are no alias of it.
const CLAUSES: [&str; 22] = [
    "where",
    "group",
    "order",
    "having",
    "limit",
    "offset",
    "fetch",
    "union",
    "intersect",
    "except",
    "join",
    "left",
    "right",
    "inner",
    "full",
    "cross",
    "natural",
    "on",
    "using",
    "window",
    "for",
    "tablesample",
];

pub(super) fn no_rows(target: &Target, query: &str) -> String {
    let query = with_batch(query.trim_end().trim_end_matches(';'), &target.source);
    // Sorted by content, because a query need not say an order.
    format!(
        "WITH unexpected AS MATERIALIZED (\n{query}\n),
         counted AS (SELECT count(*) AS observed FROM unexpected)
         SELECT jsonb_build_object(
           'element_count', (SELECT count(*) FROM {source}),
           'unexpected_count', observed,
           'observed_value', observed,
           'success', observed = 0
         ) || CASE WHEN observed > 0 THEN jsonb_build_object(
           'details', jsonb_build_object('unexpected_rows', (
             SELECT jsonb_agg(content ORDER BY content::text)
             FROM (
               SELECT to_jsonb(unexpected) AS content FROM unexpected
               ORDER BY to_jsonb(unexpected)::text
               LIMIT {SAMPLES}
             ) AS found
           ))
         ) ELSE '{{}}'::jsonb END
         FROM counted",
        source = target.source,
    )
}

/// Puts the table in the place of `{batch}`. As in Great Expectations, a brace is written twice,
/// and a table that the query gives no alias is called `subselect`.
fn with_batch(query: &str, source: &str) -> String {
    let source = source.strip_suffix(" AS chosen").unwrap_or(source);
    let mut text = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let tail = &rest[at..];
        if let Some(after) = tail.strip_prefix("{batch}") {
            text.push_str(source);
            if !has_alias(after) {
                text.push_str(" AS subselect");
            }
            rest = after;
        } else {
            text.push_str(&tail[..1]);
            let doubled = tail.starts_with("{{") || tail.starts_with("}}");
            rest = &tail[if doubled { 2 } else { 1 }..];
        }
    }
    text.push_str(rest);
    text
}

fn has_alias(after: &str) -> bool {
    let word: String = after
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '"')
        .collect();
    !word.is_empty() && !CLAUSES.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_takes_the_place_of_the_batch() {
        let with = |query: &str| with_batch(query, "ntsb.events");
        assert_eq!(
            with("SELECT 1 FROM {batch} WHERE a ~ '^[0-9]{{4}}$'"),
            "SELECT 1 FROM ntsb.events AS subselect WHERE a ~ '^[0-9]{4}$'"
        );
        assert_eq!(with("FROM {batch} e JOIN x"), "FROM ntsb.events e JOIN x");
        assert_eq!(with("FROM {batch} AS e"), "FROM ntsb.events AS e");
        assert_eq!(
            with("FROM {batch}\nJOIN x"),
            "FROM ntsb.events AS subselect\nJOIN x"
        );
        assert_eq!(with("(FROM {batch})"), "(FROM ntsb.events AS subselect)");
        assert_eq!(
            with_batch(
                "FROM {batch}",
                "(SELECT * FROM ntsb.events WHERE a) AS chosen"
            ),
            "FROM (SELECT * FROM ntsb.events WHERE a) AS subselect"
        );
    }
}
