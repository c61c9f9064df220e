//! Memos and OLE objects: a twelve-byte header in the row, the content behind it, in one row of a
//! long-value page, or in a chain of such rows.

use super::pages::Pages;
use crate::bytes::{array, u32_at};
use crate::format::{LONG_CHAIN, LONG_INLINE, LONG_SINGLE, LVAL, PAGE_DATA};
use crate::{BadCell, Error, Kind, ReadAt, Value, text};

/// Bounds memory whatever a damaged header announces. The file's own length bounds it, too.
const LONGEST: u32 = 64 << 20;

/// The value whose header (and, inline, content) is `header`.
pub(crate) fn read<R: ReadAt>(
    pages: &mut Pages<'_, R>,
    kind: Kind,
    header: &[u8],
    lossy: &mut u64,
) -> Result<Value, Error> {
    let content = match content(pages, header)? {
        Ok(content) => content,
        Err(bad) => return Ok(Value::Bad(bad)),
    };
    if kind == Kind::Ole {
        return Ok(Value::Binary(content));
    }
    let (text, replaced) = text::decode(&content, pages.layout.jet4);
    *lossy += u64::from(replaced);
    Ok(Value::Text(text))
}

/// The outer error is the source's, the inner one the cell's.
fn content<R: ReadAt>(
    pages: &mut Pages<'_, R>,
    header: &[u8],
) -> Result<Result<Vec<u8>, BadCell>, Error> {
    if header.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let (Some(word), Some(pointer)) = (u32_at(header, 0), u32_at(header, 4)) else {
        return Ok(Err(BadCell::LongHeader));
    };
    let (length, storage) = (word & 0x3FFF_FFFF, word >> 30);
    let file = u64::from(pages.count) * pages.layout.page_size as u64;
    if length > LONGEST || u64::from(length) > file {
        return Ok(Err(BadCell::LongTooLong { expected: length }));
    }
    let expected = length as usize;
    let mut bytes = Vec::new();
    match storage {
        LONG_INLINE => bytes.extend_from_slice(header.get(12..).unwrap_or_default()),
        LONG_SINGLE => match long_row(pages, pointer)? {
            Ok(row) => bytes.extend_from_slice(row),
            Err(bad) => return Ok(Err(bad)),
        },
        LONG_CHAIN => {
            let mut next = pointer;
            while next != 0 && bytes.len() < expected {
                let row = match long_row(pages, next)? {
                    Ok(row) => row,
                    Err(bad) => return Ok(Err(bad)),
                };
                let (link, data) = (u32_at(row, 0), row.get(4..).unwrap_or_default());
                // A step without data would let a chain that bites its tail run for ever.
                let (Some(link), false) = (link, data.is_empty()) else {
                    break;
                };
                bytes.extend_from_slice(data);
                next = link;
            }
        }
        _ => return Ok(Err(BadCell::LongHeader)),
    }
    if bytes.len() < expected {
        return Ok(Err(BadCell::LongCut {
            found: bytes.len() as u32,
            expected: length,
        }));
    }
    bytes.truncate(expected);
    Ok(Ok(bytes))
}

/// A row of a long-value page.
fn long_row<'p, R: ReadAt>(
    pages: &'p mut Pages<'_, R>,
    pointer: u32,
) -> Result<Result<&'p [u8], BadCell>, Error> {
    let number = pointer >> 8;
    let bad = Ok(Err(BadCell::LongPage { page: number }));
    let layout = pages.layout;
    let page = match pages.get(number) {
        Ok(page) => page,
        Err(Error::Damaged { .. }) => return bad,
        Err(error) => return Err(error),
    };
    if page[0] != PAGE_DATA || array(page, 4) != Some(LVAL) {
        return bad;
    }
    layout
        .row(page, (pointer & 0xFF) as u16)
        .map_or(bad, |(_, row)| Ok(Ok(row)))
}
