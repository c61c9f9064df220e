//! Queries as SQL, for people who want to go on in DuckDB and for the tests that let DuckDB answer
//! the same question.
//!
//! Conditions with a missing value do not hold in the query model and are unknown in SQL. `WHERE`
//! treats both alike, so only what stands under a `NOT` is brought back to two values.

use std::fmt::Write;

use super::{Facet, Filter, Key, Measure, Of, Query, Value};

/// Mean radius of the earth in kilometres, (2a + b) / 3 of the WGS 84 ellipsoid.
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// The rows or groups of a query; its counts if it asks for neither.
pub fn answer(query: &Query) -> String {
    if !query.group.is_empty() || !query.measures.is_empty() {
        return groups(query);
    }
    if query.select.is_empty() {
        return counts(query, true);
    }
    let columns: Vec<String> = query.select.iter().map(|name| identifier(name)).collect();
    let mut sql = format!("SELECT {}\n{}", columns.join(", "), source(query));
    let order = query.sort.iter().map(|sort| step(&sort.by, sort.desc));
    finish(&mut sql, query, &order.collect::<Vec<_>>());
    sql
}

/// How many rows match and, where the table has `ev_id`, how many events.
pub fn counts(query: &Query, has_events: bool) -> String {
    let mut sql = "SELECT count(*) AS matched_rows".to_owned();
    if has_events {
        sql.push_str(", count(DISTINCT ev_id) AS matched_events");
    }
    sql.push('\n');
    sql.push_str(&source(query));
    sql
}

/// The counts of one facet, most frequent first: events, or rows where there are no events.
pub fn facet(query: &Query, facet: &Facet, has_events: bool) -> String {
    let column = identifier(&facet.column);
    let count = if has_events {
        "count(DISTINCT ev_id)"
    } else {
        "count(*)"
    };
    let mut sql = format!(
        "SELECT {column}, {count} AS n\n{}\nGROUP BY 1\nORDER BY n DESC, {column} NULLS LAST",
        source(query)
    );
    if let Some(limit) = facet.limit {
        let _ = write!(sql, "\nLIMIT {limit}");
    }
    sql
}

fn groups(query: &Query) -> String {
    let keys: Vec<String> = query.group.iter().map(key).collect();
    let mut columns: Vec<String> = keys
        .iter()
        .zip(&query.group)
        .map(|(sql, key)| match key {
            Key::Column(_) => sql.clone(),
            key => format!("{sql} AS {}", identifier(&key.name())),
        })
        .collect();
    // Values that repeat on every row of a key are taken from its first row in the group.
    let mut firsts = String::new();
    let mut number = 0;
    for measure in &query.measures {
        let name = identifier(&measure.name());
        let computed = match measure {
            Measure::Sum(of) => once("sum", of, &keys, &mut firsts, &mut number),
            Measure::Mean(of) => once("avg", of, &keys, &mut firsts, &mut number),
            Measure::Share(of) => {
                let all = simple(of);
                format!("{all} / nullif((SELECT {all} FROM matched), 0)")
            }
            other => simple(other),
        };
        columns.push(format!("{computed} AS {name}"));
    }
    let rows = source(query);
    let shares = query
        .measures
        .iter()
        .any(|measure| matches!(measure, Measure::Share(_)));
    let mut sql = String::new();
    let mut from = rows.clone();
    if shares || !firsts.is_empty() {
        let inner = format!("SELECT *{firsts}\n{rows}").replace('\n', "\n  ");
        let _ = write!(sql, "WITH matched AS (\n  {inner}\n)\n");
        "FROM matched".clone_into(&mut from);
    }
    let _ = write!(sql, "SELECT {}\n{from}", columns.join(",\n  "));
    if !keys.is_empty() {
        let places: Vec<String> = (1..=keys.len()).map(|place| place.to_string()).collect();
        let _ = write!(sql, "\nGROUP BY {}", places.join(", "));
    }
    let order = query.sort.iter().map(|sort| step(&sort.by, sort.desc));
    let ties = query.group.iter().map(|key| step(&key.name(), false));
    finish(&mut sql, query, &order.chain(ties).collect::<Vec<_>>());
    sql
}

