//! The rows of a table once more, by column: a question over all years moves the columns it names
//! and nothing else, as whole files, which every host serves.

use std::ops::Range;

use anyhow::{Context, Result};
use arrow::record_batch::RecordBatch;
use dataset::manifest::ColumnFile;
use rayon::ThreadPool;
use rayon::prelude::*;

use super::column;
use super::parquet::FILE_BYTES;
use super::partition::Sorted;
use super::plan::Plan;
use crate::output::{Output, sha256_hex};

/// Folder of these files. Not that of the table: engines take every file there for its rows.
const FOLDER: &str = "columns";

/// The first year of which records still change: those of earlier years come from databases that
/// the NTSB has finished. What changes every week and what never does share no file.
const LIVE: i64 = 2008;

/// A file and its bytes.
type Written = (ColumnFile, Vec<u8>);

/// Writes every column of `sorted`, given the rows and years of the files its rows lie in.
pub(super) fn write(
    encoders: &ThreadPool,
    sorted: &Sorted<'_>,
    plan: &Plan,
    rows: &[u64],
    years: &[Option<i64>],
    output: &mut dyn Output,
) -> Result<Vec<ColumnFile>> {
    let live = years.partition_point(|year| year.is_some_and(|year| year < LIVE));
    let mut files = Vec::new();
    for era in [0..live, live..rows.len()] {
        let span = rows[..era.start].iter().sum()..rows[..era.end].iter().sum();
        // As many columns at a time as there are threads: memory stays bounded.
        for some in plan.columns.chunks(encoders.current_num_threads()) {
            let columns = some
                .iter()
                .map(|planned| {
                    let name = planned.entry.name.as_str();
                    Ok((name, sorted.column(name, span.clone())?))
                })
                .collect::<Result<Vec<_>>>()?;
            let written = encoders.install(|| {
                let parts = columns.par_iter().map(|(name, column)| {
                    parts(&plan.name, name, column, rows, era.clone())
                        .with_context(|| format!("encoding column {name}"))
                });
                parts.collect::<Result<Vec<_>>>()
            })?;
            for (file, bytes) in written.into_iter().flatten() {
                output.write(&file.path, &bytes)?;
                files.push(file);
            }
        }
    }
    Ok(files)
}

/// A column of some consecutive files, as one file or as several if one would be too large.
fn parts(
    table: &str,
    name: &str,
    column: &RecordBatch,
    rows: &[u64],
    files: Range<usize>,
) -> Result<Vec<Written>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let bytes = column::encode(column)?;
    if bytes.len() > FILE_BYTES && files.len() > 1 {
        let middle = files.start + files.len() / 2;
        let before = rows[files.start..middle].iter().sum::<u64>() as usize;
        let (first, rest) = (
            column.slice(0, before),
            column.slice(before, column.num_rows() - before),
        );
        let mut out = parts(table, name, &first, rows, files.start..middle)?;
        out.extend(parts(table, name, &rest, rows, middle..files.end)?);
        return Ok(out);
    }
    let sha256 = sha256_hex(&bytes);
    let file = ColumnFile {
        path: format!("{FOLDER}/{table}/{name}-{}.parquet", &sha256[..8]),
        columns: vec![name.to_owned()],
        first: u32::try_from(files.start)?,
        files: u32::try_from(files.len())?,
        rows: column.num_rows() as u64,
        bytes: bytes.len() as u64,
        sha256,
    };
    Ok(vec![(file, bytes)])
}
