//! One file, in as many attempts as it takes.
//!
//! RFC 9110: a part is continued only if the server confirms by `If-Range` that the file is still the
//! same; a file that is here already is asked for with `If-None-Match`.

use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use ureq::http::{HeaderMap, Response, header};
use ureq::{Agent, Body};

use super::Url;
use super::cache::{Entry, Version};
use super::location::is_database_name;
use crate::fault::Fault;
use crate::progress::Progress;
use crate::text;

/// How to download.
#[derive(Debug, Clone)]
pub struct Download {
    /// Folder that keeps what was downloaded and what is still arriving.
    pub folder: PathBuf,
    /// Largest file, in bytes.
    pub max_bytes: u64,
    /// Attempts that bring nothing new until it is given up.
    pub attempts: u32,
    /// Pause before the second attempt; it doubles with each further one, up to a minute.
    pub first_pause: Duration,
    /// Longest wait for a connection, for the beginning of an answer and for more of it.
    pub patience: Duration,
}

const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// Answers that may be others the next time.
const PASSING: [u16; 8] = [408, 416, 425, 429, 500, 502, 503, 504];
/// First bytes of a zip and of an MDB.
const MAGIC: [&[u8]; 2] = [b"PK\x03\x04", b"\0\x01\0\0"];

/// Why an attempt failed.
enum Failure {
    /// Another attempt may succeed; the server may say when.
    Passing(String, Option<Duration>),
    /// It would fail again.
    Lasting(anyhow::Error),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Lasting(error)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Lasting(fault.into())
    }
}

impl Download {
    /// The settings for a cache folder.
    pub fn into_folder(folder: PathBuf, max_bytes: u64) -> Self {
        Self {
            folder,
            max_bytes,
            attempts: 5,
            first_pause: Duration::from_secs(1),
            patience: Duration::from_secs(30),
        }
    }

    /// The file at `url`: downloaded, or the copy of an earlier run if the server says that it is
    /// current. What has arrived of an interrupted download is not fetched again.
    ///
    /// # Errors
    /// [`Fault::Input`] if there is no such file, it is too large, or neither a zip nor an MDB; other
    /// errors if the server cannot be reached, or fails, in every attempt.
    pub fn file(&self, url: &Url, progress: Progress) -> Result<PathBuf> {
        let entry = Entry::open(&self.folder, url)?;
        let agent = agent(self.patience);
        let bar = progress.bytes("download");
        bar.set_message(url.to_string());
        let (mut failures, mut best) = (0, entry.part_len());
        loop {
            let failure = match self.attempt(&agent, url, &entry, &bar) {
                Ok(path) => {
                    bar.finish_and_clear();
                    return Ok(path);
                }
                Err(failure) => failure,
            };
            let (why, wait) = match failure {
                Failure::Passing(why, wait) => (why, wait),
                Failure::Lasting(error) => {
                    return Err(error).with_context(|| format!("downloading {url}"));
                }
            };
            // A connection that breaks again and again still gets there.
            if entry.part_len() > best {
                (failures, best) = (0, entry.part_len());
            }
            failures += 1;
            if failures >= self.attempts {
                bail!(
                    "downloading {url}: {why}; given up after {}. What has arrived ({}) is kept: \
                     the next run goes on from there",
                    text::plural(u64::from(failures), "attempt"),
                    text::bytes(entry.part_len()),
                );
            }
            let pause = wait.unwrap_or(self.first_pause * (1 << (failures - 1).min(16)));
            let pause = pause.min(LONGEST_PAUSE);
            tracing::warn!("{url}: {why}; trying again in {pause:?}");
            sleep(pause);
        }
    }

    /// Removes what was downloaded from `url`.
    pub fn forget(&self, url: &Url) {
        if let Ok(entry) = Entry::open(&self.folder, url) {
            entry.forget();
        }
    }

    fn attempt(
        &self,
        agent: &Agent,
        url: &Url,
        entry: &Entry,
        bar: &ProgressBar,
    ) -> Result<PathBuf, Failure> {
        let (part, part_version) = (entry.part_len(), entry.part_version());
        let resumed = part_version
            .as_ref()
            .and_then(Version::validator)
            .filter(|_| part > 0);
        let current = entry.current();

        let mut request = agent
            .get(url.secret())
            .header(header::ACCEPT_ENCODING, "identity");
        if let Some(validator) = resumed {
            request = request
                .header(header::RANGE, format!("bytes={part}-"))
                .header(header::IF_RANGE, validator);
        } else if let Some((_, version)) = &current {
            if let Some(etag) = &version.etag {
                request = request.header(header::IF_NONE_MATCH, etag);
            }
            if let Some(date) = &version.last_modified {
                request = request.header(header::IF_MODIFIED_SINCE, date);
            }
        }
        let response = request.call().map_err(|error| unanswered(&error))?;

        let (file, start, version) = match response.status().as_u16() {
            200 => {
                let version = version(response.headers());
                (entry.begin(&version)?, 0, version)
            }
            206 if resumed.is_some() && range_start(response.headers()) == Some(part) => {
                (entry.go_on()?, part, part_version.unwrap_or_default())
            }
            304 if current.is_some() => {
                tracing::info!("{url} has not changed since it was downloaded");
                return Ok(current.map(|(path, _)| path).unwrap_or_default());
            }
            status => {
                // Whatever it is about the part: begin anew.
                if resumed.is_some() && (status < 400 || status == 416) {
                    entry.drop_part();
                }
                return Err(refusal(status, response.headers()));
            }
        };
        self.receive(response, file, start, entry, bar)?;
        check_magic(entry)?;
        let name = version.name.or_else(|| url.file_name());
        Ok(entry.complete(&name.unwrap_or_else(|| "download".to_owned()))?)
    }

