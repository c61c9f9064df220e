//! What rows are grouped by.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::Part;

/// A column, or something computed of one. In JSON a column is its name.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    /// The values of a column.
    Column(String),
    /// A part of the dates of a column.
    Part {
        /// Date column.
        column: String,
        /// Which part.
        part: Part,
    },
    /// Bins of a histogram, each named by its lower limit, a multiple of the width.
    Bin {
        /// Numeric column.
        column: String,
        /// Greater than zero; whole for columns of whole numbers.
        width: f64,
    },
}

impl Key {
    /// Name of the answer's column, for example `ev_state`, `month_ev_date` or `bin_pilot_hours`.
    pub fn name(&self) -> String {
        match self {
            Self::Column(column) => column.clone(),
            Self::Part { column, part } => format!("{}_{column}", part.name()),
            Self::Bin { column, .. } => format!("bin_{column}"),
        }
    }

    /// The column it is computed of.
    pub fn column(&self) -> &str {
        match self {
            Self::Column(column) | Self::Part { column, .. } | Self::Bin { column, .. } => column,
        }
    }
}

impl From<&str> for Key {
    fn from(column: &str) -> Self {
        Self::Column(column.to_owned())
    }
}

/// The forms that are objects in JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Computed {
    Part { column: String, part: Part },
    Bin { column: String, width: f64 },
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.clone() {
            Self::Column(column) => to.serialize_str(&column),
            Self::Part { column, part } => Computed::Part { column, part }.serialize(to),
            Self::Bin { column, width } => Computed::Bin { column, width }.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a column name, {\"part\": …} or {\"bin\": …}")
    }

    fn visit_str<E: de::Error>(self, column: &str) -> Result<Key, E> {
        Ok(Key::from(column))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Key, A::Error> {
        Ok(
            match Computed::deserialize(MapAccessDeserializer::new(map))? {
                Computed::Part { column, part } => Key::Part { column, part },
                Computed::Bin { column, width } => Key::Bin { column, width },
            },
        )
    }
}
