//! The features: facts that are known, or could be known, before the aircraft hits anything.
//!
//! Left out on purpose: coordinates (they memorise places; the state carries the region), whether
//! the site lies on an airport (where the wreck came to rest is part of the outcome), the case
//! number (its letters tell how large the investigation was, which follows from the deaths), and
//! everything in [`crate::leakage`].

mod list;

pub use list::FEATURES;

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
    FEATURES.iter().find(|feature| feature.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_every_feature_has_a_source_and_a_help_sentence() {
        let names: BTreeSet<_> = FEATURES.iter().map(|feature| feature.name).collect();
        assert_eq!(names.len(), FEATURES.len());
        for feature in FEATURES {
            assert!(!feature.sources.is_empty(), "{}", feature.name);
            assert!(feature.help.ends_with('.'), "{}", feature.name);
        }
    }

    #[test]
    fn ranges_run_upwards() {
        for feature in FEATURES {
            if let Kind::Numeric { min, max, .. } = feature.kind {
                assert!(min < max, "{}", feature.name);
            }
        }
    }
}
