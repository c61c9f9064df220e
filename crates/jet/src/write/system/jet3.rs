//! The pages a Jet 3 database begins with: header, map of free pages, and the catalogue. The other
//! system tables and the indexes, which readers do not ask for, are left out.

use std::io::{Seek, Write};

use super::super::data_page::DataPage;
use super::super::definition;
use super::super::row;
use super::super::sink::Sink;
use super::super::usage::{self, MapPages};
use super::catalogue::Catalogue;
use super::schema::SYSTEM_TABLES;
use super::{OBJECTS, define, write_free_pages};
use crate::format::{HEADER_KEY, JET3};
use crate::{Error, Value, rc4};

/// Pages set aside: header, map of free pages, definition of the catalogue, two of its maps, and one of
/// its rows; more rows go to pages at the end.
pub(super) const PAGES: u32 = 6;
const MAPS: u32 = 3;
const ROWS: u32 = 5;
/// Objects of the catalogue that a Jet 3 database written here does not have.
const ABSENT: [&str; 3] = ["MSysACEs", "MSysQueries", "MSysRelationships"];

/// Writes the pages; every other page must have been given out before.
pub(super) fn write<W: Write + Seek>(
    sink: &mut Sink<W>,
    catalogue: &Catalogue,
) -> Result<(), Error> {
    let table = &SYSTEM_TABLES[0];
    let mut objects = catalogue.objects();
    objects.retain(|row| !matches!(&row[2], Value::Text(name) if ABSENT.contains(&name.as_str())));
    let owned = write_rows(sink, &objects)?;

    let long = 2 * table.long.len();
    let mut maps = vec![usage::empty(&JET3); 2 + long];
    maps[0] = usage::row(sink, &owned)?;
    maps[1] = usage::row(sink, &owned[owned.len() - 1..])?;
    let pages = MapPages::at(&JET3, MAPS);
    pages.write(sink, &maps)?;
    let definition = define(&JET3, table, objects.len() as u32, &[], pages);
    definition::write(sink, OBJECTS, &definition)?;
    write_free_pages(sink)?;
    sink.write(0, &header())
}

/// Writes the rows of the catalogue and returns their pages.
fn write_rows<W: Write + Seek>(
    sink: &mut Sink<W>,
    objects: &[Vec<Value>],
) -> Result<Vec<u32>, Error> {
    let columns = SYSTEM_TABLES[0].columns(&JET3);
    let owner = OBJECTS.to_le_bytes();
    let (mut page, mut bytes) = (DataPage::new(JET3), Vec::new());
    let mut owned = vec![ROWS];
    for values in objects {
        let stored = |_: usize, _: &[u8], _: &mut Vec<u8>| Err(Error::TooManyTables);
        if row::encode(&JET3, &columns, values, &mut bytes, stored)?.is_err() {
            return Err(Error::TooManyTables);
        }
        if !page.fits(bytes.len()) {
            sink.write(owned[owned.len() - 1], &page.take(owner))?;
            owned.push(sink.allocate()?);
        }
        page.push(&bytes);
    }
    sink.write(owned[owned.len() - 1], &page.take(owner))?;
    Ok(owned)
}

/// Neither password nor key; text sorted and stored as in western Europe and the Americas.
fn header() -> Vec<u8> {
    let mut page = vec![0; JET3.page_size];
    let mut put = |at: usize, bytes: &[u8]| page[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &[0, 1, 0, 0]);
    put(4, b"Standard Jet DB\0");
    put(0x3A, &0x409u16.to_le_bytes());
    put(0x3C, &1252u16.to_le_bytes());
    rc4::apply(&HEADER_KEY, &mut page[0x18..0x18 + JET3.hidden]);
    page
}
