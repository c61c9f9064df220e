//! Encoded databases: every page but the first goes through RC4.

use jet::{ColumnSpec, Value};

use crate::common::{Table, rc4, read_all, write};

#[test]
fn an_encoded_database_reads_like_any_other() {
    let columns = vec![ColumnSpec::text("ev_id", 14)];
    let rows = (0..500)
        .map(|n| vec![Value::Text(format!("20200101X{n:05}"))])
        .collect();
    let table = Table {
        name: "events".into(),
        columns,
        rows,
    };
    let mut bytes = write(std::slice::from_ref(&table));
    let key = 0x1234_5678u32;
    for (number, page) in (0u32..).zip(bytes.chunks_mut(4096)).skip(1) {
        rc4(&(key ^ number).to_le_bytes(), page);
    }
    let hidden = &mut bytes[0x18..0x98];
    rc4(&[0xC7, 0xDA, 0x39, 0x6B], hidden);
    hidden[0x3E - 0x18..0x42 - 0x18].copy_from_slice(&key.to_le_bytes());
    rc4(&[0xC7, 0xDA, 0x39, 0x6B], hidden);
    assert_eq!(read_all(bytes).0[0].rows, table.rows);
}
