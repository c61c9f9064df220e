//! Pages of states, types of aircraft, airports and kinds of occurrence: the same questions of
//! different events.

mod kind;
mod mix;
mod place;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use askama::Template;

pub use self::kind::{Group, Kind};
use self::mix::{Mix, Mixes};
pub(crate) use self::mix::{cause_path, occurrence};
use self::place::MapView;
use super::super::{Frame, Rendered, Shell, format, link, render};
use super::points::{self, Points};
use super::{EventRow, Tally, TallyRow, filling_in, row};
use crate::record::Catalogue;

/// Newest events shown.
const NEWEST: usize = 100;

/// Kinds of occurrence, and findings, shown.
const SHOWN: usize = 12;

/// Spellings shown.
const SPELLINGS: usize = 12;

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
        accidents: None,
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
    headlines: [Headline; 4],
    /// The events in explore, if it has such a filter.
    explore: Option<String>,
    fatal_share: String,
    /// Share of fatal accidents among those the group is compared with, and who these are.
    compared: Option<(String, String)>,
    spellings: Vec<String>,
    /// The newest events, for those without scripts.
    map: Option<MapView>,
    /// All events, for the map that can be moved.
    points: Option<Points>,
    distances: Vec<Mix>,
    phases: Vec<Mix>,
    occurrences: Vec<Mix>,
    findings: Vec<(String, String)>,
    years: Vec<TallyRow>,
    newest: Vec<EventRow>,
    all: usize,
    sql: String,
}

/// A number with what it counts and, where explore has such a filter, the way to the events.
struct Headline {
    value: String,
    label: &'static str,
    population: String,
    href: Option<String>,
}

/// What a page knows beside the events of its group.
pub struct Beside<'a> {
    /// What the Board named as causes, with the number of accidents, the commonest first.
    pub findings: Vec<(String, u64)>,
    /// All events by category of aircraft.
    pub categories: &'a Categories,
    /// Years of which cases are still coming in.
    pub open_years: &'a BTreeSet<String>,
}

/// Years of which cases are still coming in, by all events: a few open cases of one airport say
/// nothing about a year.
pub fn open_years(shell: &Shell, catalogue: &Catalogue) -> BTreeSet<String> {
    let mut years = BTreeMap::<&str, Tally>::new();
    for event in &catalogue.events {
        years.entry(event.year()).or_default().add(event);
    }
    years.retain(|year, tally| filling_in(shell, year, *tally));
    years.into_keys().map(str::to_owned).collect()
}

/// Events by category of aircraft, each once in every category it involved.
pub type Categories = BTreeMap<String, Tally>;

/// All events by category of aircraft.
pub fn categories(catalogue: &Catalogue) -> Categories {
    let mut categories = Categories::new();
    for event in &catalogue.events {
        let crafts = event.aircraft.iter();
        let names: BTreeSet<&String> = crafts.filter_map(|craft| craft.category.as_ref()).collect();
        for name in names {
            categories.entry(name.clone()).or_default().add(event);
        }
    }
    categories
}

/// One group.
///
/// # Errors
/// If the template cannot be rendered.
pub fn profile(
    shell: &Shell,
    catalogue: &Catalogue,
    group: &Group,
    beside: &Beside,
) -> Result<Rendered> {
    let description = format!("Accidents and incidents: {}.", group.name);
    let frame = Frame {
        shell,
        path: &group.path,
        title: &group.name,
        description: &description,
    };
    let tally = Tally::of(group.briefs(catalogue));
    let mut years = BTreeMap::<&str, Tally>::new();
    let [mut phases, mut occurrences, mut distances] = [(); 3].map(|()| Mixes::default());
    let mut spellings = BTreeMap::<&str, u64>::new();
    for event in group.briefs(catalogue) {
        years.entry(event.year()).or_default().add(event);
        // Of several aircraft, the first that is meant.
        let craft = event.aircraft.iter().find(|craft| group.means(craft));
        let craft = craft.or(event.aircraft.first());
        phases.add(craft.and_then(|c| c.phase.as_deref()), event);
        occurrences.add(craft.and_then(|c| c.cictt.as_deref()), event);
        distances.add(Some(place::distance(event)), event);
        if let (Kind::Aircraft, Some(spelling)) =
            (group.kind, craft.and_then(|c| c.spelling.as_deref()))
        {
            *spellings.entry(spelling).or_default() += 1;
        }
    }
    let (points, file) = match group.kind {
        // Neither a type of aircraft nor a kind of occurrence has a place of its own.
        Kind::Aircraft | Kind::Cause => (None, None),
        Kind::State | Kind::Airport => {
            points::of(shell, &group.path, group.briefs(catalogue)).unzip()
        }
    };
    let newest = group.events.iter().rev().take(NEWEST);
    let newest = newest.map(|&at| &catalogue.events[at]);
    let year = |year: Option<(&&str, &Tally)>| year.map_or("", |(year, _)| year).to_owned();
    let span = [year(years.first_key_value()), year(years.last_key_value())];
    let page = Profile {
        frame: frame.clone(),
        kind: group.kind,
        headlines: headlines(shell, group, tally, &span),
        explore: explore(shell, group, &[]),
        fatal_share: format::share(tally.fatal, tally.accidents),
        compared: (group.kind == Kind::Aircraft)
            .then(|| compared(catalogue, group, beside.categories))
            .flatten(),
        spellings: commonest(&spellings),
        map: place::map(group.kind, newest.clone()),
        points,
        distances: if group.kind == Kind::Airport {
            distances.by_order(tally, &place::DISTANCES)
        } else {
            Vec::new()
        },
        phases: phases.by_number(tally, usize::MAX),
        occurrences: if group.kind == Kind::Cause {
            Vec::new()
        } else {
            occurrences.by_number(tally, SHOWN)
        },
        findings: beside
            .findings
            .iter()
            .take(SHOWN)
            .map(|(name, accidents)| (name.clone(), format::thousands(*accidents)))
            .collect(),
        years: years
            .iter()
            .rev()
            .map(|(year, tally)| TallyRow {
                name: (*year).to_owned(),
                href: of_year(shell, group, year),
                accidents: None,
                tally: tally.view(),
                filling_in: beside.open_years.contains(*year),
            })
            .collect(),
        newest: newest.map(|event| row(shell, event)).collect(),
        all: group.events.len(),
        sql: group.sql(),
    };
    render(&frame, &page, file.flatten().into_iter().collect())
}

