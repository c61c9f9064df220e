//! Conditions on rows.

use serde::{Deserialize, Serialize};

use super::Value;

/// How deep groups of conditions may be nested; what is deeper is refused before it is looked at.
pub const MAX_DEPTH: usize = 16;

/// How many conditions a filter may have in all, values of lists included.
pub const MAX_CONDITIONS: usize = 2000;

/// A condition on one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Filter {
    /// All of them; an empty list holds.
    And(Vec<Filter>),
    /// Any of them; an empty list does not hold.
    Or(Vec<Filter>),
    /// Not this one.
    Not(Box<Filter>),
    /// The column has this value; a null value asks for missing values.
    Eq {
        /// Column name.
        column: String,
        /// The value, in the column's type; dates as `YYYY-MM-DD`.
        value: Value,
    },
    /// The column has one of these values; null among them includes missing values.
    In {
        /// Column name.
        column: String,
        /// The values, as in [`Filter::Eq`].
        values: Vec<Value>,
    },
    /// The number or date lies between two limits, both included; a null limit is open.
    Range {
        /// Column name.
        column: String,
        /// Smallest value.
        #[serde(default)]
        min: Value,
        /// Largest value.
        #[serde(default)]
        max: Value,
    },
    /// The text contains this one; case does not matter.
    Contains {
        /// Column name.
        column: String,
        /// Text to be found.
        text: String,
    },
    /// The text begins with this one; case does not matter.
    Prefix {
        /// Column name.
        column: String,
        /// Beginning of the text.
        text: String,
    },
    /// The text contains this one with no letter or digit directly before or after it; case does
    /// not matter.
    Word {
        /// Column name.
        column: String,
        /// The word or words.
        text: String,
    },
    /// The column is missing.
    Null(String),
    /// A part of the date is one of these numbers.
    Part {
        /// Date column.
        column: String,
        /// Which part.
        part: Part,
        /// The numbers.
        values: Vec<i64>,
    },
    /// The place lies in a box of degrees, borders included.
    Box {
        /// Column of the latitude.
        #[serde(default = "latitude", skip_serializing_if = "is_latitude")]
        latitude_column: String,
        /// Column of the longitude.
        #[serde(default = "longitude", skip_serializing_if = "is_longitude")]
        longitude_column: String,
        /// Smallest latitude.
        south: f64,
        /// Western border; greater than `east` if the box crosses the 180th meridian.
        west: f64,
        /// Largest latitude.
        north: f64,
        /// Eastern border.
        east: f64,
    },
    /// The place lies no further than this from a point, along a great circle of a sphere.
    Radius {
        /// Column of the latitude.
        #[serde(default = "latitude", skip_serializing_if = "is_latitude")]
        latitude_column: String,
        /// Column of the longitude.
        #[serde(default = "longitude", skip_serializing_if = "is_longitude")]
        longitude_column: String,
        /// Latitude of the point in degrees.
        latitude: f64,
        /// Longitude of the point in degrees.
        longitude: f64,
        /// Distance in kilometres.
        km: f64,
    },
    /// Another table has a row with the same key that fulfils a condition; conditions of this
    /// kind cannot be nested.
    Exists {
        /// The other table.
        table: String,
        /// Columns that are the same in both: `ev_id`, or `ev_id` and `aircraft_key`.
        #[serde(default = "event", skip_serializing_if = "is_event")]
        on: Vec<String>,
        /// The condition on rows of the other table; nothing means that any will do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filter: Option<Box<Filter>>,
    },
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Year of the Gregorian calendar.
    Year,
    /// 1 to 4.
    Quarter,
    /// 1 to 12.
    Month,
    /// Day of the month, 1 to 31.
    Day,
    /// 1 Monday to 7 Sunday, as in ISO 8601.
    Weekday,
}

impl Part {
    /// Its name in queries.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Day => "day",
            Self::Weekday => "weekday",
        }
    }
}

impl Filter {
    /// Why a filter is too large to be looked at, if it is: [`MAX_DEPTH`], [`MAX_CONDITIONS`].
    pub fn excess(&self) -> Option<&'static str> {
        let mut left = MAX_CONDITIONS;
        self.count(MAX_DEPTH, &mut left).err()
    }

    /// The other tables it asks, in order of appearance.
    pub fn tables<'f>(&'f self, out: &mut Vec<&'f str>) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.tables(out)),
            Self::Not(part) => part.tables(out),
            Self::Exists { table, .. } => out.push(table),
            _ => {}
        }
    }

    fn count(&self, depth: usize, left: &mut usize) -> Result<(), &'static str> {
        let depth = depth.checked_sub(1);
        let depth = depth.ok_or("its conditions are nested too deeply")?;
        let weight = match self {
            Self::In { values, .. } => values.len().max(1),
            Self::Part { values, .. } => values.len().max(1),
            _ => 1,
        };
        *left = left
            .checked_sub(weight)
            .ok_or("it has too many conditions")?;
        match self {
            Self::And(parts) | Self::Or(parts) => {
                parts.iter().try_for_each(|part| part.count(depth, left))
            }
            Self::Not(part) => part.count(depth, left),
            Self::Exists {
                filter: Some(filter),
                ..
            } => filter.count(depth, left),
            _ => Ok(()),
        }
    }
}

fn latitude() -> String {
    "latitude".to_owned()
}

fn is_latitude(column: &str) -> bool {
    column == "latitude"
}

fn longitude() -> String {
    "longitude".to_owned()
}

fn is_longitude(column: &str) -> bool {
    column == "longitude"
}

fn event() -> Vec<String> {
    vec!["ev_id".to_owned()]
}

fn is_event(on: &[String]) -> bool {
    on == ["ev_id"]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_without_end_are_refused() {
        let leaf = || Filter::Null("damage".to_owned());
        let mut deep = leaf();
        for _ in 0..MAX_DEPTH {
            assert_eq!(deep.excess(), None);
            deep = Filter::Not(Box::new(deep));
        }
        assert!(deep.excess().unwrap().contains("deeply"));
        assert_eq!(Filter::Or(vec![leaf(); MAX_CONDITIONS - 1]).excess(), None);
        let wide = Filter::Or(vec![leaf(); MAX_CONDITIONS]);
        assert!(wide.excess().unwrap().contains("many"));
    }
}
