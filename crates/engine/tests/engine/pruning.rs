//! Which files a query asks for.

use dataset::manifest::Range;
use dataset::query::Query;
use engine::Engine;

use crate::lake::Lake;

fn planned(engine: &Engine, filter: &str) -> Vec<String> {
    let query: Query = serde_json::from_str(&format!(r#"{{"filter":{filter}}}"#)).unwrap();
    let plan = engine.plan(&query).unwrap();
    let year = |path: &str| path.split(['=', '/']).nth(2).unwrap().to_owned();
    plan.fetch.iter().map(|file| year(&file.path)).collect()
}

#[test]
fn partition_values_rule_files_out() {
    let engine = Engine::with_manifest(Lake::new().manifest);
    for (filter, years) in [
        (r#"{"eq":{"column":"ev_year","value":2001}}"#, "2001"),
        (r#"{"range":{"column":"ev_year","min":2002}}"#, "2002 2003"),
        (
            r#"{"not":{"range":{"column":"ev_year","min":2002}}}"#,
            "2000 2001",
        ),
        (r#"{"and":[{"null":"ev_year"},{"null":"ev_state"}]}"#, ""),
        (
            r#"{"or":[{"in":{"column":"ev_year","values":[2000]}},
                      {"not":{"in":{"column":"ev_year","values":[2000,2001,2003]}}}]}"#,
            "2000 2002",
        ),
        (
            r#"{"not":{"eq":{"column":"ev_state","value":"CA"}}}"#,
            "2000 2001 2002 2003",
        ),
        (r#"{"or":[]}"#, ""),
    ] {
        assert_eq!(planned(&engine, filter).join(" "), years, "{filter}");
    }
}

#[test]
fn ranges_rule_files_out_but_never_missing_values() {
    let mut manifest = Lake::new().manifest;
    let table = manifest.tables.get_mut("explore").unwrap();
    for (file, max) in table.files.iter_mut().zip([1.0, 2.0, 3.0, 4.0]) {
        let range = Range {
            min: max - 1.0,
            max,
        };
        file.ranges.insert("fatalities".to_owned(), range);
    }
    let engine = Engine::with_manifest(manifest);
    for (filter, years) in [
        (r#"{"range":{"column":"fatalities","min":3}}"#, "2002 2003"),
        (r#"{"eq":{"column":"fatalities","value":0}}"#, "2000"),
        (
            r#"{"in":{"column":"fatalities","values":[0,null]}}"#,
            "2000 2001 2002 2003",
        ),
        (
            r#"{"not":{"range":{"column":"fatalities","max":9}}}"#,
            "2000 2001 2002 2003",
        ),
    ] {
        assert_eq!(planned(&engine, filter).join(" "), years, "{filter}");
    }
}

#[test]
fn only_files_that_were_not_fed_are_asked_for() {
    let lake = Lake::new();
    let mut engine = Engine::with_manifest(lake.manifest.clone());
    let file = &lake.manifest.tables["explore"].files[1];
    engine.feed(&file.path, lake.files[1].clone()).unwrap();
    let plan = engine.plan(&Query::default()).unwrap();
    assert_eq!(plan.loaded, std::slice::from_ref(&file.path));
    assert_eq!(plan.fetch.len(), 3);
    assert_eq!(plan.fetch[0].bytes, lake.files[0].len() as u64);

    let query: Query =
        serde_json::from_str(r#"{"filter":{"eq":{"column":"ev_year","value":2001}}}"#).unwrap();
    let result = engine.run(&query).unwrap();
    assert_eq!(result.scanned_rows, file.rows);
    let error = engine.run(&Query::default()).err().unwrap();
    assert!(error.to_string().contains("ev_year=2000"), "{error}");
}
