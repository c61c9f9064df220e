//! PostgreSQL → Arrow → DuckDB → Hive-partitioned Parquet and its manifest.
//!
//! The lake holds the 20 tables without their personal columns, and [`dataset::explore`]. Tables
//! of records are partitioned by the year of their event (`ev_year=2008`); rows whose event has
//! no date, or is missing, go to `ev_year=__HIVE_DEFAULT_PARTITION__`. Within a partition rows
//! are ordered by date, event and key, so the same rows give the same bytes, and file names
//! carry the beginning of their SHA-256, so a name means one content for ever.

mod explore;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod from_postgres;
mod load;
mod make;
mod parquet;
mod publish;
#[cfg(test)]
mod tests;

pub(crate) use parquet::encode;

use anyhow::{Context, Result};
use dataset::manifest::{Manifest, Source};
use postgres::Client;

use crate::duck;
use crate::output::Output;
use crate::progress::Progress;

/// Builds the lake from a migrated database and writes it to `output`, its manifest last.
///
/// # Errors
/// If the database cannot be read, holds no events, or the output cannot be written.
pub fn run(
    client: &mut Client,
    sources: &[Source],
    output: &mut dyn Output,
    progress: Progress,
) -> Result<Manifest> {
    // On disk, because the narratives alone can outgrow a small machine's memory.
    let folder = tempfile::tempdir().context("creating a temporary folder")?;
    let connection = duck::open(Some(&folder.path().join("lake.duckdb")))?;
    load::create_tables(&connection)?;
    load::load(client, &connection, progress)?;
    explore::build(&connection).context("building the explore table")?;
    publish::publish(&connection, sources, output, progress)
}
