//! What the files that were loaded changed.

use anyhow::Result;
use askama::Template;

use super::{Frame, Rendered, Shell, format, render};
use crate::record::Catalogue;
use crate::stage::emit::Inputs;
use crate::stage::migrate::{Fate, Load};
use crate::text::plural;

#[derive(Template)]
#[template(path = "changes.html")]
struct Changes<'a> {
    frame: Frame<'a>,
    loads: Vec<LoadView<'a>>,
}

struct LoadView<'a> {
    id: String,
    source: &'a str,
    as_of: Option<&'a str>,
    /// In a sentence.
    summary: String,
    rows: [(&'static str, String); 4],
    events: Vec<EventView<'a>>,
    /// Events not told one by one.
    more: u64,
}

struct EventView<'a> {
    name: String,
    /// Where the event can be seen, if it is still there.
    href: Option<String>,
    line: String,
    fate: &'static str,
    tables: &'a [String],
}

/// # Errors
/// If the template cannot be rendered.
pub fn page(shell: &Shell, inputs: &Inputs, catalogue: &Catalogue) -> Result<Rendered> {
    let frame = Frame {
        shell,
        path: "changes/",
        title: "Changes",
        description: "Which files of the NTSB were loaded, and which records they added, revised or \
                      removed.",
    };
    let loads = inputs.load.history.iter().enumerate().rev();
    let page = Changes {
        frame: frame.clone(),
        loads: loads
            .map(|(at, load)| view(shell, catalogue, at, load))
            .collect(),
    };
    render(&frame, &page, Vec::new())
}

/// Where a load stands on the page.
pub(super) fn anchor(at: usize) -> String {
    format!("load-{}", at + 1)
}

/// What a load did, in a sentence.
pub(super) fn summary(load: &Load) -> String {
    if load.followed {
        format!(
            "{} new, {} revised, {} removed.",
            plural(load.new, "event"),
            format::thousands(load.revised),
            format::thousands(load.gone)
        )
    } else if load.inserted + load.updated + load.deleted == 0 {
        "Nothing changed.".to_owned()
    } else {
        format!("Loaded whole: {} new.", plural(load.inserted, "row"))
    }
}

fn view<'a>(shell: &Shell, catalogue: &Catalogue, at: usize, load: &'a Load) -> LoadView<'a> {
    let events = load.events.iter().map(|touched| {
        let known = catalogue.find(&touched.ev_id);
        EventView {
            name: known
                .and_then(|brief| brief.ntsb_no.clone())
                .unwrap_or_else(|| touched.ev_id.clone()),
            href: known.map(|brief| shell.event(&brief.ev_id)),
            line: known.map_or_else(String::new, crate::record::Brief::line),
            fate: match touched.fate {
                Fate::New => "new",
                Fate::Revised => "revised",
                Fate::Gone => "removed",
            },
            tables: &touched.tables,
        }
    });
    let touched = load.new + load.revised + load.gone;
    LoadView {
        id: anchor(at),
        source: &load.source,
        as_of: load.as_of.as_deref(),
        summary: summary(load),
        rows: [
            ("new", load.inserted),
            ("changed", load.updated),
            ("removed", load.deleted),
            ("kept out", load.rejected),
        ]
        .map(|(name, count)| (name, format::thousands(count))),
        events: events.collect(),
        more: touched.saturating_sub(load.events.len() as u64),
    }
}
