//! Reading.

mod cells;
mod definition;
mod long_value;
mod pages;
mod rows;
mod usage;

pub(crate) use cells::swap_guid;
pub use rows::{Counters, Rows};

use crate::bytes::u32_at;
use crate::format::{HEADER_KEY, JET3, JET4, Layout};
use crate::{Error, Format, ReadAt, TableDef, TableEntry, Value, rc4};
use pages::Pages;

/// The catalogue table's definition page.
const CATALOGUE: u32 = 2;
/// Flag of system objects in the catalogue.
const SYSTEM: i32 = i32::MIN;

/// An open database.
#[derive(Debug)]
pub struct Database<R> {
    source: R,
    layout: Layout,
    /// Key of an encoded database, else 0.
    key: u32,
    tables: Vec<TableEntry>,
}

impl<R: ReadAt> Database<R> {
    /// Reads the header and the catalogue.
    ///
    /// # Errors
    /// When the source is no Jet database, of a version that is not read, cut off before the
    /// catalogue, or its catalogue is damaged or encoded with another key than the header's.
    pub fn open(source: R) -> Result<Self, Error> {
        let (layout, key) = read_header(&source)?;
        let mut database = Self {
            source,
            layout,
            key,
            tables: Vec::new(),
        };
        database.tables = database.read_catalogue().map_err(|error| match error {
            Error::Damaged { .. } if key != 0 => Error::Encrypted,
            other => other,
        })?;
        Ok(database)
    }

    /// The file's format.
    pub fn format(&self) -> Format {
        self.layout.format()
    }

    /// The user tables, sorted by name; system tables (`MSys…`) and links are left out.
    pub fn tables(&self) -> &[TableEntry] {
        &self.tables
    }

    /// Reads the definition of a table; upper and lower case are the same, as in Access.
    ///
    /// # Errors
    /// When there is no such table or its definition is damaged.
    pub fn table(&self, name: &str) -> Result<TableDef, Error> {
        let same = |entry: &&TableEntry| entry.name.to_lowercase() == name.to_lowercase();
        let entry = self.tables.iter().find(same);
        let entry = entry.ok_or_else(|| Error::TableNotFound(name.to_owned()))?;
        definition::read(&mut self.pages(), entry.page, entry.name.clone())
    }

    /// Starts a scan over all rows, in the order of the file.
    pub fn rows(&self, table: &TableDef) -> Rows<'_, R> {
        Rows::new(self.pages(), table.clone())
    }

    fn pages(&self) -> Pages<'_, R> {
        Pages::new(&self.source, self.layout, self.key)
    }

    fn read_catalogue(&self) -> Result<Vec<TableEntry>, Error> {
        let objects = definition::read(&mut self.pages(), CATALOGUE, "MSysObjects".into())?;
        let column = |name: &str| {
            let found = objects
                .columns
                .iter()
                .position(|column| column.name == name);
            found.ok_or(Error::Damaged {
                page: CATALOGUE,
                what: "the catalogue lacks a column",
            })
        };
        let (id, name) = (column("Id")?, column("Name")?);
        let (kind, flags) = (column("Type")?, column("Flags")?);
        let mut rows = self.rows(&objects);
        let (mut row, mut tables) = (Vec::new(), Vec::new());
        while rows.next_row(&mut row)? {
            let (Value::Long(id), Value::Text(name)) = (&row[id], &row[name]) else {
                continue;
            };
            let system = matches!(row[flags], Value::Long(flags) if flags & SYSTEM != 0);
            if row[kind] == Value::Int(1) && !system && !name.starts_with("MSys") {
                tables.push(TableEntry {
                    name: name.clone(),
                    page: *id as u32 & 0x00FF_FFFF,
                });
            }
        }
        // A lost page would take tables away without a trace.
        if rows.counters().bad_pages > 0 {
            return Err(Error::Damaged {
                page: CATALOGUE,
                what: "pages of the catalogue are missing",
            });
        }
        tables.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(tables)
    }
}

/// Tells the format and the key of an encoded database.
fn read_header(source: &impl ReadAt) -> Result<(Layout, u32), Error> {
    let mut header = [0; 0x9C];
    let length = usize::try_from(source.len())
        .unwrap_or(usize::MAX)
        .min(header.len());
    source.read_at(0, &mut header[..length])?;
    if header[..4] != [0, 1, 0, 0] {
        return Err(Error::NotAnMdb);
    }
    match header[4..19].trim_ascii_end() {
        b"Standard Jet DB" => {}
        b"Standard ACE DB" => {
            return Err(Error::UnsupportedVersion(
                "Access 2007 or later (.accdb)".into(),
            ));
        }
        b"MSISAM Database" => return Err(Error::UnsupportedVersion("Microsoft Money".into())),
        _ => return Err(Error::NotAnMdb),
    }
    let layout = match header[0x14] {
        0 => JET3,
        1 => JET4,
        other => return Err(Error::UnsupportedVersion(format!("Jet version {other}"))),
    };
    // The catalogue's definition is on the third page.
    let needed = 3 * layout.page_size as u64;
    if source.len() < needed {
        return Err(Error::Truncated {
            len: source.len(),
            needed,
        });
    }
    rc4::apply(&HEADER_KEY, &mut header[0x18..0x18 + layout.hidden]);
    let code_page = u16::from_le_bytes([header[0x3C], header[0x3D]]);
    if !layout.jet4 && !matches!(code_page, 0 | 1252) {
        return Err(Error::UnsupportedCodePage(code_page));
    }
    Ok((layout, u32_at(&header, 0x3E).unwrap_or(0)))
}
