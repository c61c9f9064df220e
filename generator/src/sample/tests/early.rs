//! `PRE1982.MDB`.

use std::collections::BTreeMap;

use jet::{Database, FileSource, Kind};

use super::{Record, number, read, text, whole};
use crate::sample::{SampleOptions, write_sample};

struct Early {
    tables: BTreeMap<String, Vec<Record>>,
    columns: BTreeMap<String, Vec<(String, Kind)>>,
}

impl Early {
    fn of(events: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        write_sample(dir.path(), &SampleOptions { events, seed: 7 }, &mut |_| {}).unwrap();
        let path = dir.path().join("PRE1982.MDB");
        let database = Database::open(FileSource::open(&path).unwrap()).unwrap();
        let columns = |entry: &jet::TableEntry| {
            let table = database.table(&entry.name).unwrap();
            let columns = table.columns.into_iter();
            let columns = columns.map(|column| (column.name, column.kind)).collect();
            (entry.name.clone(), columns)
        };
        Self {
            columns: database.tables().iter().map(columns).collect(),
            tables: read(&path),
        }
    }

    fn first(&self) -> &[Record] {
        &self.tables["tblFirstHalf"]
    }
}

#[test]
fn the_flat_tables_have_the_real_columns() {
    let early = Early::of(60);
    let columns = |table: &str| &early.columns[table];
    assert_eq!(columns("tblFirstHalf").len(), 203);
    assert_eq!(columns("tblSecondHalf").len(), 200);
    assert_eq!(columns("tblFirstHalf")[202].0, "FAA_PERSNL_FATAL");
    assert_eq!(columns("tblSecondHalf")[199].0, "RADIO_EMERGENCY");
    let memos = columns("tblSecondHalf").iter();
    let memos: Vec<_> = memos
        .filter(|(_, kind)| *kind == Kind::Memo)
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(memos, ["REMARKS", "CAUSE"]);
    assert_eq!(early.columns.len(), 5);
}

#[test]
fn the_halves_and_the_children_belong_together() {
    let early = Early::of(400);
    let numbers = |table: &str| -> Vec<i64> {
        let rows = early.tables[table].iter();
        rows.map(|row| whole(row, "RecNum")).collect()
    };
    let first = numbers("tblFirstHalf");
    assert_eq!(first[0], 40);
    assert!(first.windows(2).all(|pair| pair[1] == pair[0] + 1));
    assert_eq!(first, numbers("tblSecondHalf"));
    for table in ["tblOccurrences", "tblSeqOfEvents"] {
        let rows = numbers(table);
        assert!(rows.len() >= first.len(), "{table}");
        assert!(rows.iter().all(|number| first.contains(number)), "{table}");
    }
    for row in early.first() {
        let date = jet::datetime::DateTime::from_days(number(row, "DATE_OCCURRENCE").unwrap());
        assert!((1962..=1981).contains(&date.unwrap().year));
        assert!(number(row, "TRANS_DATE") > number(row, "DATE_OCCURRENCE"));
    }
}

#[test]
fn a_collision_is_two_records_of_one_docket() {
    let early = Early::of(1_500);
    let mut groups = BTreeMap::<(String, i64), Vec<&Record>>::new();
    for row in early.first() {
        let key = (
            text(row, "DOCKET_NO").split_at(2).1.to_owned(),
            whole(row, "DATE_OCCURRENCE"),
        );
        groups.entry(key).or_default().push(row);
    }
    let pairs: Vec<_> = groups.values().filter(|rows| rows.len() > 1).collect();
    assert!(pairs.len() > 5, "{} collisions", pairs.len());
    for pair in pairs {
        let [one, two] = pair.as_slice() else {
            panic!("{} aircraft share a docket", pair.len());
        };
        for (this, that) in [(one, two), (two, one)] {
            assert_eq!(text(this, "SECOND_ACFT_REGNO"), text(that, "REGIST_NO"));
            assert_eq!(text(this, "DOCKET_NO"), text(that, "DOCKET_NO"));
            let total = |row: &Record, group: &str| whole(row, &format!("{group}_TOTALS"));
            assert_eq!(total(this, "OTHER_AIRC"), total(that, "TOTAL_ABRD"));
            let persons = ["TOTAL_ABRD", "OTHER_AIRC", "OTHER_XXXX"];
            let persons = persons.map(|group| total(this, group));
            assert_eq!(total(this, "GRAND_TOTAL"), persons.iter().sum::<i64>());
        }
    }
}

#[test]
fn groups_of_persons_add_up_to_those_aboard() {
    let early = Early::of(300);
    let groups = [
        "PILOT",
        "CO_PILOT",
        "DUAL_STUDENT",
        "CHK_PILOT",
        "FLT_ENGN",
        "NAVIGTR",
        "CABIN_ATTN",
        "EXTRA_CREW",
        "PASSENGERS",
    ];
    for row in early.first() {
        for level in ["FATAL", "SERIOUS", "MINOR", "NONE", "UNKNOWN", "TOTALS"] {
            let of = |group: &str| whole(row, &format!("{group}_{level}"));
            let sum: i64 = groups.iter().map(|group| of(group)).sum();
            assert_eq!(sum, of("TOTAL_ABRD"), "{level}");
        }
        let alone =
            text(row, "SECOND_ACFT_REGNO").is_empty() && whole(row, "OTHER_XXXX_TOTALS") == 0;
        assert!(!alone || whole(row, "GRAND_TOTAL_TOTALS") == 0);
    }
}

#[test]
fn fields_of_pilots_have_one_character_more() {
    let early = Early::of(600);
    let (mut carriers, mut unknown) = (0, 0);
    for row in early.first() {
        let hours = text(row, "HOURS_TOTAL_PILOT1");
        let age = text(row, "AGE_PILOT1");
        if hours.is_empty() {
            continue;
        }
        let (value, suffix) = hours.split_at(hours.len() - 1);
        assert_eq!(suffix, &age[age.len() - 1..]);
        let carrier = !text(row, "NAME_COMM_CARR").is_empty();
        assert_eq!(suffix == "A", carrier, "{hours}");
        carriers += u32::from(carrier);
        if value == "Z" {
            unknown += 1;
        } else {
            assert_eq!(value.len(), 5);
            assert!(value.parse::<u32>().unwrap() <= 40_000);
            assert!((10..=99).contains(&age[..age.len() - 1].parse::<u32>().unwrap()));
        }
    }
    assert!(carriers > 3 && unknown > 10, "{carriers} {unknown}");
}

#[test]
fn there_are_as_many_records_as_the_size_asks_for() {
    let early = Early::of(1_500);
    assert_eq!(early.first().len(), 1_500 * 87_039 / 93_360);
}
