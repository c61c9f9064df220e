//! Memos and OLE objects outside their rows.

use std::io::{Seek, Write};

use super::data_page::DataPage;
use super::sink::Sink;
use crate::Error;
use crate::format::{LONG_CHAIN, LONG_INLINE, LONG_SINGLE, Layout};

/// Longest value kept behind its header in the row.
const INLINE: usize = 64;
/// A chain's pointer to the next link.
const POINTER: usize = 4;

/// The long-value pages of one column.
#[derive(Debug)]
pub(crate) struct LongPages {
    page: DataPage,
    /// Longest row of a page.
    longest: usize,
    number: u32,
    /// Pages in use, ascending.
    pub(crate) owned: Vec<u32>,
}

impl LongPages {
    pub(crate) fn new(layout: Layout) -> Self {
        Self {
            page: DataPage::new(layout),
            longest: layout.max_long_row,
            number: 0,
            owned: Vec::new(),
        }
    }

    /// Stores a value and appends its header, with the value itself if it is short, to the row.
    pub(crate) fn store<W: Write + Seek>(
        &mut self,
        sink: &mut Sink<W>,
        value: &[u8],
        row: &mut Vec<u8>,
    ) -> Result<(), Error> {
        let (kind, pointer) = if value.len() <= INLINE {
            (LONG_INLINE, 0)
        } else if value.len() <= self.longest {
            (LONG_SINGLE, self.put(sink, value)?)
        } else {
            (LONG_CHAIN, self.put_chain(sink, value)?)
        };
        row.extend((value.len() as u32 | kind << 30).to_le_bytes());
        row.extend(pointer.to_le_bytes());
        row.extend([0; 4]);
        if kind == LONG_INLINE {
            row.extend(value);
        }
        Ok(())
    }

    /// Writes the page that is not full yet.
    pub(crate) fn flush<W: Write + Seek>(&mut self, sink: &mut Sink<W>) -> Result<(), Error> {
        if self.page.is_empty() {
            return Ok(());
        }
        sink.write(self.number, &self.page.take_lval())
    }

    /// The last link first, so that each knows its successor.
    fn put_chain<W: Write + Seek>(
        &mut self,
        sink: &mut Sink<W>,
        value: &[u8],
    ) -> Result<u32, Error> {
        let mut next = 0u32;
        let mut link = Vec::with_capacity(self.longest);
        for chunk in value.chunks(self.longest - POINTER).rev() {
            link.clear();
            link.extend(next.to_le_bytes());
            link.extend(chunk);
            next = self.put(sink, &link)?;
        }
        Ok(next)
    }

    /// Stores a row and returns the pointer to it.
    fn put<W: Write + Seek>(&mut self, sink: &mut Sink<W>, row: &[u8]) -> Result<u32, Error> {
        if row.len() == self.longest {
            // Fills a page; the one begun stays open for shorter rows.
            let number = sink.allocate()?;
            self.owned.push(number);
            let mut page = DataPage::new(sink.layout);
            page.push(row);
            sink.write(number, &page.take_lval())?;
            return Ok(number << 8);
        }
        if !self.page.fits(row.len()) {
            self.flush(sink)?;
        }
        if self.page.is_empty() {
            self.number = sink.allocate()?;
            self.owned.push(self.number);
        }
        Ok(self.number << 8 | self.page.push(row))
    }
}
