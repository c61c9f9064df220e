//! Pages of rows: table data, long values, usage maps.

use crate::format::{LVAL, Layout, PAGE_DATA};

/// Row numbers have eight bits in a pointer.
const MAX_ROWS: usize = 255;

/// A data page being filled: rows from the end, their directory from the front.
#[derive(Debug)]
pub(crate) struct DataPage {
    layout: Layout,
    bytes: Vec<u8>,
    rows: usize,
    start: usize,
}

impl DataPage {
    pub(crate) fn new(layout: Layout) -> Self {
        Self {
            layout,
            bytes: vec![0; layout.page_size],
            rows: 0,
            start: layout.page_size,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    pub(crate) fn fits(&self, length: usize) -> bool {
        self.rows < MAX_ROWS && self.layout.directory() + 2 * (self.rows + 1) + length <= self.start
    }

    /// Adds a row, which must fit, and returns its number.
    pub(crate) fn push(&mut self, row: &[u8]) -> u32 {
        debug_assert!(self.fits(row.len()));
        self.start -= row.len();
        self.bytes[self.start..self.start + row.len()].copy_from_slice(row);
        let entry = self.layout.directory() + 2 * self.rows;
        self.bytes[entry..entry + 2].copy_from_slice(&(self.start as u16).to_le_bytes());
        self.rows += 1;
        self.rows as u32 - 1
    }

    /// The finished page, owned by a table's definition page or the owner's name in four bytes;
    /// afterwards this page is empty again.
    pub(crate) fn take(&mut self, owner: [u8; 4]) -> Vec<u8> {
        let mut page = std::mem::replace(self, Self::new(self.layout));
        let free = page.start - page.layout.directory() - 2 * page.rows;
        let count = page.layout.row_count;
        page.bytes[..2].copy_from_slice(&[PAGE_DATA, 1]);
        page.bytes[2..4].copy_from_slice(&(free as u16).to_le_bytes());
        page.bytes[4..8].copy_from_slice(&owner);
        page.bytes[count..count + 2].copy_from_slice(&(page.rows as u16).to_le_bytes());
        page.bytes
    }

    /// [`Self::take`] for long values.
    pub(crate) fn take_lval(&mut self) -> Vec<u8> {
        self.take(LVAL)
    }
}
