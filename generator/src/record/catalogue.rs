//! All events in short form, and which belong together.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::Result;
use dataset::manifest::Manifest;
use rayon::prelude::*;

use super::brief::{AIRCRAFT, Brief, Craft, EVENTS, EXPLORE, bare, briefs};
use super::table::{Files, Table, files};
use super::{Estimates, Similar};

/// Events shown beside one for each reason.
const SHOWN: usize = 4;

/// Serial numbers shorter than this are placeholders, as are those of more than
/// [`AIRFRAME_EVENTS`] events.
const SERIAL_LENGTH: usize = 3;
const AIRFRAME_EVENTS: usize = 12;

/// Positions in [`Catalogue::events`], oldest event first.
type Positions = Vec<usize>;

/// All events, by date and key, and what they have in common.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Oldest first.
    pub events: Vec<Brief>,
    /// What the severity model makes of the newest.
    pub estimates: Estimates,
    /// Position by `ev_id`.
    by_id: HashMap<String, usize>,
    /// Events of a registration.
    pub tails: BTreeMap<String, Positions>,
    /// Events of make, model and serial number.
    airframes: HashMap<[String; 3], Positions>,
    /// Events of make and model, and of these with one occurrence category.
    types: HashMap<(String, String, Option<String>), Positions>,
}

impl Catalogue {
    /// Reads the short form of all events of a lake.
    ///
    /// # Errors
    /// If a file of the lake cannot be read.
    pub fn read(lake: &Path, manifest: &Manifest) -> Result<Self> {
        let explore = files(manifest.tables.get("explore"));
        let aircraft = files(manifest.tables.get("aircraft"));
        let events = files(manifest.tables.get("events"));
        let years: Vec<_> = explore.into_iter().collect();
        let parts: Vec<Vec<Brief>> = years
            .par_iter()
            .map(|(year, paths)| {
                let explore = Table::read_columns(lake, paths, &EXPLORE)?;
                let none = Vec::new();
                let read = |files: &Files, columns: &[&str]| {
                    Table::read_columns(lake, files.get(year).unwrap_or(&none), columns)
                };
                let (aircraft, events) = (read(&aircraft, &AIRCRAFT)?, read(&events, &EVENTS)?);
                Ok(briefs(&explore, &aircraft, &events))
            })
            .collect::<Result<_>>()?;
        let mut events: Vec<Brief> = parts.into_iter().flatten().collect();
        events.sort_by(|a, b| (&a.date, &a.ev_id).cmp(&(&b.date, &b.ev_id)));
        Ok(Self::of(events))
    }

    fn of(events: Vec<Brief>) -> Self {
        let mut catalogue = Self {
            by_id: events
                .iter()
                .enumerate()
                .map(|(at, event)| (event.ev_id.clone(), at))
                .collect(),
            ..Self::default()
        };
        for (at, event) in events.iter().enumerate() {
            for craft in &event.aircraft {
                if let Some(tail) = &craft.tail {
                    push(catalogue.tails.entry(tail.clone()).or_default(), at);
                }
                if let Some(airframe) = airframe(craft) {
                    push(catalogue.airframes.entry(airframe).or_default(), at);
                }
                if let (Some(make), Some(model)) = (&craft.make, &craft.model) {
                    let key = (make.clone(), model.clone(), None);
                    push(catalogue.types.entry(key).or_default(), at);
                    if craft.cictt.is_some() {
                        let key = (make.clone(), model.clone(), craft.cictt.clone());
                        push(catalogue.types.entry(key).or_default(), at);
                    }
                }
            }
        }
        catalogue.events = events;
        catalogue
    }

    /// The event of a key.
    pub fn find(&self, ev_id: &str) -> Option<&Brief> {
        self.events.get(*self.by_id.get(ev_id)?)
    }

    /// Events in which the airframes of a registration were under another one.
    pub fn earlier_registrations(&self, tail: &str) -> Positions {
        let own = self.tails.get(tail).map_or(&[][..], Vec::as_slice);
        let mut others: Positions = own
            .iter()
            .flat_map(|&at| &self.events[at].aircraft)
            .filter(|craft| craft.tail.as_deref() == Some(tail))
            .filter_map(airframe)
            .filter_map(|key| self.airframes.get(&key))
            .filter(|events| events.len() <= AIRFRAME_EVENTS)
            .flatten()
            .copied()
            .filter(|at| !own.contains(at))
            .collect();
        others.sort_unstable();
        others.dedup();
        others
    }

