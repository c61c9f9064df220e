//! Usage maps: bitmaps of the pages a table owns, short ones in a row, long ones on pages of their
//! own that the row points to.

use super::pages::Pages;
use crate::bytes::{u8_at, u32_at};
use crate::format::PAGE_MAP;
use crate::{Error, ReadAt};

/// A walk over the pages of a map, in ascending order.
#[derive(Debug)]
pub(crate) struct UsageMap {
    /// Map pages still to be read, last first; 0 for a stretch without any page.
    references: Vec<u32>,
    /// Page that the first bit of `bits` stands for.
    base: u32,
    bits: Vec<u8>,
    next: u32,
    /// Page that the first bit of the next map page stands for.
    following: u32,
    /// Map pages that could not be read; each may hide thousands of pages.
    pub(crate) lost: u64,
}

impl UsageMap {
    /// Reads the map that `pointer` points to.
    pub(crate) fn read<R: ReadAt>(pages: &mut Pages<'_, R>, pointer: u32) -> Result<Self, Error> {
        let damaged = |what| Error::Damaged {
            page: pointer >> 8,
            what,
        };
        let row = pages
            .row(pointer)?
            .ok_or(damaged("a usage map is missing"))?;
        let mut map = Self {
            references: Vec::new(),
            base: 0,
            bits: Vec::new(),
            next: 0,
            following: 0,
            lost: 0,
        };
        match u8_at(row, 0) {
            Some(0) => {
                map.base = u32_at(row, 1).ok_or(damaged("a usage map is cut off"))?;
                map.bits = row.get(5..).unwrap_or_default().to_vec();
            }
            Some(1) => {
                let (references, _) = row[1..].as_chunks::<4>();
                map.references = references
                    .iter()
                    .rev()
                    .map(|page| u32::from_le_bytes(*page))
                    .collect();
            }
            _ => return Err(damaged("a usage map is of no known kind")),
        }
        Ok(map)
    }

    /// The next page of the map; may lie beyond the end of a file that was cut.
    pub(crate) fn next<R: ReadAt>(
        &mut self,
        pages: &mut Pages<'_, R>,
    ) -> Result<Option<u32>, Error> {
        loop {
            while (self.next as usize) < 8 * self.bits.len() {
                let bit = self.next;
                self.next += 1;
                if self.bits[bit as usize / 8] >> (bit % 8) & 1 == 1 {
                    return Ok(Some(self.base.saturating_add(bit)));
                }
            }
            let Some(reference) = self.references.pop() else {
                return Ok(None);
            };
            self.base = self.following;
            self.following += 8 * (pages.layout.page_size as u32 - 4);
            self.next = 0;
            self.bits.clear();
            if reference == 0 {
                continue;
            }
            match pages.get(reference) {
                Ok(page) if page[0] == PAGE_MAP => self.bits = page[4..].to_vec(),
                Err(error @ Error::Io(_)) => return Err(error),
                _ => self.lost += 1,
            }
        }
    }
}
