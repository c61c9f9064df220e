//! The figures pages and charts are made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Result of the analyse stage: figures by name (the SQL file's name without ending).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Figures by name.
    pub figures: BTreeMap<String, Figure>,
}

/// A table of results with everything a reader needs to trust it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Heading, for example `Accidents per year`.
    pub title: String,
    /// Whom or what is counted, and what is left out, one sentence.
    pub population: String,
    /// The query, as run.
    pub sql: String,
    /// Columns of the result.
    pub columns: Vec<FigureColumn>,
    /// Rows; cells are JSON numbers, strings, booleans or null.
    pub rows: Vec<Vec<Value>>,
}

/// A column of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureColumn {
    /// Name in the query's result.
    pub name: String,
    /// What a reader sees as heading.
    pub label: String,
}

impl Figure {
    /// Position of the column of that name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}
