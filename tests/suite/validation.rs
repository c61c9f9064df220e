//! `windsock validate`: suites of others, gates, results and their history.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::harness::{Server, Site, fail, folder, sampled, site, succeed};

/// `windsock validate` of the shared site's database, in a work folder of its own: other tests use
/// the site's at the same time.
fn validate(server: &Server<'_>, name: &str) -> Command {
    let mut command = site().windsock("validate");
    command
        .args(["--database-url", &server.url, "--work-dir"])
        .arg(own(name));
    command
}

fn own(name: &str) -> PathBuf {
    folder("validation").join(name)
}

/// Writes a suite and returns its path.
fn suite(name: &str, expectations: &Value) -> String {
    let path = folder("validation").join(format!("{name}.json"));
    let text = json!({ "expectation_suite_name": name, "expectations": expectations });
    fs::write(&path, text.to_string()).unwrap();
    path.display().to_string()
}

/// Both spellings of an expectation that some events break: some had no deaths.
fn deaths(kind: &str, severity: &str) -> Value {
    json!([{
        kind: "expect_column_values_to_be_between",
        "kwargs": { "column": "inj_tot_f", "min_value": 1, "mostly": 0.999 },
        "meta": { "severity": severity },
    }])
}

#[test]
fn a_suite_of_great_expectations_runs_unchanged() {
    let mut server = site().postgres();
    let mut counts = Vec::new();
    for kind in ["expectation_type", "type"] {
        let path = suite(kind, &deaths(kind, "warn"));
        let mut command = validate(&server, "unchanged");
        command.args(["--suite", &path, "--table", "events", "--json"]);
        let printed: Value = serde_json::from_str(&succeed(&mut command)).unwrap();
        assert_eq!(printed[0]["suite_name"], kind);
        assert_eq!(printed[0]["success"], false);
        counts.push(printed[0]["results"][0]["result"].clone());
    }
    assert_eq!(counts[0], counts[1]);
    let counted = server
        .client
        .query_one("SELECT count(*), count(inj_tot_f), count(*) FILTER (WHERE inj_tot_f < 1) FROM ntsb.events", &[])
        .unwrap();
    let [rows, present, unexpected] = [0, 1, 2].map(|column| counted.get::<_, i64>(column));
    assert_eq!(counts[0]["element_count"], rows);
    assert_eq!(counts[0]["missing_count"], rows - present);
    assert_eq!(counts[0]["unexpected_count"], unexpected);
    let sample = &counts[0]["partial_unexpected_index_list"][0];
    assert!(
        sample["ev_id"].is_string() && sample["inj_tot_f"] == 0,
        "{sample}"
    );
}

#[test]
fn the_page_shows_every_check_and_stays_readable() {
    let page = fs::read_to_string(site().dist().join("quality/index.html")).unwrap();
    let record = site().record("validate");
    for suite in record["suites"].as_array().unwrap() {
        let checks = suite["checks"].as_array().unwrap();
        for check in checks.iter().filter(|check| check["status"] != "pass") {
            let id = format!("id=\"{}\"", check["id"].as_str().unwrap());
            assert!(page.contains(&id), "{id}");
        }
    }
    for missing in record["missing"].as_array().unwrap() {
        let table = missing["table"].as_str().unwrap();
        assert!(
            page.contains(&format!("<code>{table}</code> <span>")),
            "{table}"
        );
    }
    // 44 years of 15 tables; browsers get a tenth of it.
    assert!(page.len() < 400_000, "{} bytes", page.len());
}

#[test]
fn the_gate_decides_what_fails() {
    let server = site().postgres();
    let path = suite("gate-warn", &deaths("type", "warn"));
    let run = |gate: &[&str]| {
        let mut command = validate(&server, "gate");
        command
            .args(["--suite", &path, "--table", "events"])
            .args(gate);
        command
    };
    succeed(&mut run(&[]));
    let message = fail(&mut run(&["--gate", "warn"]), 4);
    assert!(message.contains("events.inj_tot_f.be_between"), "{message}");
    let path = suite("gate-fail", &deaths("type", "fail"));
    let mut command = validate(&server, "gate");
    command.args(["--suite", &path, "--table", "events"]);
    fail(&mut command, 4);
    succeed(command.args(["--gate", "none"]));
}

