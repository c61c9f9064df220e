//! All events of an aircraft, looked up by its registration.

use anyhow::Result;
use askama::Template;

use super::super::{Frame, Rendered, Shell, render};

#[derive(Template)]
#[template(path = "tail.html")]
struct Tail<'a> {
    frame: Frame<'a>,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "tail/",
        title: "Aircraft by registration",
        description: "Every event of an aircraft, also under the registrations it had before.",
    };
    let page = Tail {
        frame: frame.clone(),
    };
    render(&frame, &page, Vec::new())
}
