//! A small lake for tests, written by the code that writes the real one.

use duckdb::Connection;

use super::{explore, load, publish};
use crate::duck;
use crate::output::MemoryOutput;
use crate::progress::Progress;
use dataset::manifest::Manifest;

/// Two US accidents of 2008 (a fatal midair of two Cessnas, a landing), a US incident of 2009
/// without aircraft row, a foreign accident, and one accident without date.
const RECORDS: &str = include_str!("fixture.sql");

/// A database with the tables filled and `explore` built.
pub(crate) fn database() -> Connection {
    database_of(RECORDS)
}

fn database_of(records: &str) -> Connection {
    let connection = duck::open(None).unwrap();
    load::create_tables(&connection).unwrap();
    connection.execute_batch(records).unwrap();
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
    lake_folder_of(RECORDS)
}

/// The lake of other records, given as SQL, in a folder.
pub(crate) fn lake_folder_of(records: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in published(&database_of(records)).0.files {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    folder
}
