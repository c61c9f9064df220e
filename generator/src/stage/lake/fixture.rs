//! A small lake for tests, written by the code that writes the real one.

use dataset::manifest::Manifest;
use duckdb::Connection;

use super::{explore, load, publish};
use crate::duck;
use crate::output::MemoryOutput;
use crate::progress::Progress;

/// Two US accidents of 2008 (a fatal midair of two Cessnas, a landing), a US incident of 2009
/// without aircraft row, a foreign accident, and one accident without date.
pub(super) const RECORDS: &str = include_str!("fixture.sql");

/// What the views of PostgreSQL make of [`RECORDS`], for a database without those views; a test
/// holds the two together.
const DERIVED: &str = include_str!("fixture_derived.sql");

/// A database with the tables filled and `explore` built.
pub(crate) fn database() -> Connection {
    database_of(&format!("{RECORDS}{DERIVED}"))
}

/// A database of other records, given as SQL, with `explore` built.
pub(crate) fn database_of(records: &str) -> Connection {
    let connection = duck::open(None).unwrap();
    load::create_tables(&connection).unwrap();
    connection.execute_batch(records).unwrap();
    connection
        .execute_batch(
            "INSERT INTO event_point SELECT ev_id, dec_latitude, dec_longitude, 'decimal'
             FROM events WHERE dec_latitude IS NOT NULL",
        )
        .unwrap();
    explore::build(&connection).unwrap();
    connection
}

/// The lake of [`database`] and its manifest.
pub(crate) fn lake() -> (MemoryOutput, Manifest) {
    published(&database())
}

fn published(database: &Connection) -> (MemoryOutput, Manifest) {
    let mut output = MemoryOutput::default();
    let manifest = publish::publish(database, &[], &mut output, Progress { quiet: true }).unwrap();
    (output, manifest)
}

/// [`lake`] in a folder.
pub(crate) fn lake_folder() -> tempfile::TempDir {
    folder_of(&database())
}

/// The lake of other records, given as SQL, in a folder.
pub(crate) fn lake_folder_of(records: &str) -> tempfile::TempDir {
    folder_of(&database_of(records))
}

fn folder_of(database: &Connection) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in published(database).0.files {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    folder
}
