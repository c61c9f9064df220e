//! The pages: typed structs rendered by the templates of the same name.
//!
//! Each module turns stage results into a struct that says exactly what its template shows; the
//! templates only walk over it. Everything a template prints is escaped.

pub mod about;
pub mod data;
pub mod explore;
pub mod home;
pub mod not_found;
pub mod quality;
pub mod severity;
pub mod trends;

mod chart;
mod figure;
mod format;
mod frame;
mod link;

pub use chart::Chart;
pub use frame::{AssetUrls, Frame, Nav, Shell};

use anyhow::{Context, Result};
use askama::Template;

/// A page ready to be written, with the files only it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Path of the HTML file relative to the site's root.
    pub path: String,
    /// The page.
    pub html: String,
    /// Charts the page loads when they scroll into view.
    pub charts: Vec<Chart>,
}

fn render(frame: &Frame, template: &impl Template, charts: Vec<Chart>) -> Result<Rendered> {
    let html = template
        .render()
        .with_context(|| format!("rendering page {:?}", frame.file()))?;
    Ok(Rendered {
        path: frame.file(),
        html,
        charts,
    })
}
