//! The engine over real Parquet files, against a plain evaluator and against damage.

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod by_column;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod fuzz;
mod index;
#[cfg(test)]
mod lake;
#[cfg(test)]
mod lake_file;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod pruning;
