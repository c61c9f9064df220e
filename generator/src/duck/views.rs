//! A published lake as DuckDB views.

use std::path::Path;

use anyhow::{Context, Result};
use dataset::manifest::{Manifest, TableEntry};
use duckdb::Connection;

use super::{identifier, literal, sql_type};
use crate::manifest;

/// Makes every table of the lake in folder `lake` a view of the same name and returns the
/// lake's manifest.
///
/// Views name the files of the manifest one by one, so files left over from another state of the
/// folder are not read.
///
/// # Errors
/// If the manifest or one of its files cannot be read.
pub fn register(connection: &Connection, lake: &Path) -> Result<Manifest> {
    let manifest = manifest::read(lake)?;
    for (name, table) in &manifest.tables {
        let view = format!(
            "CREATE OR REPLACE VIEW {} AS {}",
            identifier(name),
            select(lake, table)
        );
        connection
            .execute_batch(&view)
            .with_context(|| format!("opening table {name} of the lake"))?;
    }
    Ok(manifest)
}

fn select(lake: &Path, table: &TableEntry) -> String {
    if table.files.is_empty() {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|c| format!("NULL::{} AS {}", sql_type(c.kind), identifier(&c.name)))
            .collect();
        return format!("SELECT {} WHERE false", columns.join(", "));
    }
    let files: Vec<String> = table
        .files
        .iter()
        .map(|file| literal(&lake.join(&file.path).to_string_lossy()))
        .collect();
    // Files hold all their columns themselves; what the names of folders say is left aside.
    format!(
        "SELECT * FROM read_parquet([{}], hive_partitioning = false)",
        files.join(", ")
    )
}
