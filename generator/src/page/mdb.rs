//! The page on which visitors look into an MDB file of their own.

use anyhow::Result;
use askama::Template;

use super::{Frame, Rendered, Shell, render};

#[derive(Template)]
#[template(path = "mdb.html")]
struct Mdb<'a> {
    frame: Frame<'a>,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "mdb/",
        title: "Your own MDB",
        description: "Open an Access database in your browser: tables, rows, a check of every \
                      page, CSV. Nothing is uploaded.",
    };
    let page = Mdb {
        frame: frame.clone(),
    };
    render(&frame, &page, Vec::new())
}
