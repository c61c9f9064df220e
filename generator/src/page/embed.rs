//! Charts on pages of their own, for frames on other sites.

use anyhow::Result;
use askama::Template;

use super::figure::{Lookup, Table};
use super::{Frame, Rendered, Shell, render};
use crate::stage::emit::Inputs;

#[derive(Template)]
#[template(path = "embed.html")]
struct Embed<'a> {
    frame: Frame<'a>,
    table: Table,
}

/// A page for each chart of the given pages.
///
/// # Errors
/// If a template cannot be rendered.
pub fn pages(shell: &Shell, inputs: &Inputs, charted: &[Rendered]) -> Result<Vec<Rendered>> {
    let mut charts: Vec<(&str, &str)> = charted
        .iter()
        .flat_map(|page| &page.files)
        .filter_map(|file| Some((figure(&file.path)?, file.path.as_str())))
        .filter(|(name, _)| inputs.figures.figures.contains_key(*name))
        .collect();
    charts.sort_unstable();
    charts.dedup();
    charts
        .into_iter()
        .map(|(name, chart)| page(shell, inputs, name, chart))
        .collect()
}

/// `charts/yearly.1a2b3c4d.json` → `yearly`.
fn figure(path: &str) -> Option<&str> {
    path.strip_prefix("charts/")?.split('.').next()
}

fn page(shell: &Shell, inputs: &Inputs, name: &str, chart: &str) -> Result<Rendered> {
    let path = format!("embed/{name}/");
    let mut table = Lookup::find(&inputs.figures, name)?.table(|_, _| None);
    table.chart = Some(shell.site.url(chart));
    let title = table.title.clone();
    let frame = Frame {
        shell,
        path: &path,
        title: &title,
        description: "A chart with its table, for a frame on another site.",
    };
    let page = Embed {
        frame: frame.clone(),
        table,
    };
    render(&frame, &page, Vec::new())
}
