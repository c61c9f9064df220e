//! What the Board named as causes of accidents, by type of aircraft.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::page::events::{Group, Kind};
use crate::record::{Catalogue, EventRecord};

/// Make, model and what was found.
pub(super) type Cause = ([String; 2], String);

/// The causes of an accident by type of aircraft, each once.
pub(super) fn of(catalogue: &Catalogue, record: &EventRecord) -> Vec<Cause> {
    let Some(brief) = catalogue
        .find(record.ev_id)
        .filter(|brief| brief.kind == "ACC")
    else {
        return Vec::new();
    };
    let mut causes = BTreeSet::new();
    for aircraft in &record.aircraft {
        let craft = brief
            .aircraft
            .iter()
            .find(|craft| craft.key == aircraft.key);
        let Some((make, model)) =
            craft.and_then(|craft| craft.make.as_ref().zip(craft.model.as_ref()))
        else {
            continue;
        };
        let findings = aircraft.findings.iter().flat_map(|group| &group.findings);
        for finding in findings.filter(|finding| finding.is_cause()) {
            let subject = finding.subject();
            if !subject.is_empty() {
                causes.insert(([make.clone(), model.clone()], subject));
            }
        }
    }
    causes.into_iter().collect()
}

/// Accidents by type of aircraft and cause.
#[derive(Debug, Default)]
pub(super) struct Causes(HashMap<[String; 2], BTreeMap<String, u64>>);

impl Causes {
    /// Counts those of one accident.
    pub(super) fn add(&mut self, causes: Vec<Cause>) {
        for (craft, subject) in causes {
            *self.0.entry(craft).or_default().entry(subject).or_default() += 1;
        }
    }

    /// The causes of a type, the most frequent first; of other groups none.
    pub(super) fn of(&self, group: &Group) -> Vec<(String, u64)> {
        let (Kind::Aircraft, [make, model]) = (group.kind, group.values.as_slice()) else {
            return Vec::new();
        };
        let found = self.0.get(&[make.clone(), model.clone()]);
        let mut sorted: Vec<(String, u64)> = found
            .into_iter()
            .flatten()
            .map(|(subject, count)| (subject.clone(), *count))
            .collect();
        sorted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        sorted
    }
}
