//! Generated queries answered twice.

use std::cell::RefCell;

use dataset::query::{Facet, Filter, Key, Measure, Of, Query, Sort, Value};
use engine::Engine;
use parquet::file::properties::WriterVersion;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use crate::lake::{COLUMNS, Lake, MAKES, STATES, snappy, zstandard};
use crate::naive;

fn text(values: &'static [&'static str]) -> impl Strategy<Value = Value> {
    select(values).prop_map(Value::from)
}

fn date() -> impl Strategy<Value = Value> {
    (1999..2005, 1..13, 1..29).prop_map(|(y, m, d)| Value::Text(format!("{y}-{m:02}-{d:02}")))
}

fn value_of(column: &'static str) -> BoxedStrategy<Value> {
    match column {
        "ev_year" => (1999..2005_i64).prop_map(Value::Int).boxed(),
        "fatalities" => (-1..5_i64).prop_map(Value::Int).boxed(),
        "ev_date" => date().boxed(),
        "ev_state" => text(STATES).boxed(),
        "acft_make" => text(MAKES).boxed(),
        "pilot_hours" => (0..90_000)
            .prop_map(|n| Value::Float(f64::from(n) / 8.0))
            .boxed(),
        "homebuilt" => any::<bool>().prop_map(Value::Boolean).boxed(),
        _ => text(&["1999000000", "2001000014", "nothing"]).boxed(),
    }
}

fn column() -> impl Strategy<Value = &'static str> {
    select(COLUMNS).prop_map(|(name, _)| name)
}

fn ranged() -> impl Strategy<Value = &'static str> {
    select(&["ev_year", "fatalities", "ev_date", "pilot_hours"][..])
}

fn leaf() -> impl Strategy<Value = Filter> {
    let eq = column().prop_flat_map(|column| {
        value_of(column).prop_map(move |value| Filter::Eq {
            column: column.to_owned(),
            value,
        })
    });
    let of = column().prop_flat_map(|column| {
        let value = prop_oneof![4 => value_of(column), 1 => Just(Value::Null)];
        vec(value, 0..4).prop_map(move |values| Filter::In {
            column: column.to_owned(),
            values,
        })
    });
    let range = ranged().prop_flat_map(|column| {
        let limit = || prop_oneof![4 => value_of(column), 1 => Just(Value::Null)];
        (limit(), limit()).prop_map(move |(min, max)| Filter::Range {
            column: column.to_owned(),
            min,
            max,
        })
    });
    let part = select(&["ess", "ö", "PI", "j & j", "a", "", "=", "2001"][..]);
    let texts = (
        select(&["acft_make", "ev_state", "ev_id"][..]),
        part,
        any::<bool>(),
    );
    let texts = texts.prop_map(|(column, text, prefix)| {
        let (column, text) = (column.to_owned(), text.to_owned());
        if prefix {
            Filter::Prefix { column, text }
        } else {
            Filter::Contains { column, text }
        }
    });
    let null = column().prop_map(|column| Filter::Null(column.to_owned()));
    prop_oneof![2 => eq, 2 => of, 3 => range, 2 => texts, 1 => null]
}

fn filter() -> impl Strategy<Value = Filter> {
    leaf().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Filter::And),
            vec(inner.clone(), 0..4).prop_map(Filter::Or),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

fn measure() -> impl Strategy<Value = Measure> {
    let of = || {
        let key = option::of(select(&["ev_id", "ev_state"][..]));
        (select(&["fatalities", "pilot_hours"][..]), key).prop_map(|(column, key)| Of {
            column: column.to_owned(),
            once_per: key.map(str::to_owned),
        })
    };
    prop_oneof![
        Just(Measure::Rows),
        column().prop_map(|c| Measure::Distinct(c.to_owned())),
        of().prop_map(Measure::Sum),
        of().prop_map(Measure::Mean),
        column().prop_map(|c| Measure::Min(c.to_owned())),
        column().prop_map(|c| Measure::Max(c.to_owned())),
    ]
}

fn names(range: std::ops::Range<usize>) -> impl Strategy<Value = Vec<String>> {
    let all: Vec<String> = COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect();
    subsequence(all, range)
}

