//! Pages of the file, decoded where the database is encoded, with a small cache for those that are
//! asked for again and again (long values share pages, usage maps are walked).

use crate::format::{Layout, OFFSET_MASK};
use crate::{Error, ReadAt, rc4};

const SLOTS: usize = 64;

#[derive(Debug)]
pub(crate) struct Pages<'a, R> {
    source: &'a R,
    pub(crate) layout: Layout,
    key: u32,
    /// Number of whole pages in the file.
    pub(crate) count: u32,
    /// Direct-mapped: page n can only be in slot n mod 64. Page 0 (the header) is never asked for,
    /// so 0 marks an empty slot.
    cache: Vec<(u32, Vec<u8>)>,
}

impl<'a, R: ReadAt> Pages<'a, R> {
    pub(crate) fn new(source: &'a R, layout: Layout, key: u32) -> Self {
        let count = source.len() / layout.page_size as u64;
        // Pointers have 24 bits for the page.
        let count = count.min(1 << 24) as u32;
        Self {
            source,
            layout,
            key,
            count,
            cache: vec![(0, Vec::new()); SLOTS],
        }
    }

    /// Reads page `page` into `buffer`.
    pub(crate) fn load(&self, page: u32, buffer: &mut Vec<u8>) -> Result<(), Error> {
        if page == 0 || page >= self.count {
            return Err(Error::Damaged {
                page,
                what: "the file has no such page",
            });
        }
        buffer.resize(self.layout.page_size, 0);
        self.source
            .read_at(u64::from(page) * self.layout.page_size as u64, buffer)?;
        if self.key != 0 {
            rc4::apply(&(self.key ^ page).to_le_bytes(), buffer);
        }
        Ok(())
    }

    /// Page `page`, from the cache if it is there.
    pub(crate) fn get(&mut self, page: u32) -> Result<&[u8], Error> {
        let slot = page as usize % SLOTS;
        if page == 0 || self.cache[slot].0 != page {
            let mut buffer = std::mem::take(&mut self.cache[slot]).1;
            self.load(page, &mut buffer)?;
            self.cache[slot] = (page, buffer);
        }
        Ok(&self.cache[slot].1)
    }

    /// The page and the row that a pointer means.
    pub(crate) fn row(&mut self, pointer: u32) -> Result<Option<&[u8]>, Error> {
        let layout = self.layout;
        let page = self.get(pointer >> 8)?;
        debug_assert!(layout.page_size <= usize::from(OFFSET_MASK));
        Ok(layout
            .row(page, (pointer & 0xFF) as u16)
            .map(|(_, bytes)| bytes))
    }
}
