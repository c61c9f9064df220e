//! What the events of a page have in common.

use crate::record::{Brief, Catalogue, Craft};

/// What the events of a page have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The state they happened in.
    State,
    /// Make and model of an aircraft.
    Aircraft,
    /// The nearest airport.
    Airport,
    /// The CAST/ICAO category of the occurrence that defines them.
    Cause,
}

impl Kind {
    /// Folder of its pages.
    pub fn folder(self) -> &'static str {
        match self {
            Self::State => "states",
            Self::Aircraft => "aircraft",
            Self::Airport => "airports",
            Self::Cause => "causes",
        }
    }

    /// What its list is called.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::State => "States",
            Self::Aircraft => "Aircraft types",
            Self::Airport => "Airports",
            Self::Cause => "Causes",
        }
    }

    /// The link to its list.
    pub(super) fn all(self) -> &'static str {
        match self {
            Self::State => "All states",
            Self::Aircraft => "All types",
            Self::Airport => "All airports",
            Self::Cause => "All causes",
        }
    }

    pub(super) fn about(self) -> &'static str {
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
            Self::Cause => "Events by the category of the occurrence that defines them.",
        }
    }

    /// Columns of `explore` that say which group a row belongs to.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::State => &["ev_state"],
            Self::Aircraft => &["acft_make", "acft_model"],
            Self::Airport => &["apt_id"],
            Self::Cause => &["cictt_code"],
        }
    }
}

/// Events of one state, type, airport or category.
#[derive(Debug, Clone)]
pub struct Group {
    /// What they have in common.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its page, relative to the root.
    pub path: String,
    /// The values of [`Kind`]'s columns that its events have.
    pub values: Vec<String>,
    /// Parameters of the explore page that find the same; none if it has no such filter.
    pub choices: Vec<(&'static str, String)>,
    /// Positions in the catalogue, oldest first.
    pub events: Vec<usize>,
}

impl Group {
    pub(super) fn briefs<'a>(&self, catalogue: &'a Catalogue) -> impl Iterator<Item = &'a Brief> {
        self.events.iter().map(|&at| &catalogue.events[at])
    }

    /// Whether an aircraft is what the group is about; of a place, all are.
    pub(super) fn means(&self, craft: &Craft) -> bool {
        let is = |value: &Option<String>, at: usize| value.as_ref() == self.values.get(at);
        match self.kind {
            Kind::State | Kind::Airport => true,
            Kind::Aircraft => is(&craft.make, 0) && is(&craft.model, 1),
            Kind::Cause => is(&craft.cictt, 0),
        }
    }

    /// The query behind its numbers.
    pub(super) fn sql(&self) -> String {
        let conditions: Vec<String> = std::iter::zip(self.kind.columns(), &self.values)
            .map(|(column, value)| format!("{column} = {}", crate::duck::literal(value)))
            .collect();
        format!(
            "SELECT\n    ev_type,\n    count(DISTINCT ev_id) AS events,\n    \
             count(DISTINCT ev_id) FILTER (WHERE ev_highest_injury = 'FATL') AS fatal\n\
             FROM explore\nWHERE {}\nGROUP BY ev_type\nORDER BY ev_type",
            conditions.join(" AND ")
        )
    }
}
