//! Damaged files: every loss is reported, and nothing panics or hangs.

use std::fmt::Write as _;

use jet::{BadCell, ColumnSpec, Counters, Database, Error, Format, Kind, Value};

use crate::common::{FORMATS, Table, page_size, read_all, write, write_as};

/// Two tables with short and long values on some thirty pages.
pub(crate) fn sample(format: Format) -> Vec<u8> {
    let narrative = |n: usize| {
        let mut text = String::new();
        for sentence in 0..n % 90 {
            let _ = write!(
                text,
                "Sentence {sentence} about wreckage number {n} and “wind”. "
            );
        }
        text
    };
    let columns = vec![
        ColumnSpec::text("ev_id", 14),
        ColumnSpec::new("ev_year", Kind::Int),
        ColumnSpec {
            fixed: true,
            ..ColumnSpec::text("state", 2)
        },
        ColumnSpec::new("dec_latitude", Kind::Double),
        ColumnSpec::new("narr_cause", Kind::Memo),
    ];
    let rows = (0..60).map(|n| {
        vec![
            Value::Text(format!("20200101X{n:05}")),
            if n % 7 == 0 {
                Value::Null
            } else {
                Value::Int(2000 + n as i16)
            },
            Value::Text("AK".into()),
            Value::Double(n as f64 / 3.0),
            Value::Text(narrative(n)),
        ]
    });
    let events = Table {
        name: "events".into(),
        columns,
        rows: rows.collect(),
    };
    let columns = vec![ColumnSpec::text("code", 4), ColumnSpec::text("meaning", 50)];
    let row = |n| {
        vec![
            Value::Text(format!("{n}")),
            Value::Text(format!("meaning of {n}")),
        ]
    };
    let codes = Table {
        name: "codes".into(),
        columns,
        rows: (0..400).map(row).collect(),
    };
    write_as(format, &[events, codes])
}

/// What a complete scan came to; errors are part of the outcome.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    error: bool,
    missing_rows: u64,
    counters: Counters,
    pub(crate) content: Vec<Vec<Value>>,
}

pub(crate) fn scan(bytes: Vec<u8>) -> Result<Outcome, Error> {
    let database = Database::open(bytes)?;
    let mut outcome = Outcome::default();
    for entry in database.tables() {
        let Ok(table) = database.table(&entry.name) else {
            outcome.error = true;
            continue;
        };
        let (mut rows, mut row) = (database.rows(&table), Vec::new());
        loop {
            match rows.next_row(&mut row) {
                Ok(true) => outcome.content.push(row.clone()),
                Ok(false) => break,
                Err(_) => {
                    outcome.error = true;
                    break;
                }
            }
        }
        let counters = rows.counters();
        outcome.missing_rows += u64::from(table.row_count).abs_diff(counters.rows);
        outcome.counters.bad_rows += counters.bad_rows;
        outcome.counters.bad_pages += counters.bad_pages;
        outcome.counters.bad_cells += counters.bad_cells;
        outcome.counters.lossy_text += counters.lossy_text;
    }
    Ok(outcome)
}

/// Whether a reader would notice that something is wrong.
pub(crate) fn noticed(outcome: &Result<Outcome, Error>) -> bool {
    outcome.as_ref().map_or(true, |outcome| {
        let reported = outcome.counters != Counters::default();
        outcome.error || outcome.missing_rows > 0 || reported
    })
}

#[test]
fn every_lost_page_is_noticed() {
    for format in FORMATS {
        lost_pages_are_noticed(format);
    }
}

fn lost_pages_are_noticed(format: Format) {
    let (good, size) = (sample(format), page_size(format));
    let whole = scan(good.clone()).unwrap();
    assert!(!noticed(&Ok(scan(good.clone()).unwrap())));
    let mut changed = 0;
    for page in 0..good.len() / size {
        for filler in [0, 0x55] {
            let mut bytes = good.clone();
            bytes[page * size..(page + 1) * size].fill(filler);
            let outcome = scan(bytes);
            if outcome
                .as_ref()
                .is_ok_and(|outcome| outcome.content == whole.content)
            {
                continue;
            }
            changed += 1;
            assert!(noticed(&outcome), "page {page} filled with {filler:#x}");
        }
    }
    assert!(changed > 40, "only {changed} pages mattered");
}

