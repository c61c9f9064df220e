//! What a page links to, loads and offers as a place to link to.
//!
//! The pages are windsock's own: attributes are in double quotes and escaped.

use std::collections::BTreeSet;

/// Attributes that hold an address.
const LINKS: [&str; 13] = [
    "href",
    "src",
    "data-chart",
    "data-event",
    "data-find",
    "data-index",
    "data-labels",
    "data-map",
    "data-module",
    "data-plotly",
    "data-records",
    "data-tails",
    "data-worker",
];

/// What a page says about itself.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Addresses, as a browser reads them.
    pub(super) links: Vec<String>,
    /// Addresses of what the browser loads at once.
    pub(super) assets: Vec<String>,
    /// Places that can be linked to.
    pub(super) ids: BTreeSet<String>,
    /// What the content security policy forbids.
    pub(super) inline: Vec<&'static str>,
}

pub(super) fn facts(html: &str) -> Facts {
    let mut facts = Facts::default();
    for tag in html.split('<').skip(1) {
        let end = tag.find('>').unwrap_or(tag.len());
        let tag = &tag[..end];
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        let mut source = false;
        for (attribute, value) in attributes(tag) {
            match attribute {
                "id" => drop(facts.ids.insert(value)),
                "style" => facts.inline.push("inline style"),
                _ if LINKS.contains(&attribute) => {
                    source |= attribute == "src";
                    let loaded = name == "script" || (name == "link" && tag.contains("stylesheet"));
                    if loaded && attribute != "data-plotly" {
                        facts.assets.push(value.clone());
                    }
                    facts.links.push(value);
                }
                _ => {}
            }
        }
        match name {
            "script" if !source => facts.inline.push("inline script"),
            "style" => facts.inline.push("inline style"),
            _ => {}
        }
    }
    facts
}

/// Attributes of a tag with their values unescaped.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, String)> {
    let mut rest = tag;
    std::iter::from_fn(move || {
        let (before, after) = rest.split_once("=\"")?;
        let (value, next) = after.split_once('"')?;
        rest = next;
        let name = before.rsplit([' ', '\n']).next().unwrap_or_default();
        Some((name, unescaped(value)))
    })
}

fn unescaped(text: &str) -> String {
    text.replace("&#38;", "&")
        .replace("&amp;", "&")
        .replace("&#39;", "'")
}
