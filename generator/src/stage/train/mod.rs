//! Lake → severity model: features by SQL, a split by time, gradient-boosted trees.

mod run;

pub use run::{CalibrationBin, ClassScore, Evaluation, FeatureSummary, ModelRun, Period};
