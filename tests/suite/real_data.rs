//! Real NTSB data, where it lies beside the repository.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::OnceLock;

use jet::datetime::DateTime;
use jet::{Database, Value};

use crate::harness::{Site, folder, repository, succeed, web_dir};

fn source() -> PathBuf {
    repository().join("../shared/data/avall-2008-2021.zip")
}

/// The site of the real data, built once a run; none where the data is absent.
fn real_site() -> Option<&'static Site> {
    static SITE: OnceLock<Option<Site>> = OnceLock::new();
    SITE.get_or_init(|| {
        if !source().exists() {
            eprintln!("skipped: {} is not here", source().display());
            return None;
        }
        let site = Site {
            folder: folder("real"),
        };
        succeed(
            site.windsock("build")
                .arg(source())
                .arg("--web-dir")
                .arg(web_dir()),
        );
        Some(site)
    })
    .as_ref()
}

#[test]
fn real_accidents_migrate_without_loss() {
    let Some(site) = real_site() else { return };
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

/// Events and deaths of a year.
#[derive(Debug, Default, PartialEq)]
struct Year {
    events: i64,
    deaths: i64,
}

/// Counted in the file itself, row by row, past database and lake.
fn years_of_the_file() -> BTreeMap<i64, Year> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(source()).unwrap()).unwrap();
    let mut bytes = Vec::new();
    archive
        .by_index(0)
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    let database = Database::open(bytes).unwrap();
    let events = database.table("events").unwrap();
    let at = |name: &str| {
        events
            .columns
            .iter()
            .position(|column| column.name == name)
            .unwrap()
    };
    let (date, aboard, ground) = (at("ev_date"), at("inj_tot_f"), at("inj_f_grnd"));
    let count = |value: &Value| match value {
        Value::Int(n) => i64::from(*n),
        Value::Null => 0,
        other => panic!("{other:?} is no number of persons"),
    };
    let mut years: BTreeMap<i64, Year> = BTreeMap::new();
    let (mut rows, mut row) = (database.rows(&events), Vec::new());
    while rows.next_row(&mut row).unwrap() {
        let Value::DateTime(days) = row[date] else {
            panic!("every event of the file has a date");
        };
        let year = years
            .entry(i64::from(DateTime::from_days(days).unwrap().year))
            .or_default();
        year.events += 1;
        year.deaths += count(&row[aboard]) + count(&row[ground]);
    }
    years
}

#[test]
fn figures_equal_what_the_file_itself_holds() {
    let Some(site) = real_site() else { return };
    let yearly = &site.record("analyse")["figures"]["yearly"];
    let columns = yearly["columns"].as_array().unwrap();
    let at = |name: &str| {
        columns
            .iter()
            .position(|column| column["name"] == name)
            .unwrap()
    };
    let (year, accidents, incidents) = (at("ev_year"), at("accidents"), at("incidents"));
    let deaths = at("fatalities");
    let number = |cell: &serde_json::Value| cell.as_i64().unwrap();
    let shown: BTreeMap<i64, Year> = yearly["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let counted = Year {
                events: number(&row[accidents]) + number(&row[incidents]),
                deaths: number(&row[deaths]),
            };
            (number(&row[year]), counted)
        })
        .collect();
    let counted = years_of_the_file();
    assert_eq!(
        counted.keys().copied().collect::<Vec<_>>(),
        (2008..=2021).collect::<Vec<_>>()
    );
    // The file holds accidents in the United States only, so the figure leaves nothing out.
    assert_eq!(shown, counted);
    let total = |of: fn(&Year) -> i64| counted.values().map(of).sum::<i64>();
    eprintln!(
        "{} events, {} deaths",
        total(|y| y.events),
        total(|y| y.deaths)
    );
}