pub(crate) fn query() -> impl Strategy<Value = Query> {
    let facet = (column(), option::of(0..5_u32)).prop_map(|(column, limit)| Facet {
        column: column.to_owned(),
        limit,
    });
    let shape = prop_oneof![
        names(0..8).prop_map(|select| (select, Vec::new(), Vec::new())),
        (names(0..3), vec(measure(), 1..4)).prop_map(|(group, m)| (Vec::new(), group, m)),
        names(1..3).prop_map(|group| (Vec::new(), group, Vec::new())),
    ];
    let rest = (vec(facet, 0..3), option::of(0..40_u32), 0..30_u32);
    let sorts = vec((any::<prop::sample::Index>(), any::<bool>()), 0..3);
    (option::of(filter()), shape, rest, sorts).prop_map(
        |(filter, (select, group, measures), (facets, limit, offset), sorts)| {
            let mut query = Query {
                filter,
                select,
                group: group.iter().map(|name| Key::from(name.as_str())).collect(),
                measures,
                facets,
                limit,
                offset,
                ..Query::default()
            };
            let names: Vec<String> = if query.group.is_empty() && query.measures.is_empty() {
                COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect()
            } else {
                query
                    .group
                    .iter()
                    .map(Key::name)
                    .chain(query.measures.iter().map(Measure::name))
                    .collect()
            };
            let sort = |(at, desc): (prop::sample::Index, bool)| Sort {
                by: at.get(&names).clone(),
                desc,
            };
            query.sort = sorts.into_iter().map(sort).collect();
            query
        },
    )
}

pub(crate) fn check(lake: &Lake, engine: &mut Engine, query: &Query) -> Result<(), TestCaseError> {
    let result = engine.run(query).unwrap();
    let mut actual = serde_json::to_value(&result).unwrap();
    let names: Vec<&str> = result.columns.iter().map(|c| c.name.as_str()).collect();
    actual["names"] = json!(names);
    let actual = actual.as_object_mut().unwrap();
    actual.remove("columns");
    actual.remove("scanned_rows");
    prop_assert_eq!(json!(actual), naive::run(&lake.rows, query));
    Ok(())
}

fn agree(lake: &Lake, cases: u32) {
    let engine = RefCell::new(lake.engine());
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&query(), |query| {
            check(lake, &mut engine.borrow_mut(), &query)
        })
        .unwrap();
}

#[test]
fn any_query_is_answered_as_row_by_row() {
    agree(&Lake::new(), 600);
}

#[test]
fn version_2_pages_read_the_same() {
    let properties = snappy()
        .set_writer_version(WriterVersion::PARQUET_2_0)
        .set_dictionary_page_size_limit(1 << 20);
    agree(&Lake::with(&properties.build(), |_| true), 60);
}

#[test]
fn zstandard_is_read_in_both_kinds_of_pages() {
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        let properties = zstandard()
            .set_writer_version(version)
            .set_dictionary_page_size_limit(1 << 20);
        agree(&Lake::with(&properties.build(), |_| true), 60);
    }
}

#[test]
fn a_partition_column_may_be_left_out_of_the_files() {
    agree(&Lake::with(&snappy().build(), |name| name != "ev_year"), 60);
}

#[test]
fn csv_has_every_matching_row_whatever_the_page() {
    let lake = Lake::new();
    let query = Query {
        filter: Some(Filter::Eq {
            column: "acft_make".to_owned(),
            value: "=BOEING".into(),
        }),
        select: ["ev_id", "acft_make", "pilot_hours", "homebuilt"]
            .map(str::to_owned)
            .to_vec(),
        limit: Some(1),
        offset: 3,
        ..Query::default()
    };
    let csv = lake.engine().csv(&query).unwrap();
    let boeings = lake.rows.iter().filter(|row| row[4] == "=BOEING");
    let mut lines = csv.split_terminator("\r\n");
    assert_eq!(
        lines.next().unwrap(),
        "ev_id,acft_make,pilot_hours,homebuilt"
    );
    for row in boeings {
        let bare = |value: &serde_json::Value| match value.as_f64() {
            Some(number) => number.to_string(),
            None if value.is_null() => String::new(),
            None => value.to_string(),
        };
        let id = row[0].as_str().unwrap();
        let expected = format!("{id},'=BOEING,{},{}", bare(&row[6]), bare(&row[7]));
        assert_eq!(lines.next().unwrap(), expected);
    }
    assert_eq!(lines.next(), None);
    let whole = lake.engine().csv(&Query::default()).unwrap();
    assert_eq!(whole.lines().count(), lake.rows.len() + 1);
}
