//! Usage maps: see [`crate::read`] for what they are; here they are made.

use std::io::{Seek, Write};

use super::sink::{PAGE, Sink};
use crate::Error;
use crate::format::PAGE_MAP;

/// Size of a map's row.
pub(crate) const ROW: usize = 69;
/// Pages an inline map covers, pages a map page covers, map pages a row can name.
const INLINE: u32 = 8 * 64;
const STRETCH: u32 = 8 * (PAGE as u32 - 4);
const REFERENCES: usize = 17;

/// The row of a map with the given pages, which must ascend; long maps put pages of their own into
/// the sink.
pub(crate) fn row<W: Write + Seek>(sink: &mut Sink<W>, pages: &[u32]) -> Result<[u8; ROW], Error> {
    let (first, last) = (
        pages.first().copied().unwrap_or(0),
        pages.last().copied().unwrap_or(0),
    );
    if last < INLINE || last - first < INLINE {
        return Ok(inline(if last < INLINE { 0 } else { first }, pages));
    }
    let mut references = [0; REFERENCES];
    for stretch in pages.chunk_by(|a, b| a / STRETCH == b / STRETCH) {
        let slot = (stretch[0] / STRETCH) as usize;
        let mut bits = [0; PAGE - 4];
        for page in stretch {
            set(&mut bits, page % STRETCH);
        }
        references[slot] = write_map_page(sink, &bits)?;
    }
    Ok(reference(&references))
}

/// The row of the database's own map, in which a set bit is a page not in use. Called when all other
/// pages have been given out.
pub(crate) fn free_pages<W: Write + Seek>(sink: &mut Sink<W>) -> Result<[u8; ROW], Error> {
    if sink.pages <= INLINE {
        let mut row = inline(0, &[]);
        for page in sink.pages..INLINE {
            set(&mut row[5..], page);
        }
        return Ok(row);
    }
    // The map's own pages are in use as well, and could make one more necessary.
    let mut needed = sink.pages.div_ceil(STRETCH);
    needed = (sink.pages + needed).div_ceil(STRETCH);
    let end = sink.pages + needed;
    let mut references = [0; REFERENCES];
    for (slot, first) in (0..needed).zip((0..).step_by(STRETCH as usize)) {
        let mut bits = [0; PAGE - 4];
        for page in end.max(first)..first + STRETCH {
            set(&mut bits, page - first);
        }
        references[slot as usize] = write_map_page(sink, &bits)?;
    }
    Ok(reference(&references))
}

/// A map without any page.
pub(crate) fn empty() -> [u8; ROW] {
    inline(0, &[])
}

fn inline(base: u32, pages: &[u32]) -> [u8; ROW] {
    let mut row = [0; ROW];
    row[1..5].copy_from_slice(&base.to_le_bytes());
    for page in pages {
        set(&mut row[5..], page - base);
    }
    row
}

fn reference(pages: &[u32; REFERENCES]) -> [u8; ROW] {
    let mut row = [0; ROW];
    row[0] = 1;
    for (slot, page) in row[1..].as_chunks_mut::<4>().0.iter_mut().zip(pages) {
        *slot = page.to_le_bytes();
    }
    row
}

fn set(bits: &mut [u8], bit: u32) {
    bits[bit as usize / 8] |= 1 << (bit % 8);
}

fn write_map_page<W: Write + Seek>(
    sink: &mut Sink<W>,
    bits: &[u8; PAGE - 4],
) -> Result<u32, Error> {
    let number = sink.allocate()?;
    let mut page = [0; PAGE];
    page[..2].copy_from_slice(&[PAGE_MAP, 1]);
    page[4..].copy_from_slice(bits);
    sink.write(number, &page)?;
    Ok(number)
}
