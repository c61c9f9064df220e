//! What a sync did.

use serde::Serialize;

use super::Coverage;
use crate::stage::migrate::{SourceFile, TableLoad};

/// Result of a sync.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SyncReport {
    /// Whether nothing was changed, only looked at.
    pub dry_run: bool,
    /// The files, in the order in which they were synced.
    pub files: Vec<SyncedFile>,
    /// Whether the materialized views were refreshed.
    pub refreshed: bool,
}

/// One file of a sync.
#[derive(Debug, Clone, Serialize)]
pub struct SyncedFile {
    /// Where it came from; of a URL without what may be secret.
    pub from: String,
    /// The MDB.
    pub source: SourceFile,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What became of a file.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// A file of this content was loaded before: it was left alone.
    Seen {
        /// The day it was loaded, YYYY-MM-DD.
        on: String,
    },
    /// It was loaded.
    Applied(Applied),
}

/// What loading a file did.
#[derive(Debug, Clone, Serialize)]
pub struct Applied {
    /// Its load in `ntsb.load`; that of a dry run is gone.
    pub load_id: i64,
    /// Whether the database was empty: then `ntsb.change` has none of its rows.
    pub initial: bool,
    /// What the file has all of.
    pub coverage: Coverage,
    /// Events of which the event itself or a row that belongs to it changed.
    pub events: u64,
    /// How the rows of each table fared.
    pub tables: Vec<TableLoad>,
}

impl Applied {
    /// Whether any row is other than before.
    pub fn changed_anything(&self) -> bool {
        self.tables
            .iter()
            .any(|table| table.inserted + table.updated + table.deleted > 0)
    }
}

impl SyncReport {
    /// Whether any row is, or in a dry run would be, other than before.
    pub fn changed_anything(&self) -> bool {
        self.files.iter().any(|file| match &file.outcome {
            Outcome::Seen { .. } => false,
            Outcome::Applied(applied) => applied.changed_anything(),
        })
    }
}
