//! The index leaves of the system tables, and the sort keys in them; Jet 4 only.

use crate::format::JET4;

const PAGE: usize = JET4.page_size;

/// Where the mask of entry ends and the entries themselves begin.
const MASK: usize = 27;
const ENTRIES: usize = 480;
/// Sort codes of A–Z in the order "General".
const LETTERS: [u8; 26] = [
    0x4A, 0x4C, 0x4D, 0x4F, 0x51, 0x53, 0x55, 0x57, 0x59, 0x5B, 0x5C, 0x5E, 0x60, 0x62, 0x64, 0x66,
    0x68, 0x69, 0x6B, 0x6D, 0x6F, 0x71, 0x73, 0x75, 0x76, 0x78,
];

/// Appends the key of a number.
pub(crate) fn long_key(value: i32, key: &mut Vec<u8>) {
    key.push(0x7F);
    key.extend((value as u32 ^ 0x8000_0000).to_be_bytes());
}

/// Appends the key of a name; `None` for characters whose sort codes are not known.
pub(crate) fn text_key(text: &str, key: &mut Vec<u8>) -> Option<()> {
    key.push(0x7F);
    for byte in text.bytes() {
        match byte.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => key.push(LETTERS[usize::from(letter - b'A')]),
            digit @ b'0'..=b'9' => key.push(0x36 + 2 * (digit - b'0')),
            b' ' => key.push(0x07),
            b'_' => key.extend([0x2B, 0x03]),
            _ => return None,
        }
    }
    key.extend([0x01, 0x00]);
    Some(())
}

/// Builds a leaf from keys and the rows (page, number) they lead to; `None` when they do not fit.
pub(crate) fn leaf(table: u32, entries: &[(Vec<u8>, u32, u32)]) -> Option<[u8; PAGE]> {
    let mut sorted: Vec<Vec<u8>> = entries
        .iter()
        .map(|(key, page, row)| {
            let pointer = (page << 8 | row).to_be_bytes();
            key.iter().copied().chain(pointer).collect()
        })
        .collect();
    sorted.sort_unstable();
    let mut page = [0; PAGE];
    let mut at = ENTRIES;
    for entry in &sorted {
        page.get_mut(at..at + entry.len())?.copy_from_slice(entry);
        at += entry.len();
        let end = at - ENTRIES;
        if at < PAGE {
            page[MASK + end / 8] |= 1 << (end % 8);
        }
    }
    page[..2].copy_from_slice(&[4, 1]);
    page[2..4].copy_from_slice(&((PAGE - at) as u16).to_le_bytes());
    page[4..8].copy_from_slice(&table.to_le_bytes());
    Some(page)
}

/// Number of different keys.
pub(crate) fn distinct(entries: &[(Vec<u8>, u32, u32)]) -> u32 {
    let mut keys: Vec<&[u8]> = entries.iter().map(|(key, ..)| key.as_slice()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.len() as u32
}
