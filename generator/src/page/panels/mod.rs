//! Pages of figures: what happened under which circumstances, to which aircraft and pilots, why,
//! and how complete the records are.

mod causes;
mod cross;

use anyhow::Result;
use askama::Template;
use dataset::codes;

pub use self::causes::page as causes;
use self::cross::Cross;
use super::chart;
use super::figure::{Lookup, Table};
use super::{Frame, PageFile, Rendered, Shell, format, link, render};
use crate::stage::emit::Inputs;

/// Bars a reader can still compare.
const BARS: usize = 25;

/// A page of figures.
struct Spec {
    path: &'static str,
    title: &'static str,
    lead: &'static str,
    panels: &'static [Panel],
}

/// How a figure is shown.
struct Panel {
    figure: &'static str,
    shape: Shape,
}

enum Shape {
    /// A row a bar: the columns that name it, what is counted and the fatal part of that.
    Bars(&'static [&'static str], [&'static str; 2]),
    /// Two columns against each other, and what is counted.
    Cross([&'static str; 2], &'static str),
    /// Rows alone.
    Rows,
}

const ACCIDENTS: [&str; 2] = ["accidents", "fatal_accidents"];
const AIRCRAFT: [&str; 2] = ["aircraft", "fatal_aircraft"];

const fn bars(figure: &'static str, names: &'static [&'static str]) -> Panel {
    Panel {
        figure,
        shape: Shape::Bars(names, ACCIDENTS),
    }
}

const fn cross(figure: &'static str, columns: [&'static str; 2]) -> Panel {
    Panel {
        figure,
        shape: Shape::Cross(columns, "accidents"),
    }
}

const fn rows(figure: &'static str) -> Panel {
    Panel {
        figure,
        shape: Shape::Rows,
    }
}

const PAGES: [Spec; 4] = [
    Spec {
        path: "trends/circumstances/",
        title: "Circumstances",
        lead: "Season and hour, weather and light, rule and purpose, phase of flight: under which \
               circumstances accidents happened. A large number may only mean much flying.",
        panels: &[
            cross("calendar", ["ev_month", "hour"]),
            cross("weather_light", ["light_cond", "wx_cond_basic"]),
            cross("phases_severity", ["phase", "ev_highest_injury"]),
            bars("far_parts", &["far_part"]),
            bars("purposes", &["type_fly"]),
            rows("severity"),
        ],
    },
    Spec {
        path: "trends/aircraft/",
        title: "Aircraft",
        lead: "Category, construction, engines and landing gear of the aircraft in accidents. How \
               many of each kind fly is not in these files.",
        panels: &[
            bars("categories", &["acft_category"]),
            bars("homebuilt", &["homebuilt"]),
            bars("engines", &["eng_type", "num_eng"]),
            bars("gear", &["fixed_retractable"]),
        ],
    },
    Spec {
        path: "trends/pilots/",
        title: "Pilots",
        lead: "Age and experience of the first pilot. Nobody knows how much each band flies, so \
               this compares numbers, not risks.",
        panels: &[
            Panel {
                figure: "pilot_age",
                shape: Shape::Bars(&["age_from", "age_to"], AIRCRAFT),
            },
            Panel {
                figure: "pilot_hours",
                shape: Shape::Bars(&["hours_from", "hours_below"], AIRCRAFT),
            },
        ],
    },
    Spec {
        path: "trends/completeness/",
        title: "Completeness",
        lead: "How much of the latest months is still missing, and how long cases stay open. Read \
               this before you read a falling line as progress.",
        panels: &[rows("data_lag"), rows("closure")],
    },
];

#[derive(Template)]
#[template(path = "panels.html")]
struct Panels<'a> {
    frame: Frame<'a>,
    shown: Vec<Shown>,
}

/// A figure with one or two ways to see it.
struct Shown {
    table: Table,
    cross: Option<Cross>,
}

/// All pages of figures but the causes.
///
/// # Errors
/// If a figure or a column of it is missing.
pub fn pages(shell: &Shell, inputs: &Inputs) -> Result<Vec<Rendered>> {
    PAGES.iter().map(|spec| page(shell, inputs, spec)).collect()
}

fn page(shell: &Shell, inputs: &Inputs, spec: &Spec) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: spec.path,
        title: spec.title,
        description: spec.lead,
    };
    let mut files = Vec::new();
    let mut shown = Vec::new();
    for panel in spec.panels {
        let figure = Lookup::find(&inputs.figures, panel.figure)?;
        let mut table = figure.table(|row, column| {
            let parameter = parameter(column)?;
            let at = figure.column(column).ok()?;
            let value = format::cell(column, figure.figure.rows.get(row)?.get(at)?);
            Some(link::accidents_of(&shell.site, parameter, &value))
        });
        decode(&mut table, figure)?;
        let cross = match panel.shape {
            Shape::Bars(names, counts) => {
                let chart = chart(figure, &table, names, counts)?;
                table.chart = Some(shell.site.url(&chart.path));
                files.push(chart);
                None
            }
            Shape::Cross(columns, count) => Some(cross::cross(figure, &table, columns, count)?),
            Shape::Rows => None,
        };
        shown.push(Shown { table, cross });
    }
    let page = Panels {
        frame: frame.clone(),
        shown,
    };
    render(&frame, &page, files)
}

