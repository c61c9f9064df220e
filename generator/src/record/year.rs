//! One event from the rows of its tables.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::fields::{self, Field, Kind};
use super::table::Table;
use super::{
    AircraftRecord, Brief, Catalogue, Crew, EventRecord, Fact, Hours, Injury, Narrative, Place,
    Step, codes, findings,
};

/// Tables of a chunk, by name; absent ones are empty.
pub(super) trait Tables {
    fn table(&self, name: &str) -> &Table;
}

/// Columns that say where a row belongs, or that repeat another.
const KEYS: [&str; 8] = [
    "ev_id",
    "aircraft_key",
    "crew_no",
    "eng_no",
    "ev_year",
    "ev_month",
    "ev_dow",
    "metar",
];

/// Columns of texts, in the order they are shown in.
pub(super) const NARRATIVES: [(&str, &str); 4] = [
    ("narr_cause", "Probable cause"),
    ("narr_accf", "Analysis or final narrative"),
    ("narr_accp", "Factual or preliminary narrative"),
    ("narr_inc", "Narrative of the incident"),
];

/// Facts with the places their fields give them.
#[derive(Default)]
struct Facts<'a>(Vec<(Option<&'static Field>, Fact<'a>)>);

impl<'a> Facts<'a> {
    /// All columns of a row.
    fn row(&mut self, name: &str, table: &'a Table, row: usize) {
        for (column, values) in table.columns() {
            let skipped = KEYS.contains(&column) || (column == "lchg_date" && name != "events");
            if !skipped && let Some(value) = values.text(row) {
                self.push(name, column, value);
            }
        }
    }

    /// The answers to multi-valued questions, which are rows.
    fn answers(&mut self, name: &str, table: &'a Table, rows: impl Iterator<Item = usize>) {
        for row in rows {
            if let Some((column, value)) = table.str("col_name", row).zip(table.text("code", row)) {
                self.push(name, column, value);
            }
        }
    }

    fn push(&mut self, table: &str, column: &'a str, value: Cow<'a, str>) {
        let field = fields::find(table, column);
        let meaning = match field.map_or(Kind::Code, |field| field.kind) {
            Kind::Code => codes::meaning(column, &value).map(Cow::Borrowed),
            Kind::Clock => clock(&value).map(Cow::Owned),
            Kind::Year if value == "0" => Some(Cow::Borrowed("not recorded")),
            Kind::Plain | Kind::Year => None,
        };
        let fact = Fact {
            column: field.map_or(column, |field| field.column),
            label: field.map_or(column, |field| field.label),
            value,
            meaning: meaning.filter(|meaning| !meaning.is_empty()),
        };
        self.0.push((field, fact));
    }

    /// Takes out the facts of a section, in the order of the list of fields.
    fn take(&mut self, section: &str) -> Vec<Fact<'a>> {
        let (mut taken, left) = std::mem::take(&mut self.0)
            .into_iter()
            .partition::<Vec<_>, _>(|(field, _)| {
                field.map_or("more", |field| field.section) == section
            });
        self.0 = left;
        taken.sort_by_key(|(field, _)| field.map(|field| field.order));
        taken.into_iter().map(|(_, fact)| fact).collect()
    }
}

/// `917` → `09:17`. The source writes 0 for midnight and for what nobody noted.
fn clock(value: &str) -> Option<String> {
    let minutes: u32 = value.parse().ok()?;
    match (minutes / 100, minutes % 100) {
        (0, 0) => Some("00:00, or not recorded".to_owned()),
        (hour @ 0..24, minute @ 0..60) => Some(format!("{hour:02}:{minute:02}")),
        _ => None,
    }
}

/// Puts one event together.
pub(super) fn record<'a>(
    tables: &'a impl Tables,
    catalogue: &'a Catalogue,
    brief: &'a Brief,
) -> EventRecord<'a> {
    let ev_id = brief.ev_id.as_str();
    let (events, admin) = (tables.table("events"), tables.table("ntsb_admin"));
    let mut facts = Facts::default();
    for &row in events.of_event(ev_id) {
        facts.row("events", events, row);
    }
    let answers = tables.table("dt_events");
    facts.answers("events", answers, answers.of_event(ev_id).iter().copied());
    for &row in admin.of_event(ev_id) {
        facts.row("ntsb_admin", admin, row);
    }
    let metar = |&row: &usize| events.str("metar", row);
    EventRecord {
        ev_id,
        ntsb_no: brief.ntsb_no.as_deref(),
        title: format!("{} at {}, {}", brief.outcome(), brief.where_(), brief.date),
        summary: summary(brief),
        injury: brief.injury.as_deref(),
        facts: facts.take("facts"),
        place: place(brief),
        injuries: facts.take("injuries"),
        weather: facts.take("weather"),
        estimate: catalogue.estimates.of(ev_id),
        metar: events.of_event(ev_id).iter().find_map(metar),
        aircraft: keys(tables, ev_id)
            .into_iter()
            .map(|key| aircraft(tables, brief, key))
            .collect(),
        more: facts.take("more"),
        similar: catalogue.similar(ev_id),
    }
}

