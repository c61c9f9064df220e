//! What the lake holds of one event, put together aircraft by aircraft.
//!
//! [`EventRecord`] is one struct for three readers: it is the JSON of the API, what the browser
//! draws a page from, and what the pre-rendered page shows. [`chunk`] reads the lake a decade and
//! a year at a time and hands over one record after the other; [`Catalogue`] is the short form of
//! all events, for lists and for what one event has to do with others.

mod brief;
mod catalogue;
pub mod chunk;
mod codes;
mod estimate;
mod fields;
mod findings;
pub mod map;
mod table;
pub mod texts;
mod year;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

pub use brief::{Brief, Craft};
pub use catalogue::Catalogue;
pub use estimate::{ClassEstimate, Estimate, Estimates};
pub use fields::labels;

/// Version of the JSON form; readers refuse a newer one.
pub const FORMAT: u32 = 1;

/// Everything published about one event.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EventRecord<'a> {
    /// `events.ev_id`, the only key that is unique.
    pub ev_id: &'a str,
    /// `events.ntsb_no`, else that of the first aircraft; missing before 1982.
    pub ntsb_no: Option<&'a str>,
    /// What happened, where and when, in one line.
    pub title: String,
    /// Registrations, outcome and state of the investigation in one sentence.
    pub summary: String,
    /// Code of the highest injury.
    pub injury: Option<&'a str>,
    /// Time, place and kind of the event.
    pub facts: Vec<Fact<'a>>,
    /// Where on the map, and how the coordinates were read.
    pub place: Option<Place<'a>>,
    /// Casualties of the whole event.
    pub injuries: Vec<Fact<'a>>,
    /// Weather and light.
    pub weather: Vec<Fact<'a>>,
    /// The weather report as it was filed.
    pub metar: Option<&'a str>,
    /// What the severity model makes of it; missing if it has learned from that year.
    pub estimate: Option<&'a Estimate>,
    /// The aircraft of the event, by `aircraft_key`.
    pub aircraft: Vec<AircraftRecord<'a>>,
    /// Columns that have no place of their own above.
    pub more: Vec<Fact<'a>>,
    /// Events like this one.
    pub similar: Vec<Similar<'a>>,
}

impl EventRecord<'_> {
    /// The day the NTSB last changed the record. Not that of the data as a whole: a page changes with
    /// its record, not with every other.
    pub fn last_changed(&self) -> Option<&str> {
        let mut facts = self.facts.iter();
        let changed = facts.find(|fact| fact.column == "lchg_date")?;
        Some(&changed.value)
    }
}

/// A value of a column, as held and as meant. In JSON: `[column, value]` or
/// `[column, value, meaning]`; what a column is called is in the labels beside the buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<'a> {
    /// The NTSB's column.
    pub column: &'a str,
    /// What a reader calls it; the column if nobody gave it a name.
    pub label: &'a str,
    /// The value as held.
    pub value: Cow<'a, str>,
    /// What the code means, or how the value is read.
    pub meaning: Option<Cow<'a, str>>,
}

impl Serialize for Fact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.meaning {
            Some(meaning) => (self.column, &self.value, meaning).serialize(serializer),
            None => (self.column, &self.value).serialize(serializer),
        }
    }
}

impl JsonSchema for Fact<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Fact".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "prefixItems": [
                { "type": "string", "description": "The NTSB's column." },
                { "type": "string", "description": "The value as held." },
                { "type": "string", "description": "What a code means, or how the value is read." },
            ],
            "minItems": 2,
            "maxItems": 3,
        })
    }
}

/// A position.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Place<'a> {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// `explore.coordinate_source`.
    pub source: &'a str,
    /// The same in words.
    pub note: &'static str,
    /// Where it is on the map of the site; missing if that does not show it.
    pub dot: Option<[f64; 2]>,
}

