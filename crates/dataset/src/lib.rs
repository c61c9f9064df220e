//! What generator and browser agree on.
//!
//! * [`schema`] – the 20 tables of the NTSB's eADMS databases, column by column.
//! * [`codes`] – the code lists that go with them.
//! * [`csv`] – fields of the files visitors download.
//! * [`privacy`] – the columns that never leave PostgreSQL.
//! * [`derived`] – causes and occurrences of both coding systems.
//! * [`explore`] – the one table visitors filter: a row per aircraft in an event.
//! * [`manifest`] – the index of the published Parquet files.
//! * [`query`] – what pages and tools may ask of a table.
//! * [`url_state`] – the explore page as a link: state ⇄ URL parameters ⇄ queries.
//!
//! The crate does no IO and has no clock; it builds for `wasm32-unknown-unknown`.
#![forbid(unsafe_code)]

pub mod codes;
pub mod csv;
pub mod derived;
pub mod explore;
pub mod manifest;
pub mod privacy;
pub mod query;
pub mod schema;
pub mod url_state;
