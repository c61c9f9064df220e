//! Queries over what a lake really holds.

use std::sync::Arc;

use dataset::explore::ColumnType;
use dataset::query::{Facet, Filter, Key, Measure, Of, Part, Query, Sort, Value};
use duckdb::Connection;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use windsock::duck;

/// Tables that are asked, how often, and what makes their rows unique.
const TABLES: &[(&str, u32, &[&str])] = &[
    ("explore", 6, &["ev_id", "aircraft_key"]),
    ("events", 1, &["ev_id"]),
    ("narratives", 1, &["ev_id", "aircraft_key"]),
    ("causes", 1, CHAIN),
    ("occurrence_chain", 1, CHAIN),
];

const CHAIN: &[&str] = &["ev_id", "aircraft_key", "source_system", "ordinal"];

/// Totals of the event on each of its aircraft.
const REPEATED: &[&str] = &["fatalities", "inj_tot_s", "inj_tot_m", "inj_tot_n"];

/// A column and some of its values.
#[derive(Debug)]
struct Column {
    name: String,
    kind: ColumnType,
    values: Vec<Value>,
}

#[derive(Debug)]
struct Table {
    name: &'static str,
    weight: u32,
    unique: &'static [&'static str],
    columns: Vec<Column>,
}

/// What is asked about.
pub(super) struct Domain(Vec<Arc<Table>>);

impl Domain {
    /// The columns and some values of the tables in the present schema of a database.
    pub(super) fn of(duck: &Connection) -> Self {
        let table = |(name, weight, unique): &(&'static str, u32, &'static [&'static str])| {
            let described = duck::rows(duck, &format!("DESCRIBE {name}")).unwrap();
            let columns = described.rows.iter().map(|row| {
                let (column, kind) = (row[0].as_str().unwrap(), row[1].as_str().unwrap());
                Column {
                    name: column.to_owned(),
                    kind: kind_of(kind),
                    values: values(duck, name, column),
                }
            });
            Arc::new(Table {
                name,
                weight: *weight,
                unique,
                columns: columns.collect(),
            })
        };
        Self(TABLES.iter().map(table).collect())
    }
}

fn kind_of(sql: &str) -> ColumnType {
    match sql {
        "VARCHAR" => ColumnType::Text,
        "DOUBLE" => ColumnType::Float,
        "DATE" => ColumnType::Date,
        "BOOLEAN" => ColumnType::Boolean,
        "SMALLINT" | "INTEGER" | "BIGINT" => ColumnType::Int,
        "TIMESTAMP" => ColumnType::Timestamp,
        other => panic!("type {other}"),
    }
}

fn values(duck: &Connection, table: &str, column: &str) -> Vec<Value> {
    let sql = format!(
        "SELECT {column} FROM {table} WHERE {column} IS NOT NULL
         GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 15"
    );
    let rows = duck::rows(duck, &sql).unwrap().rows;
    rows.into_iter()
        .map(|row| serde_json::from_value(row[0].clone()).unwrap())
        .collect()
}

impl Table {
    fn of_kind(&self, kinds: &[ColumnType]) -> Vec<usize> {
        let fits = |at: &usize| kinds.contains(&self.columns[*at].kind);
        (0..self.columns.len()).filter(fits).collect()
    }

    fn names(&self, columns: &[usize]) -> Vec<String> {
        columns
            .iter()
            .map(|at| self.columns[*at].name.clone())
            .collect()
    }