fn simple(measure: &Measure) -> String {
    match measure {
        Measure::Rows => "count(*)".to_owned(),
        Measure::Distinct(column) => format!("count(DISTINCT {})", identifier(column)),
        Measure::Sum(of) => format!("sum({})", identifier(&of.column)),
        Measure::Mean(of) => format!("avg({})", identifier(&of.column)),
        Measure::Min(column) => format!("min({})", identifier(column)),
        Measure::Max(column) => format!("max({})", identifier(column)),
        Measure::Quantile { column, percent } => {
            format!(
                "quantile_cont({}, {})",
                identifier(column),
                f64::from(*percent) / 100.0
            )
        }
        // The engine refuses shares of shares.
        Measure::Share(of) => simple(of),
    }
}

fn once(
    function: &str,
    of: &Of,
    keys: &[String],
    firsts: &mut String,
    number: &mut usize,
) -> String {
    let column = identifier(&of.column);
    let Some(per) = &of.once_per else {
        return format!("{function}({column})");
    };
    *number += 1;
    let per = identifier(per);
    let mut parts = keys.to_vec();
    parts.extend([per.clone(), format!("{column} IS NULL")]);
    let _ = write!(
        firsts,
        ",\n  row_number() OVER (PARTITION BY {}) AS nth_{number}",
        parts.join(", ")
    );
    format!("{function}({column}) FILTER (WHERE nth_{number} = 1 AND {per} IS NOT NULL)")
}

fn key(key: &Key) -> String {
    let column = identifier(key.column());
    match key {
        Key::Column(_) => column,
        Key::Part { part, .. } => date_part(*part, &column),
        Key::Bin { width, .. } => format!("floor({column} / {width}) * {width}"),
    }
}

/// As DuckDB, PostgreSQL and DataFusion all have it.
fn date_part(part: super::Part, column: &str) -> String {
    let name = match part {
        super::Part::Weekday => "isodow",
        other => other.name(),
    };
    format!("date_part('{name}', {column})")
}

fn source(query: &Query) -> String {
    let table = identifier(&query.table);
    match &query.filter {
        None => format!("FROM {table}"),
        Some(filter) => format!("FROM {table}\nWHERE {}", condition(filter)),
    }
}

fn step(by: &str, desc: bool) -> String {
    let direction = if desc { " DESC" } else { "" };
    format!("{}{direction} NULLS LAST", identifier(by))
}

fn finish(sql: &mut String, query: &Query, order: &[String]) {
    if !order.is_empty() {
        let _ = write!(sql, "\nORDER BY {}", order.join(", "));
    }
    if let Some(limit) = query.limit {
        let _ = write!(sql, "\nLIMIT {limit}");
    }
    if query.offset > 0 {
        let _ = write!(sql, "\nOFFSET {}", query.offset);
    }
}

