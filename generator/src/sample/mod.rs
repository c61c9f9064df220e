//! Sample databases: `avall.mdb` (2008–2025) and `Pre2008.mdb` (1982–2007) with the real tables,
//! columns, code lists and quirks, but invented events. They let a fresh clone build a whole site
//! and give the tests something to count.
//!
//! Every event is derived from the seed and its number alone ([`case`]), so the tables can be written
//! one after the other without keeping the events, and the same seed gives the same bytes.

mod calendar;
mod case;
mod codes;
mod craft;
mod dice;
mod fleet;
mod injuries;
mod narrative;
mod people;
mod places;
mod row;
mod rows;
mod scenarios;
#[cfg(test)]
mod tests;
mod weather;

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use dataset::schema::{self, AccessType, Table};
use jet::{ColumnSpec, Kind, Writer};

use calendar::Era;
use case::Plan;
use row::Row;

/// What to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleOptions {
    /// Events over both files, split about 1:2 as the real files are.
    pub events: u32,
    /// The same seed gives the same bytes.
    pub seed: u64,
}

impl Default for SampleOptions {
    fn default() -> Self {
        Self {
            events: 2_000,
            seed: 1962,
        }
    }
}

/// The files written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleReport {
    /// `avall.mdb`, then `Pre2008.mdb`.
    pub files: Vec<SampleFile>,
}

/// A file written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleFile {
    /// Where it is.
    pub path: PathBuf,
    /// Events in it.
    pub events: u64,
    /// Rows over all tables.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
}

/// Events of the real files in April 2026, whose ratio the sample keeps.
const REAL_AVALL: u64 = 30_358;
const REAL_PRE2008: u64 = 63_002;

/// Writes `avall.mdb` and `Pre2008.mdb` into `dir`, which is made if need be; `progress` is told how
/// much of the work is done, in events.
///
/// # Errors
/// When the folder cannot be made or a file cannot be written.
pub fn write_sample(
    dir: &Path,
    options: &SampleOptions,
    progress: &mut dyn FnMut(u64),
) -> Result<SampleReport> {
    fs::create_dir_all(dir)
        .with_context(|| format!("failed to make the folder {}", dir.display()))?;
    let events = u64::from(options.events);
    let modern = events * REAL_AVALL / (REAL_AVALL + REAL_PRE2008);
    let tables = schema::tables().len() as u64;
    let mut files = Vec::new();
    let mut before = 0;
    for (name, era, count) in [
        ("avall.mdb", Era::Modern, modern),
        ("Pre2008.mdb", Era::Old, events - modern),
    ] {
        let path = dir.join(name);
        let plan = Plan::new(options.seed, era, count);
        let mut steps = 0;
        let mut step = |cases: u64| {
            steps += cases;
            progress(before + steps / tables);
        };
        let rows = write_file(&path, &plan, &mut step)
            .with_context(|| format!("failed to write {}", path.display()))?;
        before += count;
        let bytes = fs::metadata(&path)?.len();
        files.push(SampleFile {
            path,
            events: count,
            rows,
            bytes,
        });
    }
    progress(events);
    Ok(SampleReport { files })
}

/// Cases between two reports of progress.
const STRIDE: u64 = 256;

fn write_file(path: &Path, plan: &Plan, step: &mut dyn FnMut(u64)) -> Result<u64> {
    let sink = BufWriter::with_capacity(1 << 16, File::create(path)?);
    let mut writer = Writer::create(sink)?;
    let mut count = 0;
    for table in schema::tables() {
        let columns = columns(table, plan.era);
        let mut out = writer.begin_table(table.name, &columns)?;
        let mut row = Row::new(table, &columns);
        let mut push = |row: &Row| -> Result<()> {
            count += 1;
            Ok(out.push(row.values())?)
        };
        if table.is_lookup() {
            codes::write(table.name, &mut row, &mut push)?;
            step(plan.count);
        } else if rows::is_filled(table.name, plan.era) {
            for index in 0..plan.count {
                rows::write(table.name, &plan.case(index), &mut row, &mut push)?;
                if index % STRIDE == STRIDE - 1 {
                    step(STRIDE);
                }
            }
            step(plan.count % STRIDE);
        } else {
            step(plan.count);
        }
        out.finish()?;
    }
    writer.finish()?;
    Ok(count)
}

/// The table's columns as Access declares them. `cm_inPc` came in 2024, after Pre2008 was frozen.
fn columns(table: &Table, era: Era) -> Vec<ColumnSpec> {
    let columns = table.columns.iter();
    let columns = columns.filter(|column| era == Era::Modern || column.name != "cm_inPc");
    columns
        .map(|column| match column.access {
            AccessType::Text => ColumnSpec::text(column.name, column.width.unwrap_or(255)),
            other => ColumnSpec::new(column.name, kind(other)),
        })
        .collect()
}

fn kind(access: AccessType) -> Kind {
    match access {
        AccessType::Boolean => Kind::Boolean,
        AccessType::Byte => Kind::Byte,
        AccessType::Int16 => Kind::Int,
        AccessType::Long => Kind::Long,
        AccessType::Single => Kind::Float,
        AccessType::Double => Kind::Double,
        AccessType::DateTime => Kind::DateTime,
        AccessType::Text => Kind::Text,
        AccessType::Memo => Kind::Memo,
    }
}
