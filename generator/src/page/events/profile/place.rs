//! Where the events of a group happened.

use super::Kind;
use crate::record::{Brief, map};

/// How far from the airport, in the order of the table.
pub(super) const DISTANCES: [&str; 6] = [
    "at the airport",
    "off it, up to 1 mile",
    "1 to 5 miles",
    "5 to 20 miles",
    "more than 20 miles",
    "distance not recorded",
];

/// How far from the nearest airport an event happened.
pub(super) fn distance(event: &Brief) -> &'static str {
    let at = match (event.on_airport.as_deref(), event.airport_distance) {
        (Some("ONAP"), _) => 0,
        (_, None) => 5,
        (_, Some(miles)) if miles <= 1.0 => 1,
        (_, Some(miles)) if miles <= 5.0 => 2,
        (_, Some(miles)) if miles <= 20.0 => 3,
        (_, Some(_)) => 4,
    };
    DISTANCES[at]
}

/// The newest events as dots.
pub(super) struct MapView {
    /// Part of the map shown, as an SVG `viewBox`.
    pub(super) view: String,
    /// Size of a dot.
    pub(super) radius: String,
    pub(super) dots: Vec<[f64; 2]>,
    /// Of the events shown, how many are on the map.
    pub(super) placed: usize,
}

/// The map of a group; an airport is smaller than what the map can show.
pub(super) fn map<'a>(kind: Kind, events: impl Iterator<Item = &'a Brief>) -> Option<MapView> {
    if kind == Kind::Airport {
        return None;
    }
    let places = events.filter_map(|event| event.place.as_ref());
    let dots: Vec<[f64; 2]> = places
        .filter_map(|(latitude, longitude, _)| map::dot(*latitude, *longitude))
        .collect();
    if dots.is_empty() {
        return None;
    }
    let (view, radius) = if kind == Kind::State {
        around(&dots)
    } else {
        (map::VIEW.to_owned(), 1.2)
    };
    Some(MapView {
        view,
        radius: format!("{radius:.2}"),
        placed: dots.len(),
        dots,
    })
}

/// A part of the map, in the shape of the whole, around most of the dots; and the size of a dot.
fn around(dots: &[[f64; 2]]) -> (String, f64) {
    const RATIO: f64 = 168.0 / 110.0;
    // A misplaced event must not draw the state small.
    let range = |axis: usize| {
        let mut values: Vec<f64> = dots.iter().map(|dot| dot[axis]).collect();
        values.sort_by(f64::total_cmp);
        let last = values.len() - 1;
        [values[last * 3 / 100], values[last - last * 3 / 100]]
    };
    let ([west, east], [north, south]) = (range(0), range(1));
    let width = ((east - west).max((south - north) * RATIO) * 1.2).max(6.0);
    let height = width / RATIO;
    let (x, y) = (
        f64::midpoint(west, east) - width / 2.0,
        f64::midpoint(north, south) - height / 2.0,
    );
    (
        format!("{x:.1} {y:.1} {width:.1} {height:.1}"),
        width / 140.0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_have_an_order_and_a_place_for_what_is_missing() {
        let mut event = Brief::default();
        assert_eq!(distance(&event), "distance not recorded");
        event.airport_distance = Some(0.0);
        assert_eq!(distance(&event), "off it, up to 1 mile");
        event.airport_distance = Some(12.5);
        assert_eq!(distance(&event), "5 to 20 miles");
        event.on_airport = Some("ONAP".to_owned());
        assert_eq!(distance(&event), "at the airport");
    }

    #[test]
    fn one_dot_is_in_the_middle_of_its_map() {
        let (view, _) = around(&[[100.0, 50.0]]);
        let numbers: Vec<f64> = view.split(' ').map(|n| n.parse().unwrap()).collect();
        assert!(
            (numbers[0] + numbers[2] / 2.0 - 100.0).abs() < 0.11,
            "{view}"
        );
        assert!(
            (numbers[1] + numbers[3] / 2.0 - 50.0).abs() < 0.11,
            "{view}"
        );
    }
}