    /// Writes the answer's body after the first `start` bytes of the file.
    fn receive(
        &self,
        response: Response<Body>,
        mut file: File,
        start: u64,
        entry: &Entry,
        bar: &ProgressBar,
    ) -> Result<(), Failure> {
        let rest = response.body().content_length();
        let total = rest.map(|rest| start + rest);
        if total.is_some_and(|total| total > self.max_bytes) {
            return Err(self.too_large(entry));
        }
        bar.set_length(total.unwrap_or(start));
        bar.set_position(start);
        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0; 1 << 16];
        let mut arrived = start;
        loop {
            let read = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => return Err(Failure::Passing(error.to_string(), None)),
            };
            arrived += read as u64;
            if arrived > self.max_bytes {
                return Err(self.too_large(entry));
            }
            file.write_all(&buffer[..read])
                .context("writing what arrives: is the disk full?")?;
            bar.set_position(arrived);
        }
        match total {
            Some(total) if arrived < total => Err(Failure::Passing(
                format!("the connection ended after {arrived} of {total} bytes"),
                None,
            )),
            _ => Ok(()),
        }
    }

    fn too_large(&self, entry: &Entry) -> Failure {
        entry.drop_part();
        let limit = text::bytes(self.max_bytes);
        Fault::Input(format!(
            "the file is larger than {limit}: allow more with --max-download"
        ))
        .into()
    }
}

pub(crate) fn agent(patience: Duration) -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .timeout_resolve(Some(patience))
        .timeout_connect(Some(patience))
        .timeout_recv_response(Some(patience))
        .timeout_per_read(Some(patience))
        .timeout_per_write(Some(patience))
        .user_agent(concat!("windsock/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

/// No answer came. The texts of some errors quote the URL: those are not passed on.
fn unanswered(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            Fault::Input("this is no valid URL".to_owned()).into()
        }
        ureq::Error::TooManyRedirects | ureq::Error::RedirectFailed => {
            Fault::Input("the server redirects without end".to_owned()).into()
        }
        ureq::Error::HostNotFound => Failure::Passing("no such host is known".to_owned(), None),
        other => Failure::Passing(other.to_string(), None),
    }
}

/// The server answered, but not with the file.
fn refusal(status: u16, headers: &HeaderMap) -> Failure {
    match status {
        _ if status < 400 || PASSING.contains(&status) => {
            let seconds = text_of(headers, &header::RETRY_AFTER).and_then(|text| text.parse().ok());
            Failure::Passing(
                format!("the server answered with status {status}"),
                seconds.map(Duration::from_secs),
            )
        }
        401 | 403 => Fault::Input(format!(
            "the server refuses to give the file (status {status})"
        ))
        .into(),
        404 | 410 => Fault::Input(format!(
            "there is no such file on the server (status {status})"
        ))
        .into(),
        _ => Fault::Input(format!("the server answered with status {status}")).into(),
    }
}

fn version(headers: &HeaderMap) -> Version {
    Version {
        etag: text_of(headers, &header::ETAG),
        last_modified: text_of(headers, &header::LAST_MODIFIED),
        name: text_of(headers, &header::CONTENT_DISPOSITION).and_then(|text| file_name(&text)),
    }
}

fn text_of(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The name in `attachment; filename="avall.zip"`, without folders.
fn file_name(disposition: &str) -> Option<String> {
    let (_, rest) = disposition.split_once("filename=")?;
    let name = rest.split(';').next()?.trim().trim_matches('"');
    let name = name.rsplit(['/', '\\']).next()?;
    is_database_name(name).then(|| name.to_owned())
}

/// Where the range begins that `Content-Range: bytes 100-199/200` describes.
fn range_start(headers: &HeaderMap) -> Option<u64> {
    let text = text_of(headers, &header::CONTENT_RANGE)?;
    let (start, _) = text.strip_prefix("bytes ")?.split_once('-')?;
    start.parse().ok()
}

/// A web page that explains an error often comes with status 200.
fn check_magic(entry: &Entry) -> Result<(), Failure> {
    let mut begin = [0; 60];
    let read = File::open(entry.part())
        .and_then(|mut file| file.read(&mut begin))
        .context("reading what was downloaded")?;
    let begin = &begin[..read];
    if MAGIC.iter().any(|magic| begin.starts_with(magic)) {
        return Ok(());
    }
    entry.drop_part();
    let shown = String::from_utf8_lossy(begin).escape_debug().to_string();
    Err(Fault::Input(format!(
        "what the server sent is neither a zip nor an MDB; it begins with \"{shown}\""
    ))
    .into())
}
