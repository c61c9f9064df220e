//! Pages in Chromium, driven by Playwright (`tests/browser/`). What they must show is computed
//! here, by PostgreSQL and by native code.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use severity::{Batch, Model};

use crate::exports;
use crate::harness::{BASE, folder, sampled, site, succeed, tree, web_dir};
use crate::nginx::Nginx;
use crate::serving::{Serving, node, pass};

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

/// Queries, and how many events PostgreSQL finds whose texts have what they ask for.
fn searched() -> Value {
    // Each pattern must match, and the last one must not.
    const QUERIES: [(&str, &[&str], &str); 6] = [
        ("airspeed", &[r"\mairspeeds?\M"], "^$"),
        ("\"power lines\"", &[r"\mpower\s+lines?\M"], "^$"),
        ("go-around", &[r"\mgo-?arounds?\M"], "^$"),
        ("Low ALTITUDE ", &[r"\mlows?\M", r"\maltitudes?\M"], "^$"),
        (
            "\"loss of control\"",
            &[r"\mloss\s+(of\s+)?controls?\M"],
            "^$",
        ),
        ("altitude -lines", &[r"\maltitudes?\M"], r"\mlines?\M"),
    ];
    let mut server = site().postgres();
    let mut query = |(typed, all, none): (&str, &[&str], &str)| {
        let row = server
            .client
            .query_one(
                "SELECT count(*) FROM (
                   SELECT string_agg(concat_ws(' | ', narr_accp, narr_accf, narr_cause, narr_inc), ' | ')
                   FROM ntsb.narratives GROUP BY ev_id) AS texts (text)
                 WHERE NOT text ~* $2
                   AND NOT EXISTS (SELECT FROM unnest($1::text[]) p WHERE NOT text ~* p)",
                &[&all, &none],
            )
            .unwrap();
        let events: i64 = row.get(0);
        assert!(events > 0, "{typed} is in no text of the sample");
        json!({ "query": typed, "events": events })
    };
    QUERIES.map(&mut query).to_vec().into()
}

/// Rows of table `events` of a file, as the reader finds them natively.
fn rows_of_events(mdb: &Path) -> u64 {
    let database = jet::Database::open(std::fs::read(mdb).unwrap()).unwrap();
    let (table, mut row) = (database.table("events").unwrap(), Vec::new());
    let mut rows = database.rows(&table);
    while rows.next_row(&mut row).unwrap() {}
    rows.counters().rows
}

/// What the pages have to show, for the tests in `tests/browser/`.
fn expected() -> Value {
    let mdb = site().folder.join("sample/avall.mdb");
    json!({
        "filtered": filtered_count(),
        "scored": scored_form(),
        "old": old_event(),
        "searched": searched(),
        "batch": scored_file(),
        "mdb": rows_of_events(&mdb),
    })
}

/// Runs tests against a served site: all of some files, or what is to be seen with every host.
fn run(files: &[&str], serving: &Serving, smoke: bool) {
    let mut command = node(files);
    command
        .env("SITE_URL", &serving.url)
        .env("EXPECTED", expected().to_string())
        .env("EXPORTS", folder("exports"))
        .env("MDB", site().folder.join("sample/avall.mdb"));
    if smoke {
        command.env("SMOKE", "1");
    }
    pass(&mut command);
}

/// The files with tests that every kind of host is tried with.
const SMOKE: [&str; 3] = ["site", "events", "hosts"];

#[test]
fn pages_work_in_a_browser() {
    let serving = Serving::start(site(), &["--base-url", BASE]);
    run(
        &[
            "site", "events", "figures", "api", "explore", "map", "search", "hosts",
        ],
        &serving,
        false,
    );
    let filtered = filtered_count();
    exports::check(
        &folder("exports"),
        filtered["state"].as_str().unwrap(),
        &filtered["year"],
    );
}

#[test]
fn pages_work_at_the_root_of_a_host_without_ranges() {
    let root = site().at("root", "/");
    run(
        &SMOKE,
        &Serving::start(&root, &["--host", "no-range"]),
        true,
    );
}

#[test]
fn pages_work_under_a_path_of_a_host_that_gzips_everything() {
    let options = ["--base-url", BASE, "--host", "gzip-subpath"];
    run(&SMOKE, &Serving::start(site(), &options), true);
}

#[test]
fn pages_work_behind_nginx_as_the_guide_configures_it() {
    let accidents = site().at("accidents", "/accidents/");
    let Some(nginx) = Nginx::start(&accidents) else {
        println!("skipped: nginx is not installed");
        return;
    };
    nginx.check_headers();
    run(&SMOKE, &nginx.serving, true);
}

#[test]
fn open_pages_follow_the_site() {
    let site = sampled("watched", 60, 3);
    std::fs::remove_file(site.folder.join("windsock.toml")).ok();
    succeed(&mut site.build());
    let web = web_dir();
    let options = [
        "--watch",
        "--base-url",
        BASE,
        "--web-dir",
        web.to_str().unwrap(),
        "sample/Pre2008.mdb",
        "sample/avall.mdb",
    ];
    let before = tree(&site.dist());
    let serving = Serving::start(&site, &options);
    pass(
        node(&["live"])
            .env("SITE_URL", &serving.url)
            .env("CONFIGURATION", site.folder.join("windsock.toml")),
    );
    assert_eq!(
        tree(&site.dist()),
        before,
        "what pages are sent besides is in no file"
    );
}

#[test]
fn pages_work_in_firefox() {
    let driver = std::env::var_os("WINDSOCK_TOOLS")
        .map(|tools| Path::new(&tools).join("firefox/node_modules/puppeteer-core"));
    let firefox = ["/usr/bin/firefox-esr", "/usr/bin/firefox"].map(Path::new);
    let firefox = firefox.into_iter().find(|path| path.exists());
    let (Some(driver), Some(firefox)) = (driver.filter(|path| path.exists()), firefox) else {
        println!("skipped: `make test-firefox` installs Firefox and its driver");
        return;
    };
    let serving = Serving::start(site(), &["--base-url", BASE]);
    pass(
        node(&["firefox"])
            .env("SITE_URL", &serving.url)
            .env("EXPECTED", expected().to_string())
            .env("DRIVER", driver)
            .env("FIREFOX", firefox),
    );
}