/// One aircraft of an event.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AircraftRecord<'a> {
    /// `aircraft.aircraft_key`; 0 if what follows names no aircraft.
    pub key: i64,
    /// Make, model and registration.
    pub title: String,
    /// The registration in upper case, if it is one.
    pub tail: Option<String>,
    /// The aircraft.
    pub facts: Vec<Fact<'a>>,
    /// The flight.
    pub flight: Vec<Fact<'a>>,
    /// Columns that have no place of their own.
    pub more: Vec<Fact<'a>>,
    /// Persons hurt: category, level, count.
    pub injuries: Vec<Injury<'a>>,
    /// The engines.
    pub engines: Vec<Vec<Fact<'a>>>,
    /// The crew, without names.
    pub crew: Vec<Crew<'a>>,
    /// What happened, in order.
    pub sequence: Vec<Step<'a>>,
    /// What the investigation found, by category.
    pub findings: Vec<FindingGroup<'a>>,
    /// Probable cause and narratives.
    pub narratives: Vec<Narrative<'a>>,
}

/// Persons of one category hurt to one degree.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Injury<'a> {
    /// Decoded `inj_person_category`.
    pub category: Cow<'a, str>,
    /// Decoded `injury_level`.
    pub level: Cow<'a, str>,
    /// `inj_person_count`.
    pub count: Option<i64>,
}

/// A member of the crew.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Crew<'a> {
    /// `crew_no`.
    pub number: i64,
    /// What is known of the person and the certificates.
    pub facts: Vec<Fact<'a>>,
    /// Hours flown: of which kind, in which aircraft, how many.
    pub hours: Vec<Hours<'a>>,
}

/// Hours flown.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Hours<'a> {
    /// Decoded `flight_type`.
    pub kind: Cow<'a, str>,
    /// Decoded `flight_craft`.
    pub craft: Cow<'a, str>,
    /// `flight_hours`.
    pub hours: Cow<'a, str>,
}

/// A step of the sequence of events.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Step<'a> {
    /// Phase of flight.
    pub phase: Option<&'a str>,
    /// Occurrence.
    pub label: Option<&'a str>,
    /// CAST/ICAO category.
    pub cictt: Option<&'a str>,
    /// Height, in feet above the ground.
    pub altitude: Option<i64>,
    /// Whether the NTSB calls it the one that defines the accident.
    pub defining: bool,
    /// Codes of phase and occurrence.
    pub code: String,
}

/// Findings of one category.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingGroup<'a> {
    /// Category of the modern list, whatever the year.
    pub category: &'a str,
    /// In the order of the source.
    pub findings: Vec<Finding<'a>>,
}

impl Finding<'_> {
    /// Whether the Board named it as a cause.
    pub fn is_cause(&self) -> bool {
        self.role == Some("cause") || (self.role.is_none() && self.in_probable_cause == Some(true))
    }

    /// What it is about: group and subject, or the subject of the older list.
    pub fn subject(&self) -> String {
        let levels = if self.modern { 2 } else { 1 };
        let known = self.path.iter().filter(|part| **part != "(general)");
        let subject = known.take(levels).copied().collect::<Vec<_>>().join(": ");
        if self.modern {
            return subject;
        }
        // The older list is in capitals.
        let mut characters = subject.chars();
        let first = characters.next().into_iter();
        first
            .chain(characters.flat_map(char::to_lowercase))
            .collect()
    }
}

/// One finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Finding<'a> {
    /// Whether it is from the list in use since 2008, whose second level is a group of subjects.
    #[serde(skip)]
    pub modern: bool,
    /// From the general to the particular.
    pub path: Vec<&'a str>,
    /// `cause`, `factor` or the flag as held; missing if there is none.
    pub role: Option<&'a str>,
    /// Whether it is part of the probable cause; unknown in some years.
    pub in_probable_cause: Option<bool>,
    /// The code.
    pub code: &'a str,
}

/// A text of the record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Narrative<'a> {
    /// The NTSB's column.
    pub column: &'static str,
    /// What it is.
    pub label: &'static str,
    /// Its paragraphs.
    pub paragraphs: Vec<&'a str>,
}

/// Another event, and why it is shown.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Similar<'a> {
    /// Key of the event.
    pub ev_id: &'a str,
    /// Date, place and outcome.
    pub title: String,
    /// What both have in common.
    pub because: &'static str,
}
