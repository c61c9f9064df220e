//! The one place URLs of the site are made.

use anyhow::{Result, bail, ensure};

/// Where a site lives: a path prefix, with or without an origin in front of it.
///
/// Links between pages are absolute paths (`/prefix/explore/`), so they work from every page, the
/// 404 page included, whatever address the host showed it under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteUrl {
    origin: Option<String>,
    prefix: String,
}

impl SiteUrl {
    /// Reads an absolute `http(s)` URL or a path; a missing final slash is added.
    ///
    /// # Errors
    /// If the text is neither, or holds anything but unreserved characters in its path.
    pub fn parse(text: &str) -> Result<Self> {
        let (origin, path) = split(text)?;
        let inner = path.trim_matches('/');
        for segment in inner.split('/').filter(|_| !inner.is_empty()) {
            ensure!(
                !segment.trim_matches('.').is_empty()
                    && segment
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)),
                "base URL {text:?} has an unusable part {segment:?}: \
                 letters, digits and -._~ may be used, without query or fragment"
            );
        }
        let prefix = if inner.is_empty() {
            "/".to_owned()
        } else {
            format!("/{inner}/")
        };
        Ok(Self { origin, prefix })
    }

    /// The path all pages live under; starts and ends with a slash.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Link to a file or folder given relative to the site's root: `explore/`, `""` for home.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}", self.prefix, path.trim_start_matches('/'))
    }

    /// The same with origin; nothing if the site was given as a path only.
    pub fn absolute(&self, path: &str) -> Option<String> {
        let origin = self.origin.as_deref()?;
        Some(format!("{origin}{}", self.url(path)))
    }
}

/// Origin (without final slash) and path.
fn split(text: &str) -> Result<(Option<String>, &str)> {
    if text.starts_with('/') && !text.starts_with("//") {
        return Ok((None, text));
    }
    for scheme in ["https://", "http://"] {
        if let Some(rest) = text.strip_prefix(scheme) {
            let end = rest.find('/').unwrap_or(rest.len());
            let (host, path) = rest.split_at(end);
            ensure!(
                !host.is_empty()
                    && host
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b)),
                "base URL {text:?} has no usable host name"
            );
            return Ok((Some(format!("{scheme}{host}")), path));
        }
    }
    bail!(
        "base URL {text:?} is neither a path like /prefix/ nor a URL like https://example.org/prefix/"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_urls_get_their_slashes() {
        for (text, prefix) in [
            ("/", "/"),
            ("/a", "/a/"),
            ("/a/b/", "/a/b/"),
            ("https://example.org", "/"),
            ("http://localhost:8080/x", "/x/"),
        ] {
            assert_eq!(SiteUrl::parse(text).unwrap().prefix(), prefix, "{text}");
        }
    }

    #[test]
    fn links_carry_prefix_and_origin() {
        let site = SiteUrl::parse("https://example.org/wind").unwrap();
        assert_eq!(site.url("explore/"), "/wind/explore/");
        assert_eq!(site.url(""), "/wind/");
        assert_eq!(
            site.absolute("data/").as_deref(),
            Some("https://example.org/wind/data/")
        );
        assert_eq!(SiteUrl::parse("/wind").unwrap().absolute("data/"), None);
    }

    #[test]
    fn what_could_break_a_page_is_refused() {
        for text in [
            "",
            "wind/",
            "//example.org/",
            "ftp://example.org/",
            "https:///x",
            "/a b/",
            "/a/../b/",
            "/a//b/",
            "/a?b",
            "/a\"onload=",
            "https://exa mple.org/",
        ] {
            assert!(SiteUrl::parse(text).is_err(), "{text}");
        }
    }
}
