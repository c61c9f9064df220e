//! The weekly file against the two it changes.

use std::collections::BTreeMap;

use super::{Record, Sample, number, read, text, whole};
use crate::sample::{SampleOptions, write_sample};

#[test]
fn a_week_changes_events_of_any_year_and_adds_some() {
    let dir = tempfile::tempdir().unwrap();
    let options = SampleOptions {
        events: 1_200,
        seed: 7,
    };
    let report = write_sample(dir.path(), &options, &mut |_| {}).unwrap();
    let path = &report.files[3].path;
    assert_eq!(path.file_name().unwrap(), "up08JAN.mdb");
    let weekly = read(path);
    assert_eq!(weekly.len(), 20);
    let sample = Sample::read(dir.path());
    let before: BTreeMap<&str, &Record> = sample
        .both("events")
        .map(|event| (text(event, "ev_id"), event))
        .collect();
    let (mut new, mut years) = (0, Vec::new());
    for event in &weekly["events"] {
        let Some(old) = before.get(text(event, "ev_id")) else {
            assert_eq!(whole(event, "ev_year"), 2026);
            new += 1;
            continue;
        };
        assert_eq!(text(event, "ntsb_no"), text(old, "ntsb_no"));
        assert_eq!(number(event, "ev_date"), number(old, "ev_date"));
        assert!(number(event, "lchg_date") > number(old, "lchg_date"));
        years.push(whole(event, "ev_year"));
    }
    assert_eq!(weekly["events"].len() as u64, report.files[3].events);
    assert_eq!((years.len(), new), (12, 3));
    assert!(years.iter().any(|year| *year < 1990) && years.iter().any(|year| *year > 2015));
    for table in ["Findings", "Occurrences", "narratives", "ct_seqevt"] {
        assert!(!weekly[table].is_empty(), "{table}");
    }
}
