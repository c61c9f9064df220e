//! The explore page: a form whose answers the browser computes.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use askama::Template;
use dataset::explore::{COLUMNS, ExploreColumn};
use dataset::url_state::PARAMETERS;
use serde::Serialize;

use super::figure::Lookup;
use super::{Frame, PageFile, Rendered, Shell, render};
use crate::stage::emit::Inputs;

/// Filters offered in the form: element id, parameter of the link, whether it shows at once.
const FILTERS: [(&str, &str, bool); 13] = [
    ("f-state", "state", true),
    ("f-make", "make", true),
    ("f-severity", "sev", true),
    ("f-type", "type", true),
    ("f-category", "cat", true),
    ("f-far-part", "far", false),
    ("f-purpose", "purpose", false),
    ("f-phase", "phase", false),
    ("f-occurrence", "occ", false),
    ("f-damage", "dmg", false),
    ("f-light", "light", false),
    ("f-weather", "wx", false),
    ("f-status", "status", false),
];

/// Columns the chart may count by.
const GROUPS: [&str; 9] = [
    "ev_year",
    "ev_month",
    "ev_state",
    "acft_make",
    "acft_category",
    "far_part",
    "phase",
    "ev_highest_injury",
    "wx_cond_basic",
];

#[derive(Template)]
#[template(path = "explore.html")]
struct Explore<'a> {
    frame: Frame<'a>,
    first_year: u64,
    last_year: u64,
    filters: Vec<Filter>,
    more: Vec<Filter>,
    groups: Vec<&'static ExploreColumn>,
    labels: String,
}

/// A drop-down; values without a code list are filled in by the browser.
struct Filter {
    id: &'static str,
    parameter: &'static str,
    column: &'static str,
    label: &'static str,
    codes: Vec<(&'static str, &'static str)>,
}

/// What the page's script shows instead of column names and codes.
#[derive(Serialize)]
struct Labels {
    /// Heading by column.
    columns: BTreeMap<&'static str, &'static str>,
    /// Meaning by column and code.
    codes: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
    /// Column by parameter of the link.
    parameters: BTreeMap<&'static str, &'static str>,
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
    let labels = serde_json::to_string(&labels()).context("writing the labels")?;
    let labels = PageFile::hashed("explore/labels", "json", labels);
    let filters = |shown: bool| {
        FILTERS
            .iter()
            .filter(|(_, _, at_once)| *at_once == shown)
            .map(|&(id, parameter, _)| filter(id, parameter))
            .collect::<Result<Vec<_>>>()
    };
    let page = Explore {
        frame: frame.clone(),
        first_year: summary.single("first_year")?,
        last_year: summary.single("last_year")?,
        filters: filters(true)?,
        more: filters(false)?,
        groups: GROUPS
            .iter()
            .map(|name| column(name))
            .collect::<Result<_>>()?,
        labels: shell.site.url(&labels.path),
    };
    render(&frame, &page, vec![labels])
}

fn filter(id: &'static str, parameter: &'static str) -> Result<Filter> {
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
        codes: codes(column),
    })
}

fn column(name: &str) -> Result<&'static ExploreColumn> {
    dataset::explore::column(name).with_context(|| format!("table explore has no column `{name}`"))
}

/// Codes with labels for people: states by name, everything else as the NTSB's dictionary has it.
fn codes(column: &ExploreColumn) -> Vec<(&'static str, &'static str)> {
    if column.name == "ev_state" {
        dataset::codes::states()
            .map(|[code, name, _]| (code, name))
            .collect()
    } else {
        column
            .codes
            .map(|(table, name)| dataset::codes::labels(table, name))
            .unwrap_or_default()
    }
}

fn labels() -> Labels {
    Labels {
        columns: COLUMNS.iter().map(|c| (c.name, c.label)).collect(),
        codes: COLUMNS
            .iter()
            .map(|column| (column.name, codes(column).into_iter().collect()))
            .filter(|(_, codes): &(_, BTreeMap<_, _>)| !codes.is_empty())
            .collect(),
        parameters: PARAMETERS.iter().copied().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_and_group_is_a_column() {
        for (id, parameter, _) in FILTERS {
            assert!(filter(id, parameter).is_ok(), "{parameter}");
        }
        for name in GROUPS {
            assert!(column(name).unwrap().facet, "{name}");
        }
    }
}
