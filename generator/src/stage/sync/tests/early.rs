//! The file of before 1982.

use jet::Value;

use super::edition::{Row, edition};
use super::{Fixture, counts};

#[test]
fn records_are_followed_one_by_one() {
    let mut fixture = Fixture::with(&["PRE1982.MDB", "avall.mdb"]);
    let record = |row: &Row<'_>| match row.table {
        "ct_Pre1982" => None,
        _ => row.number("RecNum"),
    };
    let first: i32 = fixture
        .one("SELECT min(rec_num) FROM ntsb.pre1982_raw")
        .parse()
        .unwrap();
    let last: i32 = fixture
        .one("SELECT max(rec_num) FROM ntsb.pre1982_raw")
        .parse()
        .unwrap();
    edition(
        &fixture.path("PRE1982.MDB"),
        &fixture.path("early.mdb"),
        |mut row| {
            let number = record(&row);
            if number == Some(last) {
                return Vec::new();
            }
            if number == Some(first) && row.table == "tblFirstHalf" {
                row.set("LOCATION", Value::Text("ELSEWHERE".to_owned()));
            }
            vec![row.values.clone()]
        },
    );
    let before = fixture.state();
    let path = fixture.path("early.mdb");
    let (applied, changes) = fixture.sync("early.mdb");
    assert_eq!(counts(&applied, "tblFirstHalf"), (0, 1, 1));
    let raw: Vec<_> = changes
        .iter()
        .filter(|change| change.table == "pre1982_raw")
        .map(|change| (change.kind.as_str(), change.columns.join(",")))
        .collect();
    assert_eq!(
        raw,
        [("update", "LOCATION".to_owned()), ("delete", String::new())]
    );
    assert_eq!(
        fixture.one("SELECT row_key, content ->> 'rec_num' FROM ntsb.tombstone"),
        format!("[{last}]|{last}")
    );
    let avall = fixture.path("avall.mdb");
    assert_eq!(fixture.state(), Fixture::state_of(&[&path, &avall]));

    fixture.sync("PRE1982.MDB");
    assert_eq!(fixture.state(), before);
    let open = "SELECT count(*) FROM ntsb.tombstone WHERE restored_by IS NULL";
    assert_eq!(fixture.one(open), "0");
    let (applied, changes) = fixture.sync("PRE1982.MDB");
    assert!(!applied.changed_anything());
    assert_eq!(changes, []);
}
