//! Files and manifests nobody would write, vouched for by the right hashes: an error or an answer,
//! never a panic, and nothing that takes the memory or does not end.

use dataset::manifest::{Index, TableEntry};
use dataset::query::Query;
use engine::{Engine, Limits};
use parquet::basic::Encoding;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index as Place;
use serde_json::{Value, json};

use crate::lake::{Lake, entry, snappy, zstandard};

/// Memory that damage may make the engine take.
const LIMITS: Limits = Limits {
    fetch: 1 << 20,
    memory: 64 << 20,
};

fn all() -> Query {
    serde_json::from_str(
        r#"{"group":["ev_state"],"measures":[{"distinct":"ev_id"},{"max":"pilot_hours"},
            {"quantile":{"column":"fatalities","percent":50}}],
            "filter":{"or":[{"word":{"column":"acft_make","text":"piper"}},
                            {"eq":{"column":"homebuilt","value":true}}]},
            "facets":[{"column":"ev_date"}]}"#,
    )
    .unwrap()
}

/// Asks everything of a file that the manifest lists as it is.
fn ask(lake: &Lake, bytes: Vec<u8>) {
    let mut manifest = lake.manifest.clone();
    let table = manifest.tables.get_mut("explore").unwrap();
    let rows = table.files[0].rows as usize;
    table.files = vec![entry(2000, &bytes, rows)];
    let path = table.files[0].path.clone();
    let mut engine = Engine::with_manifest(manifest).with_limits(LIMITS);
    if engine.feed(&path, bytes).is_ok() {
        let _ = engine.run(&all());
        let _ = engine.csv(&Query::default());
    }
}

#[test]
fn no_damage_to_a_file_gets_out() {
    let mut split = zstandard();
    for number in ["ev_year", "ev_date", "fatalities", "pilot_hours"] {
        split = split
            .set_column_dictionary_enabled(number.into(), false)
            .set_column_encoding(number.into(), Encoding::BYTE_STREAM_SPLIT);
    }
    let lakes = [
        Lake::with(&split.build(), |_| true),
        Lake::with(&snappy().build(), |_| true),
        Lake::with(&zstandard().build(), |_| true),
        Lake::new(),
    ];
    let flips = vec((any::<Place>(), any::<u8>()), 1..6);
    let cut = proptest::option::weighted(0.2, any::<Place>());
    // Half of the damage goes where the structure is: headers of pages and the footer.
    let config = ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(which in 0..lakes.len(), flips in flips, cut in cut, end in any::<bool>())| {
        let lake = &lakes[which];
        let mut bytes = lake.files[0].clone();
        let whole = bytes.len();
        let from = if end { whole.saturating_sub(3000) } else { 0 };
        for (place, value) in flips {
            bytes[from + place.index(whole - from)] ^= value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(whole));
        }
        ask(lake, bytes);
    });
}

#[test]
fn a_file_that_claims_too_much_is_refused_before_it_is_read() {
    let lake = Lake::new();
    let mut manifest = lake.manifest.clone();
    let file = &mut manifest.tables.get_mut("explore").unwrap().files[0];
    file.rows = u64::MAX / 2;
    let path = file.path.clone();
    let mut engine = Engine::with_manifest(manifest);
    let error = engine.feed(&path, lake.files[0].clone()).unwrap_err();
    assert!(error.to_string().contains("claims"), "{error}");
}

#[test]
fn more_than_the_limits_is_refused_with_what_to_do() {
    let lake = Lake::new();
    let needed: usize = lake.files.iter().map(Vec::len).sum();
    let limits = |fetch, memory| Limits { fetch, memory };
    let query = all();

    let small = Engine::with_manifest(lake.manifest.clone());
    let small = small.with_limits(limits(needed as u64 - 1, u64::MAX));
    let error = small.plan(&query).unwrap_err().to_string();
    assert!(error.contains("choose fewer years"), "{error}");

    let mut full = lake.engine().with_limits(limits(0, needed as u64 + 1000));
    let error = full.run(&query).err().unwrap().to_string();
    assert!(error.contains("of memory"), "{error}");
    // What other questions left behind makes room for the next one.
    let mut tight = lake.engine();
    tight.csv(&Query::default()).unwrap();
    let held = tight.memory();
    let mut tight = tight.with_limits(limits(0, held));
    let year: Query = serde_json::from_str(
        r#"{"filter":{"eq":{"column":"ev_year","value":2000}},"measures":["rows"]}"#,
    )
    .unwrap();
    assert!(tight.run(&year).is_ok());
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z/._=-]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Replaces one value somewhere in a document.
fn damage(document: &mut Value, path: &[Place], with: Value) {
    let Some((step, rest)) = path.split_first() else {
        *document = with;
        return;
    };
    match document {
        Value::Object(map) if !map.is_empty() => {
            let at = step.index(map.len());
            damage(map.values_mut().nth(at).unwrap(), rest, with);
        }
        Value::Array(list) if !list.is_empty() => {
            let at = step.index(list.len());
            damage(&mut list[at], rest, with);
        }
        other => *other = with,
    }
}

#[test]
fn no_manifest_gets_out() {
    let mut lake = Lake::new().by_column();
    let table = lake.manifest.tables.get_mut("explore").unwrap();
    table.event_start = Some("fatalities".to_owned());
    let whole = serde_json::to_value(&*table).unwrap();
    let config = ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(path in vec(any::<Place>(), 1..5), with in json_value())| {
        let mut damaged = whole.clone();
        damage(&mut damaged, &path, with);
        let _ = Index::from_json(&damaged.to_string());
        let Ok(table) = serde_json::from_value::<TableEntry>(damaged) else {
            return Ok(());
        };
        let mut manifest = lake.manifest.clone();
        manifest.tables.insert("explore".to_owned(), table);
        let table = &lake.manifest.tables["explore"];
        let rows = table.files.iter().map(|file| &file.path).zip(&lake.files);
        let columns = table.by_column.iter().map(|part| &part.path).zip(&lake.parts);
        for files in [rows.clone().collect::<Vec<_>>(), columns.clone().collect(),
                      rows.take(1).chain(columns).collect()] {
            let mut engine = Engine::with_manifest(manifest.clone()).with_limits(LIMITS);
            let _ = engine.plan(&all());
            for (path, bytes) in files {
                let _ = engine.feed(path, bytes.clone());
            }
            let _ = engine.plan(&all());
            let _ = engine.run(&all());
        }
    });
}

#[test]
fn queries_without_end_are_refused() {
    let mut filter = json!({"null": "ev_state"});
    for _ in 0..100 {
        filter = json!({"not": filter});
    }
    let query: Query = serde_json::from_value(json!({"filter": filter})).unwrap();
    let engine = Lake::new().engine();
    let error = engine.plan(&query).unwrap_err().to_string();
    assert!(error.contains("too deeply"), "{error}");
    let deeper = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(serde_json::from_str::<Query>(&format!(r#"{{"filter":{deeper}}}"#)).is_err());
}