/// The parameter of explore that finds the accidents of a value, for figures that count accidents of
/// the United States by one column.
fn parameter(column: &str) -> Option<&'static str> {
    Some(match column {
        "far_part" => "far",
        "type_fly" => "purpose",
        "ev_highest_injury" => "sev",
        "acft_category" => "cat",
        "homebuilt" => "built",
        "fixed_retractable" => "gear",
        _ => return None,
    })
}

/// Puts the meanings of codes in their place.
fn decode(table: &mut Table, figure: Lookup) -> Result<()> {
    for column in &figure.figure.columns {
        let known = match column.name.as_str() {
            name @ ("wx_cond_basic" | "light_cond" | "ev_type" | "ev_highest_injury") => {
                codes::labels("events", name)
            }
            name @ ("far_part" | "type_fly" | "acft_category" | "homebuilt"
            | "fixed_retractable") => codes::labels("aircraft", name),
            "eng_type" => codes::labels("engines", "eng_type"),
            _ => continue,
        };
        let at = figure.column(&column.name)?;
        for row in &mut table.rows {
            let cell = &mut row.cells[at];
            if let Some((_, meaning)) = known.iter().find(|(code, _)| *code == cell.text) {
                (*meaning).clone_into(&mut cell.text);
            }
        }
    }
    Ok(())
}

/// A bar a row, in the order of the figure; fatal ones hatched.
fn chart(figure: Lookup, table: &Table, names: &[&str], counts: [&str; 2]) -> Result<PageFile> {
    let [all, fatal] = [figure.counts(counts[0])?, figure.counts(counts[1])?];
    let at: Vec<usize> = names
        .iter()
        .map(|name| figure.column(name))
        .collect::<Result<_>>()?;
    let label = |row: usize| -> String {
        let parts = at.iter().map(|&at| table.rows[row].cells[at].text.as_str());
        let parts: Vec<&str> = parts.filter(|text| *text != format::MISSING).collect();
        if parts.is_empty() {
            "not recorded".to_owned()
        } else {
            // Bands are numbers from and to; everything else are words.
            let numbers = parts
                .iter()
                .all(|part| part.starts_with(|c: char| c.is_ascii_digit()));
            match (numbers, parts.len() == at.len()) {
                // The last band has no end.
                (true, false) => format!("{} and more", parts[0]),
                (true, true) => parts.join("–"),
                (false, _) => parts.join(" "),
            }
        }
    };
    let shown = 0..all.len().min(BARS);
    let labels: Vec<String> = shown.clone().map(label).collect();
    let fatal_shown: Vec<u64> = shown.clone().map(|row| fatal[row]).collect();
    let other: Vec<u64> = shown
        .map(|row| all[row].saturating_sub(fatal[row]))
        .collect();
    let series = chart::fatal_and_other(&fatal_shown, &other);
    Ok(chart::bars(&table.name, figure.counted(), &labels, &series))
}
