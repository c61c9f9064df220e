//! All events in short form, and which belong together.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::Result;
use dataset::manifest::Manifest;
use rayon::prelude::*;

use super::table::{Files, Table, files};
use super::{Estimates, Similar};

/// Events shown beside one for each reason.
const SHOWN: usize = 4;

/// Serial numbers shorter than this are placeholders, as are those of more than
/// [`AIRFRAME_EVENTS`] events.
const SERIAL_LENGTH: usize = 3;
const AIRFRAME_EVENTS: usize = 12;

/// Columns of `explore`, `aircraft` and `events` that the short form is made of.
const EXPLORE: [&str; 25] = [
    "ev_id",
    "aircraft_key",
    "ev_type",
    "ev_date",
    "ev_city",
    "ev_state",
    "ev_country",
    "ev_highest_injury",
    "ev_nr_apt_loc",
    "fatalities",
    "ntsb_no",
    "apt_id",
    "status",
    "latitude",
    "longitude",
    "coordinate_source",
    "regis_no",
    "acft_make",
    "acft_model",
    "acft_make_raw",
    "acft_model_raw",
    "acft_category",
    "far_part",
    "phase",
    "cictt_code",
];
const AIRCRAFT: [&str; 3] = ["ev_id", "aircraft_key", "acft_serial_no"];
const EVENTS: [&str; 2] = ["ev_id", "apt_dist"];

/// An event in short.
#[derive(Debug, Clone, Default)]
pub struct Brief {
    /// Key.
    pub ev_id: String,
    /// NTSB number.
    pub ntsb_no: Option<String>,
    /// `ACC`, `INC` or what else there is.
    pub kind: String,
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Place as typed.
    pub city: Option<String>,
    /// State code.
    pub state: Option<String>,
    /// Country code.
    pub country: Option<String>,
    /// Code of the nearest airport.
    pub airport: Option<String>,
    /// Statute miles from it, as recorded.
    pub airport_distance: Option<f64>,
    /// Code of where it happened: on or off the airport.
    pub on_airport: Option<String>,
    /// Code of the highest injury.
    pub injury: Option<String>,
    /// Killed in the event.
    pub fatalities: i64,
    /// Whether the probable cause is known.
    pub closed: bool,
    /// Latitude, longitude and how they were read.
    pub place: Option<(f64, f64, String)>,
    /// The aircraft.
    pub aircraft: Vec<Craft>,
}

/// An aircraft in short.
#[derive(Debug, Clone, Default)]
pub struct Craft {
    /// `aircraft_key`.
    pub key: i64,
    /// Registration, if it is one.
    pub tail: Option<String>,
    /// Make under one spelling.
    pub make: Option<String>,
    /// Model under one spelling.
    pub model: Option<String>,
    /// Make and model as typed, if they are spelt otherwise.
    pub spelling: Option<String>,
    /// Category: airplane, helicopter, glider.
    pub category: Option<String>,
    /// Serial number as typed.
    pub serial: Option<String>,
    /// FAR part.
    pub far_part: Option<String>,
    /// Phase of flight of the defining occurrence.
    pub phase: Option<String>,
    /// CAST/ICAO category of the defining occurrence.
    pub cictt: Option<String>,
}

impl Brief {
    /// First four digits of the date.
    pub fn year(&self) -> &str {
        self.date.get(..4).unwrap_or_default()
    }

    /// Month of the date, two digits.
    pub fn month(&self) -> &str {
        self.date.get(5..7).unwrap_or_default()
    }

    /// What happened, in one or two words.
    pub fn outcome(&self) -> &'static str {
        match (self.kind.as_str(), self.injury.as_deref()) {
            ("ACC", Some("FATL")) => "Fatal accident",
            ("ACC", _) => "Accident",
            ("INC", _) => "Incident",
            _ => "Event",
        }
    }

    /// Place and state, or country.
    pub fn where_(&self) -> String {
        let region = match (self.state.as_deref(), self.country.as_deref()) {
            (Some(state), _) if state != "OF" => Some(state.to_owned()),
            (_, Some(code)) if code != "USA" => Some(
                super::codes::meaning("ev_country", code)
                    .unwrap_or(code)
                    .to_owned(),
            ),
            _ => None,
        };
        let parts: Vec<String> = self.city.iter().cloned().chain(region).collect();
        if parts.is_empty() {
            "a place not recorded".to_owned()
        } else {
            parts.join(", ")
        }
    }

    /// Make, model and registration of each aircraft.
    pub fn crafts(&self) -> String {
        let names: Vec<String> = self.aircraft.iter().map(Craft::name).collect();
        names.join("; ")
    }

    /// Date, place and outcome.
    pub fn line(&self) -> String {
        format!(
            "{}, {}: {}",
            self.date,
            self.where_(),
            self.outcome().to_lowercase()
        )
    }
}

