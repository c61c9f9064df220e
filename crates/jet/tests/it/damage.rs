//! Damaged files: every loss is reported, and nothing panics or hangs.

use std::fmt::Write as _;

use jet::{BadCell, ColumnSpec, Counters, Database, Error, Kind, Value};

use crate::common::{Table, read_all, write};

const PAGE: usize = 4096;

/// Two tables with short and long values on some thirty pages.
fn sample() -> Vec<u8> {
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
    write(&[events, codes])
}

/// What a complete scan came to; errors are part of the outcome.
#[derive(Debug, Default, PartialEq)]
struct Outcome {
    error: bool,
    missing_rows: u64,
    counters: Counters,
    content: Vec<Vec<Value>>,
}

fn scan(bytes: Vec<u8>) -> Result<Outcome, Error> {
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
fn noticed(outcome: &Result<Outcome, Error>, tables: usize) -> bool {
    match outcome {
        Err(_) => true,
        Ok(outcome) => {
            let reported = outcome.counters != Counters::default();
            outcome.error || outcome.missing_rows > 0 || reported || tables != 2
        }
    }
}

/// A small generator of its own, so that every run sees the same damage.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }
}

#[test]
fn every_lost_page_is_noticed() {
    let good = sample();
    let whole = scan(good.clone()).unwrap();
    assert_eq!(
        (whole.error, whole.missing_rows, whole.counters),
        Default::default()
    );
    let mut changed = 0;
    for page in 0..good.len() / PAGE {
        for filler in [0, 0x55] {
            let mut bytes = good.clone();
            bytes[page * PAGE..(page + 1) * PAGE].fill(filler);
            let tables = Database::open(bytes.clone()).map_or(0, |db| db.tables().len());
            let outcome = scan(bytes);
            if outcome
                .as_ref()
                .is_ok_and(|outcome| outcome.content == whole.content)
            {
                continue;
            }
            changed += 1;
            assert!(
                noticed(&outcome, tables),
                "page {page} filled with {filler:#x}"
            );
        }
    }
    assert!(changed > 40, "only {changed} pages mattered");
}

#[test]
fn random_damage_neither_panics_nor_hangs() {
    let good = sample();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for round in 0..600 {
        let mut bytes = good.clone();
        match round % 6 {
            0 => bytes.truncate(dice.roll(good.len())),
            1 | 2 => {
                for _ in 0..if round % 6 == 1 { 10 } else { 200 } {
                    let at = dice.roll(bytes.len());
                    bytes[at] ^= 1 << dice.roll(8);
                }
            }
            3 => {
                // Definitions, maps and row directories: the first bytes of the pages.
                for _ in 0..20 {
                    let at = dice.roll(bytes.len() / PAGE) * PAGE + dice.roll(120);
                    bytes[at] = dice.roll(256) as u8;
                }
            }
            4 => {
                let (a, b) = (dice.roll(bytes.len() / PAGE), dice.roll(bytes.len() / PAGE));
                let page = good[a * PAGE..][..PAGE].to_vec();
                bytes.copy_within(b * PAGE..(b + 1) * PAGE, a * PAGE);
                bytes[b * PAGE..][..PAGE].copy_from_slice(&page);
            }
            _ => {
                let page = dice.roll(bytes.len() / PAGE);
                for byte in &mut bytes[page * PAGE..][..PAGE] {
                    *byte = dice.roll(256) as u8;
                }
            }
        }
        // The outcome does not matter; that there is one does.
        let _ = scan(bytes);
    }
}

#[test]
fn a_file_cut_in_the_middle_says_what_is_missing() {
    let good = sample();
    let cut = good[..good.len() / 2].to_vec();
    let outcome = scan(cut).unwrap();
    assert!(outcome.counters.bad_pages > 0 || outcome.error);
    assert!(matches!(
        Database::open(good[..5000].to_vec()),
        Err(Error::Truncated { .. })
    ));
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
    let columns = vec![ColumnSpec::new("narr_accf", Kind::Memo)];
    let row = vec![Value::Text("n".repeat(3000))];
    let mut bytes = write(&[Table {
        name: "narratives".into(),
        columns,
        rows: vec![row],
    }]);
    let page = find(&bytes, b"LVAL") / PAGE;
    bytes[page * PAGE..(page + 1) * PAGE].fill(0);
    let (tables, counters) = read_all(bytes);
    assert_eq!(
        tables[0].rows,
        [[Value::Bad(BadCell::LongPage { page: page as u32 })]]
    );
    assert_eq!(counters[0].bad_cells, 1);
}

#[test]
fn a_chain_that_bites_its_tail_ends() {
    let columns = vec![ColumnSpec::new("narr_accf", Kind::Memo)];
    let row = vec![Value::Text("n".repeat(5000))];
    let mut bytes = write(&[Table {
        name: "narratives".into(),
        columns,
        rows: vec![row],
    }]);
    // The first link of the chain is the page written last; let it lead to itself.
    let page = bytes
        .chunks(PAGE)
        .rposition(|page| page[4..8] == *b"LVAL" && page[12] == 1);
    let page = page.unwrap();
    let link = (page as u32) << 8;
    let start = page * PAGE
        + usize::from(u16::from_le_bytes([
            bytes[page * PAGE + 14],
            bytes[page * PAGE + 15],
        ]));
    bytes[start..start + 4].copy_from_slice(&link.to_le_bytes());
    let (tables, _) = read_all(bytes);
    assert!(matches!(&tables[0].rows[0][0], Value::Text(text) if !text.is_empty()));
}
