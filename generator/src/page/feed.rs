//! Atom feeds of the newest events.

use anyhow::{Context, Result};
use askama::Template;

use super::{Rendered, Shell};
use crate::record::{Brief, Catalogue};

/// Entries of a feed.
const ENTRIES: usize = 50;

#[derive(Template)]
#[template(path = "feed.xml")]
struct Feed<'a> {
    title: String,
    /// Address of the feed and of what it is about.
    own: String,
    home: String,
    updated: String,
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    id: &'a str,
    title: String,
    href: String,
    updated: &'a str,
    summary: String,
}

/// A feed of all events, and one of fatal accidents.
///
/// # Errors
/// If the template cannot be rendered.
pub fn feeds(shell: &Shell, catalogue: &Catalogue) -> Result<[Rendered; 2]> {
    let fatal = |event: &&Brief| event.kind == "ACC" && event.injury.as_deref() == Some("FATL");
    let newest = || catalogue.events.iter().rev();
    Ok([
        feed(shell, "feed.atom", "newest events", newest().take(ENTRIES))?,
        feed(
            shell,
            "fatal.atom",
            "newest fatal accidents",
            newest().filter(fatal).take(ENTRIES),
        )?,
    ])
}

fn feed<'a>(
    shell: &Shell,
    path: &str,
    about: &str,
    events: impl Iterator<Item = &'a Brief>,
) -> Result<Rendered> {
    let address = |path: &str| {
        shell
            .site
            .absolute(path)
            .unwrap_or_else(|| shell.site.url(path))
    };
    let page = Feed {
        title: format!("{}: {about}", shell.title),
        own: address(path),
        home: address("events/"),
        updated: shell.data_date.clone(),
        entries: events
            .map(|event| Entry {
                id: &event.ev_id,
                title: event.line(),
                href: address(
                    shell
                        .event(&event.ev_id)
                        .trim_start_matches(shell.site.prefix()),
                ),
                updated: &event.date,
                summary: event.crafts(),
            })
            .collect(),
    };
    let html = page.render().with_context(|| format!("rendering {path}"))?;
    Ok(Rendered {
        path: path.to_owned(),
        html,
        files: Vec::new(),
    })
}
