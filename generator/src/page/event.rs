//! The page of one event, and the page that draws every other in the browser.

use anyhow::Result;
use askama::Template;

use super::{Frame, Rendered, Shell, cite, link, render};
use crate::record::EventRecord;

#[derive(Template)]
#[template(path = "event.html")]
struct Event<'a> {
    frame: Frame<'a>,
    record: &'a EventRecord<'a>,
    docket: Option<String>,
    /// The record drawn by the browser, where its JSON can be had.
    json: String,
    address: String,
    bibtex: String,
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, record: &EventRecord) -> Result<Rendered> {
    let path = link::event_path(record.ev_id);
    let description = format!("{} {}", record.title, record.summary);
    let frame = Frame {
        shell,
        path: &path,
        title: &record.title,
        description: &description,
    };
    let address = frame.canonical().unwrap_or_else(|| shell.site.url(&path));
    let page = Event {
        frame: frame.clone(),
        bibtex: cite::event(shell, record, &address),
        record,
        docket: record.ntsb_no.map(link::docket),
        json: format!("{}#json", link::event(&shell.site, record.ev_id)),
        address,
    };
    render(&frame, &page, Vec::new())
}

impl Event<'_> {
    fn similar(&self, ev_id: &str) -> String {
        self.frame.shell.event(ev_id)
    }
}

#[derive(Template)]
#[template(path = "event_any.html")]
struct Any<'a> {
    frame: Frame<'a>,
}

/// Draws the event whose key or NTSB number stands in the address.
///
/// # Errors
/// If the template cannot be rendered.
pub fn any(shell: &Shell) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "event/",
        title: "Event",
        description: "Everything the NTSB’s databases hold of one event.",
    };
    let page = Any {
        frame: frame.clone(),
    };
    render(&frame, &page, Vec::new())
}
