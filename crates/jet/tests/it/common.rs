//! Tables in memory, written to bytes and read back.

use std::io::Cursor;

use jet::{ColumnSpec, Counters, Database, Format, Kind, Value, Writer};
use proptest::collection::vec;
use proptest::prelude::*;

/// What is true of one format has to be of the other.
pub(crate) const FORMATS: [Format; 2] = [Format::Jet3, Format::Jet4];

#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<ColumnSpec>,
    pub(crate) rows: Vec<Vec<Value>>,
}

impl Table {
    /// The rows as they come back: CHAR(n) and BINARY(n) filled up.
    pub(crate) fn padded(&self) -> Vec<Vec<Value>> {
        let pad = |(value, column): (&Value, &ColumnSpec)| match value {
            Value::Text(text) if column.fixed && column.kind == Kind::Text => {
                let missing = usize::from(column.width) - text.encode_utf16().count();
                Value::Text(format!("{text}{}", " ".repeat(missing)))
            }
            Value::Binary(bytes) if column.fixed && column.kind == Kind::Binary => {
                let mut bytes = bytes.clone();
                bytes.resize(column.width.into(), 0);
                Value::Binary(bytes)
            }
            value => value.clone(),
        };
        self.rows
            .iter()
            .map(|row| row.iter().zip(&self.columns).map(pad).collect())
            .collect()
    }
}

pub(crate) fn page_size(format: Format) -> usize {
    match format {
        Format::Jet3 => 2048,
        Format::Jet4 => 4096,
    }
}

/// Text that every format can store, but not in the plain way.
pub(crate) fn special(format: Format) -> &'static str {
    match format {
        Format::Jet3 => "“é” € Ÿ",
        Format::Jet4 => "“Ω” 😀 β",
    }
}

/// Writes a Jet 4 database.
pub(crate) fn write(tables: &[Table]) -> Vec<u8> {
    write_as(Format::Jet4, tables)
}

