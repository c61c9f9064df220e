//! What the writer does not take, and what it says.

use std::io::Cursor;

use jet::{ColumnSpec, Database, Error, Format, Kind, Value, Writer};

use crate::common::{FORMATS, Table, write};

fn begin(name: &str, columns: &[ColumnSpec]) -> Result<(), Error> {
    begin_as(Format::Jet4, name, columns)
}

fn begin_as(format: Format, name: &str, columns: &[ColumnSpec]) -> Result<(), Error> {
    Writer::create_as(Cursor::new(Vec::new()), format)?
        .begin_table(name, columns)?
        .finish()
}

fn push(columns: &[ColumnSpec], row: &[Value]) -> Result<(), Error> {
    Writer::create(Cursor::new(Vec::new()))?
        .begin_table("t", columns)?
        .push(row)
}

fn text(length: usize) -> Value {
    Value::Text("Ω".repeat(length))
}

#[test]
fn names() {
    let one = [ColumnSpec::new("a", Kind::Long)];
    for name in [
        "",
        "käse",
        "a-b",
        "MSysFoo",
        "tables",
        " x",
        &"n".repeat(65),
    ] {
        assert!(
            matches!(begin(name, &one), Err(Error::Name { .. })),
            "{name:?}"
        );
    }
    for name in ["", "a.b", "a\nb", &"n".repeat(65)] {
        let column = [ColumnSpec::new(name, Kind::Long)];
        assert!(
            matches!(begin("t", &column), Err(Error::Name { .. })),
            "{name:?}"
        );
    }
    let mut writer = Writer::create(Cursor::new(Vec::new())).unwrap();
    writer
        .begin_table("Events", &one)
        .unwrap()
        .finish()
        .unwrap();
    assert!(matches!(
        writer.begin_table("EVENTS", &one),
        Err(Error::Name { .. })
    ));
}

#[test]
fn columns() {
    let many = |n, kind| {
        (0..n)
            .map(|i| ColumnSpec::new(&format!("c{i}"), kind))
            .collect::<Vec<_>>()
    };
    let wide = (0..9).map(|i| ColumnSpec {
        fixed: true,
        ..ColumnSpec::text(&format!("c{i}"), 255)
    });
    let refused: [Vec<ColumnSpec>; 6] = [
        vec![],
        many(256, Kind::Long),
        vec![
            ColumnSpec::new("a", Kind::Long),
            ColumnSpec::new("A", Kind::Long),
        ],
        vec![ColumnSpec::text("a", 256)],
        vec![ColumnSpec::text("a", 0)],
        wide.collect(),
    ];
    for columns in refused {
        assert!(
            matches!(begin("t", &columns), Err(Error::Columns { .. })),
            "{columns:?}"
        );
    }
    for format in FORMATS {
        begin_as(format, "t", &many(255, Kind::Long)).unwrap();
        begin_as(format, "t", &many(255, Kind::Memo)).unwrap();
        let refused = begin_as(format, "t", &many(256, Kind::Long));
        assert!(matches!(refused, Err(Error::Columns { .. })));
    }
}

#[test]
fn rows() {
    let pair = [
        ColumnSpec::text("a", 3),
        ColumnSpec::new("b", Kind::Boolean),
    ];
    push(&pair, &[text(3), Value::Boolean(true)]).unwrap();
    for row in [
        vec![text(4), Value::Boolean(true)],
        vec![text(1), Value::Null],
        vec![text(1), Value::Long(1)],
        vec![Value::Int(1), Value::Boolean(true)],
        vec![text(1)],
        vec![Value::Text("\u{FEFF}a".into()), Value::Boolean(true)],
    ] {
        assert!(
            matches!(push(&pair, &row), Err(Error::Row { .. })),
            "{row:?}"
        );
    }
    let wide: Vec<_> = (0..9)
        .map(|i| ColumnSpec::text(&format!("c{i}"), 255))
        .collect();
    push(&wide, &vec![text(220); 9]).unwrap();
    let error = push(&wide, &vec![text(230); 9]).unwrap_err();
    assert!(error.to_string().contains("exceeds 4060 bytes"), "{error}");
}

#[test]
fn the_longest_row_is_4060_bytes() {
    // 2 + 8 texts + 9 offsets and their number + mask of 2.
    let columns: Vec<_> = (0..8)
        .map(|i| ColumnSpec::text(&format!("c{i}"), 255))
        .collect();
    let mut columns = columns;
    columns.push(ColumnSpec {
        width: 510,
        ..ColumnSpec::new("b", Kind::Binary)
    });
    let row = |last: usize| {
        let mut row = vec![text(249); 8];
        row.push(Value::Binary(vec![7; last]));
        row
    };
    let fits = 4060 - (2 + 8 * 498 + 2 * 11 + 2);
    push(&columns, &row(fits)).unwrap();
    assert!(matches!(
        push(&columns, &row(fits + 1)),
        Err(Error::Row { .. })
    ));
    let rows = vec![row(fits); 3];
    let table = Table {
        name: "t".into(),
        columns,
        rows: rows.clone(),
    };
    let (read, _) = crate::common::read_all(write(&[table]));
    assert_eq!(read[0].rows, rows);
}

#[test]
fn too_many_tables() {
    let mut writer = Writer::create(Cursor::new(Vec::new())).unwrap();
    for n in 0..60 {
        let column = [ColumnSpec::new("a", Kind::Long)];
        writer
            .begin_table(&format!("table number {n}"), &column)
            .unwrap()
            .finish()
            .unwrap();
    }
    assert!(matches!(writer.finish(), Err(Error::TooManyTables)));
}

#[test]
fn tables_that_are_not_there() {
    let database = Database::open(write(&[])).unwrap();
    assert!(database.tables().is_empty());
    let error = database.table("events").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the database has no table named \"events\""
    );
}

#[test]
fn other_formats_are_named() {
    let mut bytes = write(&[]);
    bytes[4..19].copy_from_slice(b"Standard ACE DB");
    let error = Database::open(bytes).unwrap_err();
    assert!(error.to_string().contains("Access 2007"), "{error}");
}

#[test]
fn what_jet_3_cannot_hold() {
    let wide = ColumnSpec {
        width: 256,
        ..ColumnSpec::new("a", Kind::Binary)
    };
    for column in [wide, ColumnSpec::new("a", Kind::Numeric)] {
        let refused = begin_as(Format::Jet3, "t", &[column]);
        assert!(matches!(refused, Err(Error::Columns { .. })));
    }
    let name = begin_as(Format::Jet3, "t", &[ColumnSpec::new("Ω", Kind::Long)]);
    assert!(matches!(name, Err(Error::Name { .. })));

    let mut writer = Writer::create_as(Cursor::new(Vec::new()), Format::Jet3).unwrap();
    let columns: Vec<_> = (0..9)
        .map(|i| ColumnSpec::text(&format!("c{i}"), 255))
        .collect();
    let mut table = writer.begin_table("t", &columns).unwrap();
    let mut push = |text: &str| table.push(&vec![Value::Text(text.to_owned()); 9]);
    push(&"é".repeat(220)).unwrap();
    let error = push(&"é".repeat(225)).unwrap_err();
    assert!(error.to_string().contains("exceeds 2012 bytes"), "{error}");
    let error = push("Ω").unwrap_err();
    assert!(error.to_string().contains("Windows-1252"), "{error}");
}
