//! Tables as Access leaves them after years of use: rows deleted or moved, columns added or deleted.

use jet::{ColumnSpec, Counters, Database, Kind, Value};

use crate::common::{Table, write};

const PAGE: usize = 4096;
const DATA: u8 = 1;
const DEFINITION: u8 = 2;
/// Places in a Jet 4 definition.
const ROW_COUNT: usize = 16;
const COLUMN_COUNT: usize = 45;
const ENTRIES: usize = 63;
const ENTRY: usize = 25;

fn table(columns: Vec<ColumnSpec>, rows: Vec<Vec<Value>>) -> Table {
    Table {
        name: "aircraft".into(),
        columns,
        rows,
    }
}

fn columns() -> Vec<ColumnSpec> {
    vec![
        ColumnSpec::new("number", Kind::Long),
        ColumnSpec::text("make", 30),
    ]
}

fn row(number: i32) -> Vec<Value> {
    vec![
        Value::Long(number),
        Value::Text(format!("make number {number}")),
    ]
}

fn number_at(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

fn put(bytes: &mut [u8], at: usize, number: usize) {
    bytes[at..at + 2].copy_from_slice(&(number as u16).to_le_bytes());
}

/// Number of the definition page of the only table with these many columns.
fn definition(bytes: &[u8], columns: usize) -> usize {
    let mut pages = bytes.chunks(PAGE);
    let found =
        pages.rposition(|page| page[0] == DEFINITION && number_at(page, COLUMN_COUNT) == columns);
    found.unwrap()
}

/// Numbers of the data pages of a definition.
fn data(bytes: &[u8], definition: usize) -> Vec<usize> {
    let owner = (definition as u32).to_le_bytes();
    let owned = |page: &[u8]| page[0] == DATA && page[4..8] == owner;
    let pages = bytes.chunks(PAGE).enumerate();
    pages
        .filter(|(_, page)| owned(page))
        .map(|(number, _)| number)
        .collect()
}

fn read(bytes: Vec<u8>) -> (Vec<Vec<Value>>, Counters, u32) {
    let database = Database::open(bytes).unwrap();
    let table = database.table("aircraft").unwrap();
    let (mut scan, mut row, mut rows) = (database.rows(&table), Vec::new(), Vec::new());
    while scan.next_row(&mut row).unwrap() {
        rows.push(row.clone());
    }
    (rows, scan.counters(), table.row_count)
}

#[test]
fn deleted_rows_are_gone_and_moved_rows_come_once() {
    let mut bytes = write(&[table(columns(), (0..300).map(row).collect())]);
    let definition = definition(&bytes, 2);
    let pages = data(&bytes, definition);
    let (first, last) = (pages[0] * PAGE, pages[pages.len() - 1] * PAGE);
    assert!(first != last);

    // Row 3 is deleted, and with it one of the rows that the definition counts.
    let entry = |page: usize, row: usize| page + 14 + 2 * row;
    let deleted = entry(first, 3);
    let flagged = number_at(&bytes, deleted) | 0xC000;
    put(&mut bytes, deleted, flagged);
    put(&mut bytes, definition * PAGE + ROW_COUNT, 299);

    // Row 5 has moved to the last page; a pointer of four bytes stands in its place.
    let moved = entry(first, 5);
    let (start, end) = (number_at(&bytes, moved), number_at(&bytes, entry(first, 4)));
    let content = bytes[first + start..first + end].to_vec();
    let count = number_at(&bytes, last + 12);
    let place = number_at(&bytes, entry(last, count - 1)) - content.len();
    bytes[last + place..last + place + content.len()].copy_from_slice(&content);
    put(&mut bytes, entry(last, count), place | 0x8000);
    put(&mut bytes, last + 12, count + 1);
    let pointer = (pages[pages.len() - 1] << 8 | count) as u32;
    bytes[first + start..first + start + 4].copy_from_slice(&pointer.to_le_bytes());
    put(&mut bytes, moved, start | 0x4000);

    let (rows, counters, declared) = read(bytes);
    let mut expected: Vec<_> = (0..300).filter(|n| ![3, 5].contains(n)).map(row).collect();
    expected.push(row(5));
    assert_eq!(rows, expected);
    assert_eq!((counters.rows, counters.bad_rows), (299, 0));
    assert_eq!(declared, 299);
}

#[test]
fn columns_added_later_are_null_in_older_rows() {
    let old = write(&[table(columns(), vec![row(1), row(2)])]);
    let mut more = columns();
    more.extend([
        ColumnSpec::text("model", 20),
        ColumnSpec::new("year", Kind::Int),
        ColumnSpec::new("homebuilt", Kind::Boolean),
    ]);
    let mut full = row(3);
    full.extend([
        Value::Text("CUB".into()),
        Value::Int(1946),
        Value::Boolean(true),
    ]);
    let mut new = write(&[table(more, vec![full.clone()])]);

    // The page of the old rows, owned by the new definition.
    let (from, to) = (definition(&old, 2), definition(&new, 5));
    let (source, target) = (data(&old, from)[0] * PAGE, data(&new, to)[0] * PAGE);
    let (rows, ..) = read(new.clone());
    assert_eq!(rows, [full]);
    new[target..target + PAGE].copy_from_slice(&old[source..source + PAGE]);
    new[target + 4..target + 8].copy_from_slice(&(to as u32).to_le_bytes());
    put(&mut new, to * PAGE + ROW_COUNT, 2);

    let (rows, counters, _) = read(new);
    let expected = [1, 2].map(|n| {
        let mut row = row(n);
        // A Yes/No column has no NULL.
        row.extend([Value::Null, Value::Null, Value::Boolean(false)]);
        row
    });
    assert_eq!(rows, expected);
    assert_eq!(counters.bad_cells, 0);
}

#[test]
fn deleted_columns_leave_the_others_in_their_place() {
    let mut wide = columns();
    wide.insert(0, ColumnSpec::text("remark", 10));
    wide.insert(1, ColumnSpec::new("code", Kind::Int));
    let rows = (0..4).map(|n| {
        let mut cells = vec![Value::Text("gone".into()), Value::Int(7)];
        cells.extend(row(n));
        cells
    });
    let mut bytes = write(&[table(wide, rows.collect())]);
    let page = definition(&bytes, 4) * PAGE;
    let page = &mut bytes[page..page + PAGE];

    // The entries of the first two columns go, and their names behind the last entry.
    let names = ENTRIES + 4 * ENTRY;
    let mut behind = names;
    for _ in 0..2 {
        behind += 2 + number_at(page, behind);
    }
    let kept = [&page[ENTRIES + 2 * ENTRY..names], &page[behind..]].concat();
    page[ENTRIES..ENTRIES + kept.len()].copy_from_slice(&kept);
    put(page, COLUMN_COUNT, 2);

    let (rows, counters, _) = read(bytes);
    assert_eq!(rows, (0..4).map(row).collect::<Vec<_>>());
    assert_eq!((counters.bad_rows, counters.bad_cells), (0, 0));
}
