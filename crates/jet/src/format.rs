//! Sizes and offsets of the two page formats, and the few structures both reader and writer know.

use crate::bytes::u16_at;

/// RC4 key of the header's hidden part.
pub(crate) const HEADER_KEY: [u8; 4] = [0xC7, 0xDA, 0x39, 0x6B];
/// First byte of a data, definition, usage-map page.
pub(crate) const PAGE_DATA: u8 = 1;
pub(crate) const PAGE_DEFINITION: u8 = 2;
pub(crate) const PAGE_MAP: u8 = 5;
/// Owner of pages with long values, where a table's pages carry its definition page.
pub(crate) const LVAL: [u8; 4] = *b"LVAL";
/// The row offset proper in an entry of a page's row directory; the bits above are flags.
pub(crate) const OFFSET_MASK: u16 = 0x1FFF;
/// Row flag: deleted, or a four-byte pointer to where the row has moved.
pub(crate) const ROW_GONE: u16 = 0x4000;
/// Column flags.
pub(crate) const COLUMN_FIXED: u8 = 1;
pub(crate) const COLUMN_NULLABLE: u8 = 2;
/// Extended column flag: text may be compressed.
pub(crate) const COLUMN_COMPRESSED: u8 = 1;
/// Kind of a long value's storage, bits 30–31 of its length word.
pub(crate) const LONG_INLINE: u32 = 2;
pub(crate) const LONG_SINGLE: u32 = 1;
pub(crate) const LONG_CHAIN: u32 = 0;

/// The format of a database file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Access 97: text in Windows-1252, pages of 2 KiB, files of up to 1 GiB.
    Jet3,
    /// Access 2000 to 2003: text in UTF-16, pages of 4 KiB, files of up to 2 GiB.
    Jet4,
}

impl Format {
    pub(crate) fn layout(self) -> Layout {
        match self {
            Self::Jet3 => JET3,
            Self::Jet4 => JET4,
        }
    }
}

/// Where a format keeps its fields; offsets and sizes in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// Text is UTF-16 and counts are wide (Jet 4), or a code page and narrow (Jet 3).
    pub(crate) jet4: bool,
    pub(crate) page_size: usize,
    /// Length of the header's hidden part from 0x18 on.
    pub(crate) hidden: usize,
    /// Data page: number of rows, followed by the row directory.
    pub(crate) row_count: usize,
    /// Longest row of a table, longest row of a long-value page.
    pub(crate) max_row: usize,
    pub(crate) max_long_row: usize,
    /// Size of a usage map's row.
    pub(crate) map_row: usize,
    pub(crate) definition_rows: usize,
    pub(crate) definition_variable: usize,
    pub(crate) definition_columns: usize,
    pub(crate) definition_indexes: usize,
    pub(crate) definition_map: usize,
    /// Start of the index statistics and the size of one.
    pub(crate) statistics: usize,
    pub(crate) statistic_size: usize,
    pub(crate) entry_size: usize,
    pub(crate) entry_number: usize,
    pub(crate) entry_variable: usize,
    pub(crate) entry_flags: usize,
    pub(crate) entry_offset: usize,
    pub(crate) entry_length: usize,
}

pub(crate) const JET3: Layout = Layout {
    jet4: false,
    page_size: 2048,
    hidden: 126,
    row_count: 8,
    max_row: 2012,
    max_long_row: 2032,
    map_row: 133,
    definition_rows: 12,
    definition_variable: 23,
    definition_columns: 25,
    definition_indexes: 31,
    definition_map: 35,
    statistics: 43,
    statistic_size: 8,
    entry_size: 18,
    entry_number: 1,
    entry_variable: 3,
    entry_flags: 13,
    entry_offset: 14,
    entry_length: 16,
};

pub(crate) const JET4: Layout = Layout {
    jet4: true,
    page_size: 4096,
    hidden: 128,
    row_count: 12,
    max_row: 4060,
    max_long_row: 4076,
    map_row: 69,
    definition_rows: 16,
    definition_variable: 43,
    definition_columns: 45,
    definition_indexes: 51,
    definition_map: 55,
    statistics: 63,
    statistic_size: 12,
    entry_size: 25,
    entry_number: 5,
    entry_variable: 7,
    entry_flags: 15,
    entry_offset: 21,
    entry_length: 23,
};

impl Layout {
    pub(crate) fn format(&self) -> Format {
        if self.jet4 {
            Format::Jet4
        } else {
            Format::Jet3
        }
    }

    /// Pages of the largest file that Access opens.
    pub(crate) fn max_pages(&self) -> u32 {
        let bytes = if self.jet4 { 2u32 << 30 } else { 1 << 30 };
        bytes / self.page_size as u32
    }

    /// Where a data page's row directory begins.
    pub(crate) fn directory(&self) -> usize {
        self.row_count + 2
    }

    /// Number of rows a data page claims.
    pub(crate) fn rows_on(&self, page: &[u8]) -> u16 {
        u16_at(page, self.row_count).unwrap_or(0)
    }

    /// Whether the row directory of a data page ends before the page does.
    pub(crate) fn directory_fits(&self, page: &[u8]) -> bool {
        self.directory() + 2 * usize::from(self.rows_on(page)) <= page.len()
    }

    /// Flags and bytes of row `row` of a data page; `None` when the directory makes no sense there.
    pub(crate) fn row<'p>(&self, page: &'p [u8], row: u16) -> Option<(u16, &'p [u8])> {
        if row >= self.rows_on(page) {
            return None;
        }
        let entry = |row: u16| u16_at(page, self.directory() + 2 * usize::from(row));
        // Rows fill a page from its end: each ends where its predecessor begins.
        let end = match row.checked_sub(1) {
            None => page.len(),
            Some(before) => usize::from(entry(before)? & OFFSET_MASK),
        };
        let word = entry(row)?;
        let start = usize::from(word & OFFSET_MASK);
        page.get(start..end)
            .map(|bytes| (word & !OFFSET_MASK, bytes))
    }
}
