//! Trends: the analyses, each as chart, table and query.

use anyhow::Result;
use askama::Template;

use super::chart;
use super::figure::{self, Lookup, Table};
use super::{Frame, PageFile, Rendered, Shell, format, home, link, render};
use crate::stage::emit::Inputs;

/// Bars a reader can still compare.
const BARS: usize = 25;

/// How the bars of a chart follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Own,
    Count,
}

#[derive(Template)]
#[template(path = "trends.html")]
struct Trends<'a> {
    frame: Frame<'a>,
    tables: Vec<Table>,
}

/// # Errors
/// If a figure or a column of it is missing.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "trends/",
        title: "Trends",
        description: "Accidents per year, by aircraft type, by state and by phase of flight: \
                      charts with their tables and queries.",
    };
    let site = &shell.site;

    let types = Lookup::find(&inputs.figures, "aircraft_types")?;
    let (makes, models) = (types.texts("acft_make")?, types.texts("acft_model")?);
    let type_labels: Vec<_> = std::iter::zip(&makes, &models)
        .map(|(make, model)| format!("{make} {model}"))
        .collect();
    let states = Lookup::find(&inputs.figures, "states")?;
    let (state_codes, state_names) = (states.texts("ev_state")?, states.texts("state_name")?);
    let phases = Lookup::find(&inputs.figures, "phases")?;
    let phase_names = phases.texts("phase")?;

    let mut parts = vec![home::yearly(shell, inputs)?];
    parts.push(part(
        shell,
        types,
        &type_labels,
        Order::Count,
        |row, column| {
            matches!(column, "acft_make" | "acft_model")
                .then(|| link::aircraft_type(site, &makes[row], &models[row]))
        },
    )?);
    parts.push(part(
        shell,
        states,
        &state_names,
        Order::Count,
        |row, column| {
            (column == "state_name" && state_codes[row] != format::MISSING)
                .then(|| link::state(site, &state_codes[row]))
        },
    )?);
    parts.push(part(
        shell,
        phases,
        &phase_names,
        Order::Own,
        |row, column| {
            (column == "phase" && phase_names[row] != format::MISSING)
                .then(|| link::phase(site, &phase_names[row]))
        },
    )?);

    let (tables, charts): (Vec<Table>, _) = parts.into_iter().unzip();
    let page = Trends {
        frame: frame.clone(),
        tables,
    };
    render(&frame, &page, charts)
}

/// A figure with accidents and fatal accidents as table and bar chart.
fn part(
    shell: &Shell,
    figure: Lookup,
    labels: &[String],
    order: Order,
    link: impl Fn(usize, &str) -> Option<String>,
) -> Result<(Table, PageFile)> {
    let (accidents, fatal) = (
        figure.counts("accidents")?,
        figure.counts("fatal_accidents")?,
    );
    // A flight has an order of its own; everything else is compared by size.
    let mut rows = match order {
        Order::Own => (0..labels.len()).collect(),
        Order::Count => figure::descending(&accidents),
    };
    rows.truncate(BARS);
    let pick = |count: &dyn Fn(usize) -> u64| rows.iter().map(|&row| count(row)).collect();
    let shown_fatal: Vec<u64> = pick(&|row| fatal[row]);
    let shown_other: Vec<u64> = pick(&|row| accidents[row].saturating_sub(fatal[row]));
    let shown: Vec<String> = rows.iter().map(|&row| labels[row].clone()).collect();
    let mut table = figure.table(link);
    let series = chart::fatal_and_other(&shown_fatal, &shown_other);
    let chart = chart::bars(&table.name, figure.counted(), &shown, &series);
    table.chart = Some(shell.site.url(&chart.path));
    Ok((table, chart))
}
