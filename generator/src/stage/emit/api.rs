//! Figures and the document of the static API; the buckets are written with the events.

use anyhow::Result;

use super::Inputs;
use crate::api;
use crate::output::Output;
use crate::page::Shell;

/// Writes every figure as JSON and CSV, and the OpenAPI document.
pub(super) fn write(shell: &Shell, inputs: &Inputs, output: &mut impl Output) -> Result<()> {
    for (name, figure) in &inputs.figures.figures {
        let json = api::json(figure, &shell.data_date)?;
        output.write(&api::figure_path(name, "json"), &json)?;
        let csv = api::csv(figure);
        output.write(&api::figure_path(name, "csv"), csv.as_bytes())?;
    }
    let server = shell.site.absolute("");
    let server = server.unwrap_or_else(|| shell.site.url(""));
    let document = api::document(&shell.title, &server, &shell.data_date, &inputs.figures);
    let mut json = serde_json::to_vec_pretty(&document)?;
    json.push(b'\n');
    output.write(api::DOCUMENT, &json)
}
