//! The parts of a site: each has a card of its own in previews of links.

use std::collections::BTreeMap;

/// A part of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// Name of its card.
    pub name: &'static str,
    /// First folder of the addresses that belong to it.
    folders: &'static [&'static str],
    /// What the card says.
    pub title: &'static str,
    /// One sentence about it.
    pub about: &'static str,
}

/// All parts; what belongs to no other belongs to the first.
pub const SECTIONS: [Section; 10] = [
    section(
        "home",
        &[""],
        "Aviation accidents and incidents",
        "Computed in your browser. Every number says what it counts and leads to the events behind it.",
    ),
    section(
        "explore",
        &["explore", "sql", "mdb"],
        "Explore",
        "Filter, chart and download all events; the query runs in your browser.",
    ),
    section(
        "events",
        &["events", "event", "tail", "search"],
        "Events",
        "Every event of the NTSB’s databases, aircraft by aircraft, with cause, findings and \
         narratives.",
    ),
    section(
        "trends",
        &["trends", "rates", "embed"],
        "Trends",
        "What happened how often, under which circumstances – with table and query.",
    ),
    section(
        "causes",
        &["causes"],
        "Causes",
        "What defines accidents, and what the investigations found.",
    ),
    section(
        "places",
        &["states", "airports"],
        "States and airports",
        "Where it happened, in which phase of flight, and what became of it.",
    ),
    section(
        "aircraft",
        &["aircraft"],
        "Aircraft types",
        "Events by make and model, newest first, with phases and kinds of occurrence.",
    ),
    section(
        "severity",
        &["severity"],
        "The severity model",
        "Given an accident: how badly did accidents like it end? With its model card.",
    ),
    section(
        "data",
        &["data", "quality", "changes"],
        "The data",
        "All tables as files with checksums and dictionary, every check, every row accounted for.",
    ),
    section(
        "about",
        &[
            "about",
            "methods",
            "glossary",
            "guide",
            "privacy",
            "accessibility",
        ],
        "How it is made",
        "Methods, counting units, words, and what the records cannot tell.",
    ),
];

const fn section(
    name: &'static str,
    folders: &'static [&'static str],
    title: &'static str,
    about: &'static str,
) -> Section {
    Section {
        name,
        folders,
        title,
        about,
    }
}

impl Section {
    /// The part a page belongs to, by its path relative to the site's root.
    pub fn of(path: &str) -> &'static Self {
        let folder = path.split('/').next().unwrap_or_default();
        SECTIONS
            .iter()
            .find(|section| section.folders.contains(&folder))
            .unwrap_or(&SECTIONS[0])
    }
}

/// Where the pictures made at build time are, relative to the site's root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pictures {
    /// Cards by [`Section::name`].
    pub cards: BTreeMap<&'static str, String>,
    /// Icons by the length of their side.
    pub icons: BTreeMap<u32, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_belong_to_a_part() {
        for (path, name) in [
            ("", "home"),
            ("event/20080107X00027/", "events"),
            ("trends/pilots/", "trends"),
            ("404.html", "home"),
            ("guide/press/", "about"),
        ] {
            assert_eq!(Section::of(path).name, name, "{path}");
        }
    }
}
