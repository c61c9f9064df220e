//! PostgreSQL: finding or running a server, migrating its schema, moving rows in and out.

mod binaries;
mod cluster;
pub mod copy_in;
mod database;

pub use cluster::Cluster;
pub use database::{Database, connect};
