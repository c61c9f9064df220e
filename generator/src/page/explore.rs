//! The explore page: a form whose answers the browser computes.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use askama::Template;
use dataset::explore::{COLUMNS, ColumnType, ExploreColumn};
use dataset::url_state::PARAMETERS;
use serde::Serialize;

use super::figure::Lookup;
use super::{Frame, PageFile, Rendered, Shell, render};
use crate::stage::emit::Inputs;
use crate::text::MONTHS;

/// Filters offered in the form: element id, parameter of the link, whether it shows at once.
const FILTERS: [(&str, &str, bool); 20] = [
    ("f-country", "country", true),
    ("f-state", "state", true),
    ("f-make", "make", true),
    ("f-severity", "sev", true),
    ("f-type", "type", true),
    ("f-category", "cat", true),
    ("f-far-part", "far", false),
    ("f-purpose", "purpose", false),
    ("f-phase", "phase", false),
    ("f-occurrence", "occ", false),
    ("f-cictt", "cictt", false),
    ("f-cause", "cause", false),
    ("f-damage", "dmg", false),
    ("f-light", "light", false),
    ("f-weather", "wx", false),
    ("f-weekday", "dow", false),
    ("f-airport", "apt", false),
    ("f-gear", "gear", false),
    ("f-certificate", "cert", false),
    ("f-status", "status", false),
];

/// Codes a drop-down offers before the browser knows which of them occur.
const OFFERED: usize = 60;

/// Columns the chart may count by.
const GROUPS: [&str; 13] = [
    "ev_year",
    "ev_month",
    "ev_dow",
    "ev_hour",
    "ev_state",
    "acft_make",
    "acft_category",
    "far_part",
    "phase",
    "cictt_code",
    "cause_category",
    "ev_highest_injury",
    "wx_cond_basic",
];

/// Numbers the chart may count in bins: as in a link, and what a reader sees.
const BINS: [(&str, &str); 5] = [
    ("pilot_hours:500", "Pilot’s hours, in bins of 500"),
    ("crew_age:5", "Pilot’s age, in bins of 5"),
    ("acft_age:5", "Aircraft’s age, in bins of 5"),
    ("wind_vel_kts:5", "Wind (kt), in bins of 5"),
    ("fatalities:1", "Deaths in the event"),
];

/// Forms of the result as a file, and what they are called.
const DOWNLOADS: [(&str, &str); 5] = [
    ("csv", "CSV"),
    ("json", "JSON"),
    ("geojson", "GeoJSON"),
    ("parquet", "Parquet"),
    ("arrow", "Arrow"),
];

/// Searches to start from: link and what it asks.
const CANNED: [(&str, &str); 9] = [
    (
        "sev=FATL&wx=IMC&by=phase",
        "Fatal events in instrument conditions, by phase of flight",
    ),
    (
        "text=carburetor+ice&by=ev_month",
        "“Carburetor” and “ice” in the narrative, by month",
    ),
    (
        "any=make:CESSNA,PIPER,BEECH&by=acft_make,ev_highest_injury",
        "Cessna, Piper and Beech, by make and injury",
    ),
    (
        "built=Y&by=pilot_hours:500",
        "Amateur-built aircraft, by the pilot’s hours",
    ),
    (
        "cat=HELI&by=phase,ev_highest_injury",
        "Helicopters, by phase and injury",
    ),
    ("state=AK&by=ev_month", "Alaska through the year"),
    (
        "sev=FATL&box=36.5,-109.2,41.2,-101.9&view=map&at=38.9,-105.5,6",
        "Fatal events around the Rocky Mountains of Colorado, on a map",
    ),
    (
        "light=NITE,NDRK&vs=light%3DDAYL",
        "Night against day, by year",
    ),
    (
        "type=ACC&none=sev:NONE,MINR&far=121",
        "Airliners: accidents with serious injuries or worse",
    ),
];

#[derive(Template)]
#[template(path = "explore.html")]
struct Explore<'a> {
    frame: Frame<'a>,
    first_year: u64,
    last_year: u64,
    filters: Vec<Filter>,
    more: Vec<Filter>,
    groups: Vec<(&'static str, &'static str)>,
    canned: &'static [(&'static str, &'static str)],
    downloads: [(&'static str, &'static str); 5],
    labels: String,
    meaning: String,
}

/// A drop-down; values without a code list are filled in by the browser.
struct Filter {
    id: &'static str,
    parameter: &'static str,
    column: &'static str,
    label: &'static str,
    codes: Codes,
}

impl Filter {
    /// What is offered before the data is read: a list too long to choose from is not.
    fn offered(&self) -> &[(String, String)] {
        if self.codes.len() > OFFERED {
            &[]
        } else {
            &self.codes
        }
    }
}

/// Codes and their meanings in the order they are offered.
type Codes = Vec<(String, String)>;

/// What the page's script shows instead of column names and codes.
#[derive(Serialize)]
struct Labels {
    /// Heading by column.
    columns: BTreeMap<&'static str, &'static str>,
    /// Meaning by column and code.
    codes: BTreeMap<&'static str, BTreeMap<String, String>>,
    /// Column by parameter of the link.
    parameters: BTreeMap<&'static str, &'static str>,
}

/// What a download is told with: columns as the data page explains them, and where they are from.
#[derive(Serialize)]
struct Meaning<'a> {
    site: &'a str,
    data_date: &'a str,
    columns: Vec<ColumnMeaning>,
}

