//! Answers queries over the published Parquet files, sans IO.
//!
//! The caller fetches, the engine decides and computes:
//!
//! 1. [`Engine::new`] takes the index.
//! 2. [`Engine::plan`] names the files a query still needs: first the manifest of its table, then
//!    the Parquet files that the partition values and ranges in it do not rule out; of a table
//!    that is there by row and by column, those that are fewer bytes.
//! 3. [`Engine::feed`] takes each file's bytes and checks them against the manifest.
//! 4. [`Engine::run`] and [`Engine::csv`] answer.
//!
//! Columns are decoded when a query first needs them and kept. Text stays dictionary codes until
//! it is written into an answer: filters are evaluated once per dictionary entry and looked up
//! per row; joins translate the codes of one table's keys into those of the other.
//!
//! [`Limits`] bound what a query may fetch and hold; manifests and files are not trusted further
//! than their hashes reach.
#![forbid(unsafe_code)]

mod answer;
mod bind;
mod bound;
mod column;
mod csv;
mod date;
mod decode;
mod dictionary;
mod engine;
mod error;
mod evaluate;
mod execute;
mod facet;
mod group;
mod ids;
mod join;
mod key;
mod lake_file;
mod limits;
mod measure;
mod order;
mod place;
mod predicate;
mod prune;
mod search;
mod source;
mod table;
mod tables;

pub use answer::{Cell, FacetCounts, ResultColumn, ResultTable};
pub use engine::{Engine, Plan, PlannedFile};
pub use error::{ColumnFault, EngineError};
pub use lake_file::{LakeColumn, LakeFile, LakeValues, table_manifest};
pub use limits::Limits;
