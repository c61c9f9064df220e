//! The built tool from outside: real MDB files, a real PostgreSQL, real browsers.
//!
//! Tests share one small site ([`harness::site`]), built on first use; tests that break things
//! work in folders of their own. Everything lives below the build's `tmp` folder.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod broken;
mod browser;
mod build;
mod command_line;
mod database;
mod differential;
mod exports;
mod faults;
mod harness;
mod hostile;
mod interrupted;
mod killed;
mod killed_sync;
mod models;
mod nginx;
mod offline;
mod parity;
mod published;
mod real_data;
mod seeded;
mod serving;
mod sql;
mod sync;
mod table_hashes;
mod validation;
