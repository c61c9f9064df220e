//! Inserts and updates.

use jet::Value;

use super::edition::edition;
use super::{Fixture, LATER, counts};
use crate::stage::sync::{Outcome, SyncOptions};

/// A new event, a new city for an old one, a second line in a code list.
fn second_edition(fixture: &mut Fixture) -> (String, String) {
    let changed = fixture.one("SELECT min(ev_id) FROM ntsb.events WHERE ev_state = 'CA'");
    let copied = fixture.one("SELECT max(ev_id) FROM ntsb.events");
    let new = "20269999999999".to_owned();
    edition(
        &fixture.path("avall.mdb"),
        &fixture.path("second.mdb"),
        |mut row| {
            if row.table == "ct_iaids" && row.text("ct_name").trim() == "ct_ev_type" {
                return vec![row.values.clone(), row.values.clone()];
            }
            if row.is_of(&copied) {
                let old = row.values.clone();
                row.set("ev_id", Value::Text(new.clone()));
                row.set("lchg_date", Value::DateTime(LATER));
                return vec![old, row.values.clone()];
            }
            if row.table == "events" && row.is_of(&changed) {
                row.set("ev_city", Value::Null);
                row.set("wx_temp", Value::Int(7));
                row.set("lchg_date", Value::DateTime(LATER));
            }
            vec![row.values.clone()]
        },
    );
    (changed, new)
}

#[test]
fn a_newer_edition_leaves_what_loading_it_alone_would() {
    let mut fixture = Fixture::with(&["avall.mdb"]);
    fixture
        .client
        .batch_execute(
            "UPDATE ntsb.events SET wx_temp = 0, ev_city = 'X', row_sha256 = NULL
             WHERE ev_id = (SELECT min(ev_id) FROM ntsb.events WHERE ev_state = 'CA')",
        )
        .unwrap();
    let (changed, new) = second_edition(&mut fixture);
    let second = fixture.path("second.mdb");
    let (applied, changes) = fixture.sync("second.mdb");
    assert_eq!(fixture.state(), Fixture::state_of(&[&second]));

    assert!(!applied.initial);
    assert_eq!(counts(&applied, "events"), (1, 1, 0));
    let update = changes
        .iter()
        .find(|change| change.kind == "update")
        .unwrap();
    assert_eq!(update.table, "events");
    assert_eq!(update.key, serde_json::json!([changed]));
    assert_eq!(update.columns, ["ev_city", "wx_temp", "lchg_date"]);
    let inserted = |table: &str| {
        let of_new = |change: &&super::Change| change.ev_id.as_deref() == Some(new.as_str());
        let rows = changes.iter().filter(|change| change.table == table);
        rows.filter(of_new).count() as u64
    };
    for table in &applied.tables {
        let lookups = u64::from(table.table == "ct_iaids");
        assert_eq!(
            inserted(&table.table) + lookups * table.inserted,
            table.inserted
        );
    }
    assert!(inserted("aircraft") > 0 && inserted("narratives") > 0);
    assert!(
        counts(&applied, "ct_iaids").0 > 0,
        "the list has lines twice"
    );
    assert_eq!(applied.events, 2);

    let before = fixture.state();
    let (applied, changes) = fixture.sync("second.mdb");
    assert!(!applied.changed_anything(), "{:?}", applied.tables);
    assert_eq!(changes, []);
    assert_eq!(fixture.state(), before);
}

#[test]
fn an_older_edition_changes_nothing_whenever_it_comes() {
    let mut fixture = Fixture::with(&["avall.mdb"]);
    second_edition(&mut fixture);
    fixture.sync("second.mdb");
    let before = fixture.state();
    let (applied, changes) = fixture.sync_as(
        "avall.mdb",
        SyncOptions {
            whole: Some(false),
            ..SyncOptions::default()
        },
    );
    assert_eq!(changes, []);
    let events = applied
        .tables
        .iter()
        .find(|load| load.table == "events")
        .unwrap();
    assert_eq!((events.older, events.updated), (1, 0));
    assert_eq!(fixture.state(), before);
}

