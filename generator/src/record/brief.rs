//! An event in short: what lists, finder and neighbours show of it.

use std::collections::HashMap;

use super::table::Table;

/// Columns of `explore`, `aircraft` and `events` that the short form is made of.
pub(super) const EXPLORE: [&str; 25] = [
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
pub(super) const AIRCRAFT: [&str; 3] = ["ev_id", "aircraft_key", "acft_serial_no"];
pub(super) const EVENTS: [&str; 2] = ["ev_id", "apt_dist"];

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
pub(super) fn bare(text: &str) -> String {
    let plain = text.chars().filter(char::is_ascii_alphanumeric);
    plain.map(|c| c.to_ascii_uppercase()).collect()
}

/// Rows of `explore` are aircraft: those of one event become one.
pub(super) fn briefs(explore: &Table, aircraft: &Table, events: &Table) -> Vec<Brief> {
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

    #[test]
    fn placeholders_are_no_registrations() {
        assert_eq!(tail("n123ab"), Some("N123AB".to_owned()));
        assert_eq!(tail("C-GABC"), Some("CGABC".to_owned()));
        for text in ["UNK", "none", "", "N", "<script>alert(1)"] {
            assert_eq!(tail(text), None, "{text}");
        }
    }
}
