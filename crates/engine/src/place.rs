//! Conditions on a place.

use dataset::query::sql::EARTH_RADIUS_KM;

use crate::column::{Column, Values};

/// An area of the earth, in degrees.
pub(crate) enum Area {
    /// Crosses the 180th meridian if `west` is greater than `east`.
    Box {
        south: f64,
        west: f64,
        north: f64,
        east: f64,
    },
    Circle {
        latitude: f64,
        longitude: f64,
        km: f64,
    },
}

impl Area {
    fn contains(&self, y: f64, x: f64) -> bool {
        match self {
            Self::Box {
                south,
                west,
                north,
                east,
            } => {
                let across = if west <= east {
                    (*west..=*east).contains(&x)
                } else {
                    x >= *west || x <= *east
                };
                across && (*south..=*north).contains(&y)
            }
            Self::Circle {
                latitude,
                longitude,
                km,
            } => {
                let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
                let across = latitude.to_radians().cos() * y.to_radians().cos();
                let root = (half(y - latitude) + across * half(x - longitude)).sqrt();
                2.0 * EARTH_RADIUS_KM * root.min(1.0).asin() <= *km
            }
        }
    }

    /// Which rows lie in it; rows without a place do not.
    pub(crate) fn evaluate(&self, latitude: &Column, longitude: &Column) -> Vec<bool> {
        let (Values::Float(y), Values::Float(x)) = (&latitude.values, &longitude.values) else {
            unreachable!("an area is made for two columns of floats");
        };
        (0..y.len())
            .map(|row| {
                latitude.is_valid(row) && longitude.is_valid(row) && self.contains(y[row], x[row])
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_follow_great_circles() {
        let from_anchorage = |km| Area::Circle {
            latitude: 61.2181,
            longitude: -149.9003,
            km,
        };
        // Anchorage to Fairbanks: 421 km, as calculators of great circles say.
        let fairbanks = (64.8378, -147.7164);
        assert!(from_anchorage(425.0).contains(fairbanks.0, fairbanks.1));
        assert!(!from_anchorage(415.0).contains(fairbanks.0, fairbanks.1));
        assert!(from_anchorage(0.0).contains(61.2181, -149.9003));
    }

    #[test]
    fn a_box_may_cross_the_date_line() {
        let bering = Area::Box {
            south: 50.0,
            west: 170.0,
            north: 70.0,
            east: -160.0,
        };
        assert!(bering.contains(60.0, 175.0) && bering.contains(60.0, -165.0));
        assert!(!bering.contains(60.0, 0.0) && !bering.contains(40.0, 175.0));
    }
}
