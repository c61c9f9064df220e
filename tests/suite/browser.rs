//! Pages in Chromium, driven by Playwright (`tests/browser/`). What they must show is computed
//! here, by PostgreSQL and by native code.

use std::collections::BTreeMap;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};
use severity::Model;

use crate::harness::{BASE, repository, site};

/// `windsock serve`, ended with the test.
struct Serving {
    process: Child,
    url: String,
}

impl Serving {
    fn start() -> Self {
        // Bound and released: free at this moment, and nobody else is started here.
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let process = site()
            .windsock("serve")
            .args(["--base-url", BASE, "--port", &free.port().to_string()])
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

/// Answers to the severity form and their probabilities: for the model run natively.
fn scored_form() -> Value {
    let run = site().record("train");
    let file = site()
        .dist()
        .join("model")
        .join(run["file"].as_str().unwrap());
    let model = Model::from_bytes(&std::fs::read(file).unwrap()).unwrap();
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
    json!({ "values": values, "classes": score["classes"] })
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
        "mdb": rows_of_events(&mdb),
    });
    let serving = Serving::start();
    let output = Command::new("node")
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .args(
            ["site", "explore"]
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