#[derive(Serialize)]
struct ColumnMeaning {
    name: &'static str,
    label: &'static str,
    #[serde(rename = "type")]
    kind: ColumnType,
    about: &'static str,
}

/// # Errors
/// If the summary figure is missing or a filter names an unknown column.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "explore/",
        title: "Explore",
        description: "Filter every event by year, place, aircraft, phase, weather and severity; \
                      count, chart, share and download the result.",
    };
    let summary = Lookup::find(&inputs.figures, "summary")?;
    let states = states(Lookup::find(&inputs.figures, "states")?)?;
    let labels = serde_json::to_string(&labels(&states)).context("writing the labels")?;
    let labels = PageFile::hashed("explore/labels", "json", labels);
    let meaning = serde_json::to_string(&meaning(shell)).context("writing the meanings")?;
    let meaning = PageFile::hashed("explore/meaning", "json", meaning);
    let filters = |shown: bool| {
        FILTERS
            .iter()
            .filter(|(_, _, at_once)| *at_once == shown)
            .map(|&(id, parameter, _)| filter(id, parameter, &states))
            .collect::<Result<Vec<_>>>()
    };
    let page = Explore {
        frame: frame.clone(),
        first_year: summary.single("first_year")?,
        last_year: summary.single("last_year")?,
        filters: filters(true)?,
        more: filters(false)?,
        groups: groups()?,
        canned: &CANNED,
        downloads: DOWNLOADS,
        labels: shell.site.url(&labels.path),
        meaning: shell.site.url(&meaning.path),
    };
    render(&frame, &page, vec![labels, meaning])
}

fn meaning(shell: &Shell) -> Meaning<'_> {
    let columns = COLUMNS.iter().map(|column| ColumnMeaning {
        name: column.name,
        label: column.label,
        kind: column.kind,
        about: column.about,
    });
    Meaning {
        site: &shell.title,
        data_date: &shell.data_date,
        columns: columns.collect(),
    }
}

/// What the chart may count by: columns, then numbers in bins.
fn groups() -> Result<Vec<(&'static str, &'static str)>> {
    let columns = GROUPS
        .iter()
        .map(|name| column(name).map(|column| (column.name, column.label)));
    columns.chain(BINS.map(Ok)).collect()
}

fn filter(id: &'static str, parameter: &'static str, states: &Codes) -> Result<Filter> {
    let (_, name) = PARAMETERS
        .iter()
        .find(|(known, _)| *known == parameter)
        .with_context(|| format!("links have no parameter `{parameter}`"))?;
    let column = column(name)?;
    Ok(Filter {
        id,
        parameter,
        column: column.name,
        label: column.label,
        codes: codes(column, states),
    })
}

fn column(name: &str) -> Result<&'static ExploreColumn> {
    dataset::explore::column(name).with_context(|| format!("table explore has no column `{name}`"))
}

/// Codes and meanings of a column, as the NTSB's dictionary has them.
fn codes(column: &ExploreColumn, states: &Codes) -> Codes {
    match column.name {
        "ev_state" => states.clone(),
        "ev_country" => owned(dataset::codes::countries().map(|[code, name]| (code, name))),
        "ev_month" => (1..)
            .zip(MONTHS)
            .map(|(month, name): (u32, &str)| (month.to_string(), name.to_owned()))
            .collect(),
        _ => owned(
            column
                .codes
                .map(|(table, name)| dataset::codes::labels(table, name))
                .unwrap_or_default(),
        ),
    }
}

fn owned<'a>(codes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Codes {
    codes
        .into_iter()
        .map(|(code, meaning)| (code.to_owned(), meaning.to_owned()))
        .collect()
}

/// The states by name. The NTSB's own list of codes also has countries and oceans; they are
/// offered when they occur.
fn states(figure: Lookup) -> Result<Codes> {
    let mut states: Codes =
        std::iter::zip(figure.texts("ev_state")?, figure.texts("state_name")?).collect();
    states.sort_by(|a, b| a.1.cmp(&b.1));
    // In use, but in no list of codes.
    states.push(("OF".to_owned(), "Outside the United States".to_owned()));
    Ok(states)
}

fn labels(states: &Codes) -> Labels {
    Labels {
        columns: COLUMNS.iter().map(|c| (c.name, c.label)).collect(),
        codes: COLUMNS
            .iter()
            .map(|column| (column.name, codes(column, states).into_iter().collect()))
            .filter(|(_, codes): &(_, BTreeMap<_, _>)| !codes.is_empty())
            .collect(),
        parameters: PARAMETERS.iter().copied().collect(),
    }
}

#[cfg(test)]
mod tests {
    use dataset::url_state::ExploreState;

    use super::*;

    #[test]
    fn searches_and_bins_are_understood() {
        let bins = BINS.map(|(value, _)| format!("by={value}"));
        let canned = CANNED.map(|(link, _)| link.to_owned());
        for link in bins.iter().chain(&canned) {
            let decoded = ExploreState::decode(link);
            assert_eq!(decoded.notices, Vec::<String>::new(), "{link}");
            assert_ne!(decoded.state, ExploreState::default(), "{link}");
        }
    }

    #[test]
    fn every_filter_and_group_is_a_column() {
        for (id, parameter, _) in FILTERS {
            assert!(filter(id, parameter, &Codes::new()).is_ok(), "{parameter}");
        }
        for name in GROUPS {
            assert!(column(name).unwrap().facet, "{name}");
        }
    }
}
