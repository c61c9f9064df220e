//! Table definitions, which may span several pages.

use super::pages::Pages;
use crate::bytes::{u8_at, u16_at, u32_at};
use crate::format::{COLUMN_COMPRESSED, COLUMN_FIXED, Layout, PAGE_DEFINITION};
use crate::{Column, Error, Kind, ReadAt, TableDef, text};

/// Definitions hold at most 255 columns and 32 indexes with names of 64 characters: well below this.
const MAX_PAGES: usize = 64;
const MAX_COLUMNS: u16 = 255;

/// Reads the definition that begins on `page`.
pub(crate) fn read<R: ReadAt>(
    pages: &mut Pages<'_, R>,
    page: u32,
    name: String,
) -> Result<TableDef, Error> {
    let bytes = collect(pages, page)?;
    let columns = u16_at(&bytes, pages.layout.definition_columns).unwrap_or(0);
    if columns > MAX_COLUMNS {
        return Err(Error::Damaged {
            page,
            what: "the table definition claims more than the 255 columns that Access allows",
        });
    }
    parse(&bytes, &pages.layout, page, name).ok_or(Error::Damaged {
        page,
        what: "the table definition makes no sense",
    })
}

/// Joins a definition's pages; continuation pages lose their eight-byte heads.
fn collect<R: ReadAt>(pages: &mut Pages<'_, R>, first: u32) -> Result<Vec<u8>, Error> {
    let (mut bytes, mut page) = (Vec::new(), first);
    for _ in 0..MAX_PAGES {
        let content = pages.get(page)?;
        if content[0] != PAGE_DEFINITION {
            return Err(Error::Damaged {
                page,
                what: "it should hold a table definition",
            });
        }
        let head = if page == first && bytes.is_empty() {
            0
        } else {
            8
        };
        bytes.extend_from_slice(&content[head..]);
        page = u32_at(content, 4).unwrap_or(0);
        if page == 0 {
            return Ok(bytes);
        }
    }
    Err(Error::Damaged {
        page: first,
        what: "the table definition has no end",
    })
}

fn parse(bytes: &[u8], layout: &Layout, page: u32, name: String) -> Option<TableDef> {
    let count = usize::from(u16_at(bytes, layout.definition_columns)?);
    let indexes = usize::try_from(u32_at(bytes, layout.definition_indexes)?).ok()?;
    let entries = layout.statistics + layout.statistic_size * indexes.min(bytes.len());
    let mut at = entries + layout.entry_size * count;
    let mut columns = Vec::with_capacity(count.min(255));
    for index in 0..count {
        let entry = bytes.get(entries + layout.entry_size * index..)?;
        let length = usize::from(if layout.jet4 {
            u16_at(bytes, at)?
        } else {
            u8_at(bytes, at)?.into()
        });
        at += if layout.jet4 { 2 } else { 1 };
        let (name, _) = text::decode(bytes.get(at..at + length)?, layout.jet4);
        at += length;
        columns.push(column(entry, layout, name)?);
    }
    columns.sort_by_key(|column| column.number);
    Some(TableDef {
        name,
        columns,
        row_count: u32_at(bytes, layout.definition_rows)?,
        page,
        owned: u32_at(bytes, layout.definition_map)?,
        variable: u16_at(bytes, layout.definition_variable)? > 0,
    })
}

fn column(entry: &[u8], layout: &Layout, name: String) -> Option<Column> {
    let kind = Kind::from_code(u8_at(entry, 0)?)?;
    let size = u16_at(entry, layout.entry_length)?;
    let flagged = u8_at(entry, layout.entry_flags)? & COLUMN_FIXED != 0;
    let width = match kind {
        Kind::Text if layout.jet4 => size / 2,
        Kind::Text | Kind::Binary => size,
        _ => 0,
    };
    Some(Column {
        name,
        kind,
        width,
        fixed: kind.is_fixed() || (flagged && !kind.is_long()),
        scale: if kind == Kind::Numeric {
            u8_at(entry, 12)?
        } else {
            0
        },
        compressed: layout.jet4 && u8_at(entry, 16)? & COLUMN_COMPRESSED != 0,
        number: u16_at(entry, layout.entry_number)?,
        variable: u16_at(entry, layout.entry_variable)?,
        offset: u16_at(entry, layout.entry_offset)?,
        size: if kind.is_fixed() { kind.size() } else { size },
    })
}