pub(crate) fn write_as(format: Format, tables: &[Table]) -> Vec<u8> {
    let mut writer = Writer::create_as(Cursor::new(Vec::new()), format).unwrap();
    for table in tables {
        let mut out = writer.begin_table(&table.name, &table.columns).unwrap();
        for row in &table.rows {
            out.push(row).unwrap();
        }
        out.finish().unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub(crate) fn read_all(bytes: Vec<u8>) -> (Vec<Table>, Vec<Counters>) {
    let database = Database::open(bytes).unwrap();
    let read = |entry: &jet::TableEntry| {
        let definition = database.table(&entry.name).unwrap();
        let spec = |column: &jet::Column| ColumnSpec {
            name: column.name.clone(),
            kind: column.kind,
            width: column.width,
            fixed: column.fixed && matches!(column.kind, Kind::Text | Kind::Binary),
            scale: column.scale,
        };
        let columns = definition.columns.iter().map(spec).collect();
        let (mut scan, mut row, mut rows) = (database.rows(&definition), Vec::new(), Vec::new());
        while scan.next_row(&mut row).unwrap() {
            rows.push(row.clone());
        }
        assert_eq!(scan.counters().rows, u64::from(definition.row_count));
        (
            Table {
                name: definition.name,
                columns,
                rows,
            },
            scan.counters(),
        )
    };
    database.tables().iter().map(read).unzip()
}

/// Some tables that the format can hold.
pub(crate) fn any_tables() -> impl Strategy<Value = (Format, Vec<Table>)> {
    prop::sample::select(FORMATS.to_vec())
        .prop_flat_map(|format| (Just(format), vec(any_table(format), 1..4)))
        .prop_map(|(format, mut tables)| {
            for (n, table) in tables.iter_mut().enumerate() {
                table.name = format!("table {n}");
            }
            (format, tables)
        })
}

/// A table of one to twelve columns of any kind and up to forty rows.
fn any_table(format: Format) -> impl Strategy<Value = Table> {
    vec(any_column(format), 1..12).prop_flat_map(move |mut columns| {
        for (n, column) in columns.iter_mut().enumerate() {
            column.name = format!("{} {n}", column.name);
        }
        let row: Vec<_> = columns
            .iter()
            .map(|column| any_value(format, column))
            .collect();
        vec(row, 0..40).prop_map(move |rows| Table {
            name: String::new(),
            columns: columns.clone(),
            rows,
        })
    })
}

fn any_column(format: Format) -> impl Strategy<Value = ColumnSpec> {
    let mut kinds = vec![
        Kind::Boolean,
        Kind::Byte,
        Kind::Int,
        Kind::Long,
        Kind::Money,
        Kind::Float,
        Kind::Double,
        Kind::DateTime,
        Kind::Binary,
        Kind::Text,
        Kind::Ole,
        Kind::Memo,
        Kind::Guid,
    ];
    let name = match format {
        Format::Jet3 => "[a-zA-Zäß_€][a-zA-Z0-9äß_€]{0,30}",
        Format::Jet4 => {
            kinds.push(Kind::Numeric);
            "[a-zA-Zäß_Ω][a-zA-Z0-9äß_Ω]{0,30}"
        }
    };
    (
        prop::sample::select(kinds),
        name,
        1u16..40,
        any::<bool>(),
        0u8..6,
    )
        .prop_map(|(kind, name, width, fixed, scale)| {
            let short = matches!(kind, Kind::Text | Kind::Binary);
            ColumnSpec {
                name,
                kind,
                width: if short { width } else { 0 },
                fixed: short && fixed,
                scale: if kind == Kind::Numeric { scale } else { 0 },
            }
        })
}

fn any_value(format: Format, column: &ColumnSpec) -> BoxedStrategy<Value> {
    let (width, scale) = (usize::from(column.width), column.scale);
    let some = match column.kind {
        Kind::Boolean => return any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Byte => any::<u8>().prop_map(Value::Byte).boxed(),
        Kind::Int => any::<i16>().prop_map(Value::Int).boxed(),
        Kind::Long => any::<i32>().prop_map(Value::Long).boxed(),
        Kind::Money => any::<i64>().prop_map(Value::Money).boxed(),
        Kind::Float => any::<f32>().prop_map(Value::Float).boxed(),
        Kind::Double => any::<f64>().prop_map(Value::Double).boxed(),
        Kind::DateTime => (-657_434.0..2_958_465.0).prop_map(Value::DateTime).boxed(),
        Kind::Binary => vec(any::<u8>(), 0..=width).prop_map(Value::Binary).boxed(),
        Kind::Text => any_text(format, width).prop_map(Value::Text).boxed(),
        Kind::Ole => any_length()
            .prop_map(|length| Value::Binary((0..length).map(|i| i as u8).collect()))
            .boxed(),
        Kind::Memo => prop_oneof![
            any_text(format, 100),
            any_length().prop_map(|length| "narrative ".chars().cycle().take(length).collect()),
            any_length().prop_map(move |length| special(format)
                .chars()
                .cycle()
                .take(length)
                .collect()),
        ]
        .prop_map(Value::Text)
        .boxed(),
        Kind::Guid => any::<[u8; 16]>().prop_map(Value::Guid).boxed(),
        Kind::Numeric => (-(10i128.pow(28) - 1)..10i128.pow(28))
            .prop_map(move |mantissa| Value::Numeric { mantissa, scale })
            .boxed(),
    };
    prop_oneof![1 => Just(Value::Null), 4 => some].boxed()
}

/// Text of at most `width` UTF-16 units; the one beginning that cannot be stored is left out.
fn any_text(format: Format, width: usize) -> impl Strategy<Value = String> {
    let text = match format {
        Format::Jet3 => prop_oneof!["[ -~]*", "[\u{0}-\u{7F}\u{A0}-\u{FF}€“”Ÿ]*"].boxed(),
        Format::Jet4 => prop_oneof!["[ -~]*", "[\u{0}-\u{FF}]*", any::<String>()].boxed(),
    };
    text.prop_map(move |text| {
        let mut left = width;
        let fits = |c: &char| {
            let fits = c.len_utf16() <= left;
            left = left.saturating_sub(c.len_utf16());
            fits
        };
        text.trim_start_matches('\u{FEFF}')
            .chars()
            .take_while(fits)
            .collect()
    })
}

fn any_length() -> impl Strategy<Value = usize> {
    let around = |n: usize| n.saturating_sub(3)..n + 3;
    prop_oneof![
        0..200usize,
        around(1024),
        around(2028),
        around(2038),
        around(4060),
        around(4072),
        around(4076),
        0..20_000usize
    ]
}

/// RC4, written down once more so that the crate is not tested with itself.
pub(crate) fn rc4(key: &[u8], bytes: &mut [u8]) {
    let mut state: Vec<u8> = (0..=255).collect();
    let mut j = 0usize;
    for i in 0..256 {
        j = (j + usize::from(state[i]) + usize::from(key[i % key.len()])) % 256;
        state.swap(i, j);
    }
    let (mut i, mut j) = (0, 0);
    for byte in bytes {
        i = (i + 1) % 256;
        j = (j + usize::from(state[i])) % 256;
        state.swap(i, j);
        *byte ^= state[(usize::from(state[i]) + usize::from(state[j])) % 256];
    }
}
