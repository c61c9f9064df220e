//! Numbered pages into a seekable sink.

use std::io::{Seek, SeekFrom, Write};

use crate::Error;
use crate::format::Layout;

#[derive(Debug)]
pub(crate) struct Sink<W> {
    inner: W,
    pub(crate) layout: Layout,
    /// The page the sink stands at, to seek only where pages do not follow each other.
    position: Option<u32>,
    /// Number of pages given out.
    pub(crate) pages: u32,
}

impl<W: Write + Seek> Sink<W> {
    /// A sink whose first `reserved` pages are written at the end.
    pub(crate) fn new(sink: W, layout: Layout, reserved: u32) -> Self {
        Self {
            inner: sink,
            layout,
            position: None,
            pages: reserved,
        }
    }

    /// Gives out the next page.
    pub(crate) fn allocate(&mut self) -> Result<u32, Error> {
        if self.pages >= self.layout.max_pages() {
            return Err(Error::TooLarge);
        }
        self.pages += 1;
        Ok(self.pages - 1)
    }

    /// Gives out pages that follow each other and returns the first; none is none.
    pub(crate) fn allocate_run(&mut self, pages: u32) -> Result<u32, Error> {
        let first = self.pages;
        for _ in 0..pages {
            self.allocate()?;
        }
        Ok(first)
    }

    /// Writes a page; `bytes` has the size of one.
    pub(crate) fn write(&mut self, page: u32, bytes: &[u8]) -> Result<(), Error> {
        let size = self.layout.page_size;
        debug_assert_eq!(bytes.len(), size);
        if self.position != Some(page) {
            self.inner
                .seek(SeekFrom::Start(u64::from(page) * size as u64))?;
        }
        self.position = None;
        self.inner.write_all(bytes)?;
        self.position = Some(page + 1);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<W, Error> {
        self.inner.flush()?;
        Ok(self.inner)
    }
}
