//! The rows of a table once more, by column: the same answers from other files.

use std::cell::RefCell;

use dataset::manifest::{ColumnFile, TableEntry};
use dataset::query::Query;
use engine::{Engine, PlannedFile};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::agreement::{check, query};
use crate::lake::{Lake, Row, snappy};

fn parsed(text: &str) -> Query {
    serde_json::from_str(text).unwrap()
}

fn paths(fetch: &[PlannedFile]) -> Vec<&str> {
    fetch.iter().map(|file| file.path.as_str()).collect()
}

fn agree(engine: Engine, lake: &Lake, prepare: impl Fn(&mut Engine, &Query)) {
    let engine = RefCell::new(engine);
    let config = Config {
        cases: 300,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&query(), |query| {
            let engine = &mut engine.borrow_mut();
            prepare(engine, &query);
            check(lake, engine, &query)
        })
        .unwrap();
}

#[test]
fn any_query_is_answered_from_columns_as_row_by_row() {
    let lake = Lake::new().by_column();
    agree(lake.engine_by_column(), &lake, |_, _| {});
}

#[test]
fn any_query_is_answered_from_what_its_plan_asks_for_on_top_of_what_is_there() {
    let lake = Lake::new().by_column();
    let engine = Engine::with_manifest(lake.manifest.clone());
    agree(engine, &lake, |engine, query| {
        for file in engine.plan(query).unwrap().fetch {
            engine.feed(&file.path, lake.bytes(&file.path)).unwrap();
        }
        assert!(engine.plan(query).unwrap().fetch.is_empty());
    });
    let mut engine = Engine::with_manifest(lake.manifest.clone());
    let some = lake.manifest.tables["explore"].published().step_by(3);
    for (path, _) in some {
        engine.feed(path, lake.bytes(path)).unwrap();
    }
    agree(engine, &lake, |engine, query| {
        for file in engine.plan(query).unwrap().fetch {
            engine.feed(&file.path, lake.bytes(&file.path)).unwrap();
        }
    });
}

/// Sizes as in a lake of real size: a column of two years is half as large as all of one year.
fn sized(lake: &Lake) -> Engine {
    let mut manifest = lake.manifest.clone();
    let table = manifest.tables.get_mut("explore").unwrap();
    for file in &mut table.files {
        file.bytes = 100_000;
    }
    for part in &mut table.by_column {
        part.bytes = 50_000;
    }
    Engine::with_manifest(manifest)
}

#[test]
fn a_question_reads_whichever_layout_is_fewer_bytes() {
    let engine = sized(&Lake::new().by_column());
    let plan = |text: &str| engine.plan(&parsed(text)).unwrap();
    let narrow = plan(r#"{"group":["ev_state"],"measures":["rows"]}"#);
    assert_eq!(
        paths(&narrow.fetch),
        [
            "columns/explore/ev_id-0.parquet",
            "columns/explore/ev_state-0.parquet",
            "columns/explore/ev_id-1.parquet",
            "columns/explore/ev_state-1.parquet",
        ]
    );
    let one_year = plan(
        r#"{"filter":{"eq":{"column":"ev_year","value":2002}},"group":["ev_state"],
            "measures":["rows",{"sum":{"column":"fatalities"}}]}"#,
    );
    assert_eq!(
        paths(&one_year.fetch),
        ["explore/ev_year=2002/part.parquet"]
    );
    let wide =
        plan(r#"{"select":["ev_id","ev_date","ev_state","acft_make","fatalities","pilot_hours"]}"#);
    assert_eq!(wide.fetch.len(), 4);
    assert!(paths(&wide.fetch)[0].starts_with("explore/ev_year=2000"));
    // Three years: a stretch by column, and the one year of the other by row.
    let mixed = plan(
        r#"{"filter":{"range":{"column":"ev_year","max":2002}},"group":["ev_state"],
            "measures":["rows",{"max":"ev_date"}]}"#,
    );
    assert_eq!(
        paths(&mixed.fetch),
        [
            "explore/ev_year=2002/part.parquet",
            "columns/explore/ev_id-0.parquet",
            "columns/explore/ev_date-0.parquet",
            "columns/explore/ev_state-0.parquet",
        ]
    );
}

