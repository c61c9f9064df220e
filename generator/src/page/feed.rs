//! Atom feeds: the newest events, the newest fatal accidents, the changes of the data.

use anyhow::{Context, Result};
use askama::Template;

use super::{Rendered, Shell, changes};
use crate::record::{Brief, Catalogue};
use crate::stage::emit::Inputs;

/// Entries of a feed.
const ENTRIES: usize = 50;

#[derive(Template)]
#[template(path = "feed.xml")]
struct Feed {
    title: String,
    /// Name of the feed that never changes: its address, or a name as long as that is not known.
    id: String,
    /// Address of the feed and of what it is about.
    own: String,
    home: String,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    href: String,
    updated: String,
    summary: String,
}

/// All feeds.
///
/// # Errors
/// If the template cannot be rendered.
pub fn feeds(shell: &Shell, inputs: &Inputs, catalogue: &Catalogue) -> Result<[Rendered; 3]> {
    let fatal = |event: &&Brief| event.kind == "ACC" && event.injury.as_deref() == Some("FATL");
    let newest = || catalogue.events.iter().rev();
    let all = newest().take(ENTRIES).map(|brief| event(shell, brief));
    let deadly = newest().filter(fatal).take(ENTRIES);
    let loads = inputs.load.history.iter().enumerate().rev().take(ENTRIES);
    let loads = loads.map(|(at, load)| Entry {
        id: format!("urn:sha256:{}", load.sha256),
        title: format!("{}: {}", load.source, changes::summary(load)),
        href: address(shell, &format!("changes/#{}", changes::anchor(at))),
        updated: load
            .as_of
            .clone()
            .unwrap_or_else(|| shell.data_date.clone()),
        summary: format!(
            "{} rows new, {} changed, {} removed, {} kept out.",
            load.inserted, load.updated, load.deleted, load.rejected
        ),
    });
    Ok([
        feed(
            shell,
            "feed.atom",
            "newest events",
            "events/",
            all.collect(),
        )?,
        feed(
            shell,
            "fatal.atom",
            "newest fatal accidents",
            "events/",
            deadly.map(|brief| event(shell, brief)).collect(),
        )?,
        feed(
            shell,
            "data.atom",
            "changes of the data",
            "changes/",
            loads.collect(),
        )?,
    ])
}

fn event(shell: &Shell, event: &Brief) -> Entry {
    let path = shell.event(&event.ev_id);
    Entry {
        id: format!("urn:ntsb:{}", event.ev_id),
        title: event.line(),
        href: address(shell, path.trim_start_matches(shell.site.prefix())),
        updated: event.date.clone(),
        summary: event.crafts(),
    }
}

fn address(shell: &Shell, path: &str) -> String {
    let absolute = shell.site.absolute(path);
    absolute.unwrap_or_else(|| shell.site.url(path))
}

fn feed(
    shell: &Shell,
    path: &str,
    about: &str,
    home: &str,
    entries: Vec<Entry>,
) -> Result<Rendered> {
    let absolute = shell.site.absolute(path);
    let page = Feed {
        title: format!("{}: {about}", shell.title),
        id: absolute.unwrap_or_else(|| format!("urn:windsock:{path}")),
        own: address(shell, path),
        home: address(shell, home),
        updated: shell.data_date.clone(),
        entries,
    };
    let html = page.render().with_context(|| format!("rendering {path}"))?;
    Ok(Rendered {
        path: path.to_owned(),
        html,
        files: Vec::new(),
    })
}