#[test]
fn a_file_cut_in_the_middle_says_what_is_missing() {
    for format in FORMATS {
        let good = sample(format);
        let cut = good[..good.len() / 2].to_vec();
        assert!(noticed(&scan(cut)));
        assert!(matches!(
            Database::open(good[..5000].to_vec()),
            Err(Error::Truncated { .. })
        ));
    }
    assert!(matches!(Database::open(Vec::new()), Err(Error::NotAnMdb)));
    assert!(matches!(
        Database::open(b"PK\x03\x04 a zip".to_vec()),
        Err(Error::NotAnMdb)
    ));
}

fn find(bytes: &[u8], needle: &[u8]) -> usize {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
        .unwrap()
}

#[test]
fn a_lone_surrogate_costs_one_character_not_the_text() {
    let columns = vec![ColumnSpec::new("narr_accf", Kind::Memo)];
    let row = vec![Value::Text("the Ω key".into())];
    let mut bytes = write(&[Table {
        name: "narratives".into(),
        columns,
        rows: vec![row],
    }]);
    let at = find(&bytes, &[0xA9, 0x03, b' ', 0, b'k', 0]);
    bytes[at..at + 2].copy_from_slice(&0xD800u16.to_le_bytes());
    let (tables, counters) = read_all(bytes);
    assert_eq!(tables[0].rows, [[Value::Text("the \u{FFFD} key".into())]]);
    assert_eq!(counters[0].lossy_text, 1);
}

#[test]
fn a_lost_long_value_is_bad_and_not_null() {
    for format in FORMATS {
        let size = page_size(format);
        let mut bytes = memo(format, 1500);
        let page = find(&bytes, b"LVAL") / size;
        bytes[page * size..(page + 1) * size].fill(0);
        let (tables, counters) = read_all(bytes);
        let bad = BadCell::LongPage { page: page as u32 };
        assert_eq!(tables[0].rows, [[Value::Bad(bad)]]);
        assert_eq!(counters[0].bad_cells, 1);
    }
}

#[test]
fn a_chain_that_bites_its_tail_ends() {
    for (format, directory) in FORMATS.into_iter().zip([10, 14]) {
        let size = page_size(format);
        let mut bytes = memo(format, 5000);
        // The first link of the chain is the full page written last; let it lead to itself.
        let full = |page: &[u8]| page[4..8] == *b"LVAL" && page[2..4] == [4, 0];
        let page = bytes.chunks(size).rposition(full).unwrap();
        let entry = page * size + directory;
        let start = page * size + usize::from(u16::from_le_bytes([bytes[entry], bytes[entry + 1]]));
        bytes[start..start + 4].copy_from_slice(&((page as u32) << 8).to_le_bytes());
        let (tables, _) = read_all(bytes);
        assert!(matches!(&tables[0].rows[0][0], Value::Text(text) if text.len() == 5000));
    }
}

/// A database with one memo.
fn memo(format: Format, length: usize) -> Vec<u8> {
    let columns = vec![ColumnSpec::new("narr_accf", Kind::Memo)];
    let table = Table {
        name: "narratives".into(),
        columns,
        rows: vec![vec![Value::Text("n".repeat(length))]],
    };
    write_as(format, &[table])
}

#[test]
fn a_definition_of_more_columns_than_access_has_is_refused() {
    const COLUMNS: u16 = 77;
    let columns = (0..COLUMNS).map(|n| ColumnSpec::new(&format!("c{n}"), Kind::Long));
    let table = Table {
        name: "wide".into(),
        columns: columns.collect(),
        rows: Vec::new(),
    };
    let mut bytes = write(&[table]);
    let definition = bytes
        .chunks_mut(4096)
        .find(|page| page[0] == 2 && page[0x2D..0x2F] == COLUMNS.to_le_bytes())
        .unwrap();
    definition[0x2D..0x2F].copy_from_slice(&300u16.to_le_bytes());
    let database = Database::open(bytes).unwrap();
    let error = database.table("wide").unwrap_err().to_string();
    assert!(error.contains("255 columns"), "{error}");
}