    /// Events of the same aircraft, and of aircraft of the same type.
    pub(super) fn similar(&self, ev_id: &str) -> Vec<Similar<'_>> {
        let Some(&own) = self.by_id.get(ev_id) else {
            return Vec::new();
        };
        let mut similar: Vec<Similar> = Vec::new();
        let mut add = |positions: Option<&Positions>, because: &'static str| {
            for at in nearest(positions.map_or(&[], Vec::as_slice), own) {
                let event = &self.events[at];
                if similar.iter().all(|one| one.ev_id != event.ev_id) {
                    similar.push(Similar {
                        ev_id: &event.ev_id,
                        title: event.line(),
                        because,
                    });
                }
            }
        };
        let crafts = &self.events[own].aircraft;
        for craft in crafts {
            add(
                craft.tail.as_ref().and_then(|tail| self.tails.get(tail)),
                "same registration",
            );
            let serial = airframe(craft).and_then(|key| self.airframes.get(&key));
            let serial = serial.filter(|events| events.len() <= AIRFRAME_EVENTS);
            add(serial, "same make, model and serial number");
        }
        if let Some(craft) = crafts.first()
            && let (Some(make), Some(model)) = (&craft.make, &craft.model)
        {
            let key = |cictt| (make.clone(), model.clone(), cictt);
            if craft.cictt.is_some() {
                let alike = self.types.get(&key(craft.cictt.clone()));
                add(alike, "same type, same kind of occurrence");
            }
            add(self.types.get(&key(None)), "same type");
        }
        similar.truncate(2 * SHOWN);
        similar
    }
}

fn push(positions: &mut Positions, at: usize) {
    if positions.last() != Some(&at) {
        positions.push(at);
    }
}

/// Make, model and serial number, if they name one airframe.
fn airframe(craft: &Craft) -> Option<[String; 3]> {
    let serial = bare(craft.serial.as_deref()?);
    let sound =
        serial.len() >= SERIAL_LENGTH && serial.bytes().any(|b| b.is_ascii_digit() && b != b'0');
    sound.then_some([craft.make.clone()?, craft.model.clone()?, serial])
}

/// The nearest in time, on both sides, without the event itself.
fn nearest(positions: &[usize], own: usize) -> Vec<usize> {
    let at = positions.partition_point(|&position| position < own);
    let before = positions[..at].iter().rev().take(SHOWN / 2);
    let after = positions[at..]
        .iter()
        .filter(|&&p| p != own)
        .take(SHOWN / 2);
    after.chain(before).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(ev_id: &str, date: &str, tail: &str, serial: &str) -> Brief {
        Brief {
            ev_id: ev_id.to_owned(),
            date: date.to_owned(),
            kind: "ACC".to_owned(),
            aircraft: vec![Craft {
                key: 1,
                tail: Some(tail.to_owned()),
                make: Some("CESSNA".to_owned()),
                model: Some("172".to_owned()),
                serial: Some(serial.to_owned()),
                ..Craft::default()
            }],
            ..Brief::default()
        }
    }

    #[test]
    fn an_airframe_is_found_under_its_earlier_registration() {
        let catalogue = Catalogue::of(vec![
            event("a", "1990-01-01", "N111", "17-2801"),
            event("b", "1995-01-01", "N222", "172801"),
            event("c", "1999-01-01", "N222", "172801"),
            event("d", "1999-02-01", "N333", "0"),
            event("e", "1999-03-01", "N444", "0"),
        ]);
        assert_eq!(catalogue.tails["N222"], [1, 2]);
        assert_eq!(catalogue.earlier_registrations("N222"), [0]);
        let others = catalogue.earlier_registrations("N333");
        assert!(others.is_empty(), "0 is no serial number");
        let similar = catalogue.similar("c");
        assert_eq!(similar[0].because, "same registration");
        assert_eq!(similar[0].ev_id, "b");
        assert_eq!(similar[1].because, "same make, model and serial number");
        assert_eq!(similar[1].ev_id, "a");
        assert!(similar.iter().all(|one| one.ev_id != "c"));
    }
}