#[test]
fn what_cannot_be_run_is_said_before_anything_runs() {
    let unknown = json!([{ "type": "expect_column_kl_divergence_to_be_less_than", "kwargs": {} }]);
    let path = suite("unknown", &unknown);
    let mut command = site().windsock("validate");
    let message = fail(command.args(["--suite", &path, "--table", "events"]), 3);
    assert!(
        message.contains("expect_column_kl_divergence_to_be_less_than"),
        "{message}"
    );
    assert!(
        message.contains("expect_column_values_to_be_in_set"),
        "{message}"
    );
}

#[test]
fn a_check_that_postgresql_refuses_is_a_violated_one() {
    let absent = json!([
        { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "wings" } },
        { "type": "expect_column_values_to_not_be_null", "kwargs": { "column": "ev_id" } },
        { "type": "unexpected_rows_expectation",
          "kwargs": { "unexpected_rows_query": "DELETE FROM {batch} RETURNING ev_id" } },
    ]);
    let path = suite("absent", &absent);
    let server = site().postgres();
    let mut command = validate(&server, "refused");
    command.args([
        "--suite", &path, "--table", "events", "--json", "--gate", "none",
    ]);
    let printed: Value = serde_json::from_str(&succeed(&mut command)).unwrap();
    let results = printed[0]["results"].as_array().unwrap();
    let success: Vec<&Value> = results.iter().map(|result| &result["success"]).collect();
    assert_eq!(success, [false, true, false]);
    let message = results[0]["exception_info"]["exception_message"]
        .as_str()
        .unwrap();
    assert!(message.contains("wings"), "{message}");
    assert_eq!(results[2]["exception_info"]["raised_exception"], true);
}

#[test]
fn results_and_history_are_kept_in_the_work_folder() {
    let site = sampled("history", 60, 9);
    let run = |site: &Site, file: &str| {
        succeed(site.windsock("migrate").args(["--replace", file]));
        succeed(&mut site.windsock("validate"));
        let folder = site.folder.join(".windsock/validation");
        let history = fs::read(folder.join("history.json")).unwrap();
        let results = fs::read_dir(folder.join("results")).unwrap().count();
        (serde_json::from_slice::<Value>(&history).unwrap(), results)
    };
    fs::remove_dir_all(site.folder.join(".windsock/validation")).ok();
    let (first, results) = run(&site, "sample/avall.mdb");
    assert_eq!(results, 20, "a file a table");
    assert_eq!(first.as_array().unwrap().len(), 1);
    let (again, _) = run(&site, "sample/avall.mdb");
    assert_eq!(again, first, "the same data and checks are one run");
    let (second, _) = run(&site, "sample/Pre2008.mdb");
    assert_eq!(second.as_array().unwrap().len(), 2);
    assert_ne!(second[0]["events"], second[1]["events"]);
}

#[test]
fn shipped_suites_can_be_exported_and_read_again() {
    let folder = own("suites");
    let mut command = site().windsock("validate");
    succeed(command.arg("--export-suites").arg(&folder));
    let events = folder.join("events.json");
    let exported: Value = serde_json::from_slice(&fs::read(&events).unwrap()).unwrap();
    let expectations = exported["expectations"].as_array().unwrap();
    assert!(expectations.len() > 60, "{}", expectations.len());
    assert!(expectations.iter().all(|one| one["severity"].is_string()));
    let server = site().postgres();
    let mut command = validate(&server, "exported");
    command.arg("--suite").arg(&events).arg("--json");
    let printed: Value = serde_json::from_str(&succeed(&mut command)).unwrap();
    assert_eq!(
        printed[0]["statistics"]["evaluated_expectations"],
        expectations.len()
    );
}
