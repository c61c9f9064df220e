//! What surrounds the content of every page.

use std::collections::{BTreeMap, HashSet};

use super::link;
use super::section::{Pictures, Section};
use crate::config::SiteUrl;

/// Pages of the main navigation: path and name.
const SECTIONS: [(&str, &str); 9] = [
    ("", "Home"),
    ("explore/", "Explore"),
    ("sql/", "SQL"),
    ("events/", "Events"),
    ("trends/", "Trends"),
    ("severity/", "Severity"),
    ("quality/", "Quality"),
    ("data/", "Data"),
    ("about/", "About"),
];

/// Where the hashed folders of the browser files are: name (`css`) → path relative to the root.
pub type AssetUrls = BTreeMap<String, String>;

/// What all pages of a site share.
#[derive(Debug, Clone)]
pub struct Shell {
    /// Name of the site.
    pub title: String,
    /// Where the site lives.
    pub site: SiteUrl,
    /// The browser files.
    pub assets: AssetUrls,
    /// Newest date in the data, `YYYY-MM-DD`.
    pub data_date: String,
    /// Keys of the events that have a page of their own.
    pub event_pages: HashSet<String>,
    /// Path of the map records are shown on.
    pub map: String,
    /// Cards and icons.
    pub pictures: Pictures,
    /// Whether there are hours flown, and so a page of rates.
    pub rates: bool,
}

impl Shell {
    /// Of a site of which nothing else is known.
    #[cfg(test)]
    pub(crate) fn bare(site: SiteUrl) -> Self {
        Self {
            title: "Windsock".to_owned(),
            site,
            assets: AssetUrls::new(),
            data_date: String::new(),
            event_pages: HashSet::new(),
            map: String::new(),
            pictures: Pictures::default(),
            rates: false,
        }
    }

    /// Where the numbers come from, in a line.
    pub fn source(&self) -> String {
        format!(
            "Source: NTSB aviation accident databases, as of {}, as published by {}",
            self.data_date, self.title
        )
    }

    /// Link to an event: its own page, or the one that draws any event in the browser.
    pub fn event(&self, ev_id: &str) -> String {
        if self.event_pages.contains(ev_id) {
            self.site.url(&link::event_path(ev_id))
        } else {
            link::event(&self.site, ev_id)
        }
    }
}

/// The frame of one page.
#[derive(Debug, Clone)]
pub struct Frame<'a> {
    /// What all pages share.
    pub shell: &'a Shell,
    /// The page's own path: empty for home, else with a final slash or an ending.
    pub path: &'a str,
    /// Heading of the page.
    pub title: &'a str,
    /// One sentence for search engines and previews.
    pub description: &'a str,
}

/// An entry of the main navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nav {
    /// Link.
    pub href: String,
    /// Name.
    pub label: &'static str,
    /// Whether it is the page shown.
    pub current: bool,
}

impl Frame<'_> {
    /// Link to a file or folder relative to the site's root.
    pub fn url(&self, path: &str) -> String {
        self.shell.site.url(path)
    }

    /// Link to a browser file, for example `css`, `site.css`; a folder that was not delivered
    /// leads nowhere and is caught when the site's links are checked.
    pub fn asset(&self, folder: &str, file: &str) -> String {
        let folder = self.shell.assets.get(folder).map_or(folder, String::as_str);
        self.url(&format!("{folder}/{file}"))
    }

    /// Address of the page for search engines, if the site's origin is known.
    pub fn canonical(&self) -> Option<String> {
        self.shell.site.absolute(self.path)
    }

    /// Address of the picture that previews of a link show, if the site's origin is known.
    pub fn card(&self) -> Option<String> {
        let path = self.shell.pictures.cards.get(Section::of(self.path).name)?;
        self.shell.site.absolute(path)
    }

    /// What that picture says.
    pub fn card_text(&self) -> String {
        let section = Section::of(self.path);
        format!("{}: {}", section.title, section.about)
    }

    /// Link to an icon with sides of this length.
    pub fn icon(&self, size: u32) -> String {
        let path = self.shell.pictures.icons.get(&size);
        self.url(path.map_or("favicon.ico", String::as_str))
    }

    /// The main navigation.
    pub fn nav(&self) -> Vec<Nav> {
        SECTIONS
            .iter()
            .map(|&(path, label)| Nav {
                href: self.url(path),
                label,
                current: path == self.path,
            })
            .collect()
    }

    /// Title of the browser window.
    pub fn window_title(&self) -> String {
        if self.path.is_empty() {
            self.shell.title.clone()
        } else {
            format!("{} – {}", self.title, self.shell.title)
        }
    }

    /// Path of the page's HTML file.
    pub fn file(&self) -> String {
        if self.path.is_empty() || self.path.ends_with('/') {
            format!("{}index.html", self.path)
        } else {
            self.path.to_owned()
        }
    }
}
