//! The same queries, row by row over JSON values.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use dataset::query::{Filter, Key, Measure, Of, Query, Value as Scalar};
use serde_json::{Value, json};

use crate::lake::{COLUMNS, Row};

pub(crate) fn run(rows: &[Row], query: &Query) -> Value {
    let matched: Vec<&Row> = rows
        .iter()
        .filter(|row| {
            query
                .filter
                .as_ref()
                .is_none_or(|filter| holds(filter, row))
        })
        .collect();
    let (answer, names) = if query.group.is_empty() && query.measures.is_empty() {
        let answer = sorted(matched.clone(), query, |row, by| row[index(by)].clone());
        let select = |row: &&Row| query.select.iter().map(|c| row[index(c)].clone()).collect();
        let answer: Vec<Row> = if query.select.is_empty() {
            Vec::new()
        } else {
            answer.iter().map(select).collect()
        };
        (answer, query.select.clone())
    } else {
        groups(&matched, query)
    };
    let facets: Vec<Value> = query
        .facets
        .iter()
        .map(|f| facet(&matched, &f.column, f.limit))
        .collect();
    json!({
        "names": names,
        "rows": answer,
        "matched_rows": matched.len(),
        "matched_events": distinct(&matched, "ev_id"),
        "facets": facets,
    })
}

fn index(column: &str) -> usize {
    COLUMNS
        .iter()
        .position(|(name, _)| *name == column)
        .unwrap()
}

fn scalar(value: &Scalar) -> Value {
    serde_json::to_value(value).unwrap()
}

fn holds(filter: &Filter, row: &Row) -> bool {
    let text = |column: &str| row[index(column)].as_str().map(str::to_lowercase);
    match filter {
        Filter::And(all) => all.iter().all(|f| holds(f, row)),
        Filter::Or(any) => any.iter().any(|f| holds(f, row)),
        Filter::Not(filter) => !holds(filter, row),
        Filter::Eq { column, value } => same(&row[index(column)], &scalar(value)),
        Filter::In { column, values } => values
            .iter()
            .any(|value| same(&row[index(column)], &scalar(value))),
        Filter::Range { column, min, max } => {
            let (cell, min, max) = (&row[index(column)], scalar(min), scalar(max));
            !cell.is_null()
                && (min.is_null() || compare(cell, &min).is_ge())
                && (max.is_null() || compare(cell, &max).is_le())
        }
        Filter::Contains { column, text: part } => {
            text(column).is_some_and(|text| text.contains(&part.to_lowercase()))
        }
        Filter::Prefix { column, text: part } => {
            text(column).is_some_and(|text| text.starts_with(&part.to_lowercase()))
        }
        Filter::Null(column) => row[index(column)].is_null(),
        other => unreachable!("DuckDB is asked about {other:?}"),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    compare(a, b).is_eq()
}

/// Missing values last.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => a.is_null().cmp(&b.is_null()),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        _ => a.as_f64().unwrap().total_cmp(&b.as_f64().unwrap()),
    }
}

fn sorted<T>(mut rows: Vec<T>, query: &Query, cell: impl Fn(&T, &str) -> Value) -> Vec<T> {
    rows.sort_by(|a, b| {
        query.sort.iter().fold(Ordering::Equal, |order, sort| {
            let (a, b) = (cell(a, &sort.by), cell(b, &sort.by));
            let step = compare(&a, &b);
            let missing = a.is_null() || b.is_null();
            order.then(if sort.desc && !missing {
                step.reverse()
            } else {
                step
            })
        })
    });
    let limit = query.limit.map_or(usize::MAX, |limit| limit as usize);
    rows.into_iter()
        .skip(query.offset as usize)
        .take(limit)
        .collect()
}

