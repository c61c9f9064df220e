//! How the numbers are made and what they count.

use anyhow::Result;
use askama::Template;

use super::{Frame, Rendered, Shell, render};
use crate::stage::emit::Inputs;

#[derive(Template)]
#[template(path = "methods.html")]
struct Methods<'a> {
    frame: Frame<'a>,
    sources: Vec<&'a str>,
    /// Years the model was grown on and measured on.
    train: [i32; 2],
    test: [i32; 2],
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, inputs: &Inputs) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "methods/",
        title: "Methods",
        description: "Where the data come from, what becomes of them, what is counted and how, and \
                      where the records change under one’s hands.",
    };
    let (run, sources) = (&inputs.model.run, &inputs.load.sources);
    let page = Methods {
        frame: frame.clone(),
        sources: sources.iter().map(|source| source.name.as_str()).collect(),
        train: [run.train.from, run.train.to],
        test: [run.test.from, run.test.to],
    };
    render(&frame, &page, Vec::new())
}