fn summary(brief: &Brief) -> String {
    let killed = match brief.fatalities {
        0 => "nobody killed".to_owned(),
        1 => "one person killed".to_owned(),
        n => format!("{n} persons killed"),
    };
    let state = if brief.closed {
        "the probable cause is published"
    } else {
        "no probable cause in these files"
    };
    let crafts = brief.crafts();
    if crafts.is_empty() {
        format!("No aircraft recorded; {killed}; {state}.")
    } else {
        format!("{crafts}; {killed}; {state}.")
    }
}

fn place(brief: &Brief) -> Option<Place<'_>> {
    let (latitude, longitude, source) = brief.place.as_ref()?;
    Some(Place {
        latitude: *latitude,
        longitude: *longitude,
        source,
        dot: super::map::dot(*latitude, *longitude),
        note: match source.as_str() {
            "decimal" => "decimal degrees of the record, as they are",
            "swap" => "latitude and longitude were interchanged in the record",
            "sign" => "a sign was wrong in the record",
            "packed_decimal" => "degrees, minutes and seconds were stored as a decimal number",
            "packed_string" => "read from the typed degrees, minutes and seconds",
            _ => "read from the record",
        },
    })
}

/// Aircraft keys in any table of the event: rows may speak of an aircraft that has no row itself.
fn keys(tables: &impl Tables, ev_id: &str) -> BTreeSet<i64> {
    const TABLES: [&str; 8] = [
        "aircraft",
        "engines",
        "flight_crew",
        "injury",
        "narratives",
        "occurrence_chain",
        "causes",
        "dt_aircraft",
    ];
    let mut keys = BTreeSet::new();
    for name in TABLES {
        let table = tables.table(name);
        let rows = table.of_event(ev_id).iter();
        keys.extend(rows.map(|&row| table.int("aircraft_key", row).unwrap_or_default()));
    }
    keys
}

/// Rows of an aircraft, in the order of the source.
fn rows(table: &Table, ev_id: &str, key: i64) -> Vec<usize> {
    let of_aircraft = |&row: &usize| table.int("aircraft_key", row).unwrap_or_default() == key;
    table
        .of_event(ev_id)
        .iter()
        .copied()
        .filter(of_aircraft)
        .collect()
}

fn aircraft<'a>(tables: &'a impl Tables, brief: &'a Brief, key: i64) -> AircraftRecord<'a> {
    let ev_id = brief.ev_id.as_str();
    let find = |name: &str| {
        let table = tables.table(name);
        (table, rows(table, ev_id, key))
    };
    let mut facts = Facts::default();
    let (own, own_rows) = find("aircraft");
    for &row in &own_rows {
        facts.row("aircraft", own, row);
    }
    let (answers, answer_rows) = find("dt_aircraft");
    facts.answers("aircraft", answers, answer_rows.into_iter());
    let craft = brief.aircraft.iter().find(|craft| craft.key == key);
    let (engines, engine_rows) = find("engines");
    let (injury, injury_rows) = find("injury");
    let (chain, chain_rows) = find("occurrence_chain");
    let (causes, cause_rows) = find("causes");
    let (texts, text_rows) = find("narratives");
    AircraftRecord {
        key,
        title: craft.map_or_else(|| "Aircraft not named".to_owned(), super::Craft::name),
        tail: craft.and_then(|craft| craft.tail.clone()),
        facts: facts.take("facts"),
        flight: facts.take("flight"),
        more: facts.take("more"),
        injuries: injury_rows
            .into_iter()
            .map(|row| persons(injury, row))
            .collect(),
        engines: engine_rows
            .into_iter()
            .map(|row| {
                let mut facts = Facts::default();
                facts.row("engines", engines, row);
                let mut all = facts.take("facts");
                all.extend(facts.take("more"));
                all
            })
            .collect(),
        crew: crew(tables, ev_id, key),
        sequence: chain_rows.into_iter().map(|row| step(chain, row)).collect(),
        findings: findings::groups(causes, &cause_rows),
        narratives: narratives(texts, &text_rows),
    }
}

