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
    /// Of these, addresses at other origins.
    pub(super) foreign: Vec<String>,
    /// Places that can be linked to.
    pub(super) ids: BTreeSet<String>,
    /// What the content security policy forbids.
    pub(super) inline: Vec<&'static str>,
    /// What makes it bad HTML.
    pub(super) unsound: Vec<String>,
    /// Letters and digits of its content, as seen without scripts.
    pub(super) letters: usize,
}

/// Whether an address is that of another site, or none of a page.
pub(super) fn is_elsewhere(address: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|other| address.starts_with(other))
}

/// Elements whose content is no text.
const SILENT: [&str; 3] = ["script", "style", "template"];

pub(super) fn facts(html: &str) -> Facts {
    let mut facts = Facts::default();
    let (mut language, mut title, mut policy, mut content) = (false, false, false, false);
    for tag in html.split('<').skip(1) {
        let end = tag.find('>').unwrap_or(tag.len());
        let (tag, text) = (&tag[..end], tag.get(end + 1..).unwrap_or_default());
        let name = tag
            .split(|c: char| c.is_ascii_whitespace())
            .next()
            .unwrap_or_default();
        match name {
            "main" => content = true,
            "/main" => content = false,
            "title" => title |= !text.trim().is_empty(),
            _ => {}
        }
        if content && !SILENT.contains(&name) {
            facts.letters += text.chars().filter(|c| c.is_alphanumeric()).count();
        }
        let found: Vec<(&str, String)> = attributes(tag).collect();
        let value = |wanted: &str| {
            let mut values = found.iter().filter(|(attribute, _)| *attribute == wanted);
            values.next().map(|(_, value)| value.as_str())
        };
        language |= name == "html" && value("lang").is_some_and(|lang| !lang.is_empty());
        policy |= value("http-equiv") == Some("Content-Security-Policy");
        if name == "img" && value("alt").is_none() {
            let source = value("src").unwrap_or_default();
            facts.unsound.push(format!("the image {source} has no alt"));
        }
        facts.inline.extend(inline(name, &value));
        if let Some(address) = loaded(name, &value) {
            if is_elsewhere(address) || address.starts_with("//") {
                facts.foreign.push(address.to_owned());
            }
            facts.assets.push(address.to_owned());
        }
        for (attribute, value) in found {
            if attribute == "id" {
                if facts.ids.contains(&value) {
                    facts
                        .unsound
                        .push(format!("the id {value} occurs more than once"));
                }
                facts.ids.insert(value);
            } else if LINKS.contains(&attribute) {
                facts.links.push(value);
            }
        }
    }
    for (there, what) in [
        (language, "the page names no language"),
        (title, "the page has no title"),
        (policy, "the page has no content security policy"),
    ] {
        if !there {
            facts.unsound.push(what.to_owned());
        }
    }
    facts
}

/// What of an element the content security policy forbids.
fn inline<'a>(name: &str, value: &impl Fn(&str) -> Option<&'a str>) -> Vec<&'static str> {
    let mut found = Vec::new();
    // Data for machines is never run.
    let data = value("type").is_some_and(|kind| kind.ends_with("json"));
    if name == "script" && value("src").is_none() && !data {
        found.push("inline script");
    }
    if name == "style" || value("style").is_some() {
        found.push("inline style");
    }
    found
}

/// Address of what an element makes the browser load at once.
fn loaded<'a>(name: &str, value: &impl Fn(&str) -> Option<&'a str>) -> Option<&'a str> {
    match name {
        "script" => value("src"),
        "img" if value("loading") != Some("lazy") => value("src"),
        "link" => {
            let kinds = ["icon", "modulepreload", "preload", "stylesheet"];
            let is = value("rel").is_some_and(|rel| rel.split(' ').any(|rel| kinds.contains(&rel)));
            value("href").filter(|_| is)
        }
        _ => None,
    }
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
