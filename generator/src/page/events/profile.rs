//! Pages of states, types of aircraft and airports: the same questions of different events.

use std::collections::BTreeMap;

use anyhow::Result;
use askama::Template;

use super::super::{Frame, Rendered, Shell, format, link, render};
use super::points::{self, Points};
use super::{EventRow, Tally, TallyRow, TallyView, filling_in, row};
use crate::record::{Brief, Catalogue};

/// Newest events shown.
const NEWEST: usize = 100;

/// Kinds of occurrence shown.
const OCCURRENCES: usize = 12;

/// What the events of a page have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The state they happened in.
    State,
    /// Make and model of an aircraft.
    Aircraft,
    /// The nearest airport.
    Airport,
}

impl Kind {
    /// Folder of its pages.
    pub fn folder(self) -> &'static str {
        match self {
            Self::State => "states",
            Self::Aircraft => "aircraft",
            Self::Airport => "airports",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::State => "States",
            Self::Aircraft => "Aircraft types",
            Self::Airport => "Airports",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::State => "Events by the state or territory in which they happened.",
            Self::Aircraft => {
                "Makes and models with at least 25 events, under one spelling each. Common in the \
                 air is common here: this is no ranking of safety."
            }
            Self::Airport => {
                "Airports named as the nearest in at least 10 events; many of these happened away \
                 from the airport. Busy airports have more of them."
            }
        }
    }
}

/// Events of one state, type or airport.
#[derive(Debug, Clone)]
pub struct Group {
    /// What they have in common.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its page, relative to the root.
    pub path: String,
    /// Parameters of the explore page that find the same.
    pub choices: Vec<(&'static str, String)>,
    /// Positions in the catalogue, oldest first.
    pub events: Vec<usize>,
}

impl Group {
    fn briefs<'a>(&self, catalogue: &'a Catalogue) -> impl Iterator<Item = &'a Brief> {
        self.events.iter().map(|&at| &catalogue.events[at])
    }
}

#[derive(Template)]
#[template(path = "groups.html")]
struct Groups<'a> {
    frame: Frame<'a>,
    rows: Vec<TallyRow>,
}

/// All groups of a kind.
///
/// # Errors
/// If the template cannot be rendered.
pub fn groups(
    shell: &Shell,
    catalogue: &Catalogue,
    kind: Kind,
    groups: &[Group],
) -> Result<Rendered> {
    let path = format!("{}/", kind.folder());
    let frame = Frame {
        shell,
        path: &path,
        title: kind.title(),
        description: kind.about(),
    };
    let rows = groups.iter().map(|group| TallyRow {
        name: group.name.clone(),
        href: Some(shell.site.url(&group.path)),
        tally: Tally::of(group.briefs(catalogue)).view(),
        filling_in: false,
    });
    let page = Groups {
        frame: frame.clone(),
        rows: rows.collect(),
    };
    render(&frame, &page, Vec::new())
}

#[derive(Template)]
#[template(path = "profile.html")]
struct Profile<'a> {
    frame: Frame<'a>,
    kind: Kind,
    tally: TallyView,
    explore: String,
    first: String,
    last: String,
    phases: Vec<Mix>,
    occurrences: Vec<Mix>,
    years: Vec<TallyRow>,
    newest: Vec<EventRow>,
    all: usize,
    map: Option<Points>,
}

/// A part of the accidents.
struct Mix {
    name: String,
    accidents: String,
    fatal: String,
    share: String,
    /// Length of the bar, in percent of its track.
    width: u64,
}

/// One group.
///
/// # Errors
/// If the template cannot be rendered.
pub fn profile(shell: &Shell, catalogue: &Catalogue, group: &Group) -> Result<Rendered> {
    let description = format!("Accidents and incidents: {}.", group.name);
    let frame = Frame {
        shell,
        path: &group.path,
        title: &group.name,
        description: &description,
    };
    let tally = Tally::of(group.briefs(catalogue));
    let mut years = BTreeMap::<&str, Tally>::new();
    let (mut phases, mut occurrences) = (Mixes::new(), Mixes::new());
    for event in group.briefs(catalogue) {
        years.entry(event.year()).or_default().add(event);
        // What happened to the aircraft the event is listed for, else to the first.
        let craft = event.aircraft.first();
        add(&mut phases, craft.and_then(|c| c.phase.as_deref()), event);
        add(
            &mut occurrences,
            craft.and_then(|c| c.cictt.as_deref()),
            event,
        );
    }
    let (map, points) = match group.kind {
        // A type of aircraft has no place of its own.
        Kind::Aircraft => (None, None),
        Kind::State | Kind::Airport => {
            points::of(shell, &group.path, group.briefs(catalogue)).unzip()
        }
    };
    let newest = group.events.iter().rev().take(NEWEST);
    let newest = newest.map(|&at| row(shell, &catalogue.events[at]));
    let year = |year: Option<(&&str, &Tally)>| year.map_or("", |(year, _)| year).to_owned();
    let page = Profile {
        frame: frame.clone(),
        kind: group.kind,
        explore: link::chosen_by(&shell.site, &group.choices),
        first: year(years.first_key_value()),
        last: year(years.last_key_value()),
        phases: mixes(phases, tally, usize::MAX),
        occurrences: mixes(occurrences, tally, OCCURRENCES),
        years: years
            .iter()
            .rev()
            .map(|(year, tally)| TallyRow {
                name: (*year).to_owned(),
                href: None,
                tally: tally.view(),
                filling_in: filling_in(shell, year, *tally),
            })
            .collect(),
        newest: newest.collect(),
        all: group.events.len(),
        map,
        tally: tally.view(),
    };
    render(&frame, &page, points.flatten().into_iter().collect())
}

type Mixes<'a> = BTreeMap<&'a str, Tally>;

fn add<'a>(mixes: &mut Mixes<'a>, name: Option<&'a str>, event: &Brief) {
    mixes
        .entry(name.unwrap_or("not recorded"))
        .or_default()
        .add(event);
}

/// By number of accidents.
fn mixes(mixes: Mixes, all: Tally, limit: usize) -> Vec<Mix> {
    let mut sorted: Vec<(&str, Tally)> = mixes.into_iter().collect();
    sorted.retain(|(_, tally)| tally.accidents > 0);
    sorted.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.accidents));
    sorted.truncate(limit);
    let whole = all.accidents.max(1);
    let mix = |(name, tally): (&str, Tally)| Mix {
        name: occurrence(name).unwrap_or(name).to_owned(),
        accidents: format::thousands(tally.accidents),
        fatal: format::thousands(tally.fatal),
        share: format::share(tally.accidents, all.accidents),
        width: tally.accidents * 100 / whole,
    };
    sorted.into_iter().map(mix).collect()
}

/// The words for a CAST/ICAO category.
fn occurrence(code: &str) -> Option<&'static str> {
    dataset::codes::labels("occurrence_chain", "cictt_code")
        .into_iter()
        .find_map(|(known, words)| (known == code).then_some(words))
}
