//! What was downloaded from a URL, and how far a download got.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Url;
use crate::output::{hex, sha256_hex};

/// The folder of one URL: `part` and `part.json` while a file arrives, then the file under its own
/// name and `complete.json`.
#[derive(Debug)]
pub(super) struct Entry {
    folder: PathBuf,
}

/// What the server says about a version of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Version {
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    /// What the server calls the file.
    pub(super) name: Option<String>,
}

/// A file that arrived whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Complete {
    version: Version,
    name: String,
    bytes: u64,
    sha256: String,
}

impl Version {
    /// What a part of a file can be continued by: a tag that stands for the very bytes, or a date.
    pub(super) fn validator(&self) -> Option<&str> {
        let strong = self.etag.as_deref().filter(|tag| !tag.starts_with("W/"));
        strong.or(self.last_modified.as_deref())
    }
}

impl Entry {
    pub(super) fn open(cache: &Path, url: &Url) -> Result<Self> {
        let mut name = sha256_hex(url.secret().as_bytes());
        name.truncate(16);
        let folder = cache.join(name);
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        Ok(Self { folder })
    }

    pub(super) fn forget(&self) {
        fs::remove_dir_all(&self.folder).ok();
    }

    pub(super) fn part(&self) -> PathBuf {
        self.folder.join("part")
    }

    /// Bytes that have arrived of a file that is not whole yet.
    pub(super) fn part_len(&self) -> u64 {
        fs::metadata(self.part()).map_or(0, |meta| meta.len())
    }

    /// The version that the part is of.
    pub(super) fn part_version(&self) -> Option<Version> {
        read_json(&self.folder.join("part.json"))
    }

    /// Begins a file anew.
    pub(super) fn begin(&self, version: &Version) -> Result<File> {
        write_json(&self.folder.join("part.json"), version)?;
        File::create(self.part()).context("creating the file to download into")
    }

    /// Goes on with the part.
    pub(super) fn go_on(&self) -> Result<File> {
        let file = File::options().append(true).open(self.part());
        file.context("opening the file to download into")
    }

    pub(super) fn drop_part(&self) {
        fs::remove_file(self.part()).ok();
        fs::remove_file(self.folder.join("part.json")).ok();
    }

    /// Makes the part the file, instead of an earlier version.
    pub(super) fn complete(&self, name: &str) -> Result<PathBuf> {
        let (sha256, bytes) = digest(&self.part()).context("reading what was downloaded")?;
        let complete = Complete {
            version: self.part_version().unwrap_or_default(),
            name: name.to_owned(),
            bytes,
            sha256,
        };
        // In this order: a record never tells of a file that is not there in full.
        if let Some((old, _)) = self.current() {
            fs::remove_file(self.folder.join("complete.json")).ok();
            fs::remove_file(old).ok();
        }
        let path = self.folder.join(name);
        fs::rename(self.part(), &path).context("putting the downloaded file in place")?;
        write_json(&self.folder.join("complete.json"), &complete)?;
        self.drop_part();
        Ok(path)
    }

    /// The file that arrived last and its version, if it is still as it was.
    pub(super) fn current(&self) -> Option<(PathBuf, Version)> {
        let complete: Complete = read_json(&self.folder.join("complete.json"))?;
        let path = self.folder.join(&complete.name);
        let found = digest(&path).ok()?;
        (found == (complete.sha256, complete.bytes)).then_some((path, complete.version))
    }
}

fn digest(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((hex(&hasher.finalize()), bytes));
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
}

fn read_json<T: for<'a> Deserialize<'a>>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, serde_json::to_vec_pretty(value)?)
        .and_then(|()| fs::rename(&new, path))
        .with_context(|| format!("writing {}", path.display()))
}
