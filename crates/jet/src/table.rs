//! Tables and columns as the file defines them.

/// One user table of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableEntry {
    /// Name as spelt in the file.
    pub name: String,
    pub(crate) page: u32,
}

/// A table's definition.
#[derive(Debug, Clone)]
pub struct TableDef {
    /// Name as spelt in the file.
    pub name: String,
    /// Columns in the order of their numbers.
    pub columns: Vec<Column>,
    /// Rows as the definition says; compare with the rows read.
    pub row_count: u32,
    pub(crate) page: u32,
    /// Pointer to the map of the table's pages.
    pub(crate) owned: u32,
    /// Whether rows carry the offsets of variable columns.
    pub(crate) variable: bool,
}

/// A column's definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name as spelt in the file.
    pub name: String,
    /// Type of its values.
    pub kind: Kind,
    /// Characters for Text, bytes for Binary, 0 for every other kind.
    pub width: u16,
    /// Stored at a fixed place: for Text this is CHAR(n), whose values are padded with blanks.
    pub fixed: bool,
    /// Digits after the point, for Numeric.
    pub scale: u8,
    /// New text may be stored in its compressed form.
    pub(crate) compressed: bool,
    pub(crate) number: u16,
    pub(crate) variable: u16,
    pub(crate) offset: u16,
    /// Bytes of the slot in a row, for fixed columns.
    pub(crate) size: u16,
}

/// The types of Jet columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Yes/No.
    Boolean,
    /// Unsigned 8-bit integer.
    Byte,
    /// Signed 16-bit integer.
    Int,
    /// Signed 32-bit integer.
    Long,
    /// Currency, ten-thousandths.
    Money,
    /// 32-bit float ("Single").
    Float,
    /// 64-bit float.
    Double,
    /// Days since 1899-12-30 as a 64-bit float.
    DateTime,
    /// Up to 510 bytes.
    Binary,
    /// Up to 255 characters.
    Text,
    /// Long binary.
    Ole,
    /// Long text.
    Memo,
    /// GUID ("replication id").
    Guid,
    /// Decimal of up to 28 digits.
    Numeric,
}

impl Kind {
    /// The type's number in a column entry.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Boolean => 1,
            Self::Byte => 2,
            Self::Int => 3,
            Self::Long => 4,
            Self::Money => 5,
            Self::Float => 6,
            Self::Double => 7,
            Self::DateTime => 8,
            Self::Binary => 9,
            Self::Text => 10,
            Self::Ole => 11,
            Self::Memo => 12,
            Self::Guid => 15,
            Self::Numeric => 16,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        use Kind::{
            Binary, Boolean, Byte, DateTime, Double, Float, Guid, Int, Long, Memo, Money, Numeric,
            Ole, Text,
        };
        [
            Boolean, Byte, Int, Long, Money, Float, Double, DateTime, Binary, Text, Ole, Memo,
            Guid, Numeric,
        ]
        .into_iter()
        .find(|kind| kind.code() == code)
    }

    /// Bytes in the definition's length field; 0 where the column says its own.
    pub(crate) fn size(self) -> u16 {
        match self {
            Self::Boolean | Self::Byte => 1,
            Self::Int => 2,
            Self::Long | Self::Float => 4,
            Self::Money | Self::Double | Self::DateTime => 8,
            Self::Guid => 16,
            Self::Numeric => 17,
            Self::Binary | Self::Text | Self::Ole | Self::Memo => 0,
        }
    }

    /// Kept outside the row.
    pub(crate) fn is_long(self) -> bool {
        matches!(self, Self::Ole | Self::Memo)
    }

    /// Fixed in every row whatever the column's flag says.
    pub(crate) fn is_fixed(self) -> bool {
        self.size() != 0
    }
}
