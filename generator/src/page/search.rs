//! The finder on a page of its own.

use anyhow::Result;
use askama::Template;

use super::{Frame, Rendered, Shell, render};

#[derive(Template)]
#[template(path = "search.html")]
struct Search<'a> {
    frame: Frame<'a>,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "search/",
        title: "Search",
        description: "By registration, NTSB number, make and model, airport, state or place.",
    };
    let page = Search {
        frame: frame.clone(),
    };
    render(&frame, &page, Vec::new())
}
