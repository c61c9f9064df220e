//! The engine over real Parquet files, against a plain evaluator and against damage.

mod agreement;
mod faults;
mod lake;
mod naive;
mod pruning;
