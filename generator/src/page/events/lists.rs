//! `/events/`, its years and their months.

use std::collections::BTreeMap;

use anyhow::Result;
use askama::Template;

use super::super::{Frame, Rendered, Shell, link, render};
use super::{EventRow, Tally, TallyRow, filling_in, newest, row};
use crate::record::{Brief, Catalogue};
use crate::text::MONTHS;

/// Newest events on the first page.
const NEWEST: usize = 40;

/// Rows of a page, so that it stays small.
const ROWS: usize = 200;

#[derive(Template)]
#[template(path = "events.html")]
struct Events<'a> {
    frame: Frame<'a>,
    /// What a row of the table is: a year or a month.
    unit: &'static str,
    rows: Vec<TallyRow>,
    newest: Vec<EventRow>,
}

/// All years.
///
/// # Errors
/// If the template cannot be rendered.
pub fn index(shell: &Shell, catalogue: &Catalogue) -> Result<Rendered> {
    let mut years = BTreeMap::<&str, Tally>::new();
    for event in &catalogue.events {
        years.entry(event.year()).or_default().add(event);
    }
    let frame = Frame {
        shell,
        path: "events/",
        title: "Events by date",
        description: "Every event of the NTSB’s aviation databases, by year and month, newest \
                      first.",
    };
    let page = Events {
        frame: frame.clone(),
        unit: "Year",
        rows: years
            .iter()
            .rev()
            .map(|(year, tally)| TallyRow {
                name: (*year).to_owned(),
                href: Some(shell.site.url(&format!("events/{year}/"))),
                accidents: explore(shell, year, None),
                tally: tally.view(),
                filling_in: filling_in(shell, year, *tally),
            })
            .collect(),
        newest: newest(shell, catalogue, NEWEST),
    };
    render(&frame, &page, Vec::new())
}

/// One year.
///
/// # Errors
/// If the template cannot be rendered.
pub fn year(shell: &Shell, year: &str, events: &[&Brief]) -> Result<Rendered> {
    let mut months = BTreeMap::<&str, Tally>::new();
    for event in events {
        months.entry(event.month()).or_default().add(event);
    }
    let path = format!("events/{year}/");
    let title = format!("Events of {year}");
    let frame = Frame {
        shell,
        path: &path,
        title: &title,
        description: "The year’s accidents and incidents, month by month.",
    };
    let page = Events {
        frame: frame.clone(),
        unit: "Month",
        rows: months
            .iter()
            .map(|(month, tally)| TallyRow {
                name: month_name(month).to_owned(),
                href: Some(shell.site.url(&format!("events/{year}/{month}/"))),
                accidents: explore(shell, year, Some(month)),
                tally: tally.view(),
                filling_in: filling_in(shell, year, *tally),
            })
            .collect(),
        newest: Vec::new(),
    };
    render(&frame, &page, Vec::new())
}

/// The accidents of a year or month in explore, in any country.
fn explore(shell: &Shell, year: &str, month: Option<&str>) -> Option<String> {
    let year = year.parse().ok()?;
    let month: Option<u32> = month.and_then(|month| month.parse().ok());
    let mut choices = vec![("type", "ACC".to_owned())];
    choices.extend(month.map(|month| ("month", month.to_string())));
    Some(link::chosen_in(&shell.site, &choices, year))
}

fn month_name(month: &str) -> &str {
    let number = month.parse::<usize>().unwrap_or_default();
    MONTHS.get(number.wrapping_sub(1)).copied().unwrap_or(month)
}

#[derive(Template)]
#[template(path = "month.html")]
struct Month<'a> {
    frame: Frame<'a>,
    year: &'a str,
    events: Vec<EventRow>,
    total: usize,
    /// Other parts of the month: number and link; the part shown has none.
    parts: Vec<(usize, Option<String>)>,
}

/// One month, newest first, in as many pages as it needs.
///
/// # Errors
/// If the template cannot be rendered.
pub fn month(shell: &Shell, year: &str, month: &str, events: &[&Brief]) -> Result<Vec<Rendered>> {
    let newest: Vec<&&Brief> = events.iter().rev().collect();
    let parts = newest.chunks(ROWS).count();
    let path = |part: usize| match part {
        0 => format!("events/{year}/{month}/"),
        _ => format!("events/{year}/{month}/{}/", part + 1),
    };
    let name = month_name(month);
    newest
        .chunks(ROWS)
        .enumerate()
        .map(|(part, shown)| {
            let own = path(part);
            let title = match part {
                0 => format!("Events of {name} {year}"),
                _ => format!("Events of {name} {year}, part {}", part + 1),
            };
            let frame = Frame {
                shell,
                path: &own,
                title: &title,
                description: "Accidents and incidents of one month, newest first.",
            };
            let link = |one: usize| (one != part).then(|| shell.site.url(&path(one)));
            let page = Month {
                frame: frame.clone(),
                year,
                events: shown.iter().map(|event| row(shell, event)).collect(),
                total: events.len(),
                parts: (0..parts).map(|one| (one + 1, link(one))).collect(),
            };
            render(&frame, &page, Vec::new())
        })
        .collect()
}
