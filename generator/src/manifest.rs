//! The manifest of a lake on the disk: `manifest.json` and one file per table.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use dataset::manifest::{FileRef, Index, Manifest, TableEntry, TableRef, VERSION};

use crate::output::{Output, sha256_hex};

/// Name of the index in the folder of a lake.
pub const INDEX: &str = "manifest.json";

/// Writes the tables' files and, last, the index.
///
/// # Errors
/// If the output cannot be written.
pub fn write(manifest: &Manifest, output: &mut dyn Output) -> Result<()> {
    let mut tables = BTreeMap::new();
    for (name, table) in &manifest.tables {
        let json = json(table)?;
        let sha256 = sha256_hex(&json);
        // Not in the table's own folder: engines take every file there for Parquet.
        let path = format!("manifests/{name}-{}.json", &sha256[..8]);
        output.write(&path, &json)?;
        let reference = TableRef {
            manifest: FileRef {
                path,
                bytes: json.len() as u64,
                sha256,
            },
            rows: table.rows,
            bytes: table.bytes,
            files: table.files.len() as u64,
        };
        tables.insert(name.clone(), reference);
    }
    let index = Index {
        version: VERSION,
        data_date: manifest.data_date.clone(),
        sources: manifest.sources.clone(),
        tables,
    };
    output.write(INDEX, &json(&index)?)
}

/// Reads the index in the folder of a lake.
///
/// # Errors
/// If there is none, or it is of a newer version.
pub fn read_index(lake: &Path) -> Result<Index> {
    let path = lake.join(INDEX);
    let text = fs::read_to_string(&path)
        .with_context(|| format!("reading {}: has the lake been built?", path.display()))?;
    Index::from_json(&text).with_context(|| format!("reading {}", path.display()))
}

/// Reads the whole manifest in the folder of a lake.
///
/// # Errors
/// If a file is missing, of a newer version, or not the one the index names.
pub fn read(lake: &Path) -> Result<Manifest> {
    let index = read_index(lake)?;
    let tables = index
        .tables
        .into_iter()
        .map(|(name, table)| Ok((name, read_table(lake, &table.manifest)?)))
        .collect::<Result<_>>()?;
    Ok(Manifest {
        data_date: index.data_date,
        sources: index.sources,
        tables,
    })
}

fn read_table(lake: &Path, file: &FileRef) -> Result<TableEntry> {
    let path = lake.join(&file.path);
    let reading = || format!("reading {}", path.display());
    let bytes = fs::read(&path).with_context(reading)?;
    ensure!(
        sha256_hex(&bytes) == file.sha256,
        "{} is not the file that {INDEX} names: build the lake again",
        path.display()
    );
    serde_json::from_slice(&bytes).with_context(reading)
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    let mut json = serde_json::to_vec(value).context("writing the manifest")?;
    json.push(b'\n');
    Ok(json)
}
