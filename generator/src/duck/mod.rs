//! DuckDB: connections that never reach for the network, and their results as Arrow or JSON.

mod rows;
mod views;

use std::path::Path;

use anyhow::{Context, Result};
use arrow::compute::concat_batches;
use arrow::record_batch::RecordBatch;
use dataset::explore::ColumnType;
use duckdb::Connection;

pub use rows::{Rows, rows};
pub use views::register;

/// Opens a database: a file (created if absent), or memory.
///
/// Extensions are neither fetched nor loaded by themselves, so that a query means the same on
/// every machine, with and without network. Footers of Parquet files are kept: files of a lake
/// never change under their name.
///
/// # Errors
/// If the file cannot be opened or created.
pub fn open(file: Option<&Path>) -> Result<Connection> {
    let connection = match file {
        Some(path) => {
            Connection::open(path).with_context(|| format!("opening {}", path.display()))?
        }
        None => Connection::open_in_memory().context("opening a database in memory")?,
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    connection
        .execute_batch(&format!(
            "SET autoinstall_known_extensions = false;
             SET autoload_known_extensions = false;
             SET parquet_metadata_cache = true;
             SET threads = {threads};"
        ))
        .context("configuring DuckDB")?;
    Ok(connection)
}

/// Runs one query and returns all its rows as one batch.
///
/// # Errors
/// If the query fails.
pub fn batch(connection: &Connection, sql: &str) -> Result<RecordBatch> {
    let mut statement = connection.prepare(sql).context("preparing the query")?;
    let result = statement.query_arrow([]).context("running the query")?;
    let schema = result.get_schema();
    let batches: Vec<RecordBatch> = result.collect();
    concat_batches(&schema, &batches).context("joining the batches of the result")
}

/// A name as an SQL identifier.
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as an SQL literal.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// DuckDB's name for a published type.
pub fn sql_type(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "VARCHAR",
        ColumnType::Int => "INTEGER",
        ColumnType::Float => "DOUBLE",
        ColumnType::Date => "DATE",
        ColumnType::Timestamp => "TIMESTAMP",
        ColumnType::Boolean => "BOOLEAN",
    }
}
