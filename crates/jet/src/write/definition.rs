//! Table definitions as bytes and as pages.

use std::io::{Seek, Write};

use super::sink::{PAGE, Sink};
use crate::format::PAGE_DEFINITION;
use crate::{Column, Error, text};

/// Bytes of a definition that a continuation page takes.
const CONTINUED: usize = PAGE - 8;
/// Constants of the format whose meaning is not known.
const MAGIC: u32 = 0x659;
const INDEX_MAGIC: u32 = 0x783;

/// A column's entry.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) column: &'a Column,
    /// Place in the design view; 0 in system tables.
    pub(crate) design: u16,
    /// Sort order of text, precision and scale of Numeric.
    pub(crate) extra: [u8; 4],
    pub(crate) flags: u8,
    pub(crate) extended: u8,
}

/// An index with the name it goes by.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    pub(crate) name: &'a str,
    /// Its number among the definition's index statistics, by which names refer to it.
    pub(crate) number: u32,
    pub(crate) columns: &'a [u16],
    pub(crate) map: u32,
    pub(crate) root: u32,
    pub(crate) flags: u8,
    pub(crate) distinct: u32,
    pub(crate) primary: bool,
}

/// A definition; pointers are `page << 8 | row`.
#[derive(Debug)]
pub(crate) struct Definition<'a> {
    pub(crate) system: bool,
    pub(crate) rows: u32,
    /// In the order in which the entries are to stand.
    pub(crate) entries: Vec<Entry<'a>>,
    pub(crate) owned: u32,
    pub(crate) free: u32,
    /// In the order of their names.
    pub(crate) indexes: &'a [Index<'a>],
    /// Column number, pointers to the maps of owned pages and of pages with free space.
    pub(crate) long: Vec<(u16, u32, u32)>,
}

impl Definition<'_> {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(PAGE);
        self.encode_head(&mut out);
        let mut real: Vec<_> = self.indexes.iter().collect();
        real.sort_by_key(|index| index.number);
        for index in &real {
            u32s(&mut out, &[0, index.distinct, 0]);
        }
        for entry in &self.entries {
            encode_entry(entry, &mut out);
        }
        for entry in &self.entries {
            name(&entry.column.name, &mut out);
        }
        for index in &real {
            encode_real(index, &mut out);
        }
        for index in self.indexes {
            u32s(&mut out, &[MAGIC, index.number, index.number]);
            out.push(0);
            u32s(&mut out, &[u32::MAX, 0]);
            out.extend([4, 4, u8::from(index.primary)]);
            u32s(&mut out, &[0]);
        }
        for index in self.indexes {
            name(index.name, &mut out);
        }
        for (column, owned, free) in &self.long {
            u16s(&mut out, &[*column]);
            u32s(&mut out, &[*owned, *free]);
        }
        out.extend([0xFF, 0xFF]);
        let length = out.len() as u32;
        out[8..12].copy_from_slice(&length.to_le_bytes());
        out
    }

    fn encode_head(&self, out: &mut Vec<u8>) {
        let columns = self.entries.len() as u16;
        let variable = self
            .entries
            .iter()
            .filter(|entry| !entry.column.fixed)
            .count() as u16;
        let indexes = self.indexes.len() as u32;
        out.extend([PAGE_DEFINITION, 1, 0, 0]);
        u32s(out, &[0, 0, MAGIC, self.rows, 0]);
        out.push(1);
        out.resize(40, 0);
        out.push(if self.system { 0x53 } else { 0x4E });
        u16s(out, &[columns, variable, columns]);
        u32s(out, &[indexes, indexes, self.owned, self.free]);
    }
}

fn encode_entry(entry: &Entry<'_>, out: &mut Vec<u8>) {
    let column = entry.column;
    out.push(column.kind.code());
    u32s(out, &[MAGIC]);
    u16s(out, &[column.number, column.variable, entry.design]);
    out.extend(entry.extra);
    out.extend([entry.flags, entry.extended]);
    u32s(out, &[0]);
    u16s(out, &[column.offset, column.size]);
}

fn encode_real(index: &Index<'_>, out: &mut Vec<u8>) {
    u32s(out, &[INDEX_MAGIC]);
    for slot in 0..10 {
        // Sorted ascending; slots without a column say so.
        u16s(out, &[index.columns.get(slot).copied().unwrap_or(u16::MAX)]);
        out.push(u8::from(slot < index.columns.len()));
    }
    u32s(out, &[index.map, index.root, 0]);
    out.extend([index.flags, 0, 0, 0, 0, 0]);
}

fn name(name: &str, out: &mut Vec<u8>) {
    let bytes = text::encode_wide(name);
    u16s(out, &[bytes.len() as u16]);
    out.extend(bytes);
}

fn u16s(out: &mut Vec<u8>, words: &[u16]) {
    out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

fn u32s(out: &mut Vec<u8>, words: &[u32]) {
    out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

/// How many pages a definition takes.
pub(crate) fn pages(length: usize) -> u32 {
    1 + length.saturating_sub(PAGE).div_ceil(CONTINUED) as u32
}

/// Writes a definition to `first` and the pages behind it.
pub(crate) fn write<W: Write + Seek>(
    sink: &mut Sink<W>,
    first: u32,
    definition: &[u8],
) -> Result<(), Error> {
    let (head, rest) = definition.split_at(definition.len().min(PAGE));
    let last = first + pages(definition.len()) - 1;
    let link = |page: u32| if page == last { 0 } else { page + 1 };
    let mut page = [0; PAGE];
    page[..head.len()].copy_from_slice(head);
    finish_page(&mut page, head.len(), link(first));
    sink.write(first, &page)?;
    for (number, chunk) in (first + 1..).zip(rest.chunks(CONTINUED)) {
        let mut page = [0; PAGE];
        page[..2].copy_from_slice(&[PAGE_DEFINITION, 1]);
        page[8..8 + chunk.len()].copy_from_slice(chunk);
        finish_page(&mut page, 8 + chunk.len(), link(number));
        sink.write(number, &page)?;
    }
    Ok(())
}

fn finish_page(page: &mut [u8; PAGE], used: usize, next: u32) {
    let free = (PAGE - used).saturating_sub(8) as u16;
    page[2..4].copy_from_slice(&free.to_le_bytes());
    page[4..8].copy_from_slice(&next.to_le_bytes());
}
