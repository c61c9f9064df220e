use std::fs::File;
use std::io::Write;

mod by_column;
mod explore;
mod files;
mod from_postgres;
mod privacy;

fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}
