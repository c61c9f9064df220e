//! What is written comes back, for random schemas and values and at the boundaries of the format.

use crate::common::{FORMATS, Table, any_tables, page_size, read_all, special, write_as};
use jet::{ColumnSpec, Database, Format, Kind, Value};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(160) })]

    #[test]
    fn random_tables_come_back((format, tables) in any_tables()) {
        let bytes = write_as(format, &tables);
        prop_assert_eq!(&write_as(format, &tables), &bytes, "same rows, same bytes");
        prop_assert_eq!(Database::open(bytes.clone()).unwrap().format(), format);
        let (read, counters) = read_all(bytes);
        for (read, table) in read.iter().zip(&tables) {
            prop_assert_eq!(&read.name, &table.name);
            prop_assert_eq!(&read.columns, &table.columns);
            prop_assert_eq!(&read.rows, &table.padded());
        }
        for (counters, table) in counters.iter().zip(&tables) {
            prop_assert_eq!(counters.rows, table.rows.len() as u64);
            prop_assert_eq!((counters.bad_rows, counters.bad_pages, counters.bad_cells), (0, 0, 0));
        }
    }
}

#[test]
fn long_values_of_every_length_around_the_limits() {
    for format in FORMATS {
        long_values_come_back(format);
    }
}

fn long_values_come_back(format: Format) {
    let around = [1, 64, 1024, 2012, 2028, 2032, 2038, 4060, 4072, 4076, 8144];
    let lengths = around
        .into_iter()
        .flat_map(|length| length - 1..=length + 1)
        .chain([70_000]);
    let rows = lengths
        .flat_map(|length: usize| {
            let bytes: Vec<u8> = (0..length).map(|i| (i * 31 % 251) as u8).collect();
            let latin = "abcdefg".chars().cycle().take(length).collect::<String>();
            let special = special(format).chars().cycle().take(length);
            [latin, special.collect()]
                .map(|text| vec![Value::Text(text), Value::Binary(bytes.clone())])
        })
        .collect();
    let columns = vec![
        ColumnSpec::new("memo", Kind::Memo),
        ColumnSpec::new("ole", Kind::Ole),
    ];
    let table = Table {
        name: "long".into(),
        columns,
        rows,
    };
    let (read, counters) = read_all(write_as(format, std::slice::from_ref(&table)));
    assert!(read[0].rows == table.rows);
    assert_eq!((counters[0].bad_cells, counters[0].lossy_text), (0, 0));
}

#[test]
fn many_pages_need_reference_maps() {
    // One row a page (in Jet 4 three); maps of 1024 (512) pages fit in a row.
    let columns = vec![
        ColumnSpec::new("id", Kind::Long),
        ColumnSpec::text("text", 255),
    ];
    let columns: Vec<_> = columns
        .into_iter()
        .chain((0..4).map(|n| ColumnSpec::text(&format!("more{n}"), 255)))
        .collect();
    let rows: Vec<_> = (0..2000)
        .map(|id| {
            let text = Value::Text(format!("{id:04}").repeat(60));
            std::iter::once(Value::Long(id))
                .chain(std::iter::repeat_n(text, 5))
                .collect()
        })
        .collect();
    let small = Table {
        name: "after".into(),
        columns: vec![ColumnSpec::new("flag", Kind::Boolean)],
        rows: vec![vec![Value::Boolean(true)]; 3000],
    };
    let large = Table {
        name: "a large one".into(),
        columns,
        rows,
    };
    let tables = [large, small];
    for (format, pages) in FORMATS.into_iter().zip([1024, 512]) {
        let bytes = write_as(format, &tables);
        assert!(bytes.len() > pages * page_size(format));
        let (read, counters) = read_all(bytes);
        assert_eq!((counters[0].rows, counters[1].rows), (2000, 3000));
        let mut numbered = (0..).zip(&read[0].rows);
        assert!(numbered.all(|(id, row)| row[0] == Value::Long(id)));
    }
}

#[test]
fn definitions_of_many_pages() {
    let column = |n| {
        ColumnSpec::text(
            &format!("a column with quite a long name, number {n:>20}"),
            9,
        )
    };
    let columns: Vec<_> = (0..255).map(column).collect();
    let mut rows = vec![vec![Value::Null; 255], vec![Value::Text("x".into()); 255]];
    rows[0][254] = Value::Text("last".into());
    let table = Table {
        name: "wide".into(),
        columns,
        rows,
    };
    for format in FORMATS {
        let (read, _) = read_all(write_as(format, std::slice::from_ref(&table)));
        assert_eq!(read[0].columns, table.columns);
        assert_eq!(read[0].rows, table.rows);
    }
}

#[test]
fn dates_numbers_and_flags_at_their_limits() {
    let kinds = [
        Kind::DateTime,
        Kind::Double,
        Kind::Float,
        Kind::Money,
        Kind::Byte,
        Kind::Boolean,
    ];
    let columns: Vec<_> = kinds
        .iter()
        .map(|kind| ColumnSpec::new(&format!("{kind:?}"), *kind))
        .collect();
    let row = |date: f64, double: f64, float: f32, money: i64, byte: u8, flag: bool| {
        vec![
            Value::DateTime(date),
            Value::Double(double),
            Value::Float(float),
            Value::Money(money),
            Value::Byte(byte),
            Value::Boolean(flag),
        ]
    };
    let rows = vec![
        row(-657_434.0, f64::MIN, f32::MIN, i64::MIN, 0, false),
        row(2_958_465.999, f64::MAX, f32::MAX, i64::MAX, 255, true),
        row(-0.75, -0.0, f32::MIN_POSITIVE, -1, 128, true),
        row(0.0, f64::INFINITY, f32::NEG_INFINITY, 0, 1, false),
    ];
    let table = Table {
        name: "limits".into(),
        columns,
        rows,
    };
    for format in FORMATS {
        let (read, _) = read_all(write_as(format, std::slice::from_ref(&table)));
        assert_eq!(read[0].rows, table.rows);
    }
}

#[test]
fn tables_of_long_columns_have_several_pages_of_maps() {
    let columns: Vec<_> = (0..60)
        .map(|n| ColumnSpec::new(&format!("memo{n}"), Kind::Memo))
        .collect();
    let row = |n: usize| {
        let text = |at: usize| Value::Text(format!("{n} {at} ").repeat(20));
        (0..60).map(text).collect()
    };
    let table = Table {
        name: "memos".into(),
        columns,
        rows: (0..50).map(row).collect(),
    };
    for format in FORMATS {
        let (read, _) = read_all(write_as(format, std::slice::from_ref(&table)));
        assert!(read[0].rows == table.rows);
    }
}

#[test]
fn texts_whose_ends_cross_every_256_bytes() {
    // In Jet 3 the offsets in a row have eight bits, and a table says where the ninth changes.
    let columns: Vec<_> = (0..255)
        .map(|n| ColumnSpec::text(&format!("c{n}"), 255))
        .collect();
    let row = |length: usize| {
        let mut row = vec![Value::Null; 255];
        row[length % 255] = Value::Text("a".repeat(length));
        row[length * 7 % 255] = Value::Text("b".repeat(length / 2));
        row[254] = Value::Text("c".repeat(length % 3));
        row
    };
    let table = Table {
        name: "wide".into(),
        columns,
        rows: (0..=255).map(row).collect(),
    };
    for format in FORMATS {
        let (read, _) = read_all(write_as(format, std::slice::from_ref(&table)));
        assert!(read[0].rows == table.rows, "{format:?}");
    }
}
