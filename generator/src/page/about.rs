//! What this site is, who makes it, and under which terms.

use anyhow::Result;
use askama::Template;

use super::{Frame, Rendered, Shell, format, render};
use crate::stage::emit::Inputs;

#[derive(Template)]
#[template(path = "about.html")]
struct About<'a> {
    frame: Frame<'a>,
    version: &'static str,
    rows: String,
    files: usize,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "about/",
        title: "About",
        description: "What this site is, how it is made, whom to ask, and under which terms its data \
                      and software can be used.",
    };
    let read = inputs.load.tables.iter().map(|table| table.read).sum();
    let page = About {
        frame: frame.clone(),
        version: env!("CARGO_PKG_VERSION"),
        rows: format::thousands(read),
        files: inputs.load.sources.len(),
    };
    render(&frame, &page, Vec::new())
}
