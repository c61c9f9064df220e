//! `manifest.json`: the index of the published lake.
//!
//! The only mutable file of the lake: every Parquet file carries the beginning of its SHA-256 in
//! its name, so a manifest names an immutable state. Readers refuse a newer major version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::explore::ColumnType;

/// Format version written by this build; readers accept it and nothing newer.
pub const VERSION: u32 = 1;

/// The whole lake.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format version, [`VERSION`].
    pub version: u32,
    /// Newest event date or change date in the data, `YYYY-MM-DD`.
    pub data_date: String,
    /// The MDB files everything was made from, in name order.
    pub sources: Vec<Source>,
    /// Tables by name.
    pub tables: BTreeMap<String, TableEntry>,
}

/// One source database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// File name without folders.
    pub name: String,
    /// SHA-256 of the MDB, hexadecimal.
    pub sha256: String,
    /// Size of the MDB in bytes.
    pub bytes: u64,
}

/// One published table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Columns in file order.
    pub columns: Vec<ColumnEntry>,
    /// Rows over all files.
    pub rows: u64,
    /// Bytes over all files.
    pub bytes: u64,
    /// Column the files are partitioned by (Hive style), if any.
    pub partition: Option<String>,
    /// Files in partition order.
    pub files: Vec<FileEntry>,
}

/// One column of a published table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnEntry {
    /// Name.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// What it means, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// One Parquet file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path relative to the manifest, forward slashes,
    /// for example `explore/ev_year=2008/explore-1a2b3c4d.parquet`.
    pub path: String,
    /// Rows in the file.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// Smallest and largest value of the pruning columns that have any value in the file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ranges: BTreeMap<String, Range>,
}

/// Closed range of a numeric or date column; dates are days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
}

/// Why a manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The text is no manifest.
    #[error("manifest.json is not readable: {0}")]
    Json(#[from] serde_json::Error),
    /// Written by a newer build.
    #[error("manifest.json has format version {0}, newer than the {VERSION} this build reads")]
    Newer(u32),
}

impl Manifest {
    /// Reads a manifest and checks its version.
    ///
    /// # Errors
    /// If the text is not a manifest or its version is newer than [`VERSION`].
    pub fn from_json(text: &str) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let head: Head = serde_json::from_str(text)?;
        if head.version > VERSION {
            return Err(ManifestError::Newer(head.version));
        }
        Ok(serde_json::from_str(text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_version_is_refused_even_if_its_shape_changed() {
        let error = Manifest::from_json(r#"{"version":2,"tables":[]}"#).unwrap_err();
        assert!(error.to_string().contains("version 2"));
    }
}
