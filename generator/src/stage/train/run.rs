//! What a training run produced.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use severity::features::FeatureSet;
use severity::header::Calibration;

use super::{BoostParams, Trial};

/// Result of the train stage: everything a page about the model needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelRun {
    /// Name of the run and of its folder in the registry.
    pub id: String,
    /// File name of the model inside the folder of the run.
    pub file: String,
    /// SHA-256 of the model file, hexadecimal.
    pub sha256: String,
    /// Size of the model file in bytes.
    pub bytes: u64,
    /// Which facts the model looks at.
    pub feature_set: FeatureSet,
    /// Features that were left out on demand.
    pub without: Vec<String>,
    /// Seed of all sampling.
    pub seed: u64,
    /// SHA-256 of the manifest of the lake it was trained on, hexadecimal; the manifest holds the
    /// hashes of all files.
    pub data_sha256: String,
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
    /// Declared features the model does not look at.
    pub unused: Vec<UnusedFeature>,
    /// The model on the test years.
    pub model: Evaluation,
    /// The model on the test years when it names classes by its decision weights instead of the
    /// likeliest.
    pub decided: Naming,
    /// Weight of each class in naming, chosen for macro F1 on the validation years.
    pub decision: Vec<f64>,
    /// The training years' class shares as constant forecast, on the test years.
    pub base_rate: Evaluation,
    /// Always the most frequent class, on the test years.
    pub majority: Evaluation,
    /// Whether the model's log loss on the test years is below that of the base rates; if not, it
    /// is worth nothing.
    pub better_than_base: bool,
    /// How much lower the model's log loss is than that of the base rates, 2.5 and 97.5 %
    /// quantile over resampled test events.
    pub gain: [f64; 2],
    /// Scores of groups of test events.
    pub slices: Vec<Slice>,
    /// Log loss on the validation years by number of training events.
    pub learning_curve: Vec<LearningPoint>,
    /// Trees over all members and classes.
    pub trees: u64,
    /// Rounds of each member of the model; the model is their mean.
    pub rounds: Vec<u32>,
    /// The best way of growing by the validation years; the other members' are in [`Self::trials`].
    pub params: BoostParams,
    /// All ways of growing that were tried, in order.
    pub trials: Vec<Trial>,
    /// Log loss on the validation years after each round of the chosen way; before the first
    /// round first.
    pub curve: Vec<f64>,
    /// Log loss on the validation years of the trees that were not grown on them.
    pub validation_log_loss: f64,
    /// Whether the final trees were grown on the validation years as well, and why.
    pub refit: Refit,
    /// From margins to probabilities, and why.
    pub calibration: CalibrationChoice,
}

/// A declared feature the model does not look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnusedFeature {
    /// Name.
    pub name: String,
    /// Plain-language label.
    pub label: String,
    /// Why, as a fragment of a sentence.
    pub reason: String,
}

/// Whether growing on newer years as well helps: tried once inside the years before the test.
///
/// Trees are grown on the older part of the training years and stopped on the newer part; then
/// grown again on all training years for as many rounds. Both are judged by the validation years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refit {
    /// Whether the final trees were grown on training and validation years together.
    pub taken: bool,
    /// Log loss on the validation years without the newer part; `None` when there were too few
    /// years to try.
    pub without: Option<f64>,
    /// Log loss on the validation years with it.
    pub with: Option<f64>,
}

/// The calibration and its evidence: fitted on four fifths of the validation events and judged on
/// the fifth, five times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibrationChoice {
    /// What the model file holds; changes nothing if the evidence was against it.
    pub fitted: Calibration,
    /// Log loss of the margins as they are.
    pub before: f64,
    /// Log loss of held-out events after calibration.
    pub after: f64,
}

/// Scores of a group of test events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// What the events are grouped by: a feature, or `decade`.
    pub by: String,
    /// Value they have in common; blank when it is missing.
    pub value: String,
    /// Plain-language label of the value.
    pub label: String,
    /// Events.
    pub rows: u64,
    /// Log loss of the model.
    pub log_loss: f64,
    /// Log loss of the base rates.
    pub base_rate_log_loss: f64,
    /// Paired difference (base rates minus model), 2.5 and 97.5 % quantile over resampled events.
    pub gain: [f64; 2],
    /// Share of events whose likeliest class is right.
    pub accuracy: f64,
    /// Share of the class that is the most frequent one in training.
    pub majority_accuracy: f64,
    /// Mean forecast of the gravest class.
    pub fatal_forecast: f64,
    /// Share of events that ended in it.
    pub fatal_observed: f64,
}

/// A point of the learning curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearningPoint {
    /// Training events.
    pub rows: u64,
    /// Log loss on the validation years.
    pub log_loss: f64,
}

/// Scores of naming one class per event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Naming {
    /// Share of events whose class was named.
    pub accuracy: f64,
    /// Unweighted mean of the classes' F1.
    pub macro_f1: f64,
    /// Mean of the classes' F1, weighted by support.
    pub weighted_f1: f64,
    /// Per class, in class order.
    pub per_class: Vec<ClassScore>,
    /// `confusion[actual][named]`, events.
    pub confusion: Vec<Vec<u64>>,
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
    /// How much the log loss on the test years rises when the feature's values are shuffled.
    pub permutation: f64,
    /// Mean absolute Shapley value on test events, over classes, in log odds.
    pub shap: f64,
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
    /// 2.5 and 97.5 % quantile of each score over resampled events, by the name of its field.
    pub intervals: BTreeMap<String, [f64; 2]>,
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
