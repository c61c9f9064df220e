//! Places in a link: `box=24.5,-125,49.4,-66.9` and `at=39.5,-98.4,4`.

use serde::{Deserialize, Serialize};

use crate::query::Filter;

/// Closest zoom of a map; one level more halves what is seen.
pub const MAX_ZOOM: f64 = 16.0;

/// A box of degrees that events must lie in, borders included.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Smallest latitude.
    pub south: f64,
    /// Western border; greater than `east` if the box crosses the 180th meridian.
    pub west: f64,
    /// Largest latitude.
    pub north: f64,
    /// Eastern border.
    pub east: f64,
}

/// What a map shows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Latitude of the middle in degrees.
    pub latitude: f64,
    /// Longitude of the middle in degrees.
    pub longitude: f64,
    /// At 0 the world is 256 pixels wide; each level doubles it.
    pub zoom: f64,
}

impl Area {
    pub(super) fn encode(self) -> String {
        format!("{},{},{},{}", self.south, self.west, self.north, self.east)
    }

    pub(super) fn decode(text: &str) -> Option<Self> {
        let [south, west, north, east] = numbers(text)?;
        let sound = is_latitude(south) && is_latitude(north) && south <= north;
        let sound = sound && is_longitude(west) && is_longitude(east);
        sound.then_some(Self {
            south,
            west,
            north,
            east,
        })
    }

    pub(super) fn condition(self) -> Filter {
        Filter::Box {
            latitude_column: "latitude".to_owned(),
            longitude_column: "longitude".to_owned(),
            south: self.south,
            west: self.west,
            north: self.north,
            east: self.east,
        }
    }
}

impl Position {
    pub(super) fn encode(self) -> String {
        format!("{},{},{}", self.latitude, self.longitude, self.zoom)
    }

    pub(super) fn decode(text: &str) -> Option<Self> {
        let [latitude, longitude, zoom] = numbers(text)?;
        let sound = is_latitude(latitude) && is_longitude(longitude);
        let sound = sound && (0.0..=MAX_ZOOM).contains(&zoom);
        sound.then_some(Self {
            latitude,
            longitude,
            zoom,
        })
    }
}

/// Exactly so many numbers, separated by commas.
fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let parsed: Option<Vec<f64>> = text.split(',').map(|part| part.parse().ok()).collect();
    parsed?.try_into().ok()
}

fn is_latitude(degrees: f64) -> bool {
    (-90.0..=90.0).contains(&degrees)
}

fn is_longitude(degrees: f64) -> bool {
    (-180.0..=180.0).contains(&degrees)
}
