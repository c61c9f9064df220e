//! The system tables as Access makes them.

use super::super::columns::SORT_ORDER;
use super::super::definition::Entry;
use crate::format::{COLUMN_FIXED, Layout};
use crate::{Column, Kind};

/// A system table.
pub(crate) struct SystemTable {
    columns: &'static [SystemColumn],
    pub(crate) indexes: &'static [SystemIndex],
    /// Row of the map of its pages; the map of pages with room follows.
    pub(crate) map: u32,
    /// Long columns with the rows of their maps.
    pub(crate) long: &'static [(u16, u32)],
}

/// Name, kind, variable index, flags, fixed offset, size in Jet 4; in the order of the columns' numbers.
struct SystemColumn(&'static str, Kind, u16, u8, u16, u16);

/// An index of a system table; `number` counts within the table.
pub(crate) struct SystemIndex {
    pub(crate) name: &'static str,
    pub(crate) number: u32,
    pub(crate) columns: &'static [u16],
    pub(crate) map: u32,
    pub(crate) root: u32,
    pub(crate) flags: u8,
    pub(crate) primary: bool,
}

impl SystemTable {
    /// The columns in the order of their numbers.
    pub(crate) fn columns(&self, layout: &Layout) -> Vec<Column> {
        // Text and Binary of 510 bytes; Jet 3 has 255 at most.
        let size = |size: u16| if layout.jet4 { size } else { size.min(255) };
        let column = |(number, spec): (u16, &SystemColumn)| Column {
            name: spec.0.to_owned(),
            kind: spec.1,
            width: if spec.1 == Kind::Text && layout.jet4 {
                spec.5 / 2
            } else {
                size(spec.5)
            },
            fixed: spec.3 & COLUMN_FIXED != 0,
            scale: 0,
            compressed: false,
            number,
            variable: spec.2,
            offset: spec.4,
            size: size(spec.5),
        };
        (0..).zip(self.columns).map(column).collect()
    }

    /// A column's entry in the definition.
    pub(crate) fn entry<'c>(&self, column: &'c Column) -> Entry<'c> {
        let flags = self.columns[usize::from(column.number)].3;
        Entry {
            column,
            design: 0,
            extra: SORT_ORDER,
            flags,
            extended: 0,
        }
    }
}

const fn index(
    name: &'static str,
    number: u32,
    columns: &'static [u16],
    (map, root): (u32, u32),
    flags: u8,
    primary: bool,
) -> SystemIndex {
    SystemIndex {
        name,
        number,
        columns,
        map,
        root,
        flags,
        primary,
    }
}

use SystemColumn as C;

/// MSysObjects, MSysACEs, MSysQueries, MSysRelationships, on definition pages 2 to 5. Indexes stand in
/// the order of their root pages.
pub(crate) const SYSTEM_TABLES: [SystemTable; 4] = [
    SystemTable {
        columns: &[
            C("Id", Kind::Long, 0, 0x13, 0, 4),
            C("ParentId", Kind::Long, 0, 0x13, 4, 4),
            C("Name", Kind::Text, 0, 0x12, 0, 510),
            C("Type", Kind::Int, 1, 0x13, 8, 2),
            C("DateCreate", Kind::DateTime, 1, 0x13, 10, 8),
            C("DateUpdate", Kind::DateTime, 1, 0x13, 18, 8),
            C("Owner", Kind::Binary, 1, 0x32, 0, 510),
            C("Flags", Kind::Long, 2, 0x13, 26, 4),
            C("Database", Kind::Memo, 2, 0x12, 0, 0),
            C("Connect", Kind::Memo, 3, 0x12, 0, 0),
            C("ForeignName", Kind::Text, 4, 0x12, 0, 510),
            C("RmtInfoShort", Kind::Binary, 5, 0x12, 0, 510),
            C("RmtInfoLong", Kind::Ole, 6, 0x12, 0, 0),
            C("Lv", Kind::Ole, 7, 0x12, 0, 0),
            C("LvProp", Kind::Ole, 8, 0x12, 0, 0),
            C("LvModule", Kind::Ole, 9, 0x12, 0, 0),
            C("LvExtra", Kind::Ole, 10, 0x12, 0, 0),
        ],
        indexes: &[
            index("ParentIdName", 0, &[1, 2], (0x10, 7), 0x81, false),
            index("Id", 1, &[0], (0x11, 8), 0x81, true),
        ],
        map: 0,
        long: &[
            (9, 4),
            (8, 2),
            (13, 8),
            (16, 14),
            (15, 12),
            (14, 10),
            (12, 6),
        ],
    },
    SystemTable {
        columns: &[
            C("ObjectId", Kind::Long, 0, 0x13, 0, 4),
            C("SID", Kind::Binary, 0, 0x32, 0, 510),
            C("ACM", Kind::Long, 1, 0x13, 4, 4),
            C("FInheritable", Kind::Boolean, 1, 0x13, 0, 1),
        ],
        indexes: &[index("ObjectId", 0, &[0], (0x14, 9), 0x88, false)],
        map: 0x12,
        long: &[],
    },
    SystemTable {
        columns: &[
            C("ObjectId", Kind::Long, 0, 0x13, 0, 4),
            C("Attribute", Kind::Byte, 0, 0x13, 4, 1),
            C("Order", Kind::Binary, 0, 0x12, 0, 510),
            C("Name1", Kind::Text, 1, 0x12, 0, 510),
            C("Name2", Kind::Text, 2, 0x12, 0, 510),
            C("Expression", Kind::Memo, 3, 0x12, 0, 0),
            C("Flag", Kind::Int, 4, 0x13, 5, 2),
            C("LvExtra", Kind::Long, 4, 0x13, 7, 4),
        ],
        indexes: &[index(
            "ObjectIdAttribute",
            0,
            &[0, 1, 2],
            (0x19, 10),
            0x81,
            true,
        )],
        map: 0x15,
        long: &[(5, 0x17)],
    },
    SystemTable {
        columns: &[
            C("szRelationship", Kind::Text, 0, 0x12, 0, 510),
            C("grbit", Kind::Long, 1, 0x13, 0, 4),
            C("ccolumn", Kind::Long, 1, 0x13, 4, 4),
            C("icolumn", Kind::Long, 1, 0x13, 8, 4),
            C("szObject", Kind::Text, 1, 0x12, 0, 510),
            C("szColumn", Kind::Text, 2, 0x12, 0, 510),
            C("szReferencedObject", Kind::Text, 3, 0x12, 0, 510),
            C("szReferencedColumn", Kind::Text, 4, 0x12, 0, 510),
        ],
        indexes: &[
            index("szRelationship", 0, &[0], (0x1C, 11), 0x82, false),
            index("szObject", 1, &[4], (0x1D, 12), 0x82, false),
            index("szReferencedObject", 2, &[6], (0x1E, 13), 0x82, false),
        ],
        map: 0x1A,
        long: &[],
    },
];
