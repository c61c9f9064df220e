//! Which states, types of aircraft and airports get a page.

use std::collections::{BTreeMap, BTreeSet};

use crate::page::events::{self, Group, Kind};
use crate::record::Catalogue;

/// Events a type of aircraft needs for a page.
const AIRCRAFT_EVENTS: usize = 25;

/// Events an airport needs for a page.
const AIRPORT_EVENTS: usize = 10;

/// Pages of a kind at most: those with most events.
const PAGES: usize = 2_000;

/// Groups of a kind, by name.
pub(super) fn groups(catalogue: &Catalogue, kind: Kind) -> Vec<Group> {
    let mut found = BTreeMap::<Vec<String>, Vec<usize>>::new();
    for (at, event) in catalogue.events.iter().enumerate() {
        let mut names = BTreeSet::new();
        match kind {
            Kind::State => names.extend(event.state.clone().map(|state| vec![state])),
            Kind::Airport => names.extend(event.airport.clone().map(|code| vec![code])),
            Kind::Cause => {
                let codes = event
                    .aircraft
                    .iter()
                    .filter_map(|craft| craft.cictt.clone());
                names.extend(codes.map(|code| vec![code]));
            }
            Kind::Aircraft => {
                let crafts = event.aircraft.iter();
                names.extend(
                    crafts
                        .filter_map(|craft| Some(vec![craft.make.clone()?, craft.model.clone()?])),
                );
            }
        }
        for name in names {
            found.entry(name).or_default().push(at);
        }
    }
    let least = match kind {
        Kind::State | Kind::Cause => 1,
        Kind::Aircraft => AIRCRAFT_EVENTS,
        Kind::Airport => AIRPORT_EVENTS,
    };
    let mut kept: Vec<_> = found
        .into_iter()
        .filter(|(_, at)| at.len() >= least)
        .collect();
    kept.sort_by_key(|(_, events)| std::cmp::Reverse(events.len()));
    kept.truncate(PAGES);
    kept.sort_by(|a, b| a.0.cmp(&b.0));
    let mut paths = BTreeSet::new();
    kept.into_iter()
        .filter_map(|(names, events)| group(kind, &names, events, &mut paths))
        .collect()
}

fn group(
    kind: Kind,
    names: &[String],
    positions: Vec<usize>,
    paths: &mut BTreeSet<String>,
) -> Option<Group> {
    let slugs: Vec<String> = names.iter().map(|name| slug(name)).collect();
    if slugs.iter().any(String::is_empty) {
        return None;
    }
    let base = format!("{}/{}", kind.folder(), slugs.join("/"));
    // Two names may differ only in what a path cannot tell.
    let path = (1..=PAGES)
        .map(|n| match n {
            1 => format!("{base}/"),
            n => format!("{base}-{n}/"),
        })
        .find(|path| paths.insert(path.clone()))?;
    let (name, choices) = match (kind, names) {
        (Kind::State, [code]) => (state(code), vec![("state", code.clone())]),
        // Explore has no filter by airport.
        (Kind::Airport, [code]) => (format!("Airport {code}"), Vec::new()),
        (Kind::Cause, [code]) => {
            let words = events::occurrence(code).unwrap_or("Occurrences of category");
            (format!("{words} ({code})"), vec![("cictt", code.clone())])
        }
        (_, [make, model]) => {
            let choices = vec![("make", make.clone()), ("model", model.clone())];
            (format!("{make} {model}"), choices)
        }
        _ => return None,
    };
    Some(Group {
        kind,
        name,
        path,
        values: names.to_vec(),
        choices,
        events: positions,
    })
}

/// The name of a state; the code if it has none.
pub(in crate::stage::emit) fn state(code: &str) -> String {
    let states = dataset::codes::labels("events", "ev_state");
    let known = states.into_iter().find(|(known, _)| *known == code);
    known.map_or_else(|| code.to_owned(), |(_, name)| capitals(name))
}

/// Each word with a capital: the list has some names in upper case.
fn capitals(name: &str) -> String {
    let mut first = true;
    name.chars()
        .map(|c| {
            let c = if first {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            };
            first = !c.is_ascii_alphabetic();
            c
        })
        .collect()
}

/// A name as a part of an address.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_addresses() {
        assert_eq!(slug("PA-28-140"), "pa-28-140");
        assert_eq!(slug("  DHC-8 / Q400 "), "dhc-8-q400");
        assert_eq!(slug("../.."), "");
    }

    #[test]
    fn names_that_look_alike_have_addresses_of_their_own() {
        let mut paths = BTreeSet::new();
        let mut path = |model: &str| {
            let names = ["PIPER".to_owned(), model.to_owned()];
            group(Kind::Aircraft, &names, Vec::new(), &mut paths)
                .unwrap()
                .path
        };
        assert_eq!(path("PA-28"), "aircraft/piper/pa-28/");
        assert_eq!(path("PA 28"), "aircraft/piper/pa-28-2/");
    }
}