#[test]
fn what_the_paths_say_is_not_fetched() {
    let lake = Lake::new().by_column();
    let engine = sized(&lake);
    let plan = engine
        .plan(&parsed(r#"{"group":["ev_year"],"measures":["rows"]}"#))
        .unwrap();
    assert_eq!(
        paths(&plan.fetch),
        [
            "columns/explore/ev_id-0.parquet",
            "columns/explore/ev_id-1.parquet"
        ]
    );
}

#[test]
fn what_is_there_is_not_fetched_again() {
    let lake = Lake::new().by_column();
    let mut engine = Engine::with_manifest(lake.manifest.clone());
    let query = parsed(r#"{"group":["ev_state"],"measures":["rows"]}"#);
    for path in [
        "columns/explore/ev_id-0.parquet",
        "explore/ev_year=2000/part.parquet",
    ] {
        engine.feed(path, lake.bytes(path)).unwrap();
    }
    let error = engine.run(&query).err().unwrap().to_string();
    assert!(error.contains("is needed but was not fed"), "{error}");
    let plan = engine.plan(&query).unwrap();
    for path in paths(&plan.fetch) {
        assert!(plan.loaded.iter().all(|loaded| loaded != path));
        engine.feed(path, lake.bytes(path)).unwrap();
    }
    let plan = engine.plan(&query).unwrap();
    assert!(plan.fetch.is_empty());
    assert!(
        plan.loaded
            .contains(&"columns/explore/ev_id-0.parquet".to_owned())
    );
    assert_eq!(
        engine.run(&query).unwrap().scanned_rows,
        lake.rows.len() as u64
    );
}

/// Changes the description of the files of columns.
fn described(lake: &Lake, change: impl Fn(&mut TableEntry)) -> Engine {
    let mut manifest = lake.manifest.clone();
    change(manifest.tables.get_mut("explore").unwrap());
    Engine::with_manifest(manifest)
}

#[test]
fn columns_that_do_not_belong_to_the_rows_are_left_alone() {
    let lake = Lake::new().by_column();
    let changes: [fn(&mut ColumnFile); 4] = [
        |part| part.rows += 1,
        |part| part.first += 4,
        |part| part.files = u32::MAX,
        |part| part.files = 0,
    ];
    for change in changes {
        let mut engine = described(&lake, |table| {
            for part in &mut table.by_column {
                change(part);
            }
        });
        let part = &lake.manifest.tables["explore"].by_column[0].path;
        let error = engine.feed(part, lake.bytes(part)).unwrap_err().to_string();
        assert!(error.contains("not listed"), "{error}");
        let plan = engine.plan(&Query::default()).unwrap();
        assert!(
            paths(&plan.fetch)
                .iter()
                .all(|path| path.starts_with("explore/"))
        );
    }
}

#[test]
fn altered_and_damaged_columns_are_errors_with_their_path() {
    let lake = Lake::new().by_column();
    let path = "columns/explore/ev_state-0.parquet";
    let bytes = lake.bytes(path);
    let mut altered = bytes.clone();
    altered[20] ^= 1;
    let mut engine = Engine::with_manifest(lake.manifest.clone());
    let error = engine.feed(path, altered).unwrap_err().to_string();
    assert!(error.contains(path) && error.contains("SHA-256"), "{error}");
    // A file of another column under this name, with the right hash.
    let other = lake.bytes("columns/explore/acft_make-0.parquet");
    let mut engine = described(&lake, |table| {
        let make = table.by_column[4].clone();
        assert!(make.path.contains("acft_make"));
        let state = &mut table.by_column[3];
        (state.bytes, state.sha256) = (make.bytes, make.sha256);
    });
    engine.feed(path, other).unwrap();
    for (other, _) in lake.manifest.tables["explore"].published() {
        if other != path && other.starts_with("columns/") {
            engine.feed(other, lake.bytes(other)).unwrap();
        }
    }
    let error = engine
        .run(&parsed(r#"{"group":["ev_state"],"measures":["rows"]}"#))
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains(path) && error.contains("ev_state"),
        "{error}"
    );
}

/// Events of one to three aircraft, one of them on both sides of the border between two files; the
/// column `fatalities` is the number of the aircraft.
fn events() -> Lake {
    let mut event = 0;
    let mut years = Vec::new();
    for year in 2000..2004_u64 {
        let mut rows: Vec<Row> = Vec::new();
        for number in 0..41 {
            let aircraft = 1 + (year + number) % 3;
            for number in 1..=aircraft {
                rows.push(vec![
                    json!(format!("event {event}")),
                    json!(year),
                    json!(format!("{year}-02-03")),
                    json!(["CA", "TX"][(event % 2) as usize]),
                    json!(["CESSNA", "PIPER"][(number % 2) as usize]),
                    json!(number),
                    Value::Null,
                    json!(number == 2),
                ]);
            }
            event += 1;
        }
        years.push((year, rows));
    }
    let mut last = years[1].1.pop().unwrap();
    last[1] = json!(2002);
    years[2].1.insert(0, last);
    let lake = Lake::of(years.into_iter(), &snappy().build(), |_| true).by_column();
    let (one, two) = (
        &lake.rows[years_rows(&lake) - 1][0],
        &lake.rows[years_rows(&lake)][0],
    );
    assert_eq!(one, two, "an event lies in two files");
    lake
}

/// Rows of the first two files.
fn years_rows(lake: &Lake) -> usize {
    let files = &lake.manifest.tables["explore"].files;
    (files[0].rows + files[1].rows) as usize
}

#[test]
fn events_are_told_apart_by_where_they_begin() {
    let lake = events();
    let mut named = lake.engine();
    let mut manifest = lake.manifest.clone();
    manifest.tables.get_mut("explore").unwrap().event_start = Some("fatalities".to_owned());
    for text in [
        r#"{"measures":["rows",{"distinct":"ev_id"}]}"#,
        r#"{"group":["acft_make"],"measures":[{"distinct":"ev_id"},{"share":{"distinct":"ev_id"}}]}"#,
        r#"{"group":["ev_state"],"measures":[{"sum":{"column":"ev_year","once_per":"ev_id"}}],
            "facets":[{"column":"acft_make"},{"column":"ev_year"}]}"#,
        r#"{"filter":{"eq":{"column":"homebuilt","value":true}},"measures":[{"distinct":"ev_id"}],
            "facets":[{"column":"ev_state"}]}"#,
        r#"{"filter":{"range":{"column":"ev_year","min":2002}},"measures":[{"distinct":"ev_id"}]}"#,
        r#"{"filter":{"not":{"eq":{"column":"ev_year","value":2001}}},"measures":[{"distinct":"ev_id"}]}"#,
        r#"{"filter":{"or":[]},"measures":[{"distinct":"ev_id"}]}"#,
    ] {
        let query = parsed(text);
        let mut engine = Engine::with_manifest(manifest.clone());
        for file in engine.plan(&query).unwrap().fetch {
            assert!(!file.path.contains("ev_id"), "{}", file.path);
            engine.feed(&file.path, lake.bytes(&file.path)).unwrap();
        }
        let answer = serde_json::to_value(engine.run(&query).unwrap()).unwrap();
        let expected = serde_json::to_value(named.run(&query).unwrap()).unwrap();
        assert_eq!(answer, expected, "{text}");
    }
    // Where its values are asked for, it is read.
    let query = parsed(r#"{"select":["ev_id"],"measures":[],"limit":3}"#);
    let engine = Engine::with_manifest(manifest);
    let plan = engine.plan(&query).unwrap();
    assert!(plan.fetch.iter().any(|file| file.path.contains("ev_id")));
}