    /// A value of a column, or one that no row has.
    fn value(&self, column: usize) -> BoxedStrategy<Value> {
        let Column { kind, values, .. } = &self.columns[column];
        let odd = match kind {
            ColumnType::Text => Value::from("NOTHING'S"),
            ColumnType::Int => Value::Int(-7),
            ColumnType::Float => Value::Float(0.125),
            ColumnType::Date | ColumnType::Timestamp => Value::from("1999-12-31"),
            ColumnType::Boolean => Value::Boolean(true),
        };
        if values.is_empty() {
            return Just(odd).boxed();
        }
        prop_oneof![9 => select(values.clone()), 1 => Just(odd)].boxed()
    }
}

const COMPARED: &[ColumnType] = &[
    ColumnType::Text,
    ColumnType::Int,
    ColumnType::Float,
    ColumnType::Date,
    ColumnType::Boolean,
];
const NUMBERS: &[ColumnType] = &[ColumnType::Int, ColumnType::Float];
const ORDERED: &[ColumnType] = &[ColumnType::Int, ColumnType::Float, ColumnType::Date];
const DATES: &[ColumnType] = &[ColumnType::Date, ColumnType::Timestamp];

fn equal(table: &Arc<Table>) -> BoxedStrategy<Filter> {
    let table = Arc::clone(table);
    select(table.of_kind(COMPARED))
        .prop_flat_map(move |at| {
            let column = table.columns[at].name.clone();
            let value = prop_oneof![6 => table.value(at), 1 => Just(Value::Null)];
            vec(value, 0..5).prop_map(move |values| match &values[..] {
                [value] => Filter::Eq {
                    column: column.clone(),
                    value: value.clone(),
                },
                _ => Filter::In {
                    column: column.clone(),
                    values,
                },
            })
        })
        .boxed()
}

fn range(table: &Arc<Table>) -> BoxedStrategy<Filter> {
    let table = Arc::clone(table);
    select(table.of_kind(ORDERED))
        .prop_flat_map(move |at| {
            let column = table.columns[at].name.clone();
            let limit = || prop_oneof![4 => table.value(at), 1 => Just(Value::Null)];
            (limit(), limit()).prop_map(move |(min, max)| Filter::Range {
                column: column.clone(),
                min,
                max,
            })
        })
        .boxed()
}

/// Parts of values: from a word, a middle or a beginning of them.
fn text(table: &Arc<Table>) -> BoxedStrategy<Filter> {
    let table = Arc::clone(table);
    select(table.of_kind(&[ColumnType::Text]))
        .prop_flat_map(move |at| {
            let column = table.columns[at].name.clone();
            (table.value(at), any::<Index>(), 1..9_usize, 0..3).prop_map(
                move |(value, start, length, form)| {
                    let column = column.clone();
                    let whole = value.to_string();
                    let words: Vec<&str> = whole.split_whitespace().collect();
                    let word = words.get(start.index(words.len().max(1))).copied();
                    let chars: Vec<char> = whole.chars().collect();
                    let cut = |from: usize| chars.iter().skip(from).take(length).collect();
                    match (form, word) {
                        (0, Some(word)) if word.chars().any(char::is_alphanumeric) => {
                            Filter::Word {
                                column,
                                text: word.to_owned(),
                            }
                        }
                        (1, _) => Filter::Prefix {
                            column,
                            text: cut(0),
                        },
                        _ => Filter::Contains {
                            column,
                            text: cut(start.index(chars.len().max(1))),
                        },
                    }
                },
            )
        })
        .boxed()
}

fn part() -> impl Strategy<Value = Part> {
    use Part::{Day, Month, Quarter, Weekday, Year};
    select(&[Year, Quarter, Month, Day, Weekday][..])
}

fn date_part(table: &Arc<Table>) -> BoxedStrategy<Filter> {
    let dates = table.names(&table.of_kind(DATES));
    if dates.is_empty() {
        return missing(table);
    }
    let numbers = prop_oneof![1..13_i64, 1962..2026_i64];
    (select(dates), part(), vec(numbers, 0..5))
        .prop_map(|(column, part, values)| Filter::Part {
            column,
            part,
            values,
        })
        .boxed()
}

fn missing(table: &Arc<Table>) -> BoxedStrategy<Filter> {
    let all: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
    select(all).prop_map(Filter::Null).boxed()
}

/// Boxes and circles about the United States, for the table that has places.
fn place(table: &Arc<Table>) -> BoxedStrategy<Filter> {
    if table.name != "explore" {
        return missing(table);
    }
    let names = || ("latitude".to_owned(), "longitude".to_owned());
    let boxed = (20..60_i32, -180..180_i32, 0..30_i32, 0..90_i32).prop_map(
        move |(south, west, height, width)| {
            let (latitude_column, longitude_column) = names();
            let east = west + width;
            Filter::Box {
                latitude_column,
                longitude_column,
                south: f64::from(south),
                west: f64::from(west),
                north: f64::from(south + height),
                east: f64::from(if east > 180 { east - 360 } else { east }),
            }
        },
    );
    let circle = (2400..6500_i32, -15000..-6000_i32, 1..3000_i32).prop_map(
        move |(latitude, longitude, km)| {
            let (latitude_column, longitude_column) = names();
            Filter::Radius {
                latitude_column,
                longitude_column,
                latitude: f64::from(latitude) / 100.0,
                longitude: f64::from(longitude) / 100.0,
                km: f64::from(km),
            }
        },
    );
    prop_oneof![boxed, circle].boxed()
}

fn leaf(table: &Arc<Table>) -> BoxedStrategy<Filter> {
    prop_oneof![
        4 => equal(table),
        3 => range(table),
        3 => text(table),
        1 => date_part(table),
        1 => missing(table),
        1 => place(table),
    ]
    .boxed()
}

fn nested(leaf: BoxedStrategy<Filter>) -> BoxedStrategy<Filter> {
    leaf.prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            2 => vec(inner.clone(), 0..3).prop_map(Filter::And),
            3 => vec(inner.clone(), 1..4).prop_map(Filter::Or),
            1 => inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
    .boxed()
}

fn join(tables: &[Arc<Table>], from: &Table) -> BoxedStrategy<Filter> {
    let per_event = from.name == "events";
    select(tables.to_vec())
        .prop_flat_map(move |other| {
            let pairs = !per_event && other.name != "events";
            let filter = option::weighted(0.9, nested(leaf(&other)));
            (filter, any::<bool>()).prop_map(move |(filter, both)| {
                let mut on = vec!["ev_id".to_owned()];
                on.extend((both && pairs).then(|| "aircraft_key".to_owned()));
                Filter::Exists {
                    table: other.name.to_owned(),
                    on,
                    filter: filter.map(Box::new),
                }
            })
        })
        .boxed()
}

fn measure(table: &Arc<Table>) -> BoxedStrategy<Measure> {
    let any_column = table.names(&table.of_kind(COMPARED));
    let numbers = table.names(&table.of_kind(NUMBERS));
    let plain = |column| Of {
        column,
        once_per: None,
    };
    let column = || select(any_column.clone());
    let number = || select(numbers.clone());
    let sum = if table.name == "explore" {
        let once = select(REPEATED).prop_map(|column| Of {
            column: column.to_owned(),
            once_per: Some("ev_id".to_owned()),
        });
        prop_oneof![once, number().prop_map(plain)].boxed()
    } else {
        number().prop_map(plain).boxed()
    };
    prop_oneof![
        Just(Measure::Rows),
        column().prop_map(Measure::Distinct),
        sum.clone().prop_map(Measure::Sum),
        sum.prop_map(Measure::Mean),
        column().prop_map(Measure::Min),
        column().prop_map(Measure::Max),
        (number(), 0..=100_u8).prop_map(|(column, percent)| Measure::Quantile { column, percent }),
        Just(Measure::Share(Box::new(Measure::Rows))),
        column().prop_map(|column| Measure::Share(Box::new(Measure::Distinct(column)))),
    ]
    .boxed()
}

fn key(table: &Arc<Table>) -> BoxedStrategy<Key> {
    let columns = table.names(&table.of_kind(COMPARED));
    let dates = table.names(&table.of_kind(DATES));
    let numbers = table.names(&table.of_kind(NUMBERS));
    let column = select(columns).prop_map(Key::Column);
    let width = select(&[1.0, 5.0, 10.0, 250.0][..]);
    let bin = (select(numbers), width).prop_map(|(column, width)| Key::Bin { column, width });
    if dates.is_empty() {
        return prop_oneof![3 => column, 1 => bin].boxed();
    }
    let part = (select(dates), part()).prop_map(|(column, part)| Key::Part { column, part });
    prop_oneof![3 => column, 1 => bin, 1 => part].boxed()
}

/// A query without a filter; its order leaves nothing to chance.
fn shape(table: &Arc<Table>) -> BoxedStrategy<Query> {
    let shown = table.names(&table.of_kind(COMPARED));
    let unique = table.unique;
    let name = table.name.to_owned();
    let base = move || Query {
        table: name.clone(),
        ..Query::default()
    };
    let count = {
        let base = base.clone();
        let facet = (select(shown.clone()), option::of(1..9_u32))
            .prop_map(|(column, limit)| Facet { column, limit });
        vec(facet, 0..3).prop_map(move |facets| Query { facets, ..base() })
    };
    let rows = {
        let base = base.clone();
        let sorted = vec((select(shown.clone()), any::<bool>()), 0..3);
        (subsequence(shown, 1..6), sorted).prop_map(move |(select, sorted)| {
            let steps = sorted.into_iter().map(|(by, desc)| Sort { by, desc });
            let ties = unique.iter().map(|by| Sort {
                by: (*by).to_owned(),
                desc: false,
            });
            Query {
                select,
                sort: steps.chain(ties).collect(),
                ..base()
            }
        })
    };
    let groups = (
        vec(key(table), 0..3),
        vec(measure(table), 0..4),
        any::<Index>(),
        any::<bool>(),
    )
        .prop_map(move |(group, measures, sorted, desc)| {
            let mut query = Query {
                group,
                measures,
                ..base()
            };
            let mut names = std::collections::BTreeSet::new();
            query.group.retain(|key| names.insert(key.name()));
            query
                .measures
                .retain(|measure| names.insert(measure.name()));
            if query.group.is_empty() && query.measures.is_empty() {
                query.measures.push(Measure::Rows);
            }
            // Fractions that differ in their last digit would be sorted differently.
            let exact = query.measures.iter().filter(|measure| {
                !matches!(
                    measure,
                    Measure::Sum(_)
                        | Measure::Mean(_)
                        | Measure::Quantile { .. }
                        | Measure::Share(_)
                )
            });
            let names: Vec<String> = exact.map(Measure::name).collect();
            if !names.is_empty() && sorted.index(3) > 0 {
                let by = sorted.get(&names).clone();
                query.sort = vec![Sort { by, desc }];
            }
            query
        });
    prop_oneof![1 => count, 2 => rows, 4 => groups].boxed()
}

pub(super) fn query(domain: &Domain) -> BoxedStrategy<Query> {
    let tables = domain.0.clone();
    let each = domain.0.iter().map(|table| {
        let join = join(&tables, table);
        let filter = nested(prop_oneof![5 => leaf(table), 1 => join].boxed());
        let page = (option::of(0..40_u32), 0..20_u32);
        let query = (shape(table), option::weighted(0.85, filter), page).prop_map(
            |(query, filter, (limit, offset))| {
                let counts = query.select.is_empty() && query.group.is_empty();
                let counts = counts && query.measures.is_empty();
                Query {
                    filter,
                    // A page of nothing but counts has no meaning.
                    limit: limit.filter(|_| !counts),
                    offset: if counts { 0 } else { offset },
                    ..query
                }
            },
        );
        (table.weight, query.boxed())
    });
    prop::strategy::Union::new_weighted(each.collect()).boxed()
}
