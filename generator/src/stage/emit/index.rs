//! Files for hosts and search engines.

use std::fmt::Write;

use anyhow::Result;

use crate::config::SiteUrl;
use crate::output::Output;
use crate::page::Rendered;

/// Writes `.nojekyll`, `robots.txt` and `sitemap.xml`.
pub(super) fn write(site: &SiteUrl, pages: &[Rendered], output: &mut impl Output) -> Result<()> {
    // Keeps GitHub Pages from dropping files and folders it takes for Jekyll's.
    output.write(".nojekyll", b"")?;

    let mut robots = format!(
        "User-agent: *\nDisallow: {}\nDisallow: {}\n",
        site.url("lake/"),
        site.url("model/")
    );
    if let Some(sitemap) = site.absolute("sitemap.xml") {
        writeln!(robots, "Sitemap: {sitemap}")?;
    }
    output.write("robots.txt", robots.as_bytes())?;

    let mut sitemap = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for page in pages {
        if let Some(folder) = page.path.strip_suffix("index.html") {
            let address = site.absolute(folder).unwrap_or_else(|| site.url(folder));
            writeln!(sitemap, "<url><loc>{address}</loc></url>")?;
        }
    }
    sitemap.push_str("</urlset>\n");
    output.write("sitemap.xml", sitemap.as_bytes())
}
