//! PostgreSQL → proof that the data is fit to publish.

mod report;

pub use report::{Check, Severity, Status, Suite, ValidationReport};
