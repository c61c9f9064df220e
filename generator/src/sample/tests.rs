//! The databases as a reader finds them.

mod early;
mod weekly;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dataset::schema;
use jet::datetime::DateTime;
use jet::{Database, FileSource, Value};

use super::{SampleOptions, write_sample};

/// A row by column name; NULLs are left out.
type Record = BTreeMap<String, Value>;

/// All rows of a file, by table.
fn read(path: &Path) -> BTreeMap<String, Vec<Record>> {
    let database = Database::open(FileSource::open(path).unwrap()).unwrap();
    let mut tables = BTreeMap::new();
    for entry in database.tables() {
        let table = database.table(&entry.name).unwrap();
        let (mut scan, mut row) = (database.rows(&table), Vec::new());
        let mut records = Vec::new();
        while scan.next_row(&mut row).unwrap() {
            let cells = table.columns.iter().zip(&row);
            let cells = cells.filter(|(_, value)| **value != Value::Null);
            let cell =
                |(column, value): (&jet::Column, &Value)| (column.name.clone(), value.clone());
            records.push(cells.map(cell).collect());
        }
        assert_eq!(scan.counters().rows, u64::from(table.row_count));
        tables.insert(entry.name.clone(), records);
    }
    tables
}

/// All rows of `avall.mdb` and `Pre2008.mdb`, by table and file.
struct Sample(BTreeMap<(String, bool), Vec<Record>>);

impl Sample {
    fn read(dir: &Path) -> Self {
        let mut tables = BTreeMap::new();
        for (file, modern) in [("avall.mdb", true), ("Pre2008.mdb", false)] {
            let found = read(&dir.join(file));
            assert_eq!(found.len(), 20);
            tables.extend(found.into_iter().map(|(name, rows)| ((name, modern), rows)));
        }
        Self(tables)
    }

    fn of(events: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        write_sample(dir.path(), &SampleOptions { events, seed: 7 }, &mut |_| {}).unwrap();
        Self::read(dir.path())
    }

    fn table(&self, name: &str, modern: bool) -> &[Record] {
        &self.0[&(name.to_owned(), modern)]
    }

    /// Rows of both files.
    fn both(&self, name: &str) -> impl Iterator<Item = &Record> {
        self.table(name, true).iter().chain(self.table(name, false))
    }
}

fn text<'r>(record: &'r Record, column: &str) -> &'r str {
    match record.get(column) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

fn number(record: &Record, column: &str) -> Option<f64> {
    match record.get(column)? {
        Value::Byte(v) => Some(f64::from(*v)),
        Value::Int(v) => Some(f64::from(*v)),
        Value::Long(v) => Some(f64::from(*v)),
        Value::Float(v) => Some(f64::from(*v)),
        Value::Double(v) | Value::DateTime(v) => Some(*v),
        _ => None,
    }
}

fn whole(record: &Record, column: &str) -> i64 {
    number(record, column).unwrap_or_default() as i64
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let write = |seed| {
        let dir = tempfile::tempdir().unwrap();
        let mut last = 0;
        let options = SampleOptions { events: 40, seed };
        let report = write_sample(dir.path(), &options, &mut |done| last = done).unwrap();
        assert_eq!(last, 40);
        let events: Vec<_> = report.files.iter().map(|file| file.events).collect();
        assert_eq!((events[0] + events[1], events[2]), (40, 37));
        report
            .files
            .iter()
            .map(|file| std::fs::read(&file.path).unwrap())
            .collect::<Vec<_>>()
    };
    let first = write(1);
    assert!(first == write(1));
    assert!(first != write(2));
}

