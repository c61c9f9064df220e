//! Rows that a whole file no longer has.

use jet::Value;

use super::edition::edition;
use super::{Fixture, LATER, counts};
use crate::fault::exit_code;
use crate::stage::sync::SyncOptions;

/// Without one event and whatever belongs to it, one finding and one line of a code list; the newest
/// event is touched, so that the edition is newer.
fn later_edition(fixture: &mut Fixture) -> (String, String) {
    let gone = fixture.one(
        "SELECT min(ev_id) FROM ntsb.findings JOIN ntsb.events USING (ev_id)
         WHERE ev_year > 2009",
    );
    let kept = fixture.one(&format!(
        "SELECT min(ev_id) FROM ntsb.findings JOIN ntsb.events USING (ev_id)
         WHERE ev_year > 2009 AND ev_id <> '{gone}'"
    ));
    let touched = fixture.one("SELECT max(ev_id) FROM ntsb.events");
    let (mut findings, mut lines) = (0, 0);
    edition(
        &fixture.path("avall.mdb"),
        &fixture.path("later.mdb"),
        |mut row| {
            if row.table == "ct_iaids" {
                lines += 1;
            }
            if row.is_of(&kept) && row.table == "Findings" {
                findings += 1;
            }
            let dropped = row.is_of(&gone)
                || (row.table == "ct_iaids" && lines == 5)
                || (row.table == "Findings" && row.is_of(&kept) && findings == 1);
            if dropped {
                return Vec::new();
            }
            if row.table == "events" && row.is_of(&touched) {
                row.set("lchg_date", Value::DateTime(LATER));
            }
            vec![row.values.clone()]
        },
    );
    (gone, kept)
}

#[test]
fn what_a_whole_file_lacks_becomes_a_tombstone_until_it_is_back() {
    let mut fixture = Fixture::with(&["avall.mdb"]);
    let before = fixture.state();
    let (gone, _) = later_edition(&mut fixture);
    let later = fixture.path("later.mdb");
    let (applied, changes) = fixture.sync("later.mdb");
    assert!(applied.coverage.whole, "{:?}", applied.coverage);
    assert_eq!(applied.coverage.known, applied.coverage.found + 1);
    assert_eq!(fixture.state(), Fixture::state_of(&[&later]));
    assert_eq!(counts(&applied, "events"), (0, 1, 1));
    assert_eq!(counts(&applied, "ct_iaids"), (0, 0, 1));
    let deleted: u64 = applied.tables.iter().map(|load| load.deleted).sum();
    let told = changes.iter().filter(|change| change.kind == "delete");
    assert_eq!(told.count() as u64, deleted);
    let tombstone = format!(
        "SELECT count(*), count(DISTINCT table_name), count(content ->> 'ev_id')
         FROM ntsb.tombstone WHERE ev_id = '{gone}'"
    );
    let of_event = fixture.one(&tombstone);
    assert!(
        of_event.starts_with(&(deleted - 2).to_string()),
        "{of_event}"
    );
    let content = format!(
        "SELECT content -> 'geom' IS NULL AND content ->> 'ev_id' = '{gone}'
           AND content ->> 'source_file' = 'avall.mdb'
         FROM ntsb.tombstone WHERE table_name = 'events'"
    );
    assert_eq!(fixture.one(&content), "t");

    // The older edition still has them: that does not bring them back.
    let (applied, changes) = fixture.sync("avall.mdb");
    assert_eq!(
        changes
            .iter()
            .filter(|change| change.ev_id.is_some())
            .count(),
        0,
        "{changes:?}"
    );
    let events = applied
        .tables
        .iter()
        .find(|load| load.table == "events")
        .unwrap();
    // The one that was deleted, and the one that was touched.
    assert_eq!((events.older, events.rejected), (2, 0));

    // A newer one does.
    edition(
        &fixture.path("avall.mdb"),
        &fixture.path("newest.mdb"),
        |mut row| {
            if row.table == "events" {
                row.set("lchg_date", Value::DateTime(LATER + 1.0));
            }
            vec![row.values.clone()]
        },
    );
    fixture.sync("newest.mdb");
    let open = "SELECT count(*) FROM ntsb.tombstone WHERE restored_by IS NULL";
    assert_eq!(fixture.one(open), "0");
    let mut after = fixture.state();
    let mut before = before;
    for table in ["events", "yearly_statistics"] {
        // Their dates differ.
        assert_eq!(
            after.remove(table).unwrap().split('|').next(),
            before.remove(table).unwrap().split('|').next()
        );
    }
    assert_eq!(after, before);
}

#[test]
fn a_file_that_is_no_longer_whole_deletes_nothing_unless_told_to() {
    let mut fixture = Fixture::with(&["avall.mdb"]);
    let ids = fixture.one(
        "SELECT string_agg(ev_id, ' ') FROM (SELECT ev_id FROM ntsb.events ORDER BY md5(ev_id) LIMIT 30) e",
    );
    edition(
        &fixture.path("avall.mdb"),
        &fixture.path("partial.mdb"),
        |row| {
            let dropped = ids.split(' ').any(|id| row.is_of(id));
            if dropped {
                Vec::new()
            } else {
                vec![row.values.clone()]
            }
        },
    );
    let before = fixture.state();
    let (applied, changes) = fixture.sync("partial.mdb");
    assert!(!applied.coverage.whole, "{:?}", applied.coverage);
    assert_eq!(changes, []);

    let whole = SyncOptions {
        whole: Some(true),
        again: true,
        ..SyncOptions::default()
    };
    let (_, _, result) = fixture.try_sync("partial.mdb", whole);
    let error = result.unwrap_err();
    assert_eq!(exit_code(&error), 3);
    let message = format!("{error:#}");
    assert!(
        message.contains("--allow-mass-delete") && message.contains("--partial"),
        "{message}"
    );
    assert_eq!(fixture.state(), before);

    let (applied, _) = fixture.sync_as(
        "partial.mdb",
        SyncOptions {
            allow_mass_delete: true,
            ..whole
        },
    );
    assert_eq!(counts(&applied, "events").2, 30);
    let partial = fixture.path("partial.mdb");
    assert_eq!(fixture.state(), Fixture::state_of(&[&partial]));
}

#[test]
fn a_file_deletes_nothing_that_came_from_another_database() {
    let mut fixture = Fixture::with(&["PRE1982.MDB", "Pre2008.mdb", "avall.mdb"]);
    // An event of the years of avall that only Pre2008 has, and one that a later weekly file brought.
    let id = fixture.one("SELECT max(ev_id) FROM ntsb.events WHERE source_file = 'Pre2008.mdb'");
    fixture
        .client
        .batch_execute(&format!(
            "UPDATE ntsb.events SET ev_date = '2008-05-05' WHERE ev_id = '{id}'"
        ))
        .unwrap();
    let (gone, _) = later_edition(&mut fixture);
    edition(
        &fixture.path("up08JAN.mdb"),
        &fixture.path("weekly.mdb"),
        |mut row| {
            if row.table == "events" {
                row.set("lchg_date", Value::DateTime(LATER + 1.0));
            }
            vec![row.values.clone()]
        },
    );
    fixture.sync("weekly.mdb");
    let (applied, changes) = fixture.sync("later.mdb");
    assert!(applied.coverage.whole, "{:?}", applied.coverage);
    let events: Vec<_> = changes
        .iter()
        .filter(|change| change.kind == "delete" && change.table == "events")
        .map(|change| change.ev_id.clone().unwrap())
        .collect();
    assert_eq!(events, [gone]);
}