impl Craft {
    /// Make, model and registration.
    pub fn name(&self) -> String {
        let parts = [&self.make, &self.model, &self.tail];
        let parts: Vec<&str> = parts.into_iter().filter_map(|p| p.as_deref()).collect();
        if parts.is_empty() {
            "Aircraft not named".to_owned()
        } else {
            parts.join(" ")
        }
    }
}

/// A registration in the form it is looked up by; nothing if the text is none.
pub(super) fn tail(text: &str) -> Option<String> {
    let tail = bare(text);
    let sound = tail.len() >= 3
        && tail.len() <= 10
        && ![
            "NONE",
            "UNK",
            "UNKNOWN",
            "UNREG",
            "UNREGISTER",
            "UNREGISTERED",
        ]
        .contains(&tail.as_str());
    sound.then_some(tail)
}

/// Letters and digits in upper case: what is left when spelling varies.
fn bare(text: &str) -> String {
    let plain = text.chars().filter(char::is_ascii_alphanumeric);
    plain.map(|c| c.to_ascii_uppercase()).collect()
}

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

/// Rows of `explore` are aircraft: those of one event become one.
fn briefs(explore: &Table, aircraft: &Table, events: &Table) -> Vec<Brief> {
    let mut briefs: Vec<Brief> = Vec::new();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for row in 0..explore.rows() {
        let Some(ev_id) = explore.str("ev_id", row) else {
            continue;
        };
        let at = *seen.entry(ev_id).or_insert_with(|| {
            let mut brief = brief(explore, row, ev_id);
            let mut own = events.of_event(ev_id).iter();
            brief.airport_distance = own.find_map(|&row| events.float("apt_dist", row));
            briefs.push(brief);
            briefs.len() - 1
        });
        if let Some(key) = explore.int("aircraft_key", row) {
            let serial = aircraft
                .of_event(ev_id)
                .iter()
                .find(|&&row| aircraft.int("aircraft_key", row) == Some(key))
                .and_then(|&row| owned(aircraft, "acft_serial_no", row));
            briefs[at].aircraft.push(Craft {
                key,
                tail: explore.str("regis_no", row).and_then(tail),
                make: owned(explore, "acft_make", row),
                model: owned(explore, "acft_model", row),
                spelling: spelling(explore, row),
                category: owned(explore, "acft_category", row),
                serial,
                far_part: owned(explore, "far_part", row),
                phase: owned(explore, "phase", row),
                cictt: owned(explore, "cictt_code", row),
            });
        }
    }
    briefs
}

/// Make and model as typed, if they differ from what they count under in more than case.
fn spelling(explore: &Table, row: usize) -> Option<String> {
    let join = |make, model| {
        let parts = [make, model].map(|column| explore.str(column, row).unwrap_or_default().trim());
        parts.join(" ").trim().to_uppercase()
    };
    let raw = join("acft_make_raw", "acft_model_raw");
    (!raw.is_empty() && raw != join("acft_make", "acft_model")).then_some(raw)
}

fn brief(explore: &Table, row: usize, ev_id: &str) -> Brief {
    let text = |column| owned(explore, column, row);
    let place = explore
        .float("latitude", row)
        .zip(explore.float("longitude", row))
        .map(|(lat, lon)| (lat, lon, text("coordinate_source").unwrap_or_default()));
    Brief {
        ev_id: ev_id.to_owned(),
        ntsb_no: text("ntsb_no"),
        kind: text("ev_type").unwrap_or_default(),
        date: text("ev_date").unwrap_or_default(),
        city: text("ev_city"),
        state: text("ev_state"),
        country: text("ev_country"),
        airport: text("apt_id"),
        airport_distance: None,
        on_airport: text("ev_nr_apt_loc"),
        injury: text("ev_highest_injury"),
        fatalities: explore.int("fatalities", row).unwrap_or_default(),
        closed: explore.str("status", row) == Some("closed"),
        place,
        aircraft: Vec::new(),
    }
}

fn owned(table: &Table, column: &str, row: usize) -> Option<String> {
    table.text(column, row).map(std::borrow::Cow::into_owned)
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

    #[test]
    fn placeholders_are_no_registrations() {
        assert_eq!(tail("n123ab"), Some("N123AB".to_owned()));
        assert_eq!(tail("C-GABC"), Some("CGABC".to_owned()));
        for text in ["UNK", "none", "", "N", "<script>alert(1)"] {
            assert_eq!(tail(text), None, "{text}");
        }
    }
}
