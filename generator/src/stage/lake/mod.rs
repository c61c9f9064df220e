//! PostgreSQL → Arrow → DuckDB → Hive-partitioned Parquet and its manifest.
//!
//! The lake holds the 20 tables without their personal columns, [`dataset::derived`] and
//! [`dataset::explore`]. Tables of records are partitioned by the year of their event
//! (`ev_year=2008`), small ones by its decade (`ev_decade=2000`); rows whose event has no date, or
//! is missing, go to `…=__HIVE_DEFAULT_PARTITION__`. Within a partition rows are ordered by date,
//! event and key, so the same rows give the same bytes, and file names carry the beginning of
//! their SHA-256, so a name means one content for ever. `explore` and the derived tables lie
//! there by column besides ([`by_column`]).

mod by_column;
mod column;
mod explore;
#[cfg(test)]
pub(crate) mod fixture;
mod load;
mod make;
mod parquet;
mod partition;
mod plan;
mod publish;
#[cfg(test)]
mod tests;

pub(crate) use parquet::encode;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use dataset::manifest::{Manifest, Source};
use postgres::Client;

use crate::duck;
use crate::output::Output;
use crate::progress::Progress;

/// What DuckDB may hold in memory; beyond, it works on the disk.
const MEMORY: &str = "1GB";

/// Builds the lake from a migrated database and writes it to `output`, its manifest last.
///
/// `scratch` is a folder for DuckDB's own files, which hold the whole data once more; it is
/// removed before, as a killed run may have left it, and after.
///
/// # Errors
/// If the database cannot be read, holds no events, or a folder cannot be written.
pub fn run(
    client: &mut Client,
    sources: &[Source],
    scratch: &Path,
    output: &mut dyn Output,
    progress: Progress,
) -> Result<Manifest> {
    remove(scratch)?;
    fs::create_dir_all(scratch).with_context(|| format!("creating {}", scratch.display()))?;
    // On disk, because the narratives alone can outgrow a small machine's memory.
    let connection = duck::open(Some(&scratch.join("lake.duckdb")))?;
    connection
        .execute_batch(&format!("SET memory_limit = '{MEMORY}'"))
        .context("limiting DuckDB's memory")?;
    load::create_tables(&connection)?;
    load::load(client, &connection, progress)?;
    explore::build(&connection).context("building the explore table")?;
    let manifest = publish::publish(&connection, sources, output, progress)?;
    drop(connection);
    remove(scratch)?;
    Ok(manifest)
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}
