//! A visitor's own MDB file, read page by page from where it lies. Nothing of it leaves the browser.

use std::io;

use jet::datetime::DateTime;
use jet::{Counters, Database, ReadAt, Value};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use crate::{error, json};

#[wasm_bindgen]
extern "C" {
    /// What the worker hands over: `{ size, read(offset, length) }`; `read` returns a `Uint8Array`
    /// or throws.
    pub type Source;

    #[wasm_bindgen(method, getter)]
    fn size(this: &Source) -> f64;

    #[wasm_bindgen(method, catch)]
    fn read(this: &Source, offset: f64, length: u32) -> Result<Vec<u8>, JsValue>;
}

/// Pages of the visitor's file.
struct Pages(Source);

impl ReadAt for Pages {
    fn len(&self) -> u64 {
        self.0.size() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let read = self.0.read(offset as f64, buf.len() as u32);
        let bytes = read.map_err(|_| io::Error::other("the browser could not read the file"))?;
        if bytes.len() != buf.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buf.copy_from_slice(&bytes);
        Ok(())
    }
}

/// An open MDB file.
#[wasm_bindgen]
pub struct Mdb {
    database: Database<Pages>,
}

/// A table as the file defines it.
#[derive(Serialize)]
struct Table {
    name: String,
    /// Rows the file claims; missing if the definition cannot be read.
    rows: Option<u32>,
    columns: Vec<Column>,
    /// Why the definition cannot be read.
    error: Option<String>,
}

#[derive(Serialize)]
struct Column {
    name: String,
    kind: String,
}

/// Some rows of a table, as text.
#[derive(Serialize)]
struct Page {
    columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
}

/// What a reading of a whole table came across; see [`jet::Counters`].
#[derive(Serialize)]
struct Report {
    claimed: u32,
    rows: u64,
    bad_rows: u64,
    bad_pages: u64,
    bad_cells: u64,
    lossy_text: u64,
}

#[wasm_bindgen]
impl Mdb {
    /// Opens a file.
    ///
    /// # Errors
    /// If it is no MDB file, or one the reader does not know.
    #[wasm_bindgen(constructor)]
    pub fn new(source: Source) -> Result<Mdb, JsError> {
        let database = Database::open(Pages(source)).map_err(error)?;
        Ok(Self { database })
    }

    /// Its tables: `[{name, rows, columns: [{name, kind}], error}]`.
    ///
    /// # Errors
    /// None: a table that cannot be read has its `error`.
    pub fn tables(&self) -> Result<String, JsError> {
        let tables = self.database.tables().iter().map(|entry| {
            let name = entry.name.clone();
            match self.database.table(&name) {
                Ok(table) => Table {
                    name,
                    rows: Some(table.row_count),
                    columns: (table.columns.iter())
                        .map(|column| Column {
                            name: column.name.clone(),
                            kind: format!("{:?}", column.kind),
                        })
                        .collect(),
                    error: None,
                },
                Err(fault) => Table {
                    name,
                    rows: None,
                    columns: Vec::new(),
                    error: Some(fault.to_string()),
                },
            }
        });
        json(&tables.collect::<Vec<_>>())
    }

    /// Rows of a table from `offset` on: `{columns, rows}`, cells as text or null.
    ///
    /// # Errors
    /// If there is no such table or its definition is damaged.
    pub fn rows(&self, table: &str, offset: u32, limit: u32) -> Result<String, JsError> {
        let mut page = Page {
            columns: Vec::new(),
            rows: Vec::new(),
        };
        let mut at = 0;
        let columns = self.scan(table, |row| {
            if at >= offset {
                page.rows.push(row.iter().map(text).collect());
            }
            at += 1;
            at < offset.saturating_add(limit)
        })?;
        page.columns = columns.0;
        json(&page)
    }

    /// Reads all of a table: what it claims to hold, and what the reader found.
    ///
    /// # Errors
    /// As for `rows`.
    pub fn report(&self, table: &str) -> Result<String, JsError> {
        let (_, claimed, found) = self.scan(table, |_| true)?;
        let Counters {
            rows,
            bad_rows,
            bad_pages,
            bad_cells,
            lossy_text,
        } = found;
        json(&Report {
            claimed,
            rows,
            bad_rows,
            bad_pages,
            bad_cells,
            lossy_text,
        })
    }

    /// All rows of a table as CSV.
    ///
    /// # Errors
    /// As for `rows`.
    pub fn csv(&self, table: &str) -> Result<String, JsError> {
        let mut body = String::new();
        let (columns, ..) = self.scan(table, |row| {
            for (at, value) in row.iter().enumerate() {
                dataset::csv::separate(&mut body, at);
                if let Some(text) = text(value) {
                    dataset::csv::field(&mut body, &text);
                }
            }
            body.push_str("\r\n");
            true
        })?;
        let mut out = String::with_capacity(body.len() + 1024);
        for (at, name) in columns.iter().enumerate() {
            dataset::csv::separate(&mut out, at);
            dataset::csv::field(&mut out, name);
        }
        out.push_str("\r\n");
        out.push_str(&body);
        Ok(out)
    }

    /// Shows rows to `each` for as long as it wants more; the names of the columns, the rows the
    /// table claims, and what was come across.
    fn scan(
        &self,
        table: &str,
        mut each: impl FnMut(&[Value]) -> bool,
    ) -> Result<(Vec<String>, u32, Counters), JsError> {
        let table = self.database.table(table).map_err(error)?;
        let (mut rows, mut row) = (self.database.rows(&table), Vec::new());
        while rows.next_row(&mut row).map_err(error)? {
            if !each(&row) {
                break;
            }
        }
        let names = table.columns.iter().map(|column| column.name.clone());
        Ok((names.collect(), table.row_count, rows.counters()))
    }
}

/// A cell as text; nothing for a missing value.
fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Boolean(value) => value.to_string(),
        Value::Byte(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Long(value) => value.to_string(),
        Value::Money(value) => decimal(i128::from(*value), 4),
        Value::Float(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        Value::DateTime(days) => DateTime::from_days(*days).map_or_else(
            || days.to_string(),
            |t| {
                format!(
                    "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                    t.year, t.month, t.day, t.hour, t.minute, t.second
                )
            },
        ),
        Value::Text(text) => text.clone(),
        Value::Binary(bytes) => format!("{} bytes", bytes.len()),
        Value::Guid(bytes) => format!("{:032X}", u128::from_be_bytes(*bytes)),
        Value::Numeric { mantissa, scale } => decimal(*mantissa, *scale),
        Value::Bad(why) => format!("unreadable: {why}"),
    })
}

/// A decimal of so many digits after the point.
fn decimal(mantissa: i128, scale: u8) -> String {
    let digits = mantissa.unsigned_abs().to_string();
    let scale = usize::from(scale);
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if mantissa < 0 { "-" } else { "" };
    let point = if scale > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{fraction}")
}
