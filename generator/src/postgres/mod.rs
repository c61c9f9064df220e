//! PostgreSQL: finding or running a server, migrating its schema, moving rows in and out.

mod binaries;
mod cluster;
pub mod copy_in;
pub mod copy_out;
mod database;
mod lock;
mod server;
#[cfg(test)]
pub(crate) mod testing;
mod trouble;

pub use cluster::{Cluster, Status};
pub use database::{Database, connect, describe, session};
pub use lock::lock;
pub use trouble::explain;
