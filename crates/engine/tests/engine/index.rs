//! From the index to the manifest of a table to its files.

use std::collections::BTreeMap;

use dataset::manifest::{FileRef, Index, TableRef, VERSION};
use dataset::query::Query;
use engine::Engine;
use sha2::{Digest, Sha256};

use crate::lake::Lake;

/// The index of a lake and the text of the manifest it names.
fn indexed(lake: &Lake) -> (Index, String) {
    let table = &lake.manifest.tables["explore"];
    let text = serde_json::to_string(table).expect("a table is JSON");
    let digest = bytes::Bytes::copy_from_slice(&Sha256::digest(&text));
    let reference = TableRef {
        manifest: FileRef {
            path: "manifests/explore-0.json".to_owned(),
            bytes: text.len() as u64,
            sha256: format!("{digest:x}"),
        },
        rows: table.rows,
        bytes: table.bytes,
        files: table.files.len() as u64,
    };
    let index = Index {
        version: VERSION,
        data_date: lake.manifest.data_date.clone(),
        sources: Vec::new(),
        tables: BTreeMap::from([("explore".to_owned(), reference)]),
    };
    (index, text)
}

#[test]
fn the_manifest_of_a_table_is_asked_for_before_its_files() {
    let lake = Lake::new();
    let (index, text) = indexed(&lake);
    let mut engine = Engine::new(index);
    let query = Query::default();
    let plan = engine.plan(&query).unwrap();
    assert_eq!(plan.fetch.len(), 1);
    assert_eq!(plan.fetch[0].path, "manifests/explore-0.json");
    assert_eq!(plan.fetch[0].bytes, text.len() as u64);
    let error = engine.run(&query).err().unwrap().to_string();
    assert!(
        error.contains("manifests/explore-0.json is needed"),
        "{error}"
    );

    engine.feed("manifests/explore-0.json", text).unwrap();
    let plan = engine.plan(&query).unwrap();
    assert_eq!(plan.fetch.len(), lake.files.len());
    for (file, bytes) in plan.fetch.iter().zip(&lake.files) {
        engine.feed(&file.path, bytes.clone()).unwrap();
    }
    let csv = engine.csv(&query).unwrap();
    assert_eq!(csv, lake.engine().csv(&query).unwrap());
}

#[test]
fn a_manifest_that_is_not_the_published_one_is_refused() {
    let (index, text) = indexed(&Lake::new());
    let refuse = |text: String| {
        let fed = Engine::new(index.clone()).feed("manifests/explore-0.json", text);
        fed.unwrap_err().to_string()
    };
    assert!(refuse(text.replacen('1', "2", 1)).contains("SHA-256"));
    assert!(refuse(format!("{text} ")).contains("bytes instead of"));
}
