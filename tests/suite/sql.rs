//! The SQL module, run by Node, answers every example of its page as DuckDB does over the same
//! lake.

use std::process::Command;

use dataset::query::sql;
use dataset::url_state::ExploreState;
use serde_json::{Value, json};
use windsock::duck;
use windsock::page::sql::{Example, examples};
use windsock::stage::analyse::Figures;

use crate::harness::{BASE, repository, site, succeed, web_dir};
use crate::serving::{Serving, node, pass};

/// Sums of fractions depend on the order they are added in; nothing else may differ.
const TOLERANCE: f64 = 1e-9;

/// Answers of the module to statements, each with `columns` and `rows`.
fn module(statements: &[&str]) -> Vec<Value> {
    let place = site().folder.join("statements.json");
    std::fs::write(&place, serde_json::to_vec(statements).unwrap()).unwrap();
    let mut node = Command::new("node");
    node.arg(repository().join("wasm/sql/tests/statements.mjs"))
        .env("WINDSOCK_MODULE", web_dir().join("sql"))
        .env("WINDSOCK_LAKE", site().lake())
        .env("WINDSOCK_STATEMENTS", place);
    serde_json::from_str(&succeed(&mut node)).unwrap()
}

#[test]
fn the_sql_module_and_duckdb_agree_on_every_example() {
    let figures: Figures = serde_json::from_value(site().record("analyse")).unwrap();
    let examples = examples(&figures).unwrap();
    let (plans, queries): (Vec<Example>, Vec<Example>) = examples
        .into_iter()
        .partition(|example| example.sql.starts_with("EXPLAIN"));
    assert!(queries.len() >= 30, "{} examples", queries.len());
    let statements: Vec<&str> = queries
        .iter()
        .chain(&plans)
        .map(|e| e.sql.as_str())
        .collect();
    let answers = module(&statements);
    assert_eq!(answers.len(), statements.len());

    let database = duck::open(None).unwrap();
    duck::register(&database, &site().lake()).unwrap();
    let mut found = 0;
    for (example, answer) in queries.iter().zip(&answers) {
        // What DuckDB found for the figures is what the site shows.
        let of_figure = figures
            .figures
            .values()
            .find(|f| f.sql.trim() == example.sql);
        let theirs = match of_figure {
            Some(figure) => figure.rows.clone(),
            None => duck::rows(&database, &example.sql).unwrap().rows,
        };
        let ours = answer["rows"].as_array().unwrap();
        assert_eq!(ours.len(), theirs.len(), "rows of\n{}", example.sql);
        for (at, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            let ours = ours.as_array().unwrap();
            let alike =
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| close(a, b));
            assert!(
                alike,
                "row {at}: {ours:?} and {theirs:?} of\n{}",
                example.sql
            );
        }
        found += usize::from(!ours.is_empty());
    }
    for answer in &answers[queries.len()..] {
        assert!(
            answer["rows"]
                .to_string()
                .contains("LakeScan: table=explore")
        );
    }
    println!(
        "{} examples, {found} of them with rows: 0 differences from DuckDB",
        queries.len()
    );
    assert!(
        found * 10 > queries.len() * 9,
        "nearly all examples must find something"
    );
}

fn close(ours: &Value, theirs: &Value) -> bool {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()).max(1.0),
        _ => ours == theirs,
    }
}

#[test]
fn the_console_works_on_every_kind_of_host() {
    let mut server = site().postgres();
    let mut count = |sql: &str| -> i64 { server.client.query_one(sql, &[]).unwrap().get(0) };
    let expected = json!({
        "events": count("SELECT count(*) FROM ntsb.events"),
        "accidents": count(
            "SELECT count(*) FROM ntsb.events WHERE ev_type = 'ACC' AND ev_date >= '2000-01-01'",
        ),
    });
    for host in ["plain", "no-range", "gzip-subpath"] {
        let serving = Serving::start(site(), &["--base-url", BASE, "--host", host]);
        pass(
            node(&["sql"])
                .env("SITE_URL", &serving.url)
                .env("EXPECTED", expected.to_string())
                .env("HOST", host),
        );
    }
}

/// Links of the explore page with every kind of condition it knows.
const EXPLORED: &[&str] = &[
    "",
    "state=TX,CA&from=1990&sort=ntsb_no",
    "state=CA,~&type=ACC",
    "any=make:CESSNA,PIPER;month:6,7&none=sev:FATL",
    "q=cessna%20172&sort=-fatalities",
    "text=%22engine%22+power",
    "box=30,-110,45,-80&sort=acft_make",
    "dow=6,7&to=2007&sort=-ev_date",
    "from=2008&cols=ev_id,damage&page=2",
];

fn in_order(rows: &Value) -> Vec<String> {
    let mut rows: Vec<String> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(Value::to_string)
        .collect();
    rows.sort_unstable();
    rows
}

#[test]
fn what_explore_shows_as_sql_runs_in_the_console() {
    let statements: Vec<String> = EXPLORED
        .iter()
        .map(|link| {
            let read = ExploreState::decode(link);
            assert_eq!(read.notices, Vec::<String>::new(), "{link}");
            let mut query = read.state.to_query();
            // Which of equal rows stand on a page is nobody's promise: all of them are compared.
            (query.limit, query.offset) = (None, 0);
            sql::answer(&query)
        })
        .collect();
    let texts: Vec<&str> = statements.iter().map(String::as_str).collect();
    let database = duck::open(None).unwrap();
    duck::register(&database, &site().lake()).unwrap();
    let mut found = 0;
    for (statement, answer) in texts.iter().zip(module(&texts)) {
        let theirs = in_order(&json!(duck::rows(&database, statement).unwrap().rows));
        assert_eq!(in_order(&answer["rows"]), theirs, "{statement}");
        found += usize::from(!theirs.is_empty());
    }
    assert!(found * 2 > texts.len(), "{found} find something");
}