/// A filter as the condition of a `WHERE`.
pub fn condition(filter: &Filter) -> String {
    match filter {
        Filter::And(parts) => joined(parts, " AND ", "true"),
        Filter::Or(parts) => joined(parts, " OR ", "false"),
        Filter::Not(part) => match &**part {
            // These come in parentheses.
            Filter::And(parts) | Filter::Or(parts) if parts.len() > 1 => {
                format!("{} IS NOT TRUE", condition(part))
            }
            part => format!("({}) IS NOT TRUE", condition(part)),
        },
        Filter::Eq { column, value } => one_of(column, std::slice::from_ref(value)),
        Filter::In { column, values } => one_of(column, values),
        Filter::Range { column, min, max } => {
            let column = identifier(column);
            match (min, max) {
                (Value::Null, Value::Null) => format!("{column} IS NOT NULL"),
                (min, Value::Null) => format!("{column} >= {}", scalar(min)),
                (Value::Null, max) => format!("{column} <= {}", scalar(max)),
                (min, max) => format!("{column} BETWEEN {} AND {}", scalar(min), scalar(max)),
            }
        }
        Filter::Contains { column, text } => text_test("contains", column, text),
        Filter::Prefix { column, text } => text_test("starts_with", column, text),
        Filter::Word { column, text } => {
            let border = "[^\\p{L}\\p{N}]";
            let pattern = format!("(^|{border}){}($|{border})", quoted(&text.to_lowercase()));
            let column = identifier(column);
            format!("regexp_matches(lower({column}), {})", literal(&pattern))
        }
        Filter::Null(column) => format!("{} IS NULL", identifier(column)),
        Filter::Part {
            column,
            part,
            values,
        } => {
            let values: Vec<Value> = values.iter().copied().map(Value::Int).collect();
            list(&date_part(*part, &identifier(column)), &values)
        }
        Filter::Box {
            latitude_column,
            longitude_column,
            south,
            west,
            north,
            east,
        } => {
            let (y, x) = (identifier(latitude_column), identifier(longitude_column));
            let across = if west <= east {
                format!("{x} BETWEEN {west} AND {east}")
            } else {
                format!("({x} >= {west} OR {x} <= {east})")
            };
            format!("({y} BETWEEN {south} AND {north} AND {across})")
        }
        Filter::Radius {
            latitude_column,
            longitude_column,
            latitude,
            longitude,
            km,
        } => {
            let (y, x) = (identifier(latitude_column), identifier(longitude_column));
            format!(
                "2 * {EARTH_RADIUS_KM} * asin(least(1, sqrt(\
                 pow(sin(radians({y} - {latitude}) / 2), 2) + \
                 cos(radians({latitude})) * cos(radians({y})) * \
                 pow(sin(radians({x} - {longitude}) / 2), 2)))) <= {km}"
            )
        }
        Filter::Exists { table, on, filter } => {
            let keys: Vec<String> = on.iter().map(|name| identifier(name)).collect();
            let keys = keys.join(", ");
            let rows = match filter {
                None => String::new(),
                Some(filter) => format!(" WHERE {}", condition(filter)),
            };
            let left = if on.len() == 1 {
                keys.clone()
            } else {
                format!("({keys})")
            };
            format!("{left} IN (SELECT {keys} FROM {}{rows})", identifier(table))
        }
    }
}

fn joined(parts: &[Filter], by: &str, nothing: &str) -> String {
    match parts {
        [] => nothing.to_owned(),
        [only] => condition(only),
        parts => {
            let parts: Vec<String> = parts.iter().map(condition).collect();
            format!("({})", parts.join(by))
        }
    }
}

fn one_of(column: &str, values: &[Value]) -> String {
    list(&identifier(column), values)
}

fn list(column: &str, values: &[Value]) -> String {
    let texts: Vec<String> = values
        .iter()
        .filter(|value| **value != Value::Null)
        .map(scalar)
        .collect();
    let known = match &texts[..] {
        [] => None,
        [only] => Some(format!("{column} = {only}")),
        several => Some(format!("{column} IN ({})", several.join(", "))),
    };
    match (known, texts.len() < values.len()) {
        (None, false) => "false".to_owned(),
        (None, true) => format!("{column} IS NULL"),
        (Some(known), false) => known,
        (Some(known), true) => format!("({known} OR {column} IS NULL)"),
    }
}

fn text_test(function: &str, column: &str, text: &str) -> String {
    let text = literal(&text.to_lowercase());
    format!("{function}(lower({}), {text})", identifier(column))
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Text(text) => literal(text),
        other => other.to_string(),
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A name as it can stand in SQL.
fn identifier(name: &str) -> String {
    let plain = name.bytes().enumerate().all(|(at, byte)| {
        byte == b'_' || byte.is_ascii_lowercase() || (at > 0 && byte.is_ascii_digit())
    });
    if plain && !name.is_empty() {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// A text as a regular expression that matches it alone.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(query: &str) -> String {
        answer(&serde_json::from_str(query).unwrap())
    }

    #[test]
    fn what_sql_leaves_unknown_does_not_hold() {
        let text = sql(
            r#"{"select":["ev_id"],"filter":{"not":{"eq":{"column":"ev_state","value":"O'X"}}}}"#,
        );
        assert_eq!(
            text,
            "SELECT ev_id\nFROM explore\nWHERE (ev_state = 'O''X') IS NOT TRUE"
        );
    }

    #[test]
    fn names_cannot_leave_their_place() {
        let text = sql(r#"{"table":"a; DROP","select":["x\"y"]}"#);
        assert_eq!(text, "SELECT \"x\"\"y\"\nFROM \"a; DROP\"");
    }
}
