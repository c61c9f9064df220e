//! What can go wrong with a database as a whole. Damage to one cell, row or page is not an error
//! but data: see [`crate::BadCell`] and [`crate::Counters`].

use std::{fmt, io};

/// Why a database could not be opened, read on or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The source or sink failed.
    Io(io::Error),
    /// The file does not begin like an Access database.
    NotAnMdb,
    /// The file is an Access database of a format this crate does not read; the text names it.
    UnsupportedVersion(String),
    /// A Jet 3 database in a code page other than Windows-1252.
    UnsupportedCodePage(u16),
    /// The header says that the pages are encoded, but its key does not decode them.
    Encrypted,
    /// The file is shorter than the pages needed; lengths in bytes.
    Truncated {
        /// Bytes there are.
        len: u64,
        /// Bytes needed at least.
        needed: u64,
    },
    /// A page that holds structure (definition, usage map, catalogue) does not make sense.
    Damaged {
        /// Page number, counted from 0.
        page: u32,
        /// What was found wrong there.
        what: &'static str,
    },
    /// There is no user table of this name.
    TableNotFound(String),
    /// A table or column name that cannot be written.
    Name {
        /// The name.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// A table's columns cannot be written.
    Columns {
        /// The table.
        table: String,
        /// Why not.
        why: &'static str,
    },
    /// A row does not fit its table or a page.
    Row {
        /// The table.
        table: String,
        /// The column at fault, empty when it is the row as a whole.
        column: String,
        /// Why not.
        why: &'static str,
    },
    /// The catalogue is full: in Jet 4 format it takes about thirty tables.
    TooManyTables,
    /// The database would exceed what Access opens: 2 GiB in Jet 4 format, 1 GiB in Jet 3.
    TooLarge,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the database cannot be accessed: {error}"),
            Self::NotAnMdb => f.write_str(
                "this is not a Microsoft Access database (.mdb); if it came in a zip, unpack it first",
            ),
            Self::UnsupportedVersion(version) => write!(
                f,
                "the database is in {version} format; save it in Access as \
                 \"Access 2002-2003 database (.mdb)\" without a password"
            ),
            Self::UnsupportedCodePage(page) => write!(
                f,
                "the Access 97 database uses code page {page}, only 1252 is read; \
                 save it in Access as \"Access 2002-2003 database (.mdb)\""
            ),
            Self::Encrypted => f.write_str(
                "the database is encrypted in a way that cannot be read, or damaged; open it in Access \
                 and save a copy without password and encryption",
            ),
            Self::Truncated { len, needed } => write!(
                f,
                "the database has {len} bytes but needs {needed} at least; download it again"
            ),
            Self::Damaged { page, what } => write!(
                f,
                "page {page} is damaged: {what}; download the file again or repair it in Access"
            ),
            Self::TableNotFound(name) => write!(f, "the database has no table named {name:?}"),
            Self::Name { name, why } => write!(f, "the name {name:?} cannot be written: {why}"),
            Self::Columns { table, why } => write!(f, "table {table:?} cannot be written: {why}"),
            Self::Row { table, column, why } if column.is_empty() => {
                write!(f, "a row of table {table:?} cannot be written: {why}")
            }
            Self::Row { table, column, why } => {
                write!(f, "a value of {table}.{column} cannot be written: {why}")
            }
            Self::TooManyTables => f.write_str(
                "the tables' names do not fit the catalogue; write fewer tables to one database",
            ),
            Self::TooLarge => f.write_str(
                "the database would be larger than Access opens (2 GiB, in Jet 3 format 1 GiB); \
                 write fewer rows",
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
