//! Rates by hours flown; only where such hours were supplied.

use anyhow::Result;
use askama::Template;

use super::figure::{Lookup, Table};
use super::{Frame, Rendered, Shell, format, home, render};
use crate::stage::analyse::Figures;
use crate::stage::emit::Inputs;

#[derive(Template)]
#[template(path = "rates.html")]
struct Rates<'a> {
    frame: Frame<'a>,
    segments: Vec<Segment>,
    table: Table,
}

/// The years of a segment.
struct Segment {
    name: String,
    years: Vec<Year>,
}

struct Year {
    name: u64,
    hours: String,
    accidents: u64,
    fatal: u64,
    rate: String,
    fatal_rate: String,
    /// Where the rate would lie if the same flying had been done many times, nineteen times of
    /// twenty.
    interval: String,
    filling_in: bool,
}

/// Whether there is anything to show.
pub fn any(figures: &Figures) -> bool {
    let rates = figures.figures.get("rates");
    rates.is_some_and(|figure| !figure.rows.is_empty())
}

/// # Errors
/// If a column of the figure is missing.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "rates/",
        title: "Rates",
        description: "Accidents per 100,000 flight hours, from hours that were supplied with this \
                      site’s build.",
    };
    let figure = Lookup::find(&inputs.figures, "rates")?;
    let names = figure.texts("segment")?;
    let columns = ["ev_year", "hours", "accidents", "fatal_accidents"];
    let [years, hours, accidents, fatal] = columns.map(|column| figure.wholes(column));
    let (years, hours, accidents, fatal) = (years?, hours?, accidents?, fatal?);
    let data_year = shell.data_date.get(..4).and_then(|year| year.parse().ok());
    let mut segments: Vec<Segment> = Vec::new();
    for (row, name) in names.iter().enumerate() {
        if segments.last().is_none_or(|segment| segment.name != *name) {
            segments.push(Segment {
                name: name.clone(),
                years: Vec::new(),
            });
        }
        let [low, high] = interval(accidents[row], hours[row]);
        let year = Year {
            name: years[row],
            hours: format::thousands(hours[row]),
            accidents: accidents[row],
            fatal: fatal[row],
            rate: rate(accidents[row] as f64, hours[row]),
            fatal_rate: rate(fatal[row] as f64, hours[row]),
            interval: format!("{low} to {high}"),
            filling_in: home::is_filling_in(years[row], 1, 0, data_year),
        };
        if let Some(segment) = segments.last_mut() {
            segment.years.push(year);
        }
    }
    let page = Rates {
        frame: frame.clone(),
        segments,
        table: figure.table(|_, _| None),
    };
    render(&frame, &page, Vec::new())
}

fn rate(accidents: f64, hours: u64) -> String {
    format!("{:.2}", accidents * 100_000.0 / hours.max(1) as f64)
}

/// The 95 % interval of the rate of a Poisson count, by Byar's approximation (Breslow and Day 1987,
/// Statistical Methods in Cancer Research II, p. 69).
fn interval(accidents: u64, hours: u64) -> [String; 2] {
    const Z: f64 = 1.959_964;
    let bound = |count: f64, z: f64| {
        let root = 1.0 - 1.0 / (9.0 * count) + z / (3.0 * count.sqrt());
        count * root.powi(3)
    };
    let low = if accidents == 0 {
        0.0
    } else {
        bound(accidents as f64, -Z)
    };
    [low, bound(accidents as f64 + 1.0, Z)].map(|count| rate(count, hours))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exact interval of 10 is 4.795 to 18.390, that of 0 ends at 3.689 (Pearson and Hartley
    /// 1966, table 40).
    #[test]
    fn intervals_are_close_to_the_exact_ones() {
        assert_eq!(interval(10, 100_000), ["4.79", "18.39"]);
        assert_eq!(interval(0, 100_000)[0], "0.00");
        let high: f64 = interval(0, 100_000)[1].parse().unwrap();
        assert!((high - 3.689).abs() < 0.1, "{high}");
    }
}
