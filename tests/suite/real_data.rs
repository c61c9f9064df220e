//! Real NTSB data, where it lies beside the repository.

use crate::harness::{Site, folder, repository, succeed, web_dir};

#[test]
fn real_accidents_migrate_without_loss() {
    let file = repository().join("../shared/data/avall-2008-2021.zip");
    if !file.exists() {
        eprintln!("skipped: {} is not here", file.display());
        return;
    }
    let site = Site {
        folder: folder("real"),
    };
    succeed(
        site.windsock("build")
            .arg(file)
            .arg("--web-dir")
            .arg(web_dir()),
    );
    let load = site.record("migrate");
    let read = |table: &str| {
        let tables = load["tables"].as_array().unwrap();
        let found = tables.iter().find(|entry| entry["table"] == table).unwrap();
        found["read"].as_u64().unwrap()
    };
    // Counted in the file with another reader (mdb-export).
    assert_eq!(read("events"), 19_221);
    assert_eq!(read("aircraft"), 19_448);
    assert_eq!(read("flight_crew"), 24_186);
    assert_eq!(read("engines"), 20_887);
    assert_eq!(read("findings"), 57_705);

    let model = site.record("train");
    let loss = |which: &str| model[which]["log_loss"].as_f64().unwrap();
    assert!(
        loss("model") < loss("base_rate"),
        "the model beats the base rates on unseen years"
    );
}
