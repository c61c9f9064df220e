//! What can be wrong with a site.

use std::fmt;

use serde::Serialize;

/// Something wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// File it is wrong with; empty for the site as a whole.
    pub path: String,
    /// Which promise is broken.
    pub kind: Kind,
    /// How.
    pub message: String,
}

/// What a site promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Links and assets lead to files under the prefix.
    Link,
    /// Anchors lead to places on their page.
    Anchor,
    /// Nothing inline, nothing from another origin.
    Policy,
    /// Pages are sound HTML that can be read without scripts.
    Html,
    /// Sizes and counts stay within limits.
    Budget,
}

impl Problem {
    pub(super) fn new(path: &str, kind: Kind, message: String) -> Self {
        Self {
            path: path.to_owned(),
            kind,
            message,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}
