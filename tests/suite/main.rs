//! The built tool from outside: real MDB files, a real PostgreSQL, real browsers.
//!
//! Tests share one small site ([`harness::site`]), built on first use; tests that break things
//! work in folders of their own. Everything lives below the build's `tmp` folder.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod broken;
mod browser;
mod build;
mod database;
mod differential;
mod faults;
mod harness;
mod interrupted;
mod killed;
mod killed_sync;
mod models;
mod parity;
mod real_data;
mod seeded;
mod sql;
mod sync;
mod table_hashes;
mod validation;
