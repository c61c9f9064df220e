//! What a migration did, row by row.

use serde::{Deserialize, Serialize};

use super::Load;

/// Result of the migrate stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadReport {
    /// The databases read, in load order.
    pub sources: Vec<SourceFile>,
    /// One entry per source and table, in load order.
    pub tables: Vec<TableLoad>,
    /// Every load the database knows of, oldest first.
    #[serde(default)]
    pub history: Vec<Load>,
}

/// One source database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// File name without folders.
    pub name: String,
    /// SHA-256 of the MDB, hexadecimal.
    pub sha256: String,
    /// Size of the MDB in bytes.
    pub bytes: u64,
}

/// How the rows of one table of one source fared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableLoad {
    /// Name of the source file.
    pub source: String,
    /// Table name in PostgreSQL.
    pub table: String,
    /// Rows the file's table definition claims.
    pub declared: u64,
    /// Rows read from the file.
    pub read: u64,
    /// Rows new to the database.
    pub inserted: u64,
    /// Rows that replaced an older state of the same key.
    pub updated: u64,
    /// Rows that changed nothing: equal to what the database held, or [`older`](Self::older).
    pub unchanged: u64,
    /// Of the unchanged: rows of which the database has a newer state, by `lchg_date`, and keeps it;
    /// rows that a newer file had no longer are among them.
    #[serde(default)]
    pub older: u64,
    /// Rows kept out and recorded in `ntsb.reject`.
    pub rejected: u64,
    /// Rows of the database that the file, being whole, had no longer; none of those read.
    #[serde(default)]
    pub deleted: u64,
    /// Pages of the file that could not be read.
    pub bad_pages: u64,
    /// Cells that could not be read; their rows are rejected.
    pub bad_cells: u64,
    /// Texts that contained undecodable characters (kept, with replacement characters).
    pub lossy_text: u64,
}

impl TableLoad {
    /// Whether every row read is accounted for and the file held as many as it claims.
    pub fn adds_up(&self) -> bool {
        self.read == self.inserted + self.updated + self.unchanged + self.rejected
            && self.read == self.declared
            && self.bad_pages == 0
    }
}
