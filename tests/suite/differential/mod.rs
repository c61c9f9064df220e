//! Generated queries, answered by the engine and by DuckDB over the same lake.
//!
//! DuckDB reads the lake with its own Parquet reader and runs [`dataset::query::sql`], the text
//! that the explore page shows: a difference is a mistake of one of them. The engine answers from
//! the files by partition, from those by column, and from some of both.

mod generate;

use std::cell::RefCell;
use std::fs;

use dataset::explore::ColumnType;
use dataset::manifest::TableEntry;
use dataset::query::{Query, sql};
use duckdb::Connection;
use engine::Engine;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use windsock::duck;

use crate::harness::site;

const QUERIES: u32 = 5_000;

/// Sums of fractions depend on the order they are added in; nothing else may differ.
const TOLERANCE: f64 = 1e-9;

struct Both {
    /// Over the files by partition, over those by column where there are any, and over some of
    /// each.
    engines: [Engine; 3],
    duck: Connection,
    /// How many queries had any row.
    answered: usize,
}

/// The lake in the memory of both. Fractions are doubles to both: the records keep the single
/// precision of their source.
fn open() -> Both {
    let lake = site().lake();
    let duck = duck::open(None).unwrap();
    let manifest = duck::register(&duck, &lake).unwrap();
    duck.execute_batch("SET threads = 1; CREATE SCHEMA held;")
        .unwrap();
    for (name, table) in &manifest.tables {
        let floats = table.columns.iter().filter(|c| c.kind == ColumnType::Float);
        let floats: Vec<String> = floats
            .map(|c| format!("{0}::DOUBLE AS {0}", duck::identifier(&c.name)))
            .collect();
        let replaced = match &floats[..] {
            [] => String::new(),
            floats => format!("REPLACE ({})", floats.join(", ")),
        };
        duck.execute_batch(&format!(
            "CREATE TABLE held.{name} AS SELECT * {replaced} FROM main.{name}"
        ))
        .unwrap();
    }
    duck.execute_batch("USE held").unwrap();
    let files = |by: fn(usize, &TableEntry) -> Vec<&str>| {
        let tables = manifest.tables.values().enumerate();
        let paths = tables.flat_map(|(at, table)| by(at, table));
        let mut engine = Engine::with_manifest(manifest.clone());
        for path in paths {
            let bytes = fs::read(lake.join(path)).unwrap();
            engine.feed(path, bytes).unwrap();
        }
        engine
    };
    Both {
        engines: [files(by_row), files(by_column), files(mixed)],
        duck,
        answered: 0,
    }
}

fn by_row(_: usize, table: &TableEntry) -> Vec<&str> {
    table.files.iter().map(|file| file.path.as_str()).collect()
}

fn by_column(at: usize, table: &TableEntry) -> Vec<&str> {
    let parts = table.by_column.iter().map(|part| part.path.as_str());
    let parts: Vec<&str> = parts.collect();
    if parts.is_empty() {
        by_row(at, table)
    } else {
        parts
    }
}

/// Every other file by partition, and every column: the files that are there come first.
fn mixed(at: usize, table: &TableEntry) -> Vec<&str> {
    if table.by_column.is_empty() {
        return by_row(at, table);
    }
    let mut paths = by_column(at, table);
    paths.extend(by_row(at, table).into_iter().step_by(2));
    paths
}

impl Both {
    fn sql(&self, text: &str) -> Vec<Vec<Value>> {
        match duck::rows(&self.duck, text) {
            Ok(rows) => rows.rows,
            Err(error) => panic!("{error:#}\n{text}"),
        }
    }

    fn compare(&mut self, query: &Query) -> Result<(), TestCaseError> {
        let [answer, others @ ..] = self.engines.each_mut().map(|engine| {
            let answer = engine.run(query).unwrap();
            serde_json::to_value(&answer).unwrap()
        });
        for other in others {
            prop_assert_eq!(&other, &answer, "from other files");
        }
        let is_counted = query.select.is_empty() && query.group.is_empty();
        let is_counted = is_counted && query.measures.is_empty();
        let rows = if is_counted {
            Value::Array(vec![
                [&answer["matched_rows"], &answer["matched_events"]]
                    .into_iter()
                    .cloned()
                    .collect(),
            ])
        } else {
            answer["rows"].clone()
        };
        same(&rows, &self.sql(&sql::answer(query)), &sql::answer(query))?;
        for (facet, counted) in query
            .facets
            .iter()
            .zip(answer["facets"].as_array().unwrap())
        {
            let text = sql::facet(query, facet, true);
            same(&counted["values"], &self.sql(&text), &text)?;
        }
        self.answered += usize::from(answer["matched_rows"] != 0);
        Ok(())
    }
}

fn same(ours: &Value, theirs: &[Vec<Value>], text: &str) -> Result<(), TestCaseError> {
    let ours = ours.as_array().unwrap();
    prop_assert_eq!(ours.len(), theirs.len(), "rows of\n{}", text);
    for (number, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        let ours = ours.as_array().unwrap();
        let alike = ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| close(a, b));
        prop_assert!(alike, "row {number}: {ours:?} and {theirs:?} of\n{text}");
    }
    Ok(())
}

fn close(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(a), Some(b)) if ours.is_f64() || theirs.is_f64() => {
            (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(1.0)
        }
        _ => ours == theirs,
    }
}

#[test]
fn the_engine_and_duckdb_agree_on_thousands_of_generated_queries() {
    let both = open();
    let domain = generate::Domain::of(&both.duck);
    let both = RefCell::new(both);
    let config = Config {
        cases: QUERIES,
        failure_persistence: None,
        ..Config::default()
    };
    let seed = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, seed)
        .run(&generate::query(&domain), |query| {
            both.borrow_mut().compare(&query)
        })
        .unwrap();
    let answered = both.borrow().answered;
    println!(
        "{QUERIES} queries, {answered} of them with rows, each answered by row, by column and from \
         some of both: 0 differences from DuckDB"
    );
    assert!(
        answered * 2 > QUERIES as usize,
        "most queries must find something"
    );
}
