//! The same rows through mdbtools' `mdb-export`, where it is installed. Values are chosen around its
//! losses: it prints empty text as NULL, doubles with 16 digits, cuts memos at 199,999 bytes and
//! cannot print characters beyond U+FFFF.

use std::process::Command;

use jet::{ColumnSpec, Format, Kind, Value};

use crate::common::{FORMATS, Table, write_as};

const COLUMNS: [(&str, Kind); 10] = [
    ("ev_id", Kind::Text),
    ("ev_date", Kind::DateTime),
    ("num_eng", Kind::Byte),
    ("ev_time", Kind::Int),
    ("Aircraft_Key", Kind::Long),
    ("dec_latitude", Kind::Double),
    ("unmanned", Kind::Boolean),
    ("narr_accf", Kind::Memo),
    // Together longer than 256 bytes, where offsets in Jet 3 need a ninth bit.
    ("ev_city", Kind::Text),
    ("apt_name", Kind::Text),
];

fn table(format: Format) -> Table {
    let quoted = match format {
        Format::Jet3 => "“é€”",
        Format::Jet4 => "“Ω”",
    };
    let spec = |(name, kind): &(&str, Kind)| match kind {
        Kind::Text => ColumnSpec::text(name, 255),
        kind => ColumnSpec::new(name, *kind),
    };
    let row = move |n: usize| {
        let values = vec![
            Value::Text(format!("20200101X{n:05} é{quoted}")),
            Value::DateTime(36_526.0 + n as f64 + (n % 24) as f64 / 24.0),
            Value::Byte(n as u8),
            Value::Int(-(n as i16)),
            Value::Long(n as i32 * 100_000),
            Value::Double(n as f64 / 8.0),
            Value::Boolean(n.is_multiple_of(2)),
            Value::Text(format!("The {quoted} of this narrative. ").repeat(n * 3 + 1)),
            Value::Text("c".repeat(n + 1)),
            Value::Text("a".repeat(255 - n)),
        ];
        let null = |(at, value): (usize, Value)| match value {
            Value::Boolean(_) => value,
            _ if at > 0 && (n + at).is_multiple_of(5) => Value::Null,
            value => value,
        };
        values.into_iter().enumerate().map(null).collect()
    };
    Table {
        name: "narratives".into(),
        columns: COLUMNS.iter().map(spec).collect(),
        rows: (0..200).map(row).collect(),
    }
}

/// A value as `mdb-export -T '%Y-%m-%d %H:%M:%S'` prints it.
fn printed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => format!("\"{text}\""),
        Value::Byte(v) => v.to_string(),
        Value::Int(v) => v.to_string(),
        Value::Long(v) => v.to_string(),
        Value::Double(v) => v.to_string(),
        Value::Boolean(v) => u8::from(*v).to_string(),
        Value::DateTime(v) => {
            let moment = jet::datetime::DateTime::from_days(*v).unwrap();
            format!(
                "\"{}-{:02}-{:02} {:02}:{:02}:{:02}\"",
                moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second
            )
        }
        other => unreachable!("{other:?} is not in the table"),
    }
}

#[test]
fn mdb_export_prints_the_same() {
    for format in FORMATS {
        prints_the_same(format);
    }
}

fn prints_the_same(format: Format) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sample.mdb");
    let table = table(format);
    std::fs::write(&path, write_as(format, std::slice::from_ref(&table))).unwrap();
    let format = "%Y-%m-%d %H:%M:%S";
    let mut command = Command::new("mdb-export");
    command
        .args(["-H", "-D", format, "-T", format])
        .arg(&path)
        .arg("narratives");
    let Ok(output) = command.output() else {
        println!("skipped: mdb-export (package mdbtools) is not installed");
        return;
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = table
        .rows
        .iter()
        .map(|row| row.iter().map(printed).collect::<Vec<_>>().join(",") + "\n");
    let expected: String = lines.collect();
    let actual = String::from_utf8_lossy(&output.stdout);
    for (actual, expected) in actual.lines().zip(expected.lines()) {
        assert_eq!(actual, expected);
    }
    assert_eq!(actual.len(), expected.len());
}
