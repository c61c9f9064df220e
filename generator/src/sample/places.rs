//! Where it happens: public airports at home and abroad.

use std::sync::OnceLock;

/// A place with its airport.
#[derive(Debug)]
pub(super) struct Place {
    /// State or territory; `OF` abroad.
    pub(super) state: &'static str,
    /// The NTSB's country code.
    pub(super) country: &'static str,
    pub(super) city: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    /// Identifier, name and elevation (ft); empty at sea.
    pub(super) airport: &'static str,
    pub(super) airport_name: &'static str,
    pub(super) elevation: i32,
    pub(super) weight: f64,
    /// Standard time zone's letter; daylight saving is not observed in samples.
    pub(super) zone: char,
    /// How registrations begin.
    pub(super) prefix: &'static str,
}

impl Place {
    pub(super) fn is_foreign(&self) -> bool {
        self.country != "USA"
    }

    /// Code of the time zone and its distance to UTC in hours.
    pub(super) fn time_zone(&self) -> (&'static str, i32) {
        match self.zone {
            'P' => ("PST", -8),
            'M' => ("MST", -7),
            'C' => ("CST", -6),
            'E' => ("EST", -5),
            'A' => ("AKS", -9),
            'H' => ("HST", -10),
            'T' => ("AST", -4),
            _ => ("UTC", 0),
        }
    }
}

/// Places in the United States and its waters, by how often events happen there.
pub(super) fn home() -> &'static [Place] {
    static PLACES: OnceLock<Vec<Place>> = OnceLock::new();
    PLACES.get_or_init(|| {
        lines(include_str!("data/places.tsv"))
            .map(
                |[
                    state,
                    city,
                    latitude,
                    longitude,
                    airport,
                    name,
                    elevation,
                    weight,
                    zone,
                ]| Place {
                    state,
                    country: "USA",
                    city,
                    latitude: latitude.parse().unwrap_or_default(),
                    longitude: longitude.parse().unwrap_or_default(),
                    airport,
                    airport_name: name,
                    elevation: elevation.parse().unwrap_or_default(),
                    weight: weight.parse().unwrap_or_default(),
                    zone: zone.chars().next().unwrap_or('C'),
                    prefix: "N",
                },
            )
            .collect()
    })
}

/// Places abroad.
pub(super) fn abroad() -> &'static [Place] {
    static PLACES: OnceLock<Vec<Place>> = OnceLock::new();
    PLACES.get_or_init(|| {
        lines(include_str!("data/abroad.tsv"))
            .map(
                |[
                    country,
                    city,
                    latitude,
                    longitude,
                    airport,
                    name,
                    elevation,
                    prefix,
                ]| Place {
                    state: "OF",
                    country,
                    city,
                    latitude: latitude.parse().unwrap_or_default(),
                    longitude: longitude.parse().unwrap_or_default(),
                    airport,
                    airport_name: name,
                    elevation: elevation.parse().unwrap_or_default(),
                    weight: 1.0,
                    zone: 'U',
                    prefix,
                },
            )
            .collect()
    })
}

/// The lines after the header, cut at tabs; missing fields are empty.
pub(super) fn lines<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().skip(1).map(|line| {
        let mut fields = line.split('\t');
        std::array::from_fn(|_| fields.next().unwrap_or_default())
    })
}
