//! The index of the published lake.
//!
//! `manifest.json` is small and the only mutable file: it says what the lake was made from and
//! names one file per table ([`TableRef`]), which lists that table's columns and Parquet files
//! ([`TableEntry`]). All files but `manifest.json` carry the beginning of their SHA-256 in their
//! name, so a manifest names an immutable state, and whoever wants one table reads no more than
//! the index and that table's file. [`Manifest`] is all of it together.
//!
//! A table may lie there twice: its rows by partition ([`TableEntry::files`]), which is the table
//! for every tool, and the same rows by column ([`TableEntry::by_column`]), for questions that read
//! few columns of many years. Readers that do not know the latter lose nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::explore::ColumnType;

/// Format version written by this build; readers accept it and nothing newer.
pub const VERSION: u32 = 1;

/// The whole lake.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Newest event date or change date in the data, `YYYY-MM-DD`.
    pub data_date: String,
    /// The MDB files everything was made from, in name order.
    pub sources: Vec<Source>,
    /// Tables by name.
    pub tables: BTreeMap<String, TableEntry>,
}

/// What stands in `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Format version, [`VERSION`].
    pub version: u32,
    /// As [`Manifest::data_date`].
    pub data_date: String,
    /// As [`Manifest::sources`].
    pub sources: Vec<Source>,
    /// Tables by name.
    pub tables: BTreeMap<String, TableRef>,
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

/// Where a table is described, and how large it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRef {
    /// The file that holds the table's [`TableEntry`].
    pub manifest: FileRef,
    /// Rows over all Parquet files.
    pub rows: u64,
    /// Bytes over all Parquet files.
    pub bytes: u64,
    /// How many Parquet files there are.
    pub files: u64,
}

/// A file named by the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Path relative to `manifest.json`, forward slashes,
    /// for example `manifests/explore-1a2b3c4d.json`.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
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
    /// Key of the folders the files lie in (Hive style), if any: `ev_year` or `ev_decade`.
    pub partition: Option<String>,
    /// Files in partition order.
    pub files: Vec<FileEntry>,
    /// The rows of `files` once more, by column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_column: Vec<ColumnFile>,
    /// A column of whole numbers that is 1 in the first row of each event and in no other, where
    /// the rows of an event follow one another and `ev_id` is never missing: it tells events apart
    /// as `ev_id` does, and is far smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_start: Option<String>,
}

impl TableEntry {
    /// Path and size of all Parquet files, of both layouts.
    pub fn published(&self) -> impl Iterator<Item = (&str, u64)> {
        let files = self
            .files
            .iter()
            .map(|file| (file.path.as_str(), file.bytes));
        let columns = self.by_column.iter();
        files.chain(columns.map(|file| (file.path.as_str(), file.bytes)))
    }
}

/// One column of a published table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnEntry {
    /// Name.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// What it means, where that is not the NTSB's own data dictionary to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Where its values come from and when they are missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What its codes mean.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<String, String>,
}

impl ColumnEntry {
    /// A column of which no more is said than its name and type.
    pub fn new(name: impl Into<String>, kind: ColumnType) -> Self {
        Self {
            name: name.into(),
            kind,
            label: None,
            about: None,
            codes: BTreeMap::new(),
        }
    }
}

/// One Parquet file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path relative to `manifest.json`, forward slashes,
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

/// A Parquet file with some columns of the rows of consecutive files, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnFile {
    /// Path relative to `manifest.json`, forward slashes,
    /// for example `columns/explore/ev_state-1a2b3c4d.parquet`.
    pub path: String,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// Index of the first of [`TableEntry::files`] whose rows it has.
    pub first: u32,
    /// How many files' rows it has.
    pub files: u32,
    /// Rows in the file.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
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

impl Index {
    /// Reads `manifest.json` and checks its version.
    ///
    /// # Errors
    /// If the text is no index or its version is newer than [`VERSION`].
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
        let error = Index::from_json(r#"{"version":2,"tables":[]}"#).unwrap_err();
        assert!(error.to_string().contains("version 2"));
    }
}
