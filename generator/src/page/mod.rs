//! The pages: typed structs rendered by the templates of the same name.
//!
//! Each module turns stage results into a struct that says exactly what its template shows; the
//! templates only walk over it. Everything a template prints is escaped.

pub mod about;
pub mod api;
pub mod changes;
pub mod data;
pub mod embed;
pub mod event;
pub mod events;
pub mod explore;
pub mod feed;
pub mod home;
pub mod mdb;
pub mod methods;
pub mod model_card;
pub mod not_found;
pub mod offline;
pub mod panels;
pub mod quality;
pub mod rates;
pub mod search;
pub mod severity;
pub mod sql;
pub mod text;
pub mod trends;

mod chart;
mod cite;
mod escape;
mod figure;
mod format;
mod frame;
mod link;
mod linked_data;
mod section;

pub(crate) use link::{CAROL, encoded};

pub use escape::Markup;
pub use frame::{AssetUrls, Frame, Nav, Shell};
pub use section::{Pictures, SECTIONS, Section};

use anyhow::{Context, Result};
use askama::Template;

use crate::output::short_hash;

/// A page ready to be written, with the files only it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Path of the HTML file relative to the site's root.
    pub path: String,
    /// The page.
    pub html: String,
    /// Files only this page loads: charts, labels.
    pub files: Vec<PageFile>,
}

/// A file a page's script loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFile {
    /// Path relative to the site's root; carries a hash of the content.
    pub path: String,
    /// Content.
    pub text: String,
}

impl PageFile {
    fn hashed(stem: &str, extension: &str, text: String) -> Self {
        Self {
            path: format!("{stem}.{}.{extension}", short_hash(text.as_bytes())),
            text,
        }
    }
}

fn render(frame: &Frame, template: &impl Template, files: Vec<PageFile>) -> Result<Rendered> {
    let html = template
        .render()
        .with_context(|| format!("rendering page {:?}", frame.file()))?;
    Ok(Rendered {
        path: frame.file(),
        html,
        files,
    })
}
