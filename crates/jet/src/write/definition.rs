//! Table definitions as bytes and as pages.

use std::io::{Seek, Write};

use super::sink::Sink;
use crate::format::{Layout, PAGE_DEFINITION};
use crate::{Column, Error, text};

/// Head of a continuation page.
const HEAD: usize = 8;
/// Jet 3: in the place of the number of bytes not used; and the sort order of text with its code page.
const VERSION_3: [u8; 2] = *b"VC";
const SORT_ORDER_3: [u16; 3] = [0x409, 1252, 0];
/// Constants of the format whose meaning is not known.
const MAGIC: u32 = 0x659;
const INDEX_MAGIC: u32 = 0x783;

/// A column's entry.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) column: &'a Column,
    /// Place in the design view; 0 in system tables.
    pub(crate) design: u16,
    /// Sort order of text, precision and scale of Numeric; not in Jet 3.
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
    /// In the order of their names; none in Jet 3.
    pub(crate) indexes: &'a [Index<'a>],
    /// Column number, pointers to the maps of owned pages and of pages with free space.
    pub(crate) long: Vec<(u16, u32, u32)>,
}

impl Definition<'_> {
    pub(crate) fn encode(&self, layout: &Layout) -> Vec<u8> {
        let mut out = Vec::with_capacity(layout.page_size);
        self.encode_head(layout, &mut out);
        let mut real: Vec<_> = self.indexes.iter().collect();
        real.sort_by_key(|index| index.number);
        for index in &real {
            u32s(&mut out, &[0, index.distinct, 0]);
        }
        for entry in &self.entries {
            encode_entry(entry, layout, &mut out);
        }
        for entry in &self.entries {
            name(&entry.column.name, layout, &mut out);
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
            name(index.name, layout, &mut out);
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

    fn encode_head(&self, layout: &Layout, out: &mut Vec<u8>) {
        let columns = self.entries.len() as u16;
        let variable = self
            .entries
            .iter()
            .filter(|entry| !entry.column.fixed)
            .count() as u16;
        let indexes = self.indexes.len() as u32;
        out.extend([PAGE_DEFINITION, 1, 0, 0]);
        u32s(out, &[0, 0]);
        if layout.jet4 {
            u32s(out, &[MAGIC, self.rows, 0]);
            out.push(1);
            out.resize(40, 0);
        } else {
            u32s(out, &[self.rows, 0]);
        }
        out.push(if self.system { 0x53 } else { 0x4E });
        u16s(out, &[columns, variable, columns]);
        u32s(out, &[indexes, indexes, self.owned, self.free]);
    }
}

fn encode_entry(entry: &Entry<'_>, layout: &Layout, out: &mut Vec<u8>) {
    let column = entry.column;
    let numbers = [column.number, column.variable, entry.design];
    out.push(column.kind.code());
    if layout.jet4 {
        u32s(out, &[MAGIC]);
        u16s(out, &numbers);
        out.extend(entry.extra);
        out.extend([entry.flags, entry.extended]);
        u32s(out, &[0]);
    } else {
        u16s(out, &numbers);
        u16s(out, &SORT_ORDER_3);
        out.push(entry.flags);
    }
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

/// Names were checked before; what could not be encoded would be left empty.
fn name(name: &str, layout: &Layout, out: &mut Vec<u8>) {
    let bytes = text::encode(name, layout.jet4, false).unwrap_or_default();
    if layout.jet4 {
        u16s(out, &[bytes.len() as u16]);
    } else {
        out.push(bytes.len() as u8);
    }
    out.extend(bytes);
}

fn u16s(out: &mut Vec<u8>, words: &[u16]) {
    out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

fn u32s(out: &mut Vec<u8>, words: &[u32]) {
    out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

/// How many pages a definition takes.
pub(crate) fn pages(layout: &Layout, length: usize) -> u32 {
    let rest = length.saturating_sub(layout.page_size);
    1 + rest.div_ceil(layout.page_size - HEAD) as u32
}

/// Writes a definition to `first` and the pages behind it.
pub(crate) fn write<W: Write + Seek>(
    sink: &mut Sink<W>,
    first: u32,
    definition: &[u8],
) -> Result<(), Error> {
    let layout = sink.layout;
    let size = layout.page_size;
    let (head, rest) = definition.split_at(definition.len().min(size));
    let last = first + pages(&layout, definition.len()) - 1;
    let link = |page: u32| if page == last { 0 } else { page + 1 };
    sink.write(first, &page(&layout, head, link(first)))?;
    for (number, chunk) in (first + 1..).zip(rest.chunks(size - HEAD)) {
        let mut bytes = vec![PAGE_DEFINITION, 1, 0, 0, 0, 0, 0, 0];
        bytes.extend(chunk);
        sink.write(number, &page(&layout, &bytes, link(number)))?;
    }
    Ok(())
}

/// Fills a page up and enters what its head says.
fn page(layout: &Layout, bytes: &[u8], next: u32) -> Vec<u8> {
    let mut page = bytes.to_vec();
    page.resize(layout.page_size, 0);
    let free = (layout.page_size - bytes.len()).saturating_sub(HEAD) as u16;
    let head = if layout.jet4 {
        free.to_le_bytes()
    } else {
        VERSION_3
    };
    page[2..4].copy_from_slice(&head);
    page[4..8].copy_from_slice(&next.to_le_bytes());
    page
}
