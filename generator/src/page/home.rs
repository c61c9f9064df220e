//! The landing page.

use std::collections::BTreeSet;

use anyhow::Result;
use askama::Template;

use super::chart;
use super::events::{self, EventRow};
use super::figure::{self, Lookup, Table};
use super::{Frame, PageFile, Rendered, Shell, format, link, render};
use crate::record::Catalogue;
use crate::stage::emit::Inputs;
use crate::text::MONTHS;

/// States and makes offered as entry points.
const ENTRY_POINTS: usize = 12;

/// Newest events shown.
const NEWEST: usize = 8;

/// Months shown.
const MONTHS_SHOWN: u32 = 12;

/// What a reader is told about a year whose cases are not all closed.
const FILLING_IN: &str = "still filling in";

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    frame: Frame<'a>,
    first_year: u64,
    last_year: u64,
    headlines: Vec<Headline>,
    yearly: Table,
    months: Vec<Month>,
    newest: Vec<EventRow>,
    states: Vec<Entry>,
    makes: Vec<Entry>,
}

/// A number with what it counts and the way to what it is made of.
struct Headline {
    value: String,
    label: &'static str,
    population: String,
    href: String,
}

/// A month of the last twelve.
struct Month {
    name: String,
    /// What a narrow column has room for.
    short: String,
    href: String,
    accidents: u64,
    fatal: u64,
    /// Heights of the columns, in percent of the highest.
    height: u64,
    fatal_height: u64,
}

/// A link into the explore page.
struct Entry {
    label: String,
    count: Option<String>,
    href: String,
}

/// # Errors
/// If a figure or a column of it is missing.
pub fn page(shell: &Shell, inputs: &Inputs, catalogue: &Catalogue) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "",
        title: "Aviation accidents, answered in your browser",
        description: "United States civil aviation accidents from the NTSB's own databases: \
                      explore, compare and download, without sending a question to any server.",
    };
    let summary = Lookup::find(&inputs.figures, "summary")?;
    let (yearly, chart) = yearly(shell, inputs)?;
    let page = Home {
        first_year: summary.single("first_year")?,
        last_year: summary.single("last_year")?,
        headlines: headlines(shell, summary)?,
        yearly,
        months: months(shell, catalogue),
        newest: events::newest(shell, catalogue, NEWEST),
        states: states(shell, Lookup::find(&inputs.figures, "states")?)?,
        makes: makes(shell, Lookup::find(&inputs.figures, "aircraft_types")?)?,
        frame,
    };
    let frame = page.frame.clone();
    render(&frame, &page, vec![chart])
}

/// Accidents per year as table and chart; shared with the trends page.
///
/// # Errors
/// If the figure or a column of it is missing.
pub(super) fn yearly(shell: &Shell, inputs: &Inputs) -> Result<(Table, PageFile)> {
    let figure = Lookup::find(&inputs.figures, "yearly")?;
    let years = figure.counts("ev_year")?;
    let labels = figure.texts("ev_year")?;
    let accidents = figure.counts("accidents")?;
    let fatal = figure.counts("fatal_accidents")?;
    let open = figure.counts("open_cases")?;
    let other: Vec<u64> = std::iter::zip(&accidents, &fatal)
        .map(|(all, fatal)| all.saturating_sub(*fatal))
        .collect();
    let mut table = figure
        .table(|row, column| (column == "ev_year").then(|| link::year(&shell.site, years[row])));
    let data_year = shell.data_date.get(..4).and_then(|year| year.parse().ok());
    for (row, entry) in table.rows.iter_mut().enumerate() {
        if is_filling_in(years[row], accidents[row], open[row], data_year) {
            entry.note = Some(FILLING_IN);
        }
    }
    let shaded: Vec<bool> = table.rows.iter().map(|row| row.note.is_some()).collect();
    let series = chart::fatal_and_other(&fatal, &other);
    let chart = chart::columns("yearly", "Year", &labels, &series, &shaded);
    table.chart = Some(shell.site.url(&chart.path));
    Ok((table, chart))
}

/// Reports arrive late and are completed over about two years: the year of the newest record and
/// the one before are never complete, nor is a year with more than a tenth of its cases open.
pub(super) fn is_filling_in(year: u64, accidents: u64, open: u64, data_year: Option<u64>) -> bool {
    data_year.is_some_and(|newest| year + 1 >= newest) || open * 10 > accidents
}

