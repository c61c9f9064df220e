//! The parts of a group's accidents, by phase or kind, with how they ended.

use std::collections::BTreeMap;

use super::super::super::format;
use super::super::Tally;
use crate::record::Brief;

/// Codes of the highest injury, in the order of the columns of the table.
const INJURIES: [&str; 4] = ["FATL", "SERS", "MINR", "NONE"];

/// A part of the accidents.
pub(super) struct Mix {
    pub(super) name: String,
    /// Page of the part, relative to the root.
    pub(super) path: Option<String>,
    pub(super) accidents: String,
    /// By highest injury: fatal, serious, minor, none.
    pub(super) ended: [String; 4],
    pub(super) share: String,
    /// Length of the bar, in percent of its track.
    pub(super) width: u64,
}

/// Accidents by a name they have, and by their highest injury.
#[derive(Default)]
pub(super) struct Mixes<'a>(BTreeMap<&'a str, [u64; 5]>);

impl<'a> Mixes<'a> {
    /// Counts an event if it is an accident.
    pub(super) fn add(&mut self, name: Option<&'a str>, event: &Brief) {
        if event.kind != "ACC" {
            return;
        }
        let counts = self.0.entry(name.unwrap_or("not recorded")).or_default();
        let injury = event.injury.as_deref();
        let ended = INJURIES.iter().position(|code| Some(*code) == injury);
        counts[ended.unwrap_or(INJURIES.len())] += 1;
    }

    /// The largest parts.
    pub(super) fn by_number(self, all: Tally, limit: usize) -> Vec<Mix> {
        let mut sorted: Vec<(&str, [u64; 5])> = self.0.into_iter().collect();
        sorted.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.iter().sum::<u64>()));
        sorted.truncate(limit);
        sorted.into_iter().map(|part| mix(part, all)).collect()
    }

    /// The parts in a given order.
    pub(super) fn by_order(self, all: Tally, names: &[&str]) -> Vec<Mix> {
        let known = names
            .iter()
            .filter_map(|name| Some((*name, *self.0.get(name)?)));
        known.map(|part| mix(part, all)).collect()
    }
}

fn mix((name, counts): (&str, [u64; 5]), all: Tally) -> Mix {
    let accidents = counts.iter().sum();
    let words = occurrence(name);
    Mix {
        name: words.unwrap_or(name).to_owned(),
        path: words.map(|_| cause_path(name)),
        accidents: format::thousands(accidents),
        ended: std::array::from_fn(|at| format::thousands(counts[at])),
        share: format::share(accidents, all.accidents),
        width: accidents * 100 / all.accidents.max(1),
    }
}

/// The page of a CAST/ICAO category, relative to the root.
pub(crate) fn cause_path(code: &str) -> String {
    format!("causes/{}/", code.to_lowercase())
}

/// The words for a CAST/ICAO category.
pub(crate) fn occurrence(code: &str) -> Option<&'static str> {
    dataset::codes::labels("occurrence_chain", "cictt_code")
        .into_iter()
        .find_map(|(known, words)| (known == code).then_some(words))
}
