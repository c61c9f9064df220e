//! Files for hosts, browsers and search engines.

use std::fmt::Write;

use anyhow::Result;
use serde_json::json;

use super::Inputs;
use crate::output::Output;
use crate::page::Shell;

/// Kept for ever: the name has the hash of the content.
const FOREVER: &str = "  Cache-Control: public, max-age=31536000, immutable\n";

/// Addresses a sitemap may have (sitemaps.org), and fewer, so that files stay small.
const ADDRESSES: usize = 20_000;

/// What is typed although nothing lies there → what is meant.
const SHORT: [(&str, &str); 5] = [
    ("tail/:n", "tail/?n=:n"),
    ("atom.xml", "feed.atom"),
    ("rss.xml", "feed.atom"),
    ("sitemap-index.xml", "sitemap.xml"),
    ("api/", "data/api/"),
];

/// Writes `.nojekyll`, `_headers`, `_redirects`, `robots.txt`, the sitemaps and
/// `manifest.webmanifest`.
pub(super) fn write(
    shell: &Shell,
    inputs: &Inputs,
    pages: &[&str],
    output: &mut impl Output,
) -> Result<()> {
    // Keeps GitHub Pages from dropping files and folders it takes for Jekyll's.
    output.write(".nojekyll", b"")?;
    output.write("_headers", headers(shell, inputs)?.as_bytes())?;
    output.write("_redirects", redirects(shell)?.as_bytes())?;
    output.write("manifest.webmanifest", manifest(shell).as_bytes())?;
    output.write("robots.txt", robots(shell)?.as_bytes())?;
    for (path, xml) in sitemaps(shell, pages, ADDRESSES)? {
        output.write(&path, xml.as_bytes())?;
    }
    Ok(())
}

fn manifest(shell: &Shell) -> String {
    let site = &shell.site;
    let drawn = shell.assets.get("img").map_or("img", String::as_str);
    let mut icons = vec![json!({
        "src": site.url(&format!("{drawn}/favicon.svg")),
        "sizes": "any",
        "type": "image/svg+xml",
    })];
    for size in [192, 512] {
        if let Some(path) = shell.pictures.icons.get(&size) {
            icons.push(json!({
                "src": site.url(path),
                "sizes": format!("{size}x{size}"),
                "type": "image/png",
                "purpose": "any maskable",
            }));
        }
    }
    let shortcut = |name: &str, path: &str| json!({ "name": name, "url": site.url(path) });
    json!({
        "name": shell.title,
        "short_name": shell.title,
        "description": "United States civil aviation accidents from the NTSB’s databases.",
        "lang": "en",
        "id": site.url(""),
        "start_url": site.url(""),
        "scope": site.url(""),
        "display": "minimal-ui",
        "background_color": "#fbfcfd",
        "theme_color": "#0b5c91",
        "icons": icons,
        "shortcuts": [
            shortcut("Explore", "explore/"),
            shortcut("Events", "events/"),
            shortcut("Search", "search/"),
        ],
    })
    .to_string()
}

fn robots(shell: &Shell) -> Result<String> {
    let mut robots = String::from("User-agent: *\n");
    for folder in ["lake/", "model/", "api/"] {
        writeln!(robots, "Disallow: {}", shell.site.url(folder))?;
    }
    if let Some(sitemap) = shell.site.absolute("sitemap.xml") {
        writeln!(robots, "Sitemap: {sitemap}")?;
    }
    Ok(robots)
}

/// An index and the sitemaps it names, by path. They hold whole addresses, so there are none as
/// long as the site's origin is not known.
fn sitemaps(shell: &Shell, pages: &[&str], most: usize) -> Result<Vec<(String, String)>> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    const SPACE: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
    let folders = pages.iter().filter_map(|p| p.strip_suffix("index.html"));
    // What is shown in the frames of other sites, or when there is no network, is not to be found.
    let found = folders.filter(|folder| !folder.starts_with("embed/") && *folder != "offline/");
    let addresses: Vec<String> = found.filter_map(|f| shell.site.absolute(f)).collect();
    let mut files = Vec::new();
    let mut index = format!("{HEAD}<sitemapindex {SPACE}>\n");
    for (at, part) in addresses.chunks(most).enumerate() {
        let path = format!("sitemap-{}.xml", at + 1);
        let mut xml = format!("{HEAD}<urlset {SPACE}>\n");
        for address in part {
            writeln!(xml, "<url><loc>{address}</loc></url>")?;
        }
        xml.push_str("</urlset>\n");
        if let Some(address) = shell.site.absolute(&path) {
            writeln!(index, "<sitemap><loc>{address}</loc></sitemap>")?;
        }
        files.push((path, xml));
    }
    if !files.is_empty() {
        index.push_str("</sitemapindex>\n");
        files.push(("sitemap.xml".to_owned(), index));
    }
    Ok(files)
}

/// What Cloudflare Pages and Netlify read. Folders with a mutable file in them are left out: these
/// hosts join what several rules say instead of choosing one.
fn headers(shell: &Shell, inputs: &Inputs) -> Result<String> {
    let site = &shell.site;
    let mut text = format!("{}*\n  X-Content-Type-Options: nosniff\n", site.url(""));
    // Other sites may read the data.
    for folder in ["api", "lake"] {
        writeln!(text, "{}", site.url(&format!("{folder}/*")))?;
        text.push_str("  Access-Control-Allow-Origin: *\n");
    }
    let tables = inputs.manifest.tables.keys();
    let folders = [
        "assets",
        "charts",
        "img",
        "model",
        "lake/manifests",
        "lake/columns",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain(tables.map(|table| format!("lake/{table}")));
    for folder in folders {
        writeln!(text, "{}", site.url(&format!("{folder}/*")))?;
        text.push_str(FOREVER);
    }
    for folder in ["events", "tails", "find", "search"] {
        writeln!(text, "{}", site.url(&format!("api/v1/{folder}/*.gz")))?;
        text.push_str(FOREVER);
    }
    Ok(text)
}

/// What the same hosts read. Only where no page lies: Cloudflare Pages follows a rule even if there
/// is a file.
fn redirects(shell: &Shell) -> Result<String> {
    let mut text = String::new();
    for (from, to) in SHORT {
        writeln!(text, "{} {} 302", shell.site.url(from), shell.site.url(to))?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SiteUrl;

    fn shell(base: &str) -> Shell {
        Shell::bare(SiteUrl::parse(base).unwrap())
    }

    #[test]
    fn an_index_names_every_sitemap_and_each_is_short() {
        let pages = ["index.html", "a/index.html", "b/index.html", "404.html"];
        let with_frame = [&pages[..], &["embed/yearly/index.html"]].concat();
        let files = sitemaps(&shell("https://example.org/x/"), &with_frame, 2).unwrap();
        let names: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(names, ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]);
        let index = &files[2].1;
        assert_eq!(index.matches("<sitemap>").count(), 2);
        assert!(index.contains("<loc>https://example.org/x/sitemap-2.xml</loc>"));
        let all: usize = files
            .iter()
            .map(|(_, xml)| xml.matches("<url>").count())
            .sum();
        assert_eq!(all, 3);
        assert!(sitemaps(&shell("/x/"), &pages, 2).unwrap().is_empty());
    }

    #[test]
    fn no_rule_hides_a_page() {
        let text = redirects(&shell("/x/")).unwrap();
        assert!(text.starts_with("/x/tail/:n /x/tail/?n=:n 302\n"), "{text}");
        assert!(!text.contains("/x/event/"), "events have pages");
    }
}