fn headlines(shell: &Shell, group: &Group, tally: Tally, span: &[String; 2]) -> [Headline; 4] {
    let [accidents, fatal, incidents] = [
        &[("type", "ACC")][..],
        &[("type", "ACC"), ("sev", "FATL")],
        &[("type", "INC")],
    ]
    .map(|more| explore(shell, group, more));
    let view = tally.view();
    let headline = |value, label, population: &str, href| Headline {
        value,
        label,
        population: population.to_owned(),
        href,
    };
    [
        headline(
            view.accidents,
            "accidents",
            &match group.kind {
                Kind::State => format!("{} to {}", span[0], span[1]),
                _ => format!("{} to {}, any country", span[0], span[1]),
            },
            accidents,
        ),
        headline(
            view.fatal,
            "fatal accidents",
            &format!("{} of the accidents", view.fatal_share),
            fatal.clone(),
        ),
        headline(
            view.killed,
            "killed",
            "in the fatal accidents, aboard all aircraft and on the ground",
            fatal,
        ),
        headline(
            view.incidents,
            "incidents",
            "reported and investigated; not accidents, and far from all that happen",
            incidents,
        ),
    ]
}

/// The group's events with further values in explore, if it has a filter for the group.
fn explore(shell: &Shell, group: &Group, more: &[(&'static str, &str)]) -> Option<String> {
    let more = more
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    let choices: Vec<_> = group.choices.iter().cloned().chain(more).collect();
    (!group.choices.is_empty()).then(|| link::chosen_by(&shell.site, &choices))
}

fn of_year(shell: &Shell, group: &Group, year: &str) -> Option<String> {
    let year = year.parse().ok()?;
    (!group.choices.is_empty()).then(|| link::chosen_in(&shell.site, &group.choices, year))
}

/// The share of fatal accidents among all of the category most of the group's aircraft have.
fn compared(
    catalogue: &Catalogue,
    group: &Group,
    tallies: &Categories,
) -> Option<(String, String)> {
    let mut categories = BTreeMap::<&str, u64>::new();
    for event in group.briefs(catalogue) {
        let meant = event.aircraft.iter().filter(|craft| group.means(craft));
        for category in meant.filter_map(|craft| craft.category.as_deref()) {
            *categories.entry(category).or_default() += 1;
        }
    }
    let (category, _) = categories.into_iter().max_by_key(|(_, count)| *count)?;
    let tally = tallies.get(category)?;
    let name = dataset::codes::labels("aircraft", "acft_category")
        .into_iter()
        .find_map(|(code, name)| (code == category).then_some(name))
        .unwrap_or(category);
    let share = format::share(tally.fatal, tally.accidents);
    Some((share, format!("all accidents of the category {name}")))
}

/// The commonest spellings, in the order of the alphabet.
fn commonest(spellings: &BTreeMap<&str, u64>) -> Vec<String> {
    let mut sorted: Vec<_> = spellings.iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let shown: BTreeSet<&str> = sorted
        .iter()
        .take(SPELLINGS)
        .map(|(name, _)| **name)
        .collect();
    let mut names: Vec<String> = shown.into_iter().map(str::to_owned).collect();
    if sorted.len() > SPELLINGS {
        names.push(format!("and {} more", sorted.len() - SPELLINGS));
    }
    names
}
