//! One table being written.

use std::io::{Seek, Write};

use super::columns::{ColumnSpec, entry, lay_out};
use super::data_page::DataPage;
use super::definition::{self, Definition};
use super::long_value::LongPages;
use super::usage::{self, MapPages};
use super::{Writer, row};
use crate::format::Layout;
use crate::{Column, Error, Value};

/// A table being written. Without [`Self::finish`] it does not become part of the database.
#[derive(Debug)]
#[must_use = "the table is part of the database only after `finish`"]
pub struct TableWriter<'w, W> {
    writer: &'w mut Writer<W>,
    name: String,
    columns: Vec<Column>,
    /// First definition page.
    definition: u32,
    maps: MapPages,
    page: DataPage,
    number: u32,
    owned: Vec<u32>,
    /// Long-value pages by column; `None` for columns that have none.
    long: Vec<Option<LongPages>>,
    rows: u32,
    buffer: Vec<u8>,
}

impl<'w, W: Write + Seek> TableWriter<'w, W> {
    pub(crate) fn new(
        writer: &'w mut Writer<W>,
        name: &str,
        specs: &[ColumnSpec],
    ) -> Result<Self, Error> {
        let layout = writer.sink.layout;
        let columns = lay_out(&layout, name, specs)?;
        // The definition's length does not depend on its figures, so its pages can be set aside.
        let length = define(&columns, MapPages::at(&layout, 0), 0)
            .encode(&layout)
            .len();
        let definition = writer
            .sink
            .allocate_run(definition::pages(&layout, length))?;
        let long: Vec<_> = columns
            .iter()
            .map(|column| column.kind.is_long().then(|| LongPages::new(layout)))
            .collect();
        let count = 2 + 2 * long.iter().flatten().count();
        let maps = MapPages::allocate(&mut writer.sink, count as u32)?;
        Ok(Self {
            name: name.to_owned(),
            long,
            writer,
            columns,
            definition,
            maps,
            page: DataPage::new(layout),
            number: 0,
            owned: Vec::new(),
            rows: 0,
            buffer: Vec::new(),
        })
    }

    /// Appends a row: one value per column, in the columns' order.
    ///
    /// # Errors
    /// When the number or a type of the values is not that of the columns, a value is too long, the
    /// row exceeds 4,060 bytes (2,012 in Jet 3), the database what Access opens, or the sink fails. The
    /// table cannot be continued sensibly after that.
    pub fn push(&mut self, values: &[Value]) -> Result<(), Error> {
        if values.len() != self.columns.len() {
            return Err(self.refuse("", "it has another number of values than the table columns"));
        }
        let (long, sink) = (&mut self.long, &mut self.writer.sink);
        let layout = sink.layout;
        let encoded = row::encode(
            &layout,
            &self.columns,
            values,
            &mut self.buffer,
            |index, value, row| {
                // Only columns with long-value pages come here.
                long[index]
                    .as_mut()
                    .map_or(Ok(()), |pages| pages.store(sink, value, row))
            },
        )?;
        if let Err((index, why)) = encoded {
            return Err(self.refuse(&self.columns[index].name, why));
        }
        if self.buffer.len() > layout.max_row {
            return Err(self.refuse("", too_long(&layout)));
        }
        if !self.page.fits(self.buffer.len()) {
            self.flush()?;
        }
        if self.page.is_empty() {
            self.number = self.writer.sink.allocate()?;
            self.owned.push(self.number);
        }
        self.page.push(&self.buffer);
        self.rows += 1;
        Ok(())
    }

    /// Writes the table's definition and enters it in the catalogue.
    ///
    /// # Errors
    /// When the database exceeds what Access opens or the sink fails.
    pub fn finish(mut self) -> Result<(), Error> {
        self.flush()?;
        let sink = &mut self.writer.sink;
        let mut maps = Vec::new();
        for pages in self.long.iter_mut().flatten() {
            pages.flush(sink)?;
        }
        let long = self.long.iter().flatten().map(|pages| &pages.owned);
        for pages in std::iter::once(&self.owned).chain(long) {
            maps.push(usage::row(sink, pages)?);
            // Only the last page is known to have room.
            let last = pages.last().map_or(&[][..], std::slice::from_ref);
            maps.push(usage::row(sink, last)?);
        }
        self.maps.write(sink, &maps)?;
        let bytes = define(&self.columns, self.maps, self.rows).encode(&sink.layout);
        definition::write(sink, self.definition, &bytes)?;
        self.writer.catalogue.add(self.name, self.definition);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Error> {
        if self.page.is_empty() {
            return Ok(());
        }
        let page = self.page.take(self.definition.to_le_bytes());
        self.writer.sink.write(self.number, &page)
    }

    fn refuse(&self, column: &str, why: &'static str) -> Error {
        Error::Row {
            table: self.name.clone(),
            column: column.to_owned(),
            why,
        }
    }
}

fn too_long(layout: &Layout) -> &'static str {
    if layout.jet4 {
        "it exceeds 4060 bytes; make long Text columns Memo"
    } else {
        "it exceeds 2012 bytes; make long Text columns Memo"
    }
}

/// The table's definition.
fn define(columns: &[Column], maps: MapPages, rows: u32) -> Definition<'_> {
    let long = columns.iter().filter(|column| column.kind.is_long());
    Definition {
        system: false,
        rows,
        entries: columns.iter().map(entry).collect(),
        owned: maps.pointer(0),
        free: maps.pointer(1),
        indexes: &[],
        long: (1..)
            .zip(long)
            .map(|(n, column)| {
                let [owned, free] = [2 * n, 2 * n + 1].map(|map| maps.pointer(map));
                (column.number, owned, free)
            })
            .collect(),
    }
}
