//! Lists, profiles, and the files in which events are looked up.

use std::collections::BTreeMap;

use anyhow::Result;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::buckets;
use super::causes::Causes;
use super::groups::groups;
use super::spool::Spool;
use crate::output::Output;
use crate::page::events::{self, Beside, Group, Kind};
use crate::page::{self, Rendered, Shell};
use crate::record::{Brief, Catalogue};

/// Folder of the events of registrations.
const TAILS: &str = "api/v1/tails";
/// Folder of the finder's entries.
const FIND: &str = "api/v1/find";

const TAILS_PER_BUCKET: u64 = 160;
const ENTRIES_PER_BUCKET: u64 = 400;

/// Events a place needs to be found by its name.
const PLACE_EVENTS: u64 = 2;

/// Writes all lists, and returns the paths of their pages.
pub(super) fn write(
    shell: &Shell,
    catalogue: &Catalogue,
    causes: &Causes,
    output: &mut impl Output,
) -> Result<Vec<String>> {
    let kinds = [Kind::State, Kind::Aircraft, Kind::Airport, Kind::Cause];
    let categories = events::categories(catalogue);
    let open_years = events::open_years(shell, catalogue);
    let groups = kinds.map(|kind| groups(catalogue, kind));
    let mut pages = vec![
        events::index(shell, catalogue)?,
        events::tail(shell)?,
        page::search::page(shell)?,
    ];
    pages.extend(by_date(shell, catalogue)?);
    for (kind, groups) in std::iter::zip(kinds, &groups) {
        // The list of causes is a page of figures.
        if kind != Kind::Cause {
            pages.push(events::groups(shell, catalogue, kind, groups)?);
        }
        let profile = |group: &Group| {
            let beside = Beside {
                findings: causes.of(group),
                categories: &categories,
                open_years: &open_years,
            };
            events::profile(shell, catalogue, group, &beside)
        };
        let profiles: Vec<Rendered> = groups.par_iter().map(profile).collect::<Result<_>>()?;
        pages.extend(profiles);
    }
    for page in &pages {
        output.write(&page.path, page.html.as_bytes())?;
        for file in &page.files {
            output.write(&file.path, file.text.as_bytes())?;
        }
    }
    tails(shell, catalogue, output)?;
    find(catalogue, groups.iter().flatten(), output)?;
    Ok(pages.into_iter().map(|page| page.path).collect())
}

fn by_date(shell: &Shell, catalogue: &Catalogue) -> Result<Vec<Rendered>> {
    let mut years = BTreeMap::<&str, BTreeMap<&str, Vec<&Brief>>>::new();
    for event in &catalogue.events {
        let months = years.entry(event.year()).or_default();
        months.entry(event.month()).or_default().push(event);
    }
    // Without a date there is no address.
    years.retain(|year, _| !year.is_empty());
    let years: Vec<_> = years.into_iter().collect();
    let pages: Vec<Vec<Rendered>> = years
        .par_iter()
        .map(|(year, months)| {
            let all: Vec<&Brief> = months.values().flatten().copied().collect();
            let mut pages = vec![events::year(shell, year, &all)?];
            for (month, events) in months {
                pages.extend(events::month(shell, year, month, events)?);
            }
            Ok(pages)
        })
        .collect::<Result<_>>()?;
    Ok(pages.into_iter().flatten().collect())
}

/// An event as the page of a registration lists it.
fn short(shell: &Shell, event: &Brief) -> Value {
    json!({
        "ev_id": event.ev_id,
        "ntsb_no": event.ntsb_no,
        "date": event.date,
        "place": event.where_(),
        "aircraft": event.crafts(),
        "outcome": event.outcome(),
        "killed": event.fatalities,
        "open": !event.closed,
        "page": shell.event_pages.contains(&event.ev_id),
    })
}

fn tails(shell: &Shell, catalogue: &Catalogue, output: &mut impl Output) -> Result<()> {
    let mut spool = Spool::new()?;
    for (tail, events) in &catalogue.tails {
        let list = |events: &[usize]| -> Vec<Value> {
            let newest = events.iter().rev();
            newest
                .map(|&at| short(shell, &catalogue.events[at]))
                .collect()
        };
        let value = json!({
            "events": list(events),
            "other_registrations": list(&catalogue.earlier_registrations(tail)),
        });
        spool.push(tail.clone(), value.to_string().as_bytes())?;
    }
    let about = json!("Events by registration: letters and digits in upper case.");
    buckets::write(TAILS, &spool.sorted()?, TAILS_PER_BUCKET, &about, output)?;
    Ok(())
}

/// What the finder knows: what a visitor types, in upper case → `[kind, key, words, address]`.
fn find<'a>(
    catalogue: &Catalogue,
    groups: impl Iterator<Item = &'a Group>,
    output: &mut impl Output,
) -> Result<()> {
    let mut entries = BTreeMap::<String, Vec<Value>>::new();
    let mut add = |typed: &str, entry: Value| {
        entries.entry(typed.to_uppercase()).or_default().push(entry);
    };
    let mut places = BTreeMap::<String, u64>::new();
    for event in &catalogue.events {
        if let Some(number) = &event.ntsb_no {
            add(number, json!(["event", event.ev_id, event.line()]));
        }
        if let (Some(city), Some(state)) = (&event.city, &event.state) {
            let place = format!("{city}, {state}").to_uppercase();
            *places.entry(place).or_default() += 1;
        }
    }
    for (tail, events) in &catalogue.tails {
        add(tail, json!(["tail", tail, plural(events.len())]));
    }
    for group in groups {
        let kind = match group.kind {
            Kind::State => "state",
            Kind::Aircraft => "aircraft",
            Kind::Airport => "airport",
            Kind::Cause => continue,
        };
        let entry = json!([kind, group.name, plural(group.events.len()), group.path]);
        let values: Vec<&str> = group.values.iter().map(String::as_str).collect();
        add(&values.join(" "), entry.clone());
        // `TX` and `TEXAS`, `CESSNA 172` and `172`.
        match (group.kind, values.as_slice()) {
            (Kind::State, _) => add(&group.name, entry),
            (Kind::Aircraft, [_, model]) => add(model, entry),
            _ => {}
        }
    }
    for (place, events) in places
        .into_iter()
        .filter(|(_, events)| *events >= PLACE_EVENTS)
    {
        let name = place.rsplit_once(", ").unwrap_or((&place, ""));
        let query = page::encoded(name.0);
        let address = format!("explore/?state={}&q={query}", page::encoded(name.1));
        add(&place, json!(["place", place, plural(events), address]));
    }
    let mut spool = Spool::new()?;
    for (typed, entries) in entries {
        spool.push(typed, serde_json::to_string(&entries)?.as_bytes())?;
    }
    let about = json!("What the finder knows, by what is typed.");
    buckets::write(FIND, &spool.sorted()?, ENTRIES_PER_BUCKET, &about, output)?;
    Ok(())
}

fn plural(events: impl TryInto<u64>) -> String {
    crate::text::plural(events.try_into().unwrap_or_default(), "event")
}
