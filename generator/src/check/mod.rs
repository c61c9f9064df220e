//! Holds a finished site to what it promises: links lead somewhere, pages are small, nothing comes
//! from elsewhere, hosts take it.

mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use rayon::prelude::*;
use walkdir::WalkDir;

use self::page::Facts;
use crate::config::SiteUrl;
use crate::fault::Fault;
use crate::stage::emit::budget;

/// Bytes a record page may have, readable without scripts.
const RECORD: u64 = 60_000;

/// Bytes the landing page may load at once, without any WebAssembly.
const LANDING: u64 = 120_000;

/// Problems told one by one; the rest is a number.
const TOLD: usize = 20;

/// What was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Pages read.
    pub pages: usize,
    /// Links and assets followed.
    pub links: usize,
    /// Bytes of the largest page of an event.
    pub largest_record: u64,
    /// Bytes of the landing page with what it loads at once.
    pub landing: u64,
}

/// Checks the site in `folder`, built for `base_url`.
///
/// # Errors
/// [`Fault::Budget`] with what is wrong; an ordinary error if the folder cannot be read.
pub fn run(folder: &Path, base_url: &str) -> Result<Checked> {
    let site = SiteUrl::parse(base_url)?;
    ensure!(
        folder.join("index.html").is_file(),
        "there is no site in {}: run `windsock build` first",
        folder.display()
    );
    budget::check(folder)?;
    let sizes = sizes(folder)?;
    let pages: Vec<(&str, Facts)> = sizes
        .par_iter()
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|e| e == "html"))
        .map(|(path, _)| {
            let html = std::fs::read_to_string(folder.join(path))
                .with_context(|| format!("reading {path}"))?;
            Ok((path.as_str(), page::facts(&html)))
        })
        .collect::<Result<_>>()?;
    let by_path: BTreeMap<&str, &Facts> =
        pages.iter().map(|(path, facts)| (*path, facts)).collect();
    let mut problems = BTreeSet::new();
    let mut checked = Checked {
        pages: pages.len(),
        ..Checked::default()
    };
    for (path, facts) in &pages {
        checked.links += facts.links.len();
        for link in &facts.links {
            if let Some(problem) = broken(&site, &sizes, &by_path, path, link) {
                problems.insert(format!("{path}: {problem}"));
            }
        }
        problems.extend(facts.inline.iter().map(|what| format!("{path}: {what}")));
        let size = sizes[*path];
        if path.starts_with("event/") {
            checked.largest_record = checked.largest_record.max(size);
            if size > RECORD {
                problems.insert(format!("{path}: {size} bytes, {RECORD} are allowed"));
            }
        }
    }
    if let Some(home) = by_path.get("index.html") {
        checked.landing = landing(&site, &sizes, home);
        if checked.landing > LANDING {
            let bytes = checked.landing;
            problems.insert(format!(
                "the landing page loads {bytes} bytes, {LANDING} are allowed"
            ));
        }
    }
    told(&problems)?;
    Ok(checked)
}

fn told(problems: &BTreeSet<String>) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let mut text = format!("the site has {} problems:", problems.len());
    for problem in problems.iter().take(TOLD) {
        text.push_str("\n  ");
        text.push_str(problem);
    }
    if problems.len() > TOLD {
        text.push_str("\n  …");
    }
    Err(Fault::Budget(text).into())
}

fn sizes(folder: &Path) -> Result<BTreeMap<String, u64>> {
    let mut sizes = BTreeMap::new();
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder)?;
            let path = path.to_string_lossy().into_owned();
            sizes.insert(path, entry.metadata()?.len());
        }
    }
    Ok(sizes)
}

/// What is wrong with a link, if anything.
fn broken(
    site: &SiteUrl,
    sizes: &BTreeMap<String, u64>,
    pages: &BTreeMap<&str, &Facts>,
    from: &str,
    link: &str,
) -> Option<String> {
    let (address, anchor) = match link.split_once('#') {
        Some((address, anchor)) => (address, Some(anchor)),
        None => (link, None),
    };
    let address = address.split('?').next().unwrap_or_default();
    let file = if address.is_empty() {
        from.to_owned()
    } else if ["https://", "http://", "mailto:"]
        .iter()
        .any(|other| address.starts_with(other))
    {
        return None;
    } else {
        let Some(path) = address.strip_prefix(site.prefix()) else {
            return Some(format!("{link} leaves the prefix {}", site.prefix()));
        };
        if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path.to_owned()
        }
    };
    if !sizes.contains_key(&file) {
        // Folders of data have an index of their own.
        let folder = file.strip_suffix("index.html").unwrap_or(&file);
        if sizes.contains_key(&format!("{folder}manifest.json")) {
            return None;
        }
        return Some(format!("{link} leads nowhere"));
    }
    let anchor = anchor.filter(|anchor| !anchor.is_empty())?;
    let target = pages.get(file.as_str())?;
    // Scripts make some places only when they run.
    let made_later = link.contains('?');
    (!made_later && !target.ids.contains(anchor)).then(|| format!("{link} leads to no place there"))
}

/// Bytes of a page with the styles and scripts it names, and the modules these may import.
fn landing(site: &SiteUrl, sizes: &BTreeMap<String, u64>, page: &Facts) -> u64 {
    let own = sizes.get("index.html").copied().unwrap_or_default();
    let mut loaded: BTreeSet<&str> = BTreeSet::new();
    for asset in &page.assets {
        loaded.extend(asset.strip_prefix(site.prefix()));
    }
    own + loaded
        .iter()
        .filter_map(|path| sizes.get(*path))
        .sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(pages: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, html) in pages {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, html).unwrap();
        }
        folder
    }

    #[test]
    fn a_sound_site_passes() {
        let folder = site(&[
            (
                "index.html",
                r#"<a href="/x/a/?q=1&amp;r=2#there">a</a><a href="https://data.ntsb.gov/">b</a>"#,
            ),
            (
                "a/index.html",
                r##"<h2 id="there">there</h2><a href="#there">up</a>"##,
            ),
        ]);
        let checked = run(folder.path(), "/x/").unwrap();
        assert_eq!((checked.pages, checked.links), (2, 3));
    }

    #[test]
    fn each_kind_of_problem_is_named() {
        let large = format!("<p>{}</p>", "x".repeat(61_000));
        let heavy = format!("<a href=\"/x/none/\">a</a>{}", "y".repeat(120_000));
        for (path, html, named) in [
            ("index.html", r#"<a href="/x/none/">a</a>"#, "leads nowhere"),
            (
                "index.html",
                r#"<a href="/other/">a</a>"#,
                "leaves the prefix",
            ),
            ("index.html", r##"<a href="#none">a</a>"##, "no place there"),
            ("index.html", "<script>alert(1)</script>", "inline script"),
            ("index.html", r#"<p style="x">"#, "inline style"),
            ("event/1/index.html", large.as_str(), "60000 are allowed"),
            ("index.html", heavy.as_str(), "landing page"),
        ] {
            let folder = site(&[("index.html", ""), (path, html)]);
            let error = run(folder.path(), "/x/").unwrap_err();
            assert!(error.to_string().contains(named), "{named}: {error}");
            assert_eq!(crate::fault::exit_code(&error), 5);
        }
    }
}
