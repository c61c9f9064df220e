//! A Jet 3 database put together by hand, page by page, as Access 97 lays it out.

use jet::Kind::{Boolean, Int, Memo, Text};
use jet::{Database, Value};

use crate::common::rc4;

const PAGE: usize = 2048;

/// A column entry: type, flags, index among the variable columns, offset among the fixed, size.
struct Entry(&'static str, u8, u8, u16, u16, u16);

fn definition(rows: u32, entries: &[Entry], map: u32) -> Vec<u8> {
    let variable = entries.iter().filter(|entry| entry.2 & 1 == 0).count() as u16;
    let count = entries.len() as u16;
    let mut page = vec![2, 1, b'V', b'C', 0, 0, 0, 0, 0, 0, 0, 0];
    page.extend(rows.to_le_bytes());
    page.extend([0, 0, 0, 0, 0x4E]);
    for word in [count, variable, count] {
        page.extend(word.to_le_bytes());
    }
    for word in [0, 0, map, map] {
        page.extend(u32::to_le_bytes(word));
    }
    for (number, Entry(_, kind, flags, index, offset, size)) in (0u16..).zip(entries) {
        page.push(*kind);
        for word in [number, *index, number, 0x409, 0x4E4, 0] {
            page.extend(word.to_le_bytes());
        }
        page.push(*flags);
        page.extend(offset.to_le_bytes());
        page.extend(size.to_le_bytes());
    }
    for Entry(name, ..) in entries {
        page.push(name.len() as u8);
        page.extend(name.bytes());
    }
    page.resize(PAGE, 0);
    page
}

fn data(owner: [u8; 4], rows: &[Vec<u8>]) -> Vec<u8> {
    let mut page = vec![0; PAGE];
    page[..2].copy_from_slice(&[1, 1]);
    page[4..8].copy_from_slice(&owner);
    page[8..10].copy_from_slice(&(rows.len() as u16).to_le_bytes());
    let mut end = PAGE;
    for (n, row) in rows.iter().enumerate() {
        page[end - row.len()..end].copy_from_slice(row);
        end -= row.len();
        page[10 + 2 * n..12 + 2 * n].copy_from_slice(&(end as u16).to_le_bytes());
    }
    page
}

/// A row of `columns` columns: fixed part, variable parts, null mask.
fn row(columns: u8, fixed: &[u8], variable: &[&[u8]], mask: u8) -> Vec<u8> {
    let mut row = vec![columns];
    row.extend(fixed);
    let mut offsets = Vec::new();
    for part in variable {
        offsets.push(row.len());
        row.extend(*part);
    }
    offsets.push(row.len());
    row.extend(offsets.iter().rev().map(|offset| *offset as u8));
    // One jump for each 256 bytes of the row: the first offset that lies beyond.
    let jumps = (row.len() + 2) / 256;
    for k in (1..=jumps).rev() {
        let first = offsets.iter().position(|offset| *offset >= 256 * k);
        row.push(first.map_or(0xFF, |first| first as u8));
    }
    row.extend([variable.len() as u8, mask]);
    assert_eq!((row.len() - 1) / 256, jumps);
    row
}

fn inline_map(page: u8) -> Vec<u8> {
    let mut row = vec![0; 133];
    row[5 + usize::from(page) / 8] = 1 << (page % 8);
    row
}

/// Pages: header, unused, catalogue, maps, catalogue's rows, table, table's rows, long values.
fn sample() -> Vec<u8> {
    let mut header = vec![0; PAGE];
    header[..4].copy_from_slice(&[0, 1, 0, 0]);
    header[4..19].copy_from_slice(b"Standard Jet DB");
    // The hidden part is all zero.
    rc4(&[0xC7, 0xDA, 0x39, 0x6B], &mut header[0x18..0x96]);
    let catalogue = [
        Entry("Id", 4, 3, 0, 0, 4),
        Entry("Name", 10, 2, 0, 0, 255),
        Entry("Type", 3, 3, 0, 4, 2),
        Entry("Flags", 4, 3, 0, 6, 4),
    ];
    let object = |id: u8, name: &str, flag: u8| {
        row(
            4,
            &[id, 0, 0, 0, 1, 0, 0, 0, 0, flag],
            &[name.as_bytes()],
            0b1111,
        )
    };
    let table = [
        Entry("ev_id", 10, 2, 0, 0, 14),
        Entry("ev_year", 3, 3, 0, 0, 2),
        Entry("mid_air", 1, 3, 0, 2, 1),
        Entry("long", 10, 2, 1, 0, 255),
        Entry("ev_state", 10, 2, 2, 0, 2),
        Entry("narr_cause", 12, 2, 3, 0, 0),
        Entry("code", 10, 3, 0, 2, 3),
    ];
    let mut single = 0x4000_0005u32.to_le_bytes().to_vec();
    single.extend((7u32 << 8).to_le_bytes());
    single.extend([0; 4]);
    let long = [b'x'; 255];
    let rows = [
        row(
            7,
            &[0xD0, 7, b'A', b'1', b' '],
            &[b"caf\xe9", b"", b"AK", &single],
            0b111_1111,
        ),
        // Longer than 256 bytes: offsets need the jump table.
        row(
            7,
            &[0; 5],
            &[b"19970101X00001", &long, b"WA", b""],
            0b001_1001,
        ),
    ];
    [
        header,
        vec![0; PAGE],
        definition(2, &catalogue, 3 << 8),
        data([0; 4], &[inline_map(4), inline_map(6)]),
        data(
            [2, 0, 0, 0],
            &[object(2, "MSysObjects", 0x80), object(5, "Events", 0)],
        ),
        definition(2, &table, 3 << 8 | 1),
        data([5, 0, 0, 0], &rows),
        data(*b"LVAL", &[b"stall".to_vec()]),
    ]
    .concat()
}

#[test]
fn jet_3_is_read() {
    let database = Database::open(sample()).unwrap();
    let table = database.table("events").unwrap();
    let kinds: Vec<_> = table.columns.iter().map(|column| column.kind).collect();

    assert_eq!(kinds, [Text, Int, Boolean, Text, Text, Memo, Text]);
    assert_eq!((table.columns[0].width, table.columns[3].width), (14, 255));
    let (mut rows, mut row) = (database.rows(&table), Vec::new());
    let text = |text: &str| Value::Text(text.into());
    assert!(rows.next_row(&mut row).unwrap());
    let expected = [
        text("café"),
        Value::Int(2000),
        Value::Boolean(true),
        text(""),
        text("AK"),
        text("stall"),
        text("A1 "),
    ];
    assert_eq!(row, expected);
    assert!(rows.next_row(&mut row).unwrap());
    let long = text(&"x".repeat(255));
    let null = Value::Null;
    let flag = Value::Boolean(false);
    assert_eq!(
        row,
        [
            text("19970101X00001"),
            null.clone(),
            flag,
            long,
            text("WA"),
            null.clone(),
            null
        ]
    );
    assert!(!rows.next_row(&mut row).unwrap());
    assert_eq!((rows.counters().rows, rows.counters().bad_cells), (2, 0));
}
