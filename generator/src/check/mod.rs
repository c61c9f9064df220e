//! Holds a finished site to what it promises: links lead somewhere, pages are small and sound, nothing
//! comes from elsewhere, hosts take it.

mod landing;
mod page;
mod problem;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use rayon::prelude::*;
use serde::Serialize;

use self::page::Facts;
pub use self::problem::{Kind, Problem};
use crate::config::SiteUrl;
use crate::stage::emit::budget;
use crate::text::thousands;

/// Bytes a record page may have.
const RECORD: u64 = 60_000;

/// Letters of its content that a record page must at least have without scripts.
const READABLE: usize = 200;

/// What was looked at and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Pages read.
    pub pages: u64,
    /// Links and assets followed.
    pub links: u64,
    /// All files.
    pub files: u64,
    /// Bytes over all files.
    pub bytes: u64,
    /// Bytes of the largest file.
    pub largest_file: u64,
    /// Bytes of the largest page of an event.
    pub largest_record: u64,
    /// Bytes of the landing page with what it loads at once.
    pub landing: u64,
    /// What is wrong, by file.
    pub problems: Vec<Problem>,
}

/// A site as it lies in its folder.
struct Site<'a> {
    folder: &'a Path,
    url: SiteUrl,
    /// Bytes by path.
    sizes: &'a BTreeMap<String, u64>,
    pages: BTreeMap<&'a str, Facts>,
}

/// Checks the site in `folder`, built for `base_url`.
///
/// # Errors
/// If the folder cannot be read or has no site; what is wrong with one is in the report.
pub fn run(folder: &Path, base_url: &str) -> Result<Report> {
    ensure!(
        folder.join("index.html").is_file(),
        "there is no site in {}: run `windsock build` first",
        folder.display()
    );
    let sizes = budget::sizes(folder)?;
    let pages = sizes
        .par_iter()
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|e| e == "html"))
        .map(|(path, _)| {
            let html = std::fs::read_to_string(folder.join(path))
                .with_context(|| format!("reading {path}"))?;
            Ok((path.as_str(), page::facts(&html)))
        })
        .collect::<Result<_>>()?;
    let site = Site {
        folder,
        url: SiteUrl::parse(base_url)?,
        sizes: &sizes,
        pages,
    };
    let landing = landing::Landing::of(&site)?;
    let mut problems = over_budget(&sizes);
    problems.extend(landing.problems());
    let found = site
        .pages
        .par_iter()
        .flat_map_iter(|(path, facts)| site.judge(path, facts));
    problems.par_extend(found);
    problems.sort();
    problems.dedup();
    let links = site.pages.values().map(|facts| facts.links.len() as u64);
    let records = sizes.iter().filter(|(path, _)| is_record(path));
    Ok(Report {
        pages: site.pages.len() as u64,
        links: links.sum(),
        files: sizes.len() as u64,
        bytes: sizes.values().sum(),
        largest_file: sizes.values().max().copied().unwrap_or_default(),
        largest_record: records.map(|(_, size)| *size).max().unwrap_or_default(),
        landing: landing.bytes,
        problems,
    })
}

/// Pages of events; the one that draws any event is no record.
fn is_record(path: &str) -> bool {
    path.starts_with("event/") && path.ends_with("/index.html") && path != "event/index.html"
}

fn over_budget(sizes: &BTreeMap<String, u64>) -> Vec<Problem> {
    budget::excesses(sizes)
        .into_iter()
        .map(|excess| {
            let path = excess.path.unwrap_or_default();
            Problem::new(&path, Kind::Budget, excess.message)
        })
        .collect()
}

impl Site<'_> {
    /// What is wrong with a page.
    fn judge(&self, path: &str, facts: &Facts) -> Vec<Problem> {
        let links = facts.links.iter().filter_map(|link| {
            let (kind, message) = self.broken(path, link)?;
            Some(Problem::new(path, kind, message))
        });
        let mut problems: Vec<Problem> = links.collect();
        let mut add = |kind, message: String| problems.push(Problem::new(path, kind, message));
        for what in &facts.inline {
            add(Kind::Policy, (*what).to_owned());
        }
        for address in &facts.foreign {
            add(
                Kind::Policy,
                format!("{address} is loaded from another origin"),
            );
        }
        for what in &facts.unsound {
            add(Kind::Html, what.clone());
        }
        if is_record(path) {
            let size = self.sizes[path];
            if size > RECORD {
                let (size, limit) = (thousands(size), thousands(RECORD));
                add(
                    Kind::Budget,
                    format!("{size} bytes, a record page may have {limit}"),
                );
            }
            if facts.letters < READABLE {
                let message = format!(
                    "{} letters without scripts: the record cannot be read",
                    facts.letters
                );
                add(Kind::Html, message);
            }
        }
        problems
    }

    /// What is wrong with a link, if anything.
    fn broken(&self, from: &str, link: &str) -> Option<(Kind, String)> {
        let (address, anchor) = match link.split_once('#') {
            Some((address, anchor)) => (address, Some(anchor)),
            None => (link, None),
        };
        let address = address.split('?').next().unwrap_or_default();
        let file = if address.is_empty() {
            from.to_owned()
        } else if page::is_elsewhere(address) {
            return None;
        } else {
            let Some(path) = address.strip_prefix(self.url.prefix()) else {
                let prefix = self.url.prefix();
                return Some((Kind::Link, format!("{link} leaves the prefix {prefix}")));
            };
            if path.is_empty() || path.ends_with('/') {
                format!("{path}index.html")
            } else {
                path.to_owned()
            }
        };
        if !self.sizes.contains_key(&file) {
            // Folders of data have an index of their own.
            let folder = file.strip_suffix("index.html").unwrap_or(&file);
            if self.sizes.contains_key(&format!("{folder}manifest.json")) {
                return None;
            }
            return Some((Kind::Link, format!("{link} leads nowhere")));
        }
        let anchor = anchor.filter(|anchor| !anchor.is_empty())?;
        let target = self.pages.get(file.as_str())?;
        // Scripts make some places only when they run.
        let made_later = link.contains('?');
        (!made_later && !target.ids.contains(anchor))
            .then(|| (Kind::Anchor, format!("{link} leads to no place there")))
    }
}
