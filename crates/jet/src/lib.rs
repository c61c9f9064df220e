//! Reader and writer for Microsoft Access databases in the formats Jet 4 (Access 2000–2003) and Jet 3
//! (Access 97). No dependencies, no `unsafe`, no file system needed: a database is anything that
//! implements [`ReadAt`].
//!
//! The reader is built to account for every row. A cell that cannot be read is [`Value::Bad`], never
//! a silent NULL; rows and pages that cannot be read are counted in [`Counters`]; and
//! [`TableDef::row_count`] tells how many rows the file itself claims to hold.
//!
//! ```
//! use jet::{ColumnSpec, Database, Kind, Value, Writer};
//!
//! let mut writer = Writer::create(std::io::Cursor::new(Vec::new()))?;
//! let mut table = writer.begin_table("states", &[ColumnSpec::text("state", 2)])?;
//! table.push(&[Value::Text("AK".into())])?;
//! table.finish()?;
//! let bytes = writer.finish()?.into_inner();
//!
//! let database = Database::open(bytes)?;
//! let states = database.table("STATES")?;
//! let (mut rows, mut row) = (database.rows(&states), Vec::new());
//! while rows.next_row(&mut row)? {
//!     assert_eq!(row, [Value::Text("AK".into())]);
//! }
//! assert_eq!(rows.counters().rows, u64::from(states.row_count));
//! # assert_eq!(states.columns[0].kind, Kind::Text);
//! # Ok::<(), jet::Error>(())
//! ```
#![forbid(unsafe_code)]

mod bytes;
pub mod datetime;
mod error;
mod format;
mod rc4;
mod read;
mod source;
mod table;
mod text;
mod value;
mod write;

pub use error::Error;
pub use format::Format;
pub use read::{Counters, Database, Rows};
pub use source::{FileSource, ReadAt};
pub use table::{Column, Kind, TableDef, TableEntry};
pub use value::{BadCell, Value};
pub use write::{ColumnSpec, TableWriter, Writer};
