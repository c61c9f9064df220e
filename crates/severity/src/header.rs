//! What a model file says about itself: classes, features as seen in training, calibration.

use serde::{Deserialize, Serialize};

use crate::cross::Cross;
use crate::features::FeatureSet;

/// The part of a model file that is JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Which facts the model looks at.
    #[serde(default)]
    pub feature_set: FeatureSet,
    /// Outcomes in the order of the trees, base margins and calibration.
    pub classes: Vec<Class>,
    /// Features in the order of the encoded row.
    pub features: Vec<ModelFeature>,
    /// Pairs of categories whose shares follow the features in what the trees are asked.
    #[serde(default)]
    pub crosses: Vec<Cross>,
    /// Margin of each class before the first tree.
    pub base_margins: Vec<f64>,
    /// From margins to honest probabilities.
    pub calibration: Calibration,
    /// What each class's probability counts when one class has to be named: the class with the
    /// largest product is. Chosen for macro F1 on the validation years; empty: all count the same.
    #[serde(default)]
    pub decision: Vec<f64>,
    /// The events the model was made from.
    pub window: Window,
}

/// An outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Class {
    /// Code of `events.ev_highest_injury`.
    pub code: String,
    /// What a visitor reads.
    pub label: String,
    /// Share of the training events (0–1).
    pub base_rate: f64,
}

/// A feature as it was seen in training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelFeature {
    /// Name, as in [`FeatureSet::features`].
    pub name: String,
    /// What a visitor reads.
    pub label: String,
    /// Unit of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// One sentence in plain language.
    pub help: String,
    /// Heading it stands under in a form.
    pub group: String,
    /// Share of the training events without a value (0–1).
    pub missing: f64,
    /// Type and values.
    #[serde(flatten)]
    pub kind: ModelKind,
}

/// Type of a feature and the values seen in training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ModelKind {
    /// A number.
    Numeric {
        /// Plausible range; values outside count as missing.
        limits: [f64; 2],
        /// Whether 0 counts as missing.
        zero_is_missing: bool,
        /// Smallest and largest value in training.
        seen: [f64; 2],
        /// 5, 25, 50, 75 and 95 % quantile of the training values.
        quantiles: [f64; 5],
    },
    /// A code.
    Category {
        /// Codes that count as missing.
        unknown: Vec<String>,
        /// Known codes; the position is the encoded value.
        levels: Vec<Level>,
    },
}

/// A known code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Code, trimmed and upper-cased.
    pub code: String,
    /// What a visitor reads.
    pub label: String,
    /// Training events with this code.
    pub rows: u64,
}

/// Per class: `scale · margin + bias`, then softmax.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Inverse temperature, common to all classes; above 0.
    pub scale: f64,
    /// Shift of each class.
    pub bias: Vec<f64>,
}

impl Header {
    /// Values the trees may ask for: features, then shares of pairs.
    pub fn columns(&self) -> usize {
        let shares = self.crosses.iter().map(|cross| cross.shares.len());
        self.features.len() + shares.sum::<usize>()
    }

    /// Values per column as values per feature: what belongs to a pair goes to its two features,
    /// half each.
    ///
    /// # Panics
    /// If there are fewer values than columns.
    pub fn per_feature(&self, mut columns: Vec<f64>) -> Vec<f64> {
        let mut column = self.features.len();
        for cross in &self.crosses {
            for _ in &cross.shares {
                for feature in cross.features {
                    columns[feature] += columns[column] / 2.0;
                }
                column += 1;
            }
        }
        columns.truncate(self.features.len());
        columns
    }
}

impl Calibration {
    /// The calibration that changes nothing.
    pub fn identity(classes: usize) -> Self {
        Self {
            scale: 1.0,
            bias: vec![0.0; classes],
        }
    }
}

/// The events a model was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// First year the trees were grown on.
    pub train_from: i32,
    /// Last year the trees were grown on.
    pub train_to: i32,
    /// Last year used for stopping, choosing and calibration; the trees may in the end have been
    /// grown on these years too, see [`Window::refit`].
    pub validate_to: i32,
    /// Events of the training years.
    pub rows: u64,
    /// Whether the trees were grown anew on training and validation years together.
    #[serde(default)]
    pub refit: bool,
}