#[test]
fn keys_are_unique_and_children_have_parents() {
    let sample = Sample::of(60);
    let mut ids = BTreeMap::<&str, BTreeSet<String>>::new();
    let mut orphans = Vec::new();
    for table in schema::tables().iter().filter(|table| !table.is_lookup()) {
        let key = table.natural_key();
        for record in sample.both(table.name) {
            let id: Vec<_> = key
                .iter()
                .map(|c| format!("{:?}", record.get(c.name)))
                .collect();
            if let Some(parent) = table.parent() {
                let length = schema::table(parent).unwrap().natural_key().len();
                if !ids[parent].contains(&id[..length].join("|")) {
                    orphans.push(table.name);
                }
            }
            assert!(
                ids.entry(table.name).or_default().insert(id.join("|")),
                "{} {id:?}",
                table.name
            );
        }
    }
    assert_eq!(orphans, ["NTSB_Admin"; 2]);
    let numbers: BTreeSet<_> = sample
        .both("events")
        .map(|event| text(event, "ntsb_no"))
        .collect();
    assert_eq!(numbers.len(), 60);
}

#[test]
fn each_era_has_its_own_coding_system() {
    let sample = Sample::of(60);
    for table in ["Findings", "Events_Sequence"] {
        assert!(sample.table(table, true).len() > 20);
        assert!(sample.table(table, false).len() <= 2, "a few strays");
    }
    for table in ["Occurrences", "seq_of_events"] {
        assert!(sample.table(table, true).is_empty());
        assert!(!sample.table(table, false).is_empty());
    }
    for event in sample.table("events", true) {
        assert!((2008..=2025).contains(&whole(event, "ev_year")));
    }
    for event in sample.table("events", false) {
        assert!((1982..=2007).contains(&whole(event, "ev_year")));
    }
    assert_eq!(sample.table("ct_seqevt", true).len(), 2224);
    assert_eq!(sample.table("states", false).len(), 51);
}

#[test]
fn events_agree_with_themselves() {
    let sample = Sample::of(60);
    for event in sample.both("events") {
        let days = number(event, "ev_date").unwrap();
        let date = DateTime::from_days(days).unwrap();
        assert_eq!(i64::from(date.year), whole(event, "ev_year"));
        assert_eq!(i64::from(date.month), whole(event, "ev_month"));
        let names = ["SA", "SU", "MO", "TU", "WE", "TH", "FR"];
        assert_eq!(
            text(event, "ev_dow").to_uppercase(),
            names[days as usize % 7]
        );
        assert_eq!(text(event, "ev_id").len(), 14);
        assert_eq!(text(event, "ntsb_no").len(), 10);
        let worst = [
            ("FATL", ["inj_tot_f", "inj_f_grnd"]),
            ("SERS", ["inj_tot_s", "inj_s_grnd"]),
            ("MINR", ["inj_tot_m", "inj_m_grnd"]),
        ];
        let worst = worst
            .iter()
            .find(|(_, columns)| columns.iter().any(|c| whole(event, c) > 0));
        assert_eq!(
            text(event, "ev_highest_injury"),
            worst.map_or("NONE", |(level, _)| level)
        );
        let minutes = whole(event, "ev_time") % 100;
        assert!(minutes < 60 && whole(event, "ev_time") < 2400);
    }
}

#[test]
fn persons_add_up() {
    let sample = Sample::of(60);
    let mut persons = BTreeMap::<(&str, &str), i64>::new();
    for row in sample.both("injury") {
        let (category, level) = (text(row, "inj_person_category"), text(row, "injury_level"));
        if category != "ABRD" && level != "TOTL" {
            *persons.entry((text(row, "ev_id"), level)).or_default() +=
                whole(row, "inj_person_count");
        }
    }
    for event in sample.both("events") {
        let levels = ["FATL", "SERS", "MINR", "NONE"];
        for (level, column) in
            levels
                .iter()
                .zip(["inj_tot_f", "inj_tot_s", "inj_tot_m", "inj_tot_n"])
        {
            let count = persons
                .get(&(text(event, "ev_id"), *level))
                .copied()
                .unwrap_or(0);
            assert_eq!(
                count,
                whole(event, column),
                "{level} of {}",
                text(event, "ev_id")
            );
        }
    }
}

