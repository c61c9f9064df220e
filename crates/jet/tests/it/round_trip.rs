//! What is written comes back, for random schemas and values and at the boundaries of the format.

use crate::common::{Table, any_table, read_all, write};
use jet::{ColumnSpec, Kind, Value};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn random_tables_come_back(tables in proptest::collection::vec(any_table(), 1..4)) {
        let tables: Vec<Table> = (0..)
            .zip(tables)
            .map(|(n, table)| Table { name: format!("table {n}"), ..table })
            .collect();
        let bytes = write(&tables);
        prop_assert_eq!(write(&tables), bytes.clone(), "same rows, same bytes");
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
    let lengths = [
        0, 1, 62, 63, 64, 65, 1022, 1023, 1024, 1025, 2030, 2036, 2037, 2038, 2039,
    ]
    .into_iter()
    .chain([
        4059, 4060, 4061, 4071, 4072, 4073, 4075, 4076, 4077, 8144, 8145, 70_000,
    ]);
    let rows = lengths
        .flat_map(|length: usize| {
            let bytes: Vec<u8> = (0..length).map(|i| (i * 31 % 251) as u8).collect();
            let latin = "abcdefg".chars().cycle().take(length).collect::<String>();
            let greek = "αβγ😀δ".chars().cycle().take(length).collect::<String>();
            [latin, greek].map(|text| vec![Value::Text(text), Value::Binary(bytes.clone())])
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
    let (read, counters) = read_all(write(std::slice::from_ref(&table)));
    assert!(read[0].rows == table.rows);
    assert_eq!((counters[0].bad_cells, counters[0].lossy_text), (0, 0));
}

#[test]
fn many_pages_need_reference_maps() {
    // About 3 rows a page and more than 512 pages.
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
    let bytes = write(&[large, small]);
    assert!(bytes.len() > 600 * 4096);
    let (read, counters) = read_all(bytes);
    assert_eq!((counters[0].rows, counters[1].rows), (2000, 3000));
    assert!(
        (0..)
            .zip(&read[0].rows)
            .all(|(id, row)| row[0] == Value::Long(id))
    );
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
    let (read, _) = read_all(write(std::slice::from_ref(&table)));
    assert_eq!(read[0].columns, table.columns);
    assert_eq!(read[0].rows, table.rows);
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
    assert_eq!(
        read_all(write(std::slice::from_ref(&table))).0[0].rows,
        table.rows
    );
}
