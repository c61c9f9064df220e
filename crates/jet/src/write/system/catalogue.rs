//! Rows of MSysObjects (every object) and MSysACEs (who may do what with it).

use std::io::{Seek, Write};

use super::super::index::{long_key, text_key};
use super::super::sink::Sink;
use super::{ACE_ROWS, CREATED, Keys, OBJECT_ROWS, jet3, write_jet4};
use crate::{Error, Value};

/// Containers of the catalogue.
const TABLES: i32 = 0x0F00_0001;
const DATABASES: i32 = 0x0F00_0002;
const RELATIONSHIPS: i32 = 0x0F00_0003;
const ROOT: i32 = 0x0F00_0000;
const DATABASE: i32 = 0x1000_0000;
/// Flag of system objects.
const SYSTEM: i32 = i32::MIN;
/// Security ids of the engine, the administrator, and two groups.
const ENGINE: [u8; 2] = [0x65, 0x89];
const ADMIN: [u8; 2] = [0x64, 0x8B];
const ADMINS: [u8; 2] = [0x65, 0x8B];
const USERS: [u8; 2] = [0x65, 0x8E];
const MAX_NAME: usize = 64;

/// Id, parent, name, type, flags, owner.
type Object<'a> = (i32, i32, &'a str, i16, i32, [u8; 2]);

const OBJECTS: [Object<'static>; 8] = [
    (TABLES, ROOT, "Tables", 3, SYSTEM, ENGINE),
    (DATABASES, ROOT, "Databases", 3, SYSTEM, ENGINE),
    (RELATIONSHIPS, ROOT, "Relationships", 3, SYSTEM, ENGINE),
    (DATABASE, DATABASES, "MSysDb", 2, SYSTEM, ADMIN),
    (2, TABLES, "MSysObjects", 1, SYSTEM, ENGINE),
    (3, TABLES, "MSysACEs", 1, SYSTEM, ENGINE),
    (4, TABLES, "MSysQueries", 1, SYSTEM, ENGINE),
    (5, TABLES, "MSysRelationships", 1, SYSTEM, ENGINE),
];

/// Object, permissions, inherited by new objects, who.
const ACES: [(i32, i32, bool, [u8; 2]); 16] = [
    (2, 0x6_0000, false, ADMIN),
    (3, 0x6_0000, false, ADMIN),
    (4, 0x6_0000, false, ADMIN),
    (5, 0xE_0000, false, ADMIN),
    (TABLES, 0xF_00FE, true, USERS),
    (TABLES, 0x6_0001, false, ADMIN),
    (RELATIONSHIPS, 0xF_00FE, true, USERS),
    (RELATIONSHIPS, 0x6_0001, false, ADMIN),
    (DATABASES, 0x6_0000, false, ADMIN),
    (DATABASE, 0x6_000E, false, ADMIN),
    (DATABASE, 0xE, false, ADMINS),
    (4, 0x14, false, ADMINS),
    (5, 0x14, false, ADMINS),
    (2, 0x14, false, ADMINS),
    (TABLES, 0xF_FEFF, true, ADMINS),
    (RELATIONSHIPS, 0xF_FFFF, true, ADMINS),
];

/// The user tables written so far: name and definition page.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    tables: Vec<(String, u32)>,
}

impl Catalogue {
    /// Whether a table of this name can be added.
    pub(crate) fn check(&self, name: &str) -> Result<(), Error> {
        let refuse = |why| {
            Err(Error::Name {
                name: name.to_owned(),
                why,
            })
        };
        if name.is_empty() || name.len() > MAX_NAME || text_key(name, &mut Vec::new()).is_none() {
            return refuse("a table name has 1 to 64 letters A-Z, digits, blanks and _");
        }
        let upper = name.to_ascii_uppercase();
        if upper.starts_with("MSYS") || name.starts_with(' ') {
            return refuse("a table name begins neither with MSys nor with a blank");
        }
        let system = ["DATABASES", "TABLES", "RELATIONSHIPS"];
        let taken = self
            .tables
            .iter()
            .any(|(other, _)| other.eq_ignore_ascii_case(name));
        if taken || system.contains(&upper.as_str()) {
            return refuse("there is an object of this name already");
        }
        Ok(())
    }

    pub(crate) fn add(&mut self, name: String, page: u32) {
        self.tables.push((name, page));
    }

    /// Writes the first pages of the database.
    pub(crate) fn write<W: Write + Seek>(&self, sink: &mut Sink<W>) -> Result<(), Error> {
        if sink.layout.jet4 {
            write_jet4(sink, self)
        } else {
            jet3::write(sink, self)
        }
    }

    /// Rows of MSysObjects.
    pub(crate) fn objects(&self) -> Vec<Vec<Value>> {
        let tables = self.tables.iter();
        let tables = tables.map(|(name, page)| (*page as i32, TABLES, name.as_str(), 1, 0, ADMIN));
        OBJECTS.into_iter().chain(tables).map(object).collect()
    }

    /// Rows of MSysACEs.
    pub(crate) fn aces(&self) -> Vec<Vec<Value>> {
        let tables = self.tables.iter().flat_map(|(_, page)| {
            [ADMIN, ADMINS, USERS].map(|who| (*page as i32, 0xF_FFFF, false, who))
        });
        let ace = |(id, rights, inherited, who): (i32, i32, bool, [u8; 2])| {
            vec![
                Value::Long(id),
                Value::Binary(who.to_vec()),
                Value::Long(rights),
                Value::Boolean(inherited),
            ]
        };
        ACES.into_iter().chain(tables).map(ace).collect()
    }
}

fn object((id, parent, name, kind, flags, owner): Object<'_>) -> Vec<Value> {
    let mut row = vec![
        Value::Long(id),
        Value::Long(parent),
        Value::Text(name.to_owned()),
        Value::Int(kind),
        Value::DateTime(CREATED),
        Value::DateTime(CREATED),
        Value::Binary(owner.to_vec()),
        Value::Long(flags),
    ];
    row.resize(17, Value::Null);
    row
}

/// Keys of the indexes ParentIdName and Id.
pub(crate) fn object_keys(objects: &[Vec<Value>]) -> Result<[Keys; 2], Error> {
    let (mut by_name, mut by_id) = (Keys::new(), Keys::new());
    for (number, object) in (0..).zip(objects) {
        let [Value::Long(id), Value::Long(parent), Value::Text(name), ..] = object.as_slice()
        else {
            continue;
        };
        let mut key = Vec::new();
        long_key(*parent, &mut key);
        text_key(name, &mut key).ok_or_else(|| Error::Name {
            name: name.clone(),
            why: "it cannot be sorted",
        })?;
        by_name.push((key, OBJECT_ROWS, number));
        let mut key = Vec::new();
        long_key(*id, &mut key);
        by_id.push((key, OBJECT_ROWS, number));
    }
    Ok([by_name, by_id])
}

/// Keys of the index ObjectId.
pub(crate) fn ace_keys(aces: &[Vec<Value>]) -> Keys {
    let ids = (0..)
        .zip(aces)
        .filter_map(|(number, ace)| match ace.first() {
            Some(Value::Long(id)) => Some((number, *id)),
            _ => None,
        });
    ids.map(|(number, id)| {
        let mut key = Vec::new();
        long_key(id, &mut key);
        (key, ACE_ROWS, number)
    })
    .collect()
}
