//! MDB files → PostgreSQL, every row accounted for.

mod report;

pub use report::{LoadReport, SourceFile, TableLoad};
