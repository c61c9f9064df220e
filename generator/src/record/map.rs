//! A map made of the events themselves: where many happened the country shows.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Catalogue;

/// Degrees of the western and northern edge, and the size in degrees.
const WEST: f64 = -172.0;
const NORTH: f64 = 72.0;
const WIDTH: u32 = 108;
const HEIGHT: u32 = 55;

/// Cells in a degree.
const CELLS: u32 = 2;

/// Width of a degree of longitude in degrees of latitude, at 39° north.
const NARROW: f64 = 0.777;

/// Events a cell needs: single ones may be misplaced.
const LEAST: u32 = 2;

/// The part of the world shown, as an SVG `viewBox`.
pub const VIEW: &str = "0 0 168 110";

/// Where on the map a position is, to a tenth of a unit; nothing if it is off the map.
pub fn dot(latitude: f64, longitude: f64) -> Option<[f64; 2]> {
    let cells = f64::from(CELLS);
    let (x, y) = ((longitude - WEST) * cells, (NORTH - latitude) * cells);
    let inside =
        x >= 0.0 && x < f64::from(WIDTH * CELLS) && y >= 0.0 && y < f64::from(HEIGHT * CELLS);
    let tenth = |value: f64| (value * 10.0).round() / 10.0;
    inside.then(|| [tenth(x * NARROW), tenth(y)])
}

/// The map as an SVG image, of one grey that can be seen on light and dark.
pub fn svg(catalogue: &Catalogue) -> String {
    let mut cells = BTreeMap::<(i64, i64), u32>::new();
    for (latitude, longitude, _) in catalogue.events.iter().filter_map(|e| e.place.as_ref()) {
        if dot(*latitude, *longitude).is_some() {
            let scale = f64::from(CELLS);
            let row = ((NORTH - latitude) * scale).floor();
            let column = ((longitude - WEST) * scale).floor();
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a position on the map is small"
            )]
            let cell = (row as i64, column as i64);
            *cells.entry(cell).or_default() += 1;
        }
    }
    cells.retain(|_, events| *events >= LEAST);
    let mut path = String::new();
    let mut cells = cells.into_keys().peekable();
    while let Some((row, start)) = cells.next() {
        let mut end = start + 1;
        while cells.next_if(|&next| next == (row, end)).is_some() {
            end += 1;
        }
        let width = end - start;
        // Writing to a string cannot fail.
        write!(path, "M{start} {row}h{width}v1h-{width}z").ok();
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{VIEW}\">\
         <path transform=\"scale({NARROW} 1)\" fill=\"#8593a1\" fill-opacity=\".55\" d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_the_country_are_on_the_map() {
        for (latitude, longitude) in [(29.9, -95.5), (61.2, -149.9), (21.3, -157.9), (44.8, -68.8)]
        {
            let [x, y] = dot(latitude, longitude).unwrap();
            assert!((0.0..=168.0).contains(&x) && (0.0..=110.0).contains(&y));
        }
        assert_eq!(dot(-33.9, 151.2), None, "Sydney is elsewhere");
    }
}