#[test]
fn a_weekly_file_adds_and_never_deletes() {
    let mut fixture = Fixture::with(&["avall.mdb", "Pre2008.mdb"]);
    let before = fixture.one("SELECT count(*) FROM ntsb.findings");
    let (applied, changes) = fixture.sync("up08JAN.mdb");
    assert!(!applied.coverage.whole, "{:?}", applied.coverage);
    let events = applied
        .tables
        .iter()
        .find(|load| load.table == "events")
        .unwrap();
    assert!(events.inserted > 0 && events.updated > 0, "{events:?}");
    assert_eq!(events.inserted + events.updated, events.read);
    assert_eq!(applied.events, events.read);
    assert!(changes.iter().all(|change| change.kind != "delete"));
    let columns = changes
        .iter()
        .filter(|change| change.kind == "update")
        .map(|change| change.columns.len());
    assert!(columns.min() > Some(0), "an update changes a column");
    let after = fixture.one("SELECT count(*) FROM ntsb.findings");
    assert!(after.parse::<u64>().unwrap() >= before.parse().unwrap());
}

#[test]
fn a_dry_run_tells_the_same_and_changes_nothing() {
    let mut fixture = Fixture::with(&["avall.mdb"]);
    second_edition(&mut fixture);
    let before = fixture.state();
    let dry = SyncOptions {
        dry_run: true,
        ..SyncOptions::default()
    };
    let (told, would) = fixture.sync_as("second.mdb", dry);
    assert_eq!(fixture.state(), before);
    assert_eq!(fixture.one("SELECT count(*) FROM ntsb.change"), "0");
    let (done, did) = fixture.sync("second.mdb");
    assert_eq!(told.tables, done.tables);
    assert_eq!(would, did);
    assert!(!did.is_empty());
}

#[test]
fn a_file_is_skipped_once_it_was_loaded_but_not_its_statistics() {
    let mut fixture = Fixture::with(&["avall.mdb"]);
    second_edition(&mut fixture);
    fixture.sync("second.mdb");
    // As a run that was killed after its commit leaves it.
    fixture
        .client
        .batch_execute(
            "INSERT INTO ntsb.stale_statistics SELECT max(load_id) FROM ntsb.load;
             DELETE FROM ntsb.events WHERE ev_id = 'none'",
        )
        .unwrap();
    let (report, changes, result) = fixture.try_sync("second.mdb", SyncOptions::default());
    result.unwrap();
    assert!(matches!(report.files[0].outcome, Outcome::Seen { .. }));
    assert_eq!(changes, []);
    assert!(report.refreshed);
    let (report, _, _) = fixture.try_sync("second.mdb", SyncOptions::default());
    assert!(!report.refreshed);
}

#[test]
fn of_two_rows_with_one_key_the_newest_stays_wherever_it_stands() {
    let mut fixture = Fixture::with(&["avall.mdb"]);
    let id = fixture.one("SELECT min(ev_id) FROM ntsb.events");
    for (name, newest_first) in [("first.mdb", true), ("last.mdb", false)] {
        edition(
            &fixture.path("avall.mdb"),
            &fixture.path(name),
            |mut row| {
                if row.table != "events" || !row.is_of(&id) {
                    return vec![row.values.clone()];
                }
                let old = row.values.clone();
                row.set("ev_city", Value::Text(name.to_owned()));
                row.set(
                    "lchg_date",
                    Value::DateTime(LATER + f64::from(u8::from(!newest_first))),
                );
                let new = row.values.clone();
                if newest_first {
                    vec![new, old]
                } else {
                    vec![old, new]
                }
            },
        );
        let (applied, _) = fixture.sync(name);
        let events = applied
            .tables
            .iter()
            .find(|load| load.table == "events")
            .unwrap();
        assert_eq!((events.updated, events.rejected), (1, 1));
        let city = format!("SELECT ev_city FROM ntsb.events WHERE ev_id = '{id}'");
        assert_eq!(fixture.one(&city), name);
    }
    let reasons = "SELECT DISTINCT reason FROM ntsb.reject WHERE table_name = 'events'
                   AND row_key = '{id}'";
    let reasons = fixture.one(&reasons.replace("{id}", &id));
    assert!(reasons.contains("as new or newer"), "{reasons}");
}
