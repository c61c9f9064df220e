//! The scan over a table's rows.

use super::cells::RowParts;
use super::long_value;
use super::pages::Pages;
use super::usage::UsageMap;
use crate::bytes::{array, u32_at};
use crate::format::{LVAL, PAGE_DATA, ROW_GONE};
use crate::{Error, ReadAt, TableDef, Value};

/// What a scan has come across so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Rows yielded.
    pub rows: u64,
    /// Rows passed over because their bytes make no sense.
    pub bad_rows: u64,
    /// Pages of the table that are missing or hold something else. The rows they held show in the
    /// difference between `rows` and [`TableDef::row_count`].
    pub bad_pages: u64,
    /// Cells yielded as [`Value::Bad`].
    pub bad_cells: u64,
    /// Texts in which something unreadable was replaced by U+FFFD.
    pub lossy_text: u64,
}

/// A scan over a table; see [`crate::Database::rows`].
#[derive(Debug)]
pub struct Rows<'a, R> {
    pages: Pages<'a, R>,
    table: TableDef,
    state: State,
    /// The current data page and the next row on it.
    page: Vec<u8>,
    next: u16,
    counters: Counters,
}

#[derive(Debug)]
enum State {
    Start,
    Scanning(UsageMap),
    Done,
}

impl<'a, R: ReadAt> Rows<'a, R> {
    pub(crate) fn new(pages: Pages<'a, R>, table: TableDef) -> Self {
        let counters = Counters::default();
        Self {
            pages,
            table,
            state: State::Start,
            page: Vec::new(),
            next: 0,
            counters,
        }
    }

    /// Puts the next row's cells into `row`, one per column of the table in their order; returns
    /// whether there was one. Memory is bounded by the largest row.
    ///
    /// # Errors
    /// When the source fails or the map of the table's pages cannot be read; the scan is over then.
    pub fn next_row(&mut self, row: &mut Vec<Value>) -> Result<bool, Error> {
        let result = self.advance(row);
        if !matches!(result, Ok(true)) {
            row.clear();
            self.state = State::Done;
        }
        result
    }

    /// What the scan has come across so far; final once [`Self::next_row`] has returned `false`.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    fn advance(&mut self, row: &mut Vec<Value>) -> Result<bool, Error> {
        loop {
            while self.next < self.pages.layout.rows_on(&self.page) {
                self.next += 1;
                if self.decode(self.next - 1, row)? {
                    return Ok(true);
                }
            }
            if !self.next_page()? {
                return Ok(false);
            }
        }
    }

    /// Loads the next data page; `false` at the end.
    fn next_page(&mut self) -> Result<bool, Error> {
        if matches!(self.state, State::Start) {
            let map = UsageMap::read(&mut self.pages, self.table.owned)?;
            self.state = State::Scanning(map);
        }
        let State::Scanning(map) = &mut self.state else {
            return Ok(false);
        };
        self.next = 0;
        while let Some(page) = map.next(&mut self.pages)? {
            match self.pages.load(page, &mut self.page) {
                Ok(()) => {}
                Err(Error::Damaged { .. }) => {
                    self.counters.bad_pages += 1;
                    continue;
                }
                Err(error) => return Err(error),
            }
            let owned = u32_at(&self.page, 4) == Some(self.table.page);
            if self.page[0] == PAGE_DATA && owned && self.pages.layout.directory_fits(&self.page) {
                return Ok(true);
            }
            // A table's map may also list its index and long-value pages; anything else is damage.
            let index = matches!(self.page[0], 3 | 4) && owned;
            let long = self.page[0] == PAGE_DATA && array(&self.page, 4) == Some(LVAL);
            self.counters.bad_pages += u64::from(!index && !long);
        }
        self.counters.bad_pages += map.lost;
        self.page.clear();
        Ok(false)
    }

    /// Decodes row `number` of the current page; `false` when there is none to yield.
    fn decode(&mut self, number: u16, row: &mut Vec<Value>) -> Result<bool, Error> {
        row.clear();
        let layout = self.pages.layout;
        let Some((flags, bytes)) = layout.row(&self.page, number) else {
            self.counters.bad_rows += 1;
            return Ok(false);
        };
        // Only the flag 0x8000 means: moved here from elsewhere, so this is its place to be read.
        if flags & ROW_GONE != 0 {
            return Ok(false);
        }
        let Some(parts) = RowParts::new(bytes, &layout, self.table.variable) else {
            self.counters.bad_rows += 1;
            return Ok(false);
        };
        for column in &self.table.columns {
            let mut value = parts.value(column, &mut self.counters.lossy_text);
            if column.kind.is_long()
                && let Value::Binary(header) = value
            {
                value = long_value::read(
                    &mut self.pages,
                    column.kind,
                    &header,
                    &mut self.counters.lossy_text,
                )?;
            }
            self.counters.bad_cells += u64::from(matches!(value, Value::Bad(_)));
            row.push(value);
        }
        self.counters.rows += 1;
        Ok(true)
    }
}
