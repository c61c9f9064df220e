//! Where a file is: on this machine, or at a URL.

use std::convert::Infallible;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Result;

use super::Download;
use crate::progress::Progress;

/// A path or a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file on this machine.
    File(PathBuf),
    /// A file to download.
    Url(Url),
}

/// A URL that shows itself without what may be secret: user, password and query.
#[derive(Clone, PartialEq, Eq)]
pub struct Url(String);

impl Location {
    /// The file, downloaded if need be.
    ///
    /// # Errors
    /// If the download fails; see [`Download::file`].
    pub fn file(&self, download: &Download, progress: Progress) -> Result<PathBuf> {
        match self {
            Self::File(path) => Ok(path.clone()),
            Self::Url(url) => download.file(url, progress),
        }
    }

    /// Removes a downloaded copy that turned out to be of no use, so that it is not taken for
    /// current the next time.
    pub fn forget(&self, download: &Download) {
        if let Self::Url(url) = self {
            download.forget(url);
        }
    }

    /// The same, with a relative path seen from where `base` tells.
    #[must_use]
    pub fn seen_from(self, base: impl FnOnce(PathBuf) -> PathBuf) -> Self {
        match self {
            Self::File(path) => Self::File(base(path)),
            url @ Self::Url(_) => url,
        }
    }
}

impl From<&str> for Location {
    fn from(text: &str) -> Self {
        match Url::parse(text) {
            Some(url) => Self::Url(url),
            None => Self::File(text.into()),
        }
    }
}

impl FromStr for Location {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Url(url) => url.fmt(f),
        }
    }
}

impl Url {
    /// The text as a URL, if it begins with `http://` or `https://`.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, _) = text.split_once("://")?;
        ["http", "https"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
            .then(|| Self(text.to_owned()))
    }

    /// The whole URL: not for messages.
    pub(crate) fn secret(&self) -> &str {
        &self.0
    }

    /// What the URL itself calls the file: the last part of its path or, where that is a script, of
    /// its query (`…/DownloadFile?fileID=C%3A%5Cavdata%5Cavall.zip`).
    pub(super) fn file_name(&self) -> Option<String> {
        let (path, query) = self.0.split_once('?').unwrap_or((&self.0, ""));
        let candidates = [query, path].map(|text| {
            let name = unescape(text);
            let last = name.rsplit(['/', '\\', '=']).next().unwrap_or_default();
            last.to_owned()
        });
        candidates.into_iter().find(|name| is_database_name(name))
    }
}

/// Whether a name is one of a zip or an MDB: under no other name is a file kept.
pub(super) fn is_database_name(name: &str) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|end| {
        ["zip", "mdb"]
            .iter()
            .any(|known| end.eq_ignore_ascii_case(known))
    })
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("", &self.0));
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let host = authority.rsplit('@').next().unwrap_or_default();
        let path_end = path.find(['?', '#']).unwrap_or(path.len());
        let hidden = if path_end < path.len() { "?…" } else { "" };
        write!(f, "{scheme}://{host}{}{hidden}", &path[..path_end])
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Resolves `%5C` and the like; a text in which they are malformed is left as it is.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn paths_and_urls_are_told_apart() {
        assert_eq!(
            Location::from("data/avall.zip"),
            Location::File("data/avall.zip".into())
        );
        assert!(matches!(
            Location::from("HTTPS://example.org/avall.zip"),
            Location::Url(_)
        ));
    }

    #[test]
    fn what_may_be_secret_is_not_shown() {
        for (text, shown) in [
            (
                "https://me:pass@example.org:81/a/avall.zip?token=x#y",
                "https://example.org:81/a/avall.zip?…",
            ),
            ("http://a@b@example.org?key=x", "http://example.org?…"),
            (
                "https://example.org/avall.zip",
                "https://example.org/avall.zip",
            ),
        ] {
            assert_eq!(url(text).to_string(), shown);
            assert_eq!(format!("{:?}", url(text)), shown);
        }
    }

    #[test]
    fn a_file_has_the_name_that_its_url_gives() {
        let script =
            "https://data.example.org/FileDirectory/DownloadFile?fileID=C%3A%5Cavdata%5Cavall.zip";
        assert_eq!(url(script).file_name().as_deref(), Some("avall.zip"));
        let plain = url("https://example.org/data/up22FEB.mdb");
        assert_eq!(plain.file_name().as_deref(), Some("up22FEB.mdb"));
        assert_eq!(url("https://example.org/data/").file_name(), None);
        assert_eq!(unescape("100%"), "100%");
    }
}
