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
    /// What one count counts: accidents, aircraft, deaths.
    pub unit: String,
    /// Whom or what is counted, and what is left out, one sentence.
    pub population: String,
    /// What must not be concluded from the numbers.
    pub caveat: String,
    /// Why there are no rows, where something was not supplied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The query, as run.
    pub sql: String,
    /// Columns of the result.
    pub columns: Vec<FigureColumn>,
    /// Rows; cells are JSON numbers, strings, booleans or null.
    pub rows: Vec<Vec<Value>>,
    /// Where the figure was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<FigureFiles>,
}

/// A column of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureColumn {
    /// Name in the query's result.
    pub name: String,
    /// What a reader sees as heading.
    pub label: String,
    /// Type of the cells.
    pub kind: Kind,
}

/// Type of a column of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// UTF-8 text; dates as `YYYY-MM-DD`.
    Text,
    /// 64-bit signed integer.
    Integer,
    /// 64-bit float.
    Number,
    /// True or false.
    Boolean,
}

/// The files of a figure, paths relative to the folder of the figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureFiles {
    /// Everything, the query included.
    pub json: String,
    /// The rows.
    pub parquet: String,
}

/// What a query yields, from whichever engine.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    /// Names and types of the columns.
    pub(super) columns: Vec<(String, Kind)>,
    /// Cells by row.
    pub(super) rows: Vec<Vec<Value>>,
}

impl Figure {
    /// Position of the column of that name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}
