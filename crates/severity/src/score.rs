//! From the values of a form to calibrated probabilities.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::encode::{Note, Raw, encode};
use crate::header::ModelKind;
use crate::model::Model;

/// What the model says about one set of values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Probability of every class, in the model's order; they add up to 1.
    pub classes: Vec<ClassProbability>,
    /// Features whose value the model does not know: a code it never saw, an impossible number
    /// (both counted as missing), or a number beyond the training range (used as given).
    pub outside: Vec<String>,
    /// Features whose value few training events had: a code of less than 1 % of them, or a number
    /// beyond the middle 90 %. The more there are, the farther the event is from what was learned.
    pub unusual: Vec<String>,
    /// Features without a value.
    pub missing: Vec<String>,
}

/// Probability of one class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassProbability {
    /// Class code, for example `FATL`.
    pub class: String,
    /// What a visitor reads.
    pub label: String,
    /// Calibrated probability (0–1).
    pub probability: f64,
    /// Share of the class in the training years (0–1).
    pub base_rate: f64,
}

/// Why values cannot be scored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScoreError {
    /// A value for something that is not a feature of this model.
    #[error("the model has no feature named {0:?}")]
    UnknownFeature(String),
    /// A value that is no number where one is needed, or a list or object.
    #[error("{feature} cannot be {value}: give a {expected}")]
    BadValue {
        /// Name of the feature.
        feature: String,
        /// The value as given.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl Model {
    /// Scores values by feature name; features that are not given, `null` or blank are missing.
    ///
    /// # Errors
    /// [`ScoreError`] for a name the model does not have and for values of the wrong type.
    pub fn score(&self, values: &BTreeMap<String, Value>) -> Result<Score, ScoreError> {
        let encoded = self.encode(values)?;
        let classes = self.header().classes.iter();
        Ok(Score {
            classes: classes
                .zip(self.probabilities(&encoded.row))
                .map(|(class, probability)| ClassProbability {
                    class: class.code.clone(),
                    label: class.label.clone(),
                    probability,
                    base_rate: class.base_rate,
                })
                .collect(),
            outside: encoded.outside,
            unusual: encoded.unusual,
            missing: encoded.missing,
        })
    }

    /// The encoded row of values by feature name, as for [`Model::score`].
    ///
    /// # Errors
    /// As [`Model::score`].
    pub fn row(&self, values: &BTreeMap<String, Value>) -> Result<Vec<f32>, ScoreError> {
        Ok(self.encode(values)?.row)
    }

    /// Encodes values by feature name.
    pub(crate) fn encode(&self, values: &BTreeMap<String, Value>) -> Result<Encoded, ScoreError> {
        let features = &self.header().features;
        let mut encoded = Encoded::default();
        let mut known = 0;
        for feature in features {
            let value = values.get(&feature.name);
            known += usize::from(value.is_some());
            let value = value.unwrap_or(&Value::Null);
            let bad = |expected| ScoreError::BadValue {
                feature: feature.name.clone(),
                value: value.to_string(),
                expected,
            };
            let raw = Raw::from_json(value).ok_or_else(|| bad("number or a code"))?;
            let number = encode(feature, &raw).map_err(|_| bad("number"))?;
            encoded.row.push(number.value);
            match number.note {
                Note::Known
                    if is_unusual(&feature.kind, number.value, self.header().window.rows) =>
                {
                    encoded.unusual.push(feature.name.clone());
                }
                Note::Known => {}
                Note::Missing => encoded.missing.push(feature.name.clone()),
                Note::Outside | Note::Unknown => encoded.outside.push(feature.name.clone()),
            }
        }
        let is_unknown = |name: &&String| features.iter().all(|feature| feature.name != **name);
        match values
            .keys()
            .find(is_unknown)
            .filter(|_| known < values.len())
        {
            Some(name) => Err(ScoreError::UnknownFeature(name.clone())),
            None => Ok(encoded),
        }
    }
}

/// A row for the trees and what was noticed on the way.
#[derive(Debug, Default)]
pub(crate) struct Encoded {
    pub(crate) row: Vec<f32>,
    outside: Vec<String>,
    unusual: Vec<String>,
    missing: Vec<String>,
}

/// Share of the training events below which a code is unusual.
const RARE: f64 = 0.01;

fn is_unusual(kind: &ModelKind, value: f32, events: u64) -> bool {
    match kind {
        ModelKind::Numeric { quantiles, .. } => {
            !(quantiles[0]..=quantiles[4]).contains(&f64::from(value))
        }
        ModelKind::Category { levels, .. } => {
            let level = levels.get(value as usize);
            level.is_some_and(|level| (level.rows as f64) < RARE * events as f64)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::format::tests::model;

    fn score(values: Value) -> Result<Score, ScoreError> {
        model().score(&serde_json::from_value(values).unwrap())
    }

    #[test]
    fn probabilities_follow_trees_and_calibration() {
        let imc = score(json!({ "weather": "imc", "wind": 10 })).unwrap();
        // Margins ∓0.7 ± 0.5, scaled by 0.95, shifted by ±0.1.
        let margin = 0.95 * (-0.7 + 0.5) + 0.1;
        let expected = 1.0 / (1.0 + (-2.0_f64 * margin).exp());
        assert!((imc.classes[0].probability - expected).abs() < 1e-12);
        let sum: f64 = imc.classes.iter().map(|class| class.probability).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        assert!(imc.missing.is_empty() && imc.outside.is_empty());
    }

    #[test]
    fn what_the_model_does_not_know_is_said() {
        let score = score(json!({ "weather": "FOG", "wind": 100 })).unwrap();
        assert_eq!(score.outside, ["wind", "weather"]);
        assert!(score.unusual.is_empty());
        let windy = model().score(&BTreeMap::from([("wind".to_owned(), json!(30))]));
        let windy = windy.unwrap();
        assert_eq!((windy.unusual.len(), windy.outside.len()), (1, 0));
        let nothing = model().score(&BTreeMap::new()).unwrap();
        assert_eq!(nothing.missing, ["wind", "weather"]);
        // An unknown code is scored as a missing one.
        assert_eq!(nothing.classes, score.classes);
    }

    #[test]
    fn wrong_values_are_errors_that_name_them() {
        let error = score(json!({ "wind": "strong" })).unwrap_err();
        assert_eq!(
            error.to_string(),
            "wind cannot be \"strong\": give a number"
        );
        assert!(score(json!({ "weather": ["IMC"] })).is_err());
        assert_eq!(
            score(json!({ "damage": "DEST" })),
            Err(ScoreError::UnknownFeature("damage".to_owned()))
        );
    }
}
