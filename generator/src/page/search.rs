//! The page that searches texts and names; its script does all of it.

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
        description: "Words and phrases in probable causes and narratives; records by number, registration, type, airport or place.",
    };
    let page = Search {
        frame: frame.clone(),
    };
    render(&frame, &page, Vec::new())
}
