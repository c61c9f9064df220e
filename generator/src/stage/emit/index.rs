//! Files for hosts, browsers and search engines.

use std::fmt::Write;

use anyhow::Result;
use serde_json::json;

use super::Inputs;
use crate::output::Output;
use crate::page::Shell;

/// Kept for ever: the name has the hash of the content.
const FOREVER: &str = "  Cache-Control: public, max-age=31536000, immutable\n";

/// Writes `.nojekyll`, `_headers`, `robots.txt`, `sitemap.xml` and `manifest.webmanifest`.
pub(super) fn write(
    shell: &Shell,
    inputs: &Inputs,
    pages: &[&str],
    output: &mut impl Output,
) -> Result<()> {
    let site = &shell.site;
    // Keeps GitHub Pages from dropping files and folders it takes for Jekyll's.
    output.write(".nojekyll", b"")?;
    output.write("_headers", headers(shell, inputs)?.as_bytes())?;
    let icon = shell.assets.get("img").map_or("img", String::as_str);
    let manifest = json!({
        "name": shell.title,
        "short_name": shell.title,
        "start_url": site.url(""),
        "scope": site.url(""),
        "display": "minimal-ui",
        "background_color": "#fbfcfd",
        "theme_color": "#0b5c91",
        "icons": [{
            "src": site.url(&format!("{icon}/favicon.svg")),
            "sizes": "any",
            "type": "image/svg+xml",
        }],
    });
    output.write("manifest.webmanifest", manifest.to_string().as_bytes())?;

    let mut robots = String::from("User-agent: *\n");
    for folder in ["lake/", "model/", "api/"] {
        writeln!(robots, "Disallow: {}", site.url(folder))?;
    }
    if let Some(sitemap) = site.absolute("sitemap.xml") {
        writeln!(robots, "Sitemap: {sitemap}")?;
    }
    output.write("robots.txt", robots.as_bytes())?;

    // One file: hosts take fewer files than a sitemap takes addresses.
    let mut sitemap = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in pages {
        if let Some(folder) = page.strip_suffix("index.html") {
            let address = site.absolute(folder).unwrap_or_else(|| site.url(folder));
            writeln!(sitemap, "<url><loc>{address}</loc></url>")?;
        }
    }
    sitemap.push_str("</urlset>\n");
    output.write("sitemap.xml", sitemap.as_bytes())
}

/// What Cloudflare Pages and Netlify read. Folders with a mutable file in them are left out: these
/// hosts join what several rules say instead of choosing one.
fn headers(shell: &Shell, inputs: &Inputs) -> Result<String> {
    let site = &shell.site;
    let mut text = format!("{}*\n  X-Content-Type-Options: nosniff\n", site.url(""));
    let tables = inputs.manifest.tables.keys();
    let folders = ["assets", "charts", "model", "lake/manifests"]
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