fn headlines(shell: &Shell, summary: Lookup) -> Result<Vec<Headline>> {
    let count = |column| summary.single(column);
    let (events, accidents) = (count("events")?, count("accidents")?);
    let (fatal, incidents) = (count("fatal_accidents")?, count("incidents")?);
    let site = &shell.site;
    Ok(vec![
        Headline {
            value: format::thousands(accidents),
            label: "accidents",
            population: format!("of {} events of any kind", format::thousands(events)),
            href: link::accidents(site),
        },
        Headline {
            value: format::thousands(fatal),
            label: "fatal accidents",
            population: format!("{} of all accidents", format::share(fatal, accidents)),
            href: link::fatal_accidents(site),
        },
        Headline {
            value: format::thousands(count("fatalities")?),
            label: "deaths",
            population: format!(
                "in {} fatal accidents, aboard and on the ground",
                format::thousands(fatal)
            ),
            href: link::fatal_accidents(site),
        },
        Headline {
            value: format::thousands(incidents),
            label: "incidents",
            population: if incidents == 0 {
                "none are in these files, though they happen"
            } else {
                "reported and investigated; not accidents, and far from all that happen"
            }
            .to_owned(),
            href: link::incidents(site),
        },
        Headline {
            value: format::thousands(count("aircraft")?),
            label: "aircraft",
            population: format!(
                "in {} events; a collision has two",
                format::thousands(events)
            ),
            href: link::events(site),
        },
    ])
}

/// Accidents in the United States in the twelve months up to that of the newest event.
fn months(shell: &Shell, catalogue: &Catalogue) -> Vec<Month> {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok());
    let newest = catalogue.events.last();
    let Some((year, month)) =
        newest.and_then(|e| number(Some(e.year())).zip(number(Some(e.month()))))
    else {
        return Vec::new();
    };
    let last = year * 12 + month.saturating_sub(1);
    let mut counts = [(0, 0); MONTHS_SHOWN as usize];
    for event in catalogue.events.iter().rev() {
        let Some((year, month)) = number(Some(event.year())).zip(number(Some(event.month())))
        else {
            continue;
        };
        let back = last.saturating_sub(year * 12 + month.saturating_sub(1));
        let Some(count) = counts.get_mut(back as usize) else {
            break;
        };
        if event.kind == "ACC" && event.country.as_deref() == Some("USA") {
            count.0 += 1;
            count.1 += u64::from(event.injury.as_deref() == Some("FATL"));
        }
    }
    let most = counts
        .iter()
        .map(|(all, _)| *all)
        .max()
        .unwrap_or_default()
        .max(1);
    (0..MONTHS_SHOWN)
        .rev()
        .map(|back| {
            let at = last - back;
            let (year, month) = (at / 12, at % 12);
            let (accidents, fatal) = counts[back as usize];
            let name = MONTHS[month as usize];
            Month {
                name: format!("{name} {year}"),
                short: name.get(..3).unwrap_or(name).to_owned(),
                href: link::month(&shell.site, year as i32, month + 1),
                accidents,
                fatal,
                height: accidents * 100 / most,
                fatal_height: fatal * 100 / most,
            }
        })
        .collect()
}

/// The states with most accidents, by number of accidents.
fn states(shell: &Shell, states: Lookup) -> Result<Vec<Entry>> {
    let (codes, names) = (states.texts("ev_state")?, states.texts("state_name")?);
    let accidents = states.counts("accidents")?;
    Ok(figure::descending(&accidents)
        .into_iter()
        // Accidents without state have no link of their own.
        .filter(|&row| codes[row] != format::MISSING)
        .take(ENTRY_POINTS)
        .map(|row| Entry {
            label: names[row].clone(),
            count: Some(format::thousands(accidents[row])),
            href: link::state(&shell.site, &codes[row]),
        })
        .collect())
}

/// The makes of the commonest types, each once. Without counts: a collision of two aircraft of one
/// make is one accident, so the types' accidents do not add up to the make's.
fn makes(shell: &Shell, types: Lookup) -> Result<Vec<Entry>> {
    let mut makes = types.texts("acft_make")?;
    let mut seen = BTreeSet::new();
    makes.retain(|make| make != format::MISSING && seen.insert(make.clone()));
    Ok(makes
        .into_iter()
        .take(ENTRY_POINTS)
        .map(|label| Entry {
            href: link::make(&shell.site, &label),
            count: None,
            label,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_years_and_years_with_many_open_cases_are_marked() {
        assert!(is_filling_in(2021, 100, 0, Some(2021)));
        assert!(is_filling_in(2020, 100, 0, Some(2021)));
        assert!(!is_filling_in(2019, 100, 10, Some(2021)));
        assert!(is_filling_in(2019, 100, 11, Some(2021)));
    }
}
