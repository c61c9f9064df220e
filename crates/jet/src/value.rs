//! What a cell holds.

use std::fmt;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// Yes/No; never NULL in a row that was written with the column.
    Boolean(bool),
    /// Unsigned 8-bit integer.
    Byte(u8),
    /// Signed 16-bit integer.
    Int(i16),
    /// Signed 32-bit integer.
    Long(i32),
    /// Currency in ten-thousandths.
    Money(i64),
    /// 32-bit float.
    Float(f32),
    /// 64-bit float.
    Double(f64),
    /// Days since 1899-12-30; see [`crate::datetime`].
    DateTime(f64),
    /// Text and Memo, with the padding of CHAR(n).
    Text(String),
    /// Binary and OLE.
    Binary(Vec<u8>),
    /// Bytes in the order in which a GUID is printed.
    Guid([u8; 16]),
    /// `mantissa / 10^scale`.
    Numeric {
        /// All digits, with sign.
        mantissa: i128,
        /// Digits after the point.
        scale: u8,
    },
    /// The file says that there is a value, but it cannot be read.
    Bad(BadCell),
}

/// Why a cell cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadCell {
    /// The value lies outside its row.
    OutsideRow,
    /// The header of a long value makes no sense.
    LongHeader,
    /// The page of a long value cannot be read, or holds something else.
    LongPage {
        /// Page number.
        page: u32,
    },
    /// A long value ends before the length its header gives.
    LongCut {
        /// Bytes found.
        found: u32,
        /// Bytes announced.
        expected: u32,
    },
    /// A long value announces more bytes than the file has or the reader takes (64 MiB).
    LongTooLong {
        /// Bytes announced.
        expected: u32,
    },
    /// A decimal of more digits than 127 bits hold.
    NumericRange,
}

impl fmt::Display for BadCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutsideRow => f.write_str("the value lies outside its row"),
            Self::LongHeader => f.write_str("the header of the long value makes no sense"),
            Self::LongPage { page } => write!(f, "page {page} of the long value cannot be read"),
            Self::LongCut { found, expected } => {
                write!(f, "the long value has {found} of {expected} bytes")
            }
            Self::LongTooLong { expected } => {
                write!(
                    f,
                    "the long value announces {expected} bytes, more than can be"
                )
            }
            Self::NumericRange => f.write_str("the decimal has too many digits"),
        }
    }
}
