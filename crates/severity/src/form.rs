//! What a page needs to ask for the values of the features.

use serde::{Deserialize, Serialize};

use crate::header::{Class, ModelKind, Window};
use crate::model::Model;

/// The model's questions and answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// Features in the order of the form; those of one group follow each other.
    pub features: Vec<FormFeature>,
    /// Outcomes in the model's order, with their share in the training years.
    pub classes: Vec<Class>,
    /// The events the model was made from.
    pub window: Window,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormFeature {
    /// Name, the key of [`Model::score`]'s values.
    pub name: String,
    /// What a visitor reads.
    pub label: String,
    /// Unit of a number.
    pub unit: Option<String>,
    /// One sentence in plain language.
    pub help: String,
    /// Heading it stands under.
    pub group: String,
    /// Share of the training events without a value (0–1).
    pub missing: f64,
    /// Kind of answer.
    #[serde(flatten)]
    pub kind: FormKind,
}

/// Kind of answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum FormKind {
    /// A number.
    Numeric {
        /// Smallest value in training.
        min: f64,
        /// Largest value in training.
        max: f64,
        /// Median in training.
        typical: f64,
    },
    /// One of some codes.
    Category {
        /// Codes the model knows, by label.
        levels: Vec<FormLevel>,
        /// The most frequent code; empty when there is none.
        typical: String,
    },
}

/// One possible answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormLevel {
    /// Code.
    pub code: String,
    /// What a visitor reads.
    pub label: String,
}

impl Model {
    /// The questions to ask for [`Model::score`].
    pub fn form(&self) -> Form {
        let header = self.header();
        let features = header.features.iter().map(|feature| FormFeature {
            name: feature.name.clone(),
            label: feature.label.clone(),
            unit: feature.unit.clone(),
            help: feature.help.clone(),
            group: feature.group.clone(),
            missing: feature.missing,
            kind: form_kind(&feature.kind),
        });
        Form {
            features: features.collect(),
            classes: header.classes.clone(),
            window: header.window.clone(),
        }
    }
}

fn form_kind(kind: &ModelKind) -> FormKind {
    match kind {
        ModelKind::Numeric {
            seen, quantiles, ..
        } => FormKind::Numeric {
            min: seen[0],
            max: seen[1],
            typical: quantiles[2],
        },
        ModelKind::Category { levels, .. } => {
            // The file orders levels by severity; people look them up by name.
            let mut sorted: Vec<_> = levels
                .iter()
                .map(|level| FormLevel {
                    code: level.code.clone(),
                    label: level.label.clone(),
                })
                .collect();
            sorted.sort_by(|a, b| (&a.label, &a.code).cmp(&(&b.label, &b.code)));
            let typical = levels.iter().max_by_key(|level| level.rows);
            FormKind::Category {
                levels: sorted,
                typical: typical.map(|level| level.code.clone()).unwrap_or_default(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::format::tests::model;

    #[test]
    fn a_form_reads_as_a_page_expects_it() {
        let form = serde_json::to_value(model().form()).unwrap();
        assert_eq!(form["features"][0]["kind"], "numeric");
        assert_eq!(form["features"][0]["typical"], 8.0);
        assert_eq!(
            form["features"][1]["levels"],
            json!([
                { "code": "IMC", "label": "label of IMC" },
                { "code": "VMC", "label": "label of VMC" }
            ])
        );
        assert_eq!(form["features"][1]["typical"], "VMC");
        assert_eq!(form["classes"][1]["base_rate"], 0.8);
    }
}
