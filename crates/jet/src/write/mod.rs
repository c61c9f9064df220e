//! Writing. In Jet 4 format the layout is that of a file Access itself creates, with all system
//! tables; in Jet 3 format it is what readers ask for. Pages are appended, so that a file of any size needs little memory; dates inside
//! are fixed, so that the same rows give the same bytes.

mod columns;
mod data_page;
mod definition;
mod index;
mod long_value;
mod row;
mod sink;
mod system;
mod table;
mod usage;

pub use columns::ColumnSpec;
pub use table::TableWriter;

use std::io::{Seek, Write};

use crate::{Error, Format};
use sink::Sink;
use system::Catalogue;

/// A database being written.
#[derive(Debug)]
pub struct Writer<W> {
    sink: Sink<W>,
    catalogue: Catalogue,
}

impl<W: Write + Seek> Writer<W> {
    /// Starts a Jet 4 database at the beginning of `sink`, which should be empty.
    ///
    /// # Errors
    /// Never so far; a sink that fails shows at the first write.
    pub fn create(sink: W) -> Result<Self, Error> {
        Self::create_as(sink, Format::Jet4)
    }

    /// Starts a database of a format at the beginning of `sink`, which should be empty.
    ///
    /// # Errors
    /// Never so far; a sink that fails shows at the first write.
    pub fn create_as(sink: W, format: Format) -> Result<Self, Error> {
        Ok(Self {
            sink: Sink::new(sink, format.layout(), system::pages(format)),
            catalogue: Catalogue::default(),
        })
    }

    /// Starts a table; its rows follow with [`TableWriter::push`].
    ///
    /// # Errors
    /// For names that cannot be written (table names take letters, digits, blank and `_`, at most
    /// 64), names that occur twice, no or more than 255 columns, columns whose fixed parts exceed a
    /// page, and in Jet 3 column names beyond Windows-1252 and Numeric columns.
    pub fn begin_table(
        &mut self,
        name: &str,
        columns: &[ColumnSpec],
    ) -> Result<TableWriter<'_, W>, Error> {
        self.catalogue.check(name)?;
        TableWriter::new(self, name, columns)
    }

    /// Writes catalogue and header and gives the sink back.
    ///
    /// # Errors
    /// When the catalogue is full, the database is too large or the sink fails.
    pub fn finish(mut self) -> Result<W, Error> {
        self.catalogue.write(&mut self.sink)?;
        self.sink.finish()
    }
}
