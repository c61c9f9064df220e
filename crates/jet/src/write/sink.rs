//! Numbered pages into a seekable sink.

use std::io::{Seek, SeekFrom, Write};

use crate::Error;
use crate::format::JET4;

pub(crate) const PAGE: usize = JET4.page_size;
/// Two gibibytes, the most Access opens.
const MAX_PAGES: u32 = (2 << 30) / PAGE as u32;

#[derive(Debug)]
pub(crate) struct Sink<W> {
    inner: W,
    /// The page the sink stands at, to seek only where pages do not follow each other.
    position: Option<u32>,
    /// Number of pages given out.
    pub(crate) pages: u32,
}

impl<W: Write + Seek> Sink<W> {
    /// A sink whose first `reserved` pages are written at the end.
    pub(crate) fn new(sink: W, reserved: u32) -> Self {
        Self {
            inner: sink,
            position: None,
            pages: reserved,
        }
    }

    /// Gives out the next page.
    pub(crate) fn allocate(&mut self) -> Result<u32, Error> {
        if self.pages >= MAX_PAGES {
            return Err(Error::TooLarge);
        }
        self.pages += 1;
        Ok(self.pages - 1)
    }

    pub(crate) fn write(&mut self, page: u32, bytes: &[u8; PAGE]) -> Result<(), Error> {
        if self.position != Some(page) {
            self.inner
                .seek(SeekFrom::Start(u64::from(page) * PAGE as u64))?;
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
