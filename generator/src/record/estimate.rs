//! What the severity model makes of an event.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;

/// The model's estimate of how an accident ended, from what is known before the outcome. Only of
/// accidents newer than all the model has learned from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Estimate {
    /// From the gravest outcome to the mildest.
    pub classes: Vec<ClassEstimate>,
    /// Circumstances the model looks at.
    pub features: usize,
    /// How many of these the record lacks.
    pub missing: usize,
    /// Last year the model has learned from.
    pub learned_to: i32,
}

/// One outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClassEstimate {
    /// Code of the highest injury.
    pub class: String,
    /// What a reader sees.
    pub label: String,
    /// Probability in whole percent.
    pub percent: u8,
    /// Share of the class in the years the model has learned from, in whole percent.
    pub base_percent: u8,
}

/// Estimates by `ev_id`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Estimates(HashMap<String, Estimate>);

impl Estimates {
    /// That of an event, if there is one.
    pub fn of(&self, ev_id: &str) -> Option<&Estimate> {
        self.0.get(ev_id)
    }
}

impl From<HashMap<String, Estimate>> for Estimates {
    fn from(estimates: HashMap<String, Estimate>) -> Self {
        Self(estimates)
    }
}
