//! What a visitor sees under an address that leads nowhere.

use anyhow::Result;
use askama::Template;

use super::{Frame, Rendered, Shell, render};

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound<'a> {
    frame: Frame<'a>,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "404.html",
        title: "Nothing here",
        description: "The address leads nowhere on this site.",
    };
    let page = NotFound {
        frame: frame.clone(),
    };
    render(&frame, &page, Vec::new())
}
