//! The features, in two sets.
//!
//! * [`FeatureSet::BeforeImpact`]: facts that are known, or could be known, before the aircraft
//!   hits anything.
//! * [`FeatureSet::FullRecord`]: also what the investigation coded afterwards.
//!
//! The phase of flight is a fact the crew knows, but the record holds the phase of the event that
//! the investigation chose. It counts as known before impact as far as it names a phase that can
//! come before one; training reports how good the model is without it.
//!
//! In neither set: coordinates (they memorise places; the state carries the region), the pilot's
//! sex and names, the case number (its letters tell how large the investigation was, which follows
//! from the deaths), and everything in [`crate::leakage`]. Months are plain numbers: trees cut out
//! a season with two thresholds.

mod aircraft;
mod declare;
mod flight;
mod investigation;
mod pilot;
mod place;
mod weather;

use serde::{Deserialize, Serialize};

/// Which features a model may look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeatureSet {
    /// What is known, or knowable, before the outcome.
    #[default]
    BeforeImpact,
    /// Also what the investigation coded.
    FullRecord,
}

impl FeatureSet {
    /// Name in files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BeforeImpact => "before-impact",
            Self::FullRecord => "full-record",
        }
    }

    /// The declared features, in the order of the form.
    pub fn features(self) -> impl Iterator<Item = &'static Feature> {
        let coded = match self {
            Self::BeforeImpact => &[],
            Self::FullRecord => investigation::FEATURES,
        };
        [
            aircraft::FEATURES,
            flight::FEATURES,
            place::FEATURES,
            weather::FEATURES,
            pilot::FEATURES,
            coded,
        ]
        .into_iter()
        .flatten()
    }
}

/// Categories that models read together with every other one: what the phase of flight, the
/// purpose and the weather mean depends on the rest.
pub const CROSSED: &[&str] = &["phase", "type_fly", "wx_cond_basic"];

/// A feature as declared, before any data is seen.
#[derive(Debug, Clone, Copy)]
pub struct Feature {
    /// Name of the feature and of the column the feature query returns.
    pub name: &'static str,
    /// What a visitor reads.
    pub label: &'static str,
    /// Unit of a number, for example `kt`.
    pub unit: Option<&'static str>,
    /// One sentence in plain language.
    pub help: &'static str,
    /// Which part of the form it belongs to.
    pub group: Group,
    /// Type and what counts as missing.
    pub kind: Kind,
    /// The eADMS tables and columns the value is made from.
    pub sources: &'static [(&'static str, &'static str)],
    /// Where the labels of its codes come from.
    pub labels: Labels,
}

/// Part of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// The machine.
    Aircraft,
    /// Rule, purpose and phase of the flight.
    Operation,
    /// Place and time.
    Place,
    /// Light and weather.
    Weather,
    /// The pilot in command.
    Pilot,
    /// What the investigation coded; in [`FeatureSet::FullRecord`] only.
    Investigation,
}

impl Group {
    /// Heading of the group.
    pub fn label(self) -> &'static str {
        match self {
            Self::Aircraft => "Aircraft",
            Self::Operation => "Flight",
            Self::Place => "Place and time",
            Self::Weather => "Light and weather",
            Self::Pilot => "Pilot in command",
            Self::Investigation => "What the investigation found",
        }
    }
}

/// Type of a feature and what counts as missing.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A number; values outside `min..=max` cannot be true and count as missing.
    Numeric {
        /// Smallest plausible value.
        min: f64,
        /// Largest plausible value.
        max: f64,
        /// Whether the source writes 0 for "not known".
        zero_is_missing: bool,
    },
    /// A code; compared after trimming and upper-casing.
    Category {
        /// How many of the most frequent levels a model may keep.
        top: usize,
        /// Codes that mean "not known".
        unknown: &'static [&'static str],
    },
}

/// Where the labels of a category's codes come from.
#[derive(Debug, Clone, Copy)]
pub enum Labels {
    /// The feature is a number or its codes read well as they are.
    None,
    /// The code list of this table and column.
    Codes(&'static str, &'static str),
    /// This list.
    Own(&'static [(&'static str, &'static str)]),
}

/// The declared feature of that name.
pub fn feature(name: &str) -> Option<&'static Feature> {
    FeatureSet::FullRecord
        .features()
        .find(|feature| feature.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_every_feature_has_a_source_and_a_help_sentence() {
        let all: Vec<_> = FeatureSet::FullRecord.features().collect();
        let names: BTreeSet<_> = all.iter().map(|feature| feature.name).collect();
        assert_eq!(names.len(), all.len());
        for feature in all {
            assert!(!feature.sources.is_empty(), "{}", feature.name);
            assert!(feature.help.ends_with('.'), "{}", feature.name);
        }
    }

    #[test]
    fn ranges_run_upwards() {
        for feature in FeatureSet::FullRecord.features() {
            if let Kind::Numeric { min, max, .. } = feature.kind {
                assert!(min < max, "{}", feature.name);
            }
        }
    }
}
