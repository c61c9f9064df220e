//! How features are declared.

use super::{Feature, Group, Kind, Labels};

const UNKNOWN: &[&str] = &["UNK", "UNKN", "U", "NR", "N/A"];

/// A feature with the codes of its first source column.
pub(super) const fn code(
    name: &'static str,
    label: &'static str,
    group: Group,
    sources: &'static [(&'static str, &'static str)],
    help: &'static str,
) -> Feature {
    let (table, column) = sources[0];
    Feature {
        name,
        label,
        unit: None,
        help,
        group,
        kind: Kind::Category {
            top: 62,
            unknown: UNKNOWN,
        },
        sources,
        labels: Labels::Codes(table, column),
    }
}

/// A feature with plausible values from `range.0` to `range.1`.
pub(super) const fn number(
    name: &'static str,
    label: &'static str,
    group: Group,
    sources: &'static [(&'static str, &'static str)],
    help: &'static str,
    range: (f64, f64),
) -> Feature {
    Feature {
        name,
        label,
        unit: None,
        help,
        group,
        kind: Kind::Numeric {
            min: range.0,
            max: range.1,
            zero_is_missing: false,
        },
        sources,
        labels: Labels::None,
    }
}

impl Feature {
    pub(super) const fn unit(self, unit: &'static str) -> Self {
        Self {
            unit: Some(unit),
            ..self
        }
    }

    pub(super) const fn own(self, labels: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            labels: Labels::Own(labels),
            ..self
        }
    }

    /// Keeps the `top` most frequent levels; the others count as missing. At most 62, so that in
    /// training each has a bin of its own.
    pub(super) const fn top(self, top: usize) -> Self {
        Self {
            kind: Kind::Category {
                top,
                unknown: UNKNOWN,
            },
            labels: Labels::None,
            ..self
        }
    }

    pub(super) const fn zero_is_missing(self) -> Self {
        match self.kind {
            Kind::Numeric { min, max, .. } => Self {
                kind: Kind::Numeric {
                    min,
                    max,
                    zero_is_missing: true,
                },
                ..self
            },
            Kind::Category { .. } => self,
        }
    }
}
