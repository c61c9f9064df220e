//! Encoded databases: every page but the first goes through RC4.

use jet::{ColumnSpec, Database, Error, Value};

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
    encode(&mut bytes, KEY);
    claim(&mut bytes, KEY);
    assert_eq!(read_all(bytes).0[0].rows, table.rows);
}

#[test]
fn another_key_or_another_method_is_refused_and_named() {
    for (encoded_with, claimed) in [(Some(KEY), KEY + 1), (None, KEY)] {
        let mut bytes = write(&[]);
        if let Some(key) = encoded_with {
            encode(&mut bytes, key);
        }
        claim(&mut bytes, claimed);
        let error = Database::open(bytes.as_slice()).unwrap_err();
        assert!(matches!(error, Error::Encrypted), "{error}");
        assert!(error.to_string().contains("without password"), "{error}");
    }
}

const KEY: u32 = 0x1234_5678;

/// Encodes all pages but the first.
fn encode(bytes: &mut [u8], key: u32) {
    for (number, page) in (0u32..).zip(bytes.chunks_mut(4096)).skip(1) {
        rc4(&(key ^ number).to_le_bytes(), page);
    }
}

/// Enters the key in the header, which is encoded itself.
fn claim(bytes: &mut [u8], key: u32) {
    let hidden = &mut bytes[0x18..0x98];
    rc4(&[0xC7, 0xDA, 0x39, 0x6B], hidden);
    hidden[0x3E - 0x18..0x42 - 0x18].copy_from_slice(&key.to_le_bytes());
    rc4(&[0xC7, 0xDA, 0x39, 0x6B], hidden);
}