fn persons(table: &Table, row: usize) -> Injury<'_> {
    Injury {
        category: decoded(table, "inj_person_category", row),
        level: decoded(table, "injury_level", row),
        count: table.int("inj_person_count", row),
    }
}

/// The meaning of a code, else the code.
fn decoded<'a>(table: &'a Table, column: &str, row: usize) -> Cow<'a, str> {
    let code = table.text(column, row).unwrap_or_default();
    match (column, codes::meaning(column, &code)) {
        // The dictionary lacks these two; the totals of the table make their sense plain.
        ("inj_person_category", None) if code.eq_ignore_ascii_case("Flig") => "Flight crew".into(),
        ("inj_person_category", None) if code.eq_ignore_ascii_case("Pass") => "Passengers".into(),
        ("injury_level", None) if code.eq_ignore_ascii_case("TOTL") => "Total".into(),
        (_, Some(meaning)) => meaning.into(),
        (_, None) => code,
    }
}

fn crew<'a>(tables: &'a impl Tables, ev_id: &str, key: i64) -> Vec<Crew<'a>> {
    let (crew, answers) = (tables.table("flight_crew"), tables.table("dt_flight_crew"));
    let times = tables.table("flight_time");
    let of = |table: &'a Table, number: i64| {
        let mut found = rows(table, ev_id, key);
        found.retain(|&row| table.int("crew_no", row).unwrap_or_default() == number);
        found
    };
    let mut members: Vec<Crew> = Vec::new();
    for row in rows(crew, ev_id, key) {
        let number = crew.int("crew_no", row).unwrap_or_default();
        let mut facts = Facts::default();
        facts.row("flight_crew", crew, row);
        facts.answers("flight_crew", answers, of(answers, number).into_iter());
        let mut all = facts.take("facts");
        all.extend(facts.take("more"));
        members.push(Crew {
            number,
            facts: all,
            hours: of(times, number)
                .into_iter()
                .map(|row| Hours {
                    kind: decoded(times, "flight_type", row),
                    craft: decoded(times, "flight_craft", row),
                    hours: times.text("flight_hours", row).unwrap_or_default(),
                })
                .collect(),
        });
    }
    members
}

fn step(chain: &Table, row: usize) -> Step<'_> {
    let codes = ["phase_code", "code"].map(|column| chain.str(column, row).unwrap_or_default());
    Step {
        phase: chain.str("phase", row),
        label: chain.str("label", row),
        cictt: chain.str("cictt", row),
        altitude: chain.int("altitude", row),
        defining: chain.bool("defining", row) == Some(true),
        code: codes.join(" ").trim().to_owned(),
    }
}

fn narratives<'a>(texts: &'a Table, rows: &[usize]) -> Vec<Narrative<'a>> {
    let mut found = Vec::new();
    for (column, label) in NARRATIVES {
        for text in rows.iter().filter_map(|&row| texts.str(column, row)) {
            found.push(Narrative {
                column,
                label,
                paragraphs: text
                    .split(['\r', '\n'])
                    .map(str::trim)
                    .filter(|paragraph| !paragraph.is_empty())
                    .flat_map(unbroken)
                    .collect(),
            });
        }
    }
    found
}

/// Browsers take minutes to break a word of a megabyte: a paragraph with a word longer than any
/// comes in parts.
fn unbroken(paragraph: &str) -> Vec<&str> {
    const LONGEST: usize = 2_000;
    let longest = paragraph.split_whitespace().map(str::len).max();
    if longest.unwrap_or_default() <= LONGEST {
        return vec![paragraph];
    }
    let mut parts = Vec::new();
    let mut rest = paragraph;
    while rest.len() > LONGEST {
        let (part, next) = rest.split_at(rest.floor_char_boundary(LONGEST));
        parts.push(part);
        rest = next;
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_without_end_are_cut() {
        let long = "A few words. ".repeat(1_000);
        assert_eq!(unbroken(&long), [long.as_str()]);
        let word = format!("before {}", "ä".repeat(5_000));
        let parts = unbroken(&word);
        assert_eq!(parts.len(), 6);
        assert_eq!(parts.concat(), word);
    }
}
