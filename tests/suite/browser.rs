//! Pages in Chromium, driven by Playwright (`tests/browser/`). What they must show is computed
//! here, by PostgreSQL and by native code.

use std::collections::BTreeMap;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};
use severity::{Batch, Model};

use crate::harness::{BASE, repository, site};

/// `windsock serve`, ended with the test.
pub(crate) struct Serving {
    process: Child,
    pub(crate) url: String,
}

impl Serving {
    /// Serves the site as this kind of host does.
    pub(crate) fn start(host: &str) -> Self {
        // Bound and released: free at this moment, and nobody else is started here.
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let process = site()
            .windsock("serve")
            .args([
                "--base-url",
                BASE,
                "--port",
                &free.port().to_string(),
                "--host",
                host,
            ])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        for _ in 0..100 {
            if TcpStream::connect(free).is_ok() {
                break;
            }
            sleep(Duration::from_millis(100));
        }
        Self {
            process,
            url: format!("http://{free}{BASE}"),
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The state and year with the most US accidents, and how many there are: for PostgreSQL.
fn filtered_count() -> Value {
    let mut server = site().postgres();
    let row = server
        .client
        .query_one(
            "SELECT ev_state, extract(year FROM ev_date)::int, count(DISTINCT e.ev_id), count(*)
             FROM ntsb.events e JOIN ntsb.aircraft a USING (ev_id)
             WHERE ev_country = 'USA' AND ev_state IS NOT NULL
             GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 1",
            &[],
        )
        .unwrap();
    json!({
        "state": row.get::<_, String>(0),
        "year": row.get::<_, i32>(1),
        "events": row.get::<_, i64>(2),
        "aircraft": row.get::<_, i64>(3),
    })
}

/// The model the site shows.
pub(crate) fn model() -> Model {
    let run = site().record("train");
    let file = site()
        .dist()
        .join("model")
        .join(run["file"].as_str().unwrap());
    Model::from_bytes(&std::fs::read(file).unwrap()).unwrap()
}

/// Answers to the severity form with their probabilities and margins: for the model run natively.
fn scored_form() -> Value {
    let model = model();
    let form = serde_json::to_value(model.form()).unwrap();
    // Every second question stays open, as visitors leave them.
    let values: BTreeMap<String, Value> = form["features"]
        .as_array()
        .unwrap()
        .iter()
        .step_by(2)
        .map(|feature| {
            let value = match feature["levels"].as_array() {
                Some(levels) => levels[0]["code"].clone(),
                None => feature["max"].clone(),
            };
            (feature["name"].as_str().unwrap().to_owned(), value)
        })
        .collect();
    let score = serde_json::to_value(model.score(&values).unwrap()).unwrap();
    let explanation = model.explain(&values).unwrap();
    let margins: Vec<f64> = (0..explanation.expected.len())
        .map(|class| {
            let parts = explanation.contributions.iter();
            explanation.expected[class] + parts.map(|c| c.margins[class]).sum::<f64>()
        })
        .collect();
    json!({ "values": values, "classes": score["classes"], "margins": margins })
}

/// 10,000 rows of values the form offers, missing and unknown ones among them.
fn rows(model: &Model) -> String {
    let form = serde_json::to_value(model.form()).unwrap();
    let features = form["features"].as_array().unwrap();
    let names: Vec<&str> = features
        .iter()
        .map(|f| f["name"].as_str().unwrap())
        .collect();
    let mut csv = format!("id,{}\n", names.join(","));
    // Knuth's linear congruential generator: any mixture will do, the same one each time.
    let mut state = 1_u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for id in 0..10_000 {
        csv.push_str(&id.to_string());
        for feature in features {
            csv.push(',');
            match (next(10), feature["levels"].as_array()) {
                (0..3, _) => {}
                (3, Some(_)) => csv.push_str("ZZZ"),
                (_, Some(levels)) if !levels.is_empty() => {
                    let level = &levels[next(levels.len() as u64) as usize];
                    csv.push_str(level["code"].as_str().unwrap());
                }
                _ => {
                    let number = |key: &str| feature[key].as_f64().unwrap_or(0.0);
                    let share = next(1001) as f64 / 1000.0;
                    let value = number("min") + share * (number("max") - number("min"));
                    csv.push_str(&value.to_string());
                }
            }
        }
        csv.push('\n');
    }
    csv
}

/// Values of the rows of a file by feature, missing ones left out.
pub(crate) fn values(model: &Model) -> Vec<BTreeMap<String, Value>> {
    let csv = rows(model);
    let mut lines = csv.lines().map(|line| line.split(',').skip(1));
    let names: Vec<&str> = lines.next().unwrap().collect();
    lines
        .map(|cells| {
            let pairs = names.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
            pairs
                .map(|(name, cell)| ((*name).to_owned(), Value::from(cell)))
                .collect()
        })
        .collect()
}

/// A file of many accidents, and what native code makes of it: where both lie.
fn scored_file() -> Value {
    let model = model();
    let rows = rows(&model);
    let mut batch = Batch::default();
    let mut scored = batch.push(&model, rows.as_bytes()).unwrap();
    scored += &batch.finish(&model).unwrap();
    assert_eq!(batch.summary().scored, 10_000);
    let place = |name: &str| site().folder.join(name);
    std::fs::write(place("accidents.csv"), rows).unwrap();
    std::fs::write(place("expected.csv"), scored).unwrap();
    json!({ "file": place("accidents.csv"), "expected": place("expected.csv") })
}

/// An event too old for a page of its own, with what it is found by.
fn old_event() -> Value {
    let mut server = site().postgres();
    let row = server
        .client
        .query_one(
            "SELECT ev_id, e.ntsb_no, min(a.regis_no)
             FROM ntsb.events e JOIN ntsb.aircraft a USING (ev_id)
             WHERE e.ntsb_no IS NOT NULL AND a.regis_no ~ '^N[0-9]{2,5}$'
             GROUP BY ev_id, e.ntsb_no, ev_date ORDER BY ev_date, ev_id LIMIT 1",
            &[],
        )
        .unwrap();
    json!({
        "ev_id": row.get::<_, String>(0),
        "ntsb_no": row.get::<_, String>(1),
        "regis_no": row.get::<_, String>(2),
    })
}

/// Rows of table `events` of a file, as the reader finds them natively.
fn rows_of_events(mdb: &Path) -> u64 {
    let database = jet::Database::open(std::fs::read(mdb).unwrap()).unwrap();
    let (table, mut row) = (database.table("events").unwrap(), Vec::new());
    let mut rows = database.rows(&table);
    while rows.next_row(&mut row).unwrap() {}
    rows.counters().rows
}

#[test]
fn pages_work_in_a_browser() {
    let mdb = site().folder.join("sample/avall.mdb");
    let expected = json!({
        "filtered": filtered_count(),
        "scored": scored_form(),
        "old": old_event(),
        "batch": scored_file(),
        "mdb": rows_of_events(&mdb),
    });
    let serving = Serving::start("plain");
    let output = Command::new("node")
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .args(
            ["site", "events", "explore"]
                .map(|name| repository().join(format!("tests/browser/{name}.test.mjs"))),
        )
        .env("SITE_URL", &serving.url)
        .env("EXPECTED", expected.to_string())
        .env("MDB", &mdb)
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{report}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{report}");
}
