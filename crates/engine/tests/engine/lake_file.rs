//! Columns of one file, as other executors get them.

use bytes::Bytes;
use engine::{LakeFile, LakeValues};
use serde_json::{Value, json};

use crate::lake::{COLUMNS, Lake, snappy, zstandard};

/// A cell as the test's lake has it: dates are written out there, and days here.
fn days(text: &str) -> i64 {
    let part = |range: std::ops::Range<usize>| text[range].parse::<i64>().unwrap();
    let (year, month, day) = (part(0..4), part(5..7), part(8..10));
    // Howard Hinnant's days_from_civil.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[test]
fn every_value_of_every_column_comes_out() {
    for (properties, kept) in [
        (snappy().build(), (|_| true) as fn(&str) -> bool),
        (zstandard().build(), |name| name != "ev_year"),
    ] {
        let lake = Lake::with(&properties, kept);
        let table = &lake.manifest.tables["explore"];
        let mut before = 0;
        for (file, bytes) in table.files.iter().zip(&lake.files) {
            let mut open = LakeFile::open(table, file, Bytes::from(bytes.clone())).unwrap();
            for (at, (name, _)) in COLUMNS.iter().enumerate() {
                let column = open.column(at).unwrap();
                for row in 0..file.rows as usize {
                    let is_valid = column.valid.as_ref().is_none_or(|valid| valid[row]);
                    let value = match &column.values {
                        _ if !is_valid => Value::Null,
                        LakeValues::Text { texts, ends, codes } => {
                            let code = codes[row] as usize;
                            let start = if code == 0 { 0 } else { ends[code - 1] };
                            json!(texts[start..ends[code]])
                        }
                        LakeValues::Int(values) => json!(values[row]),
                        LakeValues::Float(values) => json!(values[row]),
                        LakeValues::Boolean(values) => json!(values[row]),
                    };
                    let expected = match &lake.rows[before + row][at] {
                        Value::String(date) if *name == "ev_date" => json!(days(date)),
                        other => other.clone(),
                    };
                    assert_eq!(value, expected, "{name} of row {row} of {}", file.path);
                }
            }
            assert!(open.memory() >= file.bytes);
            before += file.rows as usize;
        }
    }
}

#[test]
fn a_file_that_is_not_what_was_published_is_refused() {
    let lake = Lake::new();
    let table = &lake.manifest.tables["explore"];
    let refused = |bytes: Vec<u8>| {
        let opened = LakeFile::open(table, &table.files[0], bytes.into());
        opened.err().unwrap().to_string()
    };
    let mut bytes = lake.files[0].clone();
    bytes[10] ^= 1;
    assert!(refused(bytes).contains("differs from its SHA-256"));
    assert!(refused(lake.files[1].clone()).contains("instead of"));
}
