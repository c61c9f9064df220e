//! The pages every database begins with. In Jet 4 format these are sixteen: header, map of free pages,
//! four system tables with their indexes, and the rows of the catalogue and of the permissions.

mod catalogue;
mod jet3;
mod schema;

use std::io::{Seek, Write};

use super::data_page::DataPage;
use super::definition::{self, Definition, Index};
use super::index;
use super::row;
use super::sink::Sink;
use super::usage::{self, MapPages};
use crate::format::{HEADER_KEY, JET4, Layout};
use crate::{Error, Format, Value, rc4};
pub(crate) use catalogue::Catalogue;
use schema::{SYSTEM_TABLES, SystemTable};

/// Pages set aside for what this module writes.
pub(crate) fn pages(format: Format) -> u32 {
    match format {
        Format::Jet3 => jet3::PAGES,
        Format::Jet4 => 16,
    }
}

/// Definitions of the catalogue and of the permissions.
const OBJECTS: u32 = 2;
const ACES: u32 = 3;
/// The page with the system tables' usage maps; its number of rows.
const MAPS: u32 = 6;
const MAP_ROWS: usize = 31;
const PAGE: usize = JET4.page_size;
/// Rows of the catalogue and of the permissions.
const OBJECT_ROWS: u32 = 14;
const ACE_ROWS: u32 = 15;
/// When the database claims to have been made, and a word of the header that goes with it: fixed,
/// so that the same rows give the same bytes.
const CREATED: f64 = 42_329.944_803_009_26;
const CREATED_WORD: [u8; 2] = [0x1C, 0x26];

/// Index entries: key, page and number of the row.
type Keys = Vec<(Vec<u8>, u32, u32)>;

/// Rows of a system table, on one page.
struct Filled {
    page: DataPage,
    rows: u32,
}

impl Filled {
    fn new(table: &SystemTable, rows: &[Vec<Value>]) -> Result<Self, Error> {
        let columns = table.columns(&JET4);
        let (mut page, mut bytes) = (DataPage::new(JET4), Vec::new());
        for values in rows {
            let stored = |_: usize, _: &[u8], _: &mut Vec<u8>| Err(Error::TooManyTables);
            let encoded = row::encode(&JET4, &columns, values, &mut bytes, stored)?;
            if encoded.is_err() || !page.fits(bytes.len()) {
                return Err(Error::TooManyTables);
            }
            page.push(&bytes);
        }
        Ok(Self {
            page,
            rows: rows.len() as u32,
        })
    }
}

/// Writes the pages of a Jet 4 database; every other page must have been given out before.
fn write_jet4<W: Write + Seek>(sink: &mut Sink<W>, catalogue: &Catalogue) -> Result<(), Error> {
    let objects = catalogue.objects();
    let aces = catalogue.aces();
    let mut object_page = Filled::new(&SYSTEM_TABLES[0], &objects)?;
    let mut ace_page = Filled::new(&SYSTEM_TABLES[1], &aces)?;
    let mut keys: [Keys; 7] = Default::default();
    [keys[0], keys[1]] = catalogue::object_keys(&objects)?;
    keys[2] = catalogue::ace_keys(&aces);

    let mut maps = vec![usage::empty(&JET4); MAP_ROWS];
    let mut all_keys = keys.iter();
    for (number, table) in (OBJECTS..).zip(&SYSTEM_TABLES) {
        let rows = match number {
            OBJECTS => object_page.rows,
            ACES => ace_page.rows,
            _ => 0,
        };
        let mut indexes = Vec::new();
        for spec in table.indexes {
            let keys = all_keys.next().map_or(&[][..], Vec::as_slice);
            let leaf = index::leaf(number, keys).ok_or(Error::TooManyTables)?;
            sink.write(spec.root, &leaf)?;
            maps[spec.map as usize] = usage::row(sink, &[spec.root])?;
            indexes.push(Index {
                name: spec.name,
                number: spec.number,
                columns: spec.columns,
                map: MAPS << 8 | spec.map,
                root: spec.root,
                flags: spec.flags,
                distinct: index::distinct(keys),
                primary: spec.primary,
            });
        }
        indexes.sort_by_key(|index| index.name);
        write_definition(sink, number, table, rows, &indexes)?;
    }
    for (table, page) in [(0, OBJECT_ROWS), (1, ACE_ROWS)] {
        let map = SYSTEM_TABLES[table].map as usize;
        let row = usage::row(sink, &[page])?;
        maps[map].clone_from(&row);
        maps[map + 1] = row;
    }
    MapPages::at(&JET4, MAPS).write(sink, &maps)?;
    sink.write(OBJECT_ROWS, &object_page.page.take(OBJECTS.to_le_bytes()))?;
    sink.write(ACE_ROWS, &ace_page.page.take(ACES.to_le_bytes()))?;

    write_free_pages(sink)?;
    sink.write(0, &header())
}

/// The database's own map, on the second page.
fn write_free_pages<W: Write + Seek>(sink: &mut Sink<W>) -> Result<(), Error> {
    let mut page = DataPage::new(sink.layout);
    page.push(&usage::free_pages(sink)?);
    page.push(&usage::empty(&sink.layout));
    sink.write(1, &page.take([1, 0, 0, 0]))
}

fn write_definition<W: Write + Seek>(
    sink: &mut Sink<W>,
    number: u32,
    table: &SystemTable,
    rows: u32,
    indexes: &[Index<'_>],
) -> Result<(), Error> {
    let definition = define(&JET4, table, rows, indexes, MapPages::at(&JET4, MAPS));
    definition::write(sink, number, &definition)
}

/// A system table's definition as bytes.
fn define(
    layout: &Layout,
    table: &SystemTable,
    rows: u32,
    indexes: &[Index<'_>],
    maps: MapPages,
) -> Vec<u8> {
    let mut columns = table.columns(layout);
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    let definition = Definition {
        system: true,
        rows,
        entries: columns.iter().map(|column| table.entry(column)).collect(),
        owned: maps.pointer(table.map),
        free: maps.pointer(table.map + 1),
        indexes,
        long: table
            .long
            .iter()
            .map(|(column, row)| (*column, maps.pointer(*row), maps.pointer(row + 1)))
            .collect(),
    };
    definition.encode(layout)
}

fn header() -> [u8; PAGE] {
    let mut page = [0; PAGE];
    let mut put = |at: usize, bytes: &[u8]| page[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &[0, 1, 0, 0]);
    put(4, b"Standard Jet DB\0");
    put(0x14, &[1]);
    put(
        0x18,
        &[
            0, 1, 0, 0, 1, 1, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5,
        ],
    );
    put(0x3C, &1252u16.to_le_bytes());
    // No password: every second word of its place holds the creation day.
    for at in (0x42..=0x66).step_by(4) {
        put(at, &(CREATED as u16).to_le_bytes());
    }
    put(0x6A, &CREATED_WORD);
    put(0x6E, &[9, 4, 0, 0]);
    put(0x72, &CREATED.to_le_bytes());
    put(0x98, &0x654u32.to_le_bytes());
    put(0x9C, b"4.0\0");
    put(0xE00, &[1, 1]);
    for at in (0xE02..PAGE).step_by(2) {
        put(at, &[0, 1]);
    }
    rc4::apply(&HEADER_KEY, &mut page[0x18..0x98]);
    page
}
