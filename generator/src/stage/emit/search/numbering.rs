//! Numbers of events in the index, and the segments it is cut into.

use std::collections::HashMap;
use std::ops::Range;

use crate::record::{Brief, Catalogue};

/// Years whose events are still written about: they make a segment of their own, so that what is
/// new changes its few files and none of the many that hold the years before.
const RECENT_YEARS: u32 = 4;

/// Events in the order of their keys, which begin with the day they were entered: a new event has
/// the last number, and no other event gets another one.
#[derive(Debug)]
pub(super) struct Numbering<'a> {
    /// Events by number.
    pub(super) events: Vec<&'a Brief>,
    numbers: HashMap<&'a str, u32>,
    /// Numbers of each segment, oldest first; none is empty.
    pub(super) segments: Vec<Range<u32>>,
}

impl<'a> Numbering<'a> {
    pub(super) fn of(catalogue: &'a Catalogue, data_date: &str) -> Self {
        let mut events: Vec<&Brief> = catalogue.events.iter().collect();
        events.sort_by(|a, b| a.ev_id.cmp(&b.ev_id));
        let count = events.len() as u32;
        let year = data_date.get(..4).and_then(|year| year.parse::<u32>().ok());
        let since = year.map_or_else(String::new, |year| {
            format!("{:04}", (year + 1).saturating_sub(RECENT_YEARS))
        });
        let border = events.partition_point(|event| event.ev_id < since) as u32;
        let numbers = events
            .iter()
            .zip(0..)
            .map(|(event, n)| (event.ev_id.as_str(), n));
        Self {
            numbers: numbers.collect(),
            segments: [0..border, border..count]
                .into_iter()
                .filter(|segment| !segment.is_empty())
                .collect(),
            events,
        }
    }

    /// The number of an event.
    pub(super) fn number(&self, ev_id: &str) -> Option<u32> {
        self.numbers.get(ev_id).copied()
    }

    /// The segment of a number, and the number within it.
    pub(super) fn place(&self, number: u32) -> (usize, u32) {
        let at = self
            .segments
            .partition_point(|segment| segment.end <= number);
        (at, number - self.segments[at].start)
    }

    /// The events of a segment.
    pub(super) fn segment(&self, at: usize) -> &[&'a Brief] {
        let Range { start, end } = self.segments[at];
        &self.events[start as usize..end as usize]
    }
}
