//! Lists of events by year and month, and what lists have in common.

mod lists;
mod points;
mod profile;
mod tail;

use super::{Shell, format};
use crate::record::{Brief, Catalogue};

pub use self::lists::{index, month, year};
pub use self::profile::{Beside, Categories, Group, Kind, categories, groups, open_years, profile};
pub(crate) use self::profile::{cause_path, occurrence};
pub use self::tail::page as tail;

/// A row of a list.
pub(super) struct EventRow {
    pub(super) date: String,
    pub(super) href: String,
    /// NTSB number, else the key.
    pub(super) name: String,
    pub(super) place: String,
    pub(super) aircraft: String,
    pub(super) outcome: &'static str,
    /// Class of the mark that stands beside the outcome.
    pub(super) mark: &'static str,
    pub(super) killed: i64,
    pub(super) open: bool,
}

pub(super) fn row(shell: &Shell, event: &Brief) -> EventRow {
    EventRow {
        date: event.date.clone(),
        href: shell.event(&event.ev_id),
        name: event.ntsb_no.as_ref().unwrap_or(&event.ev_id).clone(),
        place: event.where_(),
        aircraft: event.crafts(),
        outcome: event.outcome(),
        mark: match event.injury.as_deref() {
            Some("FATL") => "fatl",
            Some("SERS") => "sers",
            Some("MINR") => "minr",
            _ => "none",
        },
        killed: event.fatalities,
        open: !event.closed,
    }
}

/// The newest events.
pub(super) fn newest(shell: &Shell, catalogue: &Catalogue, count: usize) -> Vec<EventRow> {
    let newest = catalogue.events.iter().rev().take(count);
    newest.map(|event| row(shell, event)).collect()
}

/// How many there are of what; accidents and incidents are never added up.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub(crate) events: u64,
    pub(crate) accidents: u64,
    pub(crate) fatal: u64,
    pub(crate) killed: u64,
    pub(crate) incidents: u64,
    /// Accidents in the United States: of others the NTSB publishes no cause.
    pub(crate) at_home: u64,
    /// Those of them without a probable cause yet.
    pub(crate) open: u64,
}

impl Tally {
    pub(crate) fn of<'a>(events: impl IntoIterator<Item = &'a Brief>) -> Self {
        let mut tally = Self::default();
        for event in events {
            tally.add(event);
        }
        tally
    }

    pub(crate) fn add(&mut self, event: &Brief) {
        self.events += 1;
        match event.kind.as_str() {
            "ACC" => {
                self.accidents += 1;
                if event.country.as_deref() == Some("USA") {
                    self.at_home += 1;
                    self.open += u64::from(!event.closed);
                }
                if event.injury.as_deref() == Some("FATL") {
                    self.fatal += 1;
                    self.killed += event.fatalities.unsigned_abs();
                }
            }
            "INC" => self.incidents += 1,
            _ => {}
        }
    }

    fn view(self) -> TallyView {
        TallyView {
            accidents: format::thousands(self.accidents),
            fatal: format::thousands(self.fatal),
            fatal_share: format::share(self.fatal, self.accidents),
            killed: format::thousands(self.killed),
            incidents: format::thousands(self.incidents),
        }
    }
}

/// A tally as shown.
pub(super) struct TallyView {
    accidents: String,
    fatal: String,
    fatal_share: String,
    killed: String,
    incidents: String,
}

/// A tally with a name and, perhaps, a page behind it.
pub(super) struct TallyRow {
    name: String,
    href: Option<String>,
    /// The accidents in explore.
    accidents: Option<String>,
    tally: TallyView,
    /// Whether its cases are still coming in.
    filling_in: bool,
}

/// Reports arrive late and cases close after about two years.
fn filling_in(shell: &Shell, year: &str, tally: Tally) -> bool {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u64>().ok());
    super::home::is_filling_in(
        number(Some(year)).unwrap_or_default(),
        tally.at_home,
        tally.open,
        number(shell.data_date.get(..4)),
    )
}