#[test]
fn codes_are_made_of_their_parts() {
    let sample = Sample::of(60);
    let join =
        |row: &Record, parts: &[&str]| parts.iter().map(|part| text(row, part)).collect::<String>();
    for row in sample.both("Findings") {
        let parts = [
            "category_no",
            "subcategory_no",
            "section_no",
            "subsection_no",
            "modifier_no",
        ];
        assert_eq!(text(row, "finding_code"), join(row, &parts));
        assert!(!text(row, "finding_description").contains("Unknown -"));
    }
    for row in sample.both("Events_Sequence") {
        assert_eq!(
            text(row, "Occurrence_Code"),
            join(row, &["phase_no", "eventsoe_no"])
        );
        assert!(!text(row, "Occurrence_Description").starts_with("Unknown"));
    }
}

#[test]
fn marginals_are_plausible() {
    let sample = Sample::of(3_000);
    let share = |records: &[&Record], test: &dyn Fn(&Record) -> bool| {
        records.iter().filter(|record| test(record)).count() as f64 / records.len() as f64
    };
    let events: Vec<_> = sample.both("events").collect();
    let aircraft: Vec<_> = sample.both("aircraft").collect();
    let fatal = |event: &Record| text(event, "ev_highest_injury") == "FATL";
    let is =
        |column: &'static str, value: &'static str| move |row: &Record| text(row, column) == value;
    let within = |what: &str, share: f64, low: f64, high: f64| {
        assert!((low..=high).contains(&share), "{what}: {share:.3}");
    };
    within("fatal", share(&events, &fatal), 0.14, 0.26);
    within(
        "incidents",
        share(&events, &is("ev_type", "INC")),
        0.02,
        0.08,
    );
    within(
        "foreign",
        share(&events, &|event| text(event, "ev_country") != "USA"),
        0.06,
        0.12,
    );
    within(
        "IMC",
        share(&events, &is("wx_cond_basic", "IMC")),
        0.05,
        0.14,
    );
    within(
        "part 91",
        share(&aircraft, &is("far_part", "091")),
        0.65,
        0.88,
    );
    within(
        "helicopters",
        share(&aircraft, &is("acft_category", "HELI")),
        0.05,
        0.16,
    );
    within(
        "second aircraft",
        (aircraft.len() - events.len()) as f64 / events.len() as f64,
        0.005,
        0.04,
    );
    let imc: Vec<_> = events
        .iter()
        .copied()
        .filter(|e| text(e, "wx_cond_basic") == "IMC")
        .collect();
    let vmc: Vec<_> = events
        .iter()
        .copied()
        .filter(|e| text(e, "wx_cond_basic") == "VMC")
        .collect();
    assert!(
        share(&imc, &fatal) > 2.0 * share(&vmc, &fatal),
        "clouds must matter"
    );
    let causes: Vec<_> = sample
        .both("narratives")
        .map(|row| text(row, "narr_cause"))
        .collect();
    for fact in [
        "power lines",
        "carburetor icing",
        "fuel exhaustion",
        "crosswind",
    ] {
        assert!(causes.iter().any(|cause| cause.contains(fact)), "{fact}");
    }
}

#[test]
fn pre2008_holds_a_few_modern_rows_and_events() {
    let sample = Sample::of(900);
    assert_eq!(sample.table("Findings", false).len(), 14);
    assert_eq!(sample.table("Events_Sequence", false).len(), 25);
    let ids = |modern| -> BTreeSet<&str> {
        let events = sample.table("events", modern);
        events.iter().map(|event| text(event, "ev_id")).collect()
    };
    assert_eq!(ids(true).intersection(&ids(false)).count(), 2);
    assert_eq!(ids(true).len() + ids(false).len(), 900);
    let (events, aircraft) = (ids(false), sample.table("aircraft", false));
    assert!(
        aircraft
            .iter()
            .all(|row| events.contains(text(row, "ev_id")))
    );
}
