//! Why: what defines accidents, and the findings as a tree.

use std::collections::BTreeSet;

use anyhow::Result;
use askama::Template;

use super::super::figure::{Lookup, Table};
use super::super::{Frame, Rendered, Shell, events, format, link, render};
use super::chart;
use crate::record::Catalogue;
use crate::stage::emit::Inputs;

/// Subjects listed under a group; the rest is in the figure's file.
const SUBJECTS: usize = 12;

#[derive(Template)]
#[template(path = "causes.html")]
struct Causes<'a> {
    frame: Frame<'a>,
    tables: Vec<Table>,
    findings: Table,
    lists: Vec<CodeList>,
    json: Option<String>,
}

/// One of the NTSB's lists of findings.
struct CodeList {
    name: &'static str,
    categories: Vec<Branch>,
}

/// A category or group of findings.
struct Branch {
    name: String,
    groups: Vec<Branch>,
    leaves: Vec<Leaf>,
    /// Leaves not shown.
    more: usize,
}

struct Leaf {
    name: String,
    accidents: String,
    fatal: String,
}

/// # Errors
/// If a figure or a column of it is missing.
pub fn page(shell: &Shell, inputs: &Inputs, catalogue: &Catalogue) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "causes/",
        title: "Causes",
        description: "What defines accidents, and what the investigations found: by CAST/ICAO \
                      category, by occurrence, and as a tree of findings.",
    };
    let mut tables = Vec::new();
    let mut files = Vec::new();
    let crafts = catalogue.events.iter().flat_map(|event| &event.aircraft);
    let codes: BTreeSet<&str> = crafts.filter_map(|craft| craft.cictt.as_deref()).collect();
    for (name, label) in [("cictt", "cictt"), ("occurrences", "occurrence")] {
        let figure = Lookup::find(&inputs.figures, name)?;
        let own = if name == "cictt" {
            figure.texts("cictt_code")?
        } else {
            Vec::new()
        };
        // Categories have pages, occurrences are found by explore.
        let words = figure.texts(label)?;
        let mut table = figure.table(|row, column| match own.get(row) {
            Some(code) => (column == "cictt" && codes.contains(code.as_str()))
                .then(|| shell.site.url(&events::cause_path(code))),
            None => (column == label).then(|| link::occurrence(&shell.site, &words[row])),
        });
        let chart = chart(figure, &table, &[label], super::ACCIDENTS)?;
        table.chart = Some(shell.site.url(&chart.path));
        files.push(chart);
        tables.push(table);
    }
    let figure = Lookup::find(&inputs.figures, "findings_tree")?;
    let mut findings = figure.table(|_, _| None);
    findings.rows.clear();
    let files_of = figure.figure.files.as_ref();
    let page = Causes {
        frame: frame.clone(),
        tables,
        lists: lists(figure)?,
        json: files_of.map(|files| shell.site.url(&format!("lake/figures/{}", files.json))),
        findings,
    };
    render(&frame, &page, files)
}

/// Rows of a list, a category and a group follow each other.
fn lists(figure: Lookup) -> Result<Vec<CodeList>> {
    let system = figure.texts("source_system")?;
    let category = figure.texts("category")?;
    let group = figure.texts("finding_group")?;
    let subject = figure.texts("subject")?;
    let (accidents, fatal) = (
        figure.counts("accidents")?,
        figure.counts("fatal_accidents")?,
    );
    let mut lists: Vec<CodeList> = Vec::new();
    for row in 0..system.len() {
        let name = match system[row].as_str() {
            "findings" => "Since 2008",
            "seq_of_events" => "1982 to 2007",
            "pre1982_causes" => "Until 1981",
            _ => "Other",
        };
        if lists.last().is_none_or(|list| list.name != name) {
            lists.push(CodeList {
                name,
                categories: Vec::new(),
            });
        }
        let Some(list) = lists.last_mut() else {
            continue;
        };
        let category = branch(&mut list.categories, named(&category[row]));
        let place = if group[row] == format::MISSING {
            category
        } else {
            branch(&mut category.groups, &group[row])
        };
        if place.leaves.len() < SUBJECTS {
            place.leaves.push(Leaf {
                name: named(&subject[row]).to_owned(),
                accidents: format::thousands(accidents[row]),
                fatal: format::thousands(fatal[row]),
            });
        } else {
            place.more += 1;
        }
    }
    lists.sort_by_key(|list| std::cmp::Reverse(list.name));
    Ok(lists)
}

fn named(name: &str) -> &str {
    if name == format::MISSING {
        "not in the code lists"
    } else {
        name
    }
}

fn branch<'a>(branches: &'a mut Vec<Branch>, name: &str) -> &'a mut Branch {
    let at = branches.iter().position(|branch| branch.name == name);
    let at = at.unwrap_or_else(|| {
        branches.push(Branch {
            name: name.to_owned(),
            groups: Vec::new(),
            leaves: Vec::new(),
            more: 0,
        });
        branches.len() - 1
    });
    &mut branches[at]
}
