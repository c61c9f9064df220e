//! Usage maps: see [`crate::read`] for what they are; here they are made.

use std::io::{Seek, Write};

use super::data_page::DataPage;
use super::sink::Sink;
use crate::Error;
use crate::format::{Layout, PAGE_MAP};

/// Pages an inline map covers.
fn inline_span(layout: &Layout) -> u32 {
    8 * (layout.map_row as u32 - 5)
}

/// Pages a map page covers.
fn page_span(layout: &Layout) -> u32 {
    8 * (layout.page_size as u32 - 4)
}

/// The row of a map with the given pages, which must ascend; long maps put pages of their own into
/// the sink.
pub(crate) fn row<W: Write + Seek>(sink: &mut Sink<W>, pages: &[u32]) -> Result<Vec<u8>, Error> {
    let layout = sink.layout;
    let (first, last) = (
        pages.first().copied().unwrap_or(0),
        pages.last().copied().unwrap_or(0),
    );
    let span = inline_span(&layout);
    if last < span || last - first < span {
        return Ok(inline(&layout, if last < span { 0 } else { first }, pages));
    }
    let stretch = page_span(&layout);
    let mut row = reference(&layout);
    for pages in pages.chunk_by(|a, b| a / stretch == b / stretch) {
        let bits = pages.iter().map(|page| page % stretch);
        let number = write_map_page(sink, bits)?;
        refer(&mut row, pages[0] / stretch, number);
    }
    Ok(row)
}

/// The row of the database's own map, in which a set bit is a page not in use. Called when all other
/// pages have been given out.
pub(crate) fn free_pages<W: Write + Seek>(sink: &mut Sink<W>) -> Result<Vec<u8>, Error> {
    let layout = sink.layout;
    let span = inline_span(&layout);
    if sink.pages <= span {
        let pages: Vec<u32> = (sink.pages..span).collect();
        return Ok(inline(&layout, 0, &pages));
    }
    // The map's own pages are in use as well, and could make one more necessary.
    let stretch = page_span(&layout);
    let mut needed = sink.pages.div_ceil(stretch);
    needed = (sink.pages + needed).div_ceil(stretch);
    let end = sink.pages + needed;
    let mut row = reference(&layout);
    for slot in 0..needed {
        let first = slot * stretch;
        let bits = (end.max(first)..first + stretch).map(|page| page - first);
        let number = write_map_page(sink, bits)?;
        refer(&mut row, slot, number);
    }
    Ok(row)
}

/// A map without any page.
pub(crate) fn empty(layout: &Layout) -> Vec<u8> {
    inline(layout, 0, &[])
}

fn inline(layout: &Layout, base: u32, pages: &[u32]) -> Vec<u8> {
    let mut row = vec![0; layout.map_row];
    row[1..5].copy_from_slice(&base.to_le_bytes());
    for page in pages {
        set(&mut row[5..], page - base);
    }
    row
}

fn reference(layout: &Layout) -> Vec<u8> {
    let mut row = vec![0; layout.map_row];
    row[0] = 1;
    row
}

/// Enters a map page in a row of references.
fn refer(row: &mut [u8], slot: u32, page: u32) {
    let at = 1 + 4 * slot as usize;
    row[at..at + 4].copy_from_slice(&page.to_le_bytes());
}

fn set(bits: &mut [u8], bit: u32) {
    bits[bit as usize / 8] |= 1 << (bit % 8);
}

fn write_map_page<W: Write + Seek>(
    sink: &mut Sink<W>,
    bits: impl Iterator<Item = u32>,
) -> Result<u32, Error> {
    let number = sink.allocate()?;
    let mut page = vec![0; sink.layout.page_size];
    page[..2].copy_from_slice(&[PAGE_MAP, 1]);
    for bit in bits {
        set(&mut page[4..], bit);
    }
    sink.write(number, &page)?;
    Ok(number)
}

/// The pages with a table's maps: two for the table, two for each long column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MapPages {
    first: u32,
    per_page: u32,
}

impl MapPages {
    /// Maps on the pages from `first` on.
    pub(crate) fn at(layout: &Layout, first: u32) -> Self {
        let room = layout.page_size - layout.directory();
        Self {
            first,
            per_page: (room / (layout.map_row + 2)) as u32,
        }
    }

    /// Sets pages aside for `maps` maps.
    pub(crate) fn allocate<W: Write + Seek>(sink: &mut Sink<W>, maps: u32) -> Result<Self, Error> {
        let mut pages = Self::at(&sink.layout, 0);
        pages.first = sink.allocate_run(maps.div_ceil(pages.per_page))?;
        Ok(pages)
    }

    /// Pointer to a map.
    pub(crate) fn pointer(self, map: u32) -> u32 {
        let page = self.first + map / self.per_page;
        (page << 8) | (map % self.per_page)
    }

    /// Writes the maps, all at once.
    pub(crate) fn write<W: Write + Seek>(
        self,
        sink: &mut Sink<W>,
        maps: &[Vec<u8>],
    ) -> Result<(), Error> {
        let mut page = DataPage::new(sink.layout);
        for (number, maps) in (self.first..).zip(maps.chunks(self.per_page as usize)) {
            for map in maps {
                page.push(map);
            }
            sink.write(number, &page.take([0; 4]))?;
        }
        Ok(())
    }
}
