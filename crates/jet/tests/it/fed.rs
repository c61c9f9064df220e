//! A database whose pages a caller feeds, as a browser does from a file it was given: [`ReadAt`] is
//! enough, one page at a time.

use std::cell::RefCell;
use std::io;

use jet::{Database, ReadAt};

use crate::common::{FORMATS, page_size, read_all};
use crate::damage::sample;

/// Asks `feed` for each piece; takes down what was asked for.
struct Fed<F> {
    feed: F,
    len: u64,
    asked: RefCell<Vec<(u64, usize)>>,
}

impl<F: Fn(u64, &mut [u8]) -> io::Result<()>> ReadAt for Fed<F> {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.asked.borrow_mut().push((offset, buf.len()));
        (self.feed)(offset, buf)
    }
}

#[test]
fn pages_are_asked_for_one_by_one() {
    for format in FORMATS {
        let (bytes, size) = (sample(format), page_size(format));
        let feed = |offset: u64, buf: &mut [u8]| bytes.as_slice().read_at(offset, buf);
        let source = Fed {
            feed,
            len: bytes.len() as u64,
            asked: RefCell::default(),
        };
        let database = Database::open(&source).unwrap();
        let table = database.table("events").unwrap();
        let (mut rows, mut row, mut read) = (database.rows(&table), Vec::new(), Vec::new());
        while rows.next_row(&mut row).unwrap() {
            read.push(row.clone());
        }
        assert!(read == read_all(bytes.clone()).0[1].rows);
        let asked = source.asked.borrow();
        // The first piece is the header's beginning, every other one a page.
        assert!(asked[0].0 == 0 && asked[0].1 < size);
        assert!(
            asked[1..]
                .iter()
                .all(|(offset, length)| *length == size && offset % size as u64 == 0)
        );
        // The cache keeps long values from asking for the same page again and again.
        assert!(
            asked.len() < 2 * bytes.len() / size,
            "{} pieces",
            asked.len()
        );
    }
}
