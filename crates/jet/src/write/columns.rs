//! What a new table's columns are to be, and where their values will lie.

use super::definition::Entry;
use crate::format::{COLUMN_COMPRESSED, COLUMN_FIXED, COLUMN_NULLABLE, Layout};
use crate::{Column, Error, Kind, text};

/// Access's limits.
const MAX_COLUMNS: usize = 255;
const MAX_NAME: usize = 64;
/// Digits of a Numeric; the most Access allows.
pub(crate) const PRECISION: u8 = 28;

/// A column of a table to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Name, at most 64 characters.
    pub name: String,
    /// Type of the values.
    pub kind: Kind,
    /// Characters for Text (1–255), bytes for Binary (1–510, in Jet 3 1–255), else ignored.
    pub width: u16,
    /// CHAR(n) instead of VARCHAR(n), BINARY(n) instead of VARBINARY(n); else ignored. Text is
    /// padded with blanks, bytes with zeros.
    pub fixed: bool,
    /// Digits after the point for Numeric (0–28), else ignored.
    pub scale: u8,
}

impl ColumnSpec {
    /// A column of a type that needs no width.
    pub fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            width: 0,
            fixed: false,
            scale: 0,
        }
    }

    /// A Text column of at most `width` characters.
    pub fn text(name: &str, width: u16) -> Self {
        Self {
            width,
            ..Self::new(name, Kind::Text)
        }
    }
}

/// Checks the columns and lays them out: fixed ones one behind the other, variable ones numbered,
/// those with long values last.
pub(crate) fn lay_out(
    layout: &Layout,
    table: &str,
    specs: &[ColumnSpec],
) -> Result<Vec<Column>, Error> {
    let refuse = |why| {
        Err(Error::Columns {
            table: table.to_owned(),
            why,
        })
    };
    if specs.is_empty() || specs.len() > MAX_COLUMNS {
        return refuse("a table has 1 to 255 columns");
    }
    let mut names: Vec<String> = specs.iter().map(|spec| spec.name.to_lowercase()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return refuse("two columns have the same name");
    }
    let is_fixed = |spec: &ColumnSpec| spec.kind.is_fixed() || (spec.fixed && !spec.kind.is_long());
    let plain = specs
        .iter()
        .filter(|spec| !is_fixed(spec) && !spec.kind.is_long())
        .count();
    let (mut columns, mut offset, mut short, mut long) = (Vec::new(), 0u16, 0, plain as u16);
    for (number, spec) in specs.iter().enumerate() {
        check_name(layout, &spec.name)?;
        let size = match spec.kind {
            Kind::Text if !(1..=255).contains(&spec.width) => {
                return refuse("a Text column is 1 to 255 characters wide");
            }
            Kind::Binary if !(1..=510).contains(&spec.width) => {
                return refuse("a Binary column is 1 to 510 bytes wide");
            }
            Kind::Binary if !layout.jet4 && spec.width > 255 => {
                return refuse("a Binary column of Jet 3 is 1 to 255 bytes wide");
            }
            Kind::Numeric if !layout.jet4 => return refuse("Jet 3 has no Numeric columns"),
            Kind::Numeric if spec.scale > PRECISION => {
                return refuse("a Numeric column has at most 28 digits after the point");
            }
            Kind::Text if layout.jet4 => 2 * spec.width,
            Kind::Text | Kind::Binary => spec.width,
            kind => kind.size(),
        };
        let fixed = is_fixed(spec);
        let mut column = Column {
            name: spec.name.clone(),
            kind: spec.kind,
            width: if spec.kind.is_fixed() || spec.kind.is_long() {
                0
            } else {
                spec.width
            },
            fixed,
            scale: if spec.kind == Kind::Numeric {
                spec.scale
            } else {
                0
            },
            compressed: layout.jet4 && matches!(spec.kind, Kind::Text | Kind::Memo) && !fixed,
            number: number as u16,
            variable: 0,
            offset: 0,
            size,
        };
        if fixed {
            column.offset = offset;
            offset += if spec.kind == Kind::Boolean { 0 } else { size };
        } else {
            let next = if spec.kind.is_long() {
                &mut long
            } else {
                &mut short
            };
            column.variable = *next;
            *next += 1;
        }
        columns.push(column);
    }
    if usize::from(offset) > layout.max_row {
        return refuse("its columns of fixed size do not fit a page");
    }
    Ok(columns)
}

fn check_name(layout: &Layout, name: &str) -> Result<(), Error> {
    let refuse = |why| {
        Err(Error::Name {
            name: name.to_owned(),
            why,
        })
    };
    if name.is_empty() || name.encode_utf16().count() > MAX_NAME {
        return refuse("a column name has 1 to 64 characters");
    }
    // U+FEFF at the start would read as the mark of compressed text.
    if name
        .chars()
        .any(|c| c.is_control() || ".![]`\u{FEFF}".contains(c))
    {
        return refuse("a column name has no control characters and none of . ! [ ] `");
    }
    if let Err(why) = text::encode(name, layout.jet4, false) {
        return refuse(why);
    }
    Ok(())
}

/// The column's entry in the definition.
pub(crate) fn entry(column: &Column) -> Entry<'_> {
    let extra = match column.kind {
        Kind::Text | Kind::Memo => SORT_ORDER,
        Kind::Numeric => [PRECISION, column.scale, 0, 0],
        _ => [0; 4],
    };
    Entry {
        column,
        design: column.number,
        extra,
        flags: COLUMN_NULLABLE | if column.fixed { COLUMN_FIXED } else { 0 },
        extended: if column.compressed {
            COLUMN_COMPRESSED
        } else {
            0
        },
    }
}

/// "General", language 0x409.
pub(crate) const SORT_ORDER: [u8; 4] = [9, 4, 0, 0];