fn groups(matched: &[&Row], query: &Query) -> (Vec<Row>, Vec<String>) {
    let key = |row: &Row| -> Row {
        let columns = query.group.iter();
        columns
            .map(|key| row[index(key.column())].clone())
            .collect()
    };
    let by_value = |a: &Row, b: &Row| {
        a.iter()
            .zip(b)
            .fold(Ordering::Equal, |order, (a, b)| order.then(compare(a, b)))
    };
    let mut keys: Vec<Row> = matched.iter().map(|row| key(row)).collect();
    keys.sort_by(by_value);
    keys.dedup();
    if query.group.is_empty() {
        keys = vec![Vec::new()];
    }
    let mut names: Vec<String> = query.group.iter().map(Key::name).collect();
    names.extend(query.measures.iter().map(Measure::name));
    let rows = keys
        .into_iter()
        .map(|mut values| {
            let members: Vec<&Row> = matched
                .iter()
                .copied()
                .filter(|r| key(r) == values)
                .collect();
            values.extend(query.measures.iter().map(|m| measure(&members, m)));
            values
        })
        .collect();
    let at = |by: &str| names.iter().position(|name| name == by).unwrap();
    (sorted(rows, query, |row, by| row[at(by)].clone()), names)
}

fn measure(members: &[&Row], measure: &Measure) -> Value {
    match measure {
        Measure::Rows => json!(members.len()),
        Measure::Distinct(column) => json!(distinct(members, column)),
        Measure::Sum(of) => {
            let values = values(members, of);
            if values.is_empty() {
                Value::Null
            } else if of.column == "fatalities" {
                json!(values.iter().map(|v| v.as_i64().unwrap()).sum::<i64>())
            } else {
                json!(
                    values
                        .iter()
                        .map(|v| v.as_f64().unwrap())
                        .fold(0.0, |a, b| a + b)
                )
            }
        }
        Measure::Mean(of) => {
            let values = values(members, of);
            let sum = values
                .iter()
                .map(|v| v.as_f64().unwrap())
                .fold(0.0, |a, b| a + b);
            if values.is_empty() {
                Value::Null
            } else {
                json!(sum / values.len() as f64)
            }
        }
        Measure::Min(column) => extreme(members, column, Ordering::Less),
        Measure::Max(column) => extreme(members, column, Ordering::Greater),
        other => unreachable!("DuckDB is asked about {other:?}"),
    }
}

/// The values there are, the first one for each key if that is asked for.
fn values<'a>(members: &[&'a Row], of: &Of) -> Vec<&'a Value> {
    let mut seen = BTreeSet::new();
    members
        .iter()
        .filter(|row| !row[index(&of.column)].is_null())
        .filter(|row| match &of.once_per {
            None => true,
            Some(key) => {
                let key = &row[index(key)];
                !key.is_null() && seen.insert(key.to_string())
            }
        })
        .map(|row| &row[index(&of.column)])
        .collect()
}

fn extreme(members: &[&Row], column: &str, wanted: Ordering) -> Value {
    let cells = members
        .iter()
        .map(|row| &row[index(column)])
        .filter(|v| !v.is_null());
    let better = |best: Value, cell: &Value| {
        if best.is_null() || compare(cell, &best) == wanted {
            cell.clone()
        } else {
            best
        }
    };
    cells.fold(Value::Null, better)
}

fn distinct(rows: &[&Row], column: &str) -> usize {
    let cells = rows.iter().map(|row| &row[index(column)]);
    let texts: BTreeSet<String> = cells
        .filter(|v| !v.is_null())
        .map(Value::to_string)
        .collect();
    texts.len()
}

fn facet(matched: &[&Row], column: &str, limit: Option<u32>) -> Value {
    let mut values: Vec<&Value> = matched.iter().map(|row| &row[index(column)]).collect();
    values.sort_by(|a, b| compare(a, b));
    values.dedup();
    let members = |value: &Value| -> Vec<&Row> {
        matched
            .iter()
            .copied()
            .filter(|row| row[index(column)] == *value)
            .collect()
    };
    let mut counted: Vec<(&Value, usize)> = values
        .into_iter()
        .map(|value| (value, distinct(&members(value), "ev_id")))
        .collect();
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted.truncate(limit.map_or(usize::MAX, |limit| limit as usize));
    json!({"column": column, "distinct": distinct(matched, column), "values": counted})
}
