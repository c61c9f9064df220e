//! What a training run produced.

use serde::{Deserialize, Serialize};

use super::BoostParams;

/// Result of the train stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelRun {
    /// File name of the model inside the model folder.
    pub file: String,
    /// SHA-256 of the model file, hexadecimal.
    pub sha256: String,
    /// Size of the model file in bytes.
    pub bytes: u64,
    /// Classes in the model's own order.
    pub classes: Vec<String>,
    /// Rows and years the trees were grown on.
    pub train: Period,
    /// Rows and years that decided when to stop.
    pub validation: Period,
    /// Rows and years nobody looked at before the end.
    pub test: Period,
    /// Features with their importance, most important first.
    pub features: Vec<FeatureSummary>,
    /// The model on the test years.
    pub model: Evaluation,
    /// The training years' class shares as constant forecast, on the test years.
    pub base_rate: Evaluation,
    /// Always the most frequent class, on the test years.
    pub majority: Evaluation,
    /// Trees kept after early stopping, over all classes.
    pub trees: u64,
    /// How the trees were grown, as chosen by the validation years.
    pub params: BoostParams,
}

/// Rows of a span of years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// Events.
    pub rows: u64,
    /// Events per class, in class order.
    pub per_class: Vec<u64>,
}

/// A feature and what it contributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureSummary {
    /// Name.
    pub name: String,
    /// Plain-language label.
    pub label: String,
    /// Share of the training years in which the value is missing (0–1).
    pub missing: f64,
    /// Share of the total split gain (0–1).
    pub importance: f64,
}

/// Scores on one set of events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Mean negative log-likelihood (nats).
    pub log_loss: f64,
    /// Multi-class Brier score (0–2).
    pub brier: f64,
    /// Share of events whose likeliest class is right.
    pub accuracy: f64,
    /// Unweighted mean of the classes' F1.
    pub macro_f1: f64,
    /// Mean of the classes' F1, weighted by support.
    pub weighted_f1: f64,
    /// Unweighted mean of the one-vs-rest ROC areas.
    pub auc_ovr: f64,
    /// Area under precision-recall for class FATL.
    pub pr_auc_fatal: f64,
    /// Per class, in class order.
    pub per_class: Vec<ClassScore>,
    /// `confusion[actual][predicted]`, events.
    pub confusion: Vec<Vec<u64>>,
    /// Reliability of the FATL probability, ten bins by forecast.
    pub calibration: Vec<CalibrationBin>,
}

/// Scores of one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassScore {
    /// Class code.
    pub class: String,
    /// Right among those predicted; 0 when none was predicted.
    pub precision: f64,
    /// Found among those actual.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Actual events.
    pub support: u64,
}

/// One bin of a reliability curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibrationBin {
    /// Mean forecast probability in the bin.
    pub forecast: f64,
    /// Share that came true.
    pub observed: f64,
    /// Events in the bin.
    pub rows: u64,
}
