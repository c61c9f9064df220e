//! The engine over real Parquet files, against a plain evaluator and against damage.

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod faults;
mod index;
#[cfg(test)]
mod lake;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod pruning;
