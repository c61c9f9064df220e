//! Downloads from a server with every fault that servers have.

mod server;

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;

pub(crate) use self::server::{Reply, Request, WebServer, respond};
use super::{Download, notify};
use crate::fault::exit_code;
use crate::progress::Progress;

const QUIET: Progress = Progress { quiet: true };

fn download(folder: &Path) -> Download {
    Download {
        attempts: 3,
        first_pause: Duration::from_millis(1),
        patience: Duration::from_millis(500),
        ..Download::into_folder(folder.to_owned(), 1_000_000)
    }
}

/// Bytes that begin like a zip.
fn content(seed: u8) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend((0..50_000_u32).map(|i| (i % 251) as u8 ^ seed));
    bytes
}

/// The first bytes of a file of this content, announced as the whole.
fn cut(content: &[u8], after: usize, headers: &[&str]) -> Vec<u8> {
    let length = format!("Content-Length: {}", content.len());
    let headers: Vec<&str> = headers.iter().copied().chain([length.as_str()]).collect();
    respond("200 OK", &headers, &content[..after])
}

fn whole(content: &[u8], headers: &[&str]) -> Vec<u8> {
    cut(content, content.len(), headers)
}

/// Answers a request for a range with at most `most` bytes of it, any other with the beginning.
fn part(request: &Request, content: &[u8], most: usize) -> Vec<u8> {
    let start = request.header("range").map_or(0, |range| {
        let (start, _) = range["bytes=".len()..].split_once('-').unwrap();
        start.parse().unwrap()
    });
    let end = content.len().min(start + most);
    if start == 0 {
        return cut(content, end, &["ETag: \"v1\""]);
    }
    let range = format!(
        "Content-Range: bytes {start}-{}/{}",
        content.len() - 1,
        content.len()
    );
    let length = format!("Content-Length: {}", content.len() - start);
    respond(
        "206 Partial Content",
        &[&range, &length],
        &content[start..end],
    )
}

fn file(server: &WebServer, folder: &Path) -> Result<Vec<u8>> {
    let path = download(folder).file(&server.url("avall.zip"), QUIET)?;
    Ok(fs::read(path).unwrap())
}

#[test]
fn a_broken_connection_is_resumed_where_it_broke() {
    let folder = tempfile::tempdir().unwrap();
    let half = |request: &Request| part(request, &content(0), 30_000);
    let server = WebServer::start(vec![Box::new(half), Box::new(half)]);
    assert_eq!(file(&server, folder.path()).unwrap(), content(0));
    let requests = server.requests();
    assert_eq!(requests[0].header("range"), None);
    assert_eq!(requests[1].header("range"), Some("bytes=30000-"));
    assert_eq!(requests[1].header("if-range"), Some("\"v1\""));
}

#[test]
fn every_bit_of_progress_counts() {
    let folder = tempfile::tempdir().unwrap();
    let little = |request: &Request| part(request, &content(0), 9_000);
    // Twice as many breaks as attempts that may fail.
    let server = WebServer::start((0..6).map(|_| Box::new(little) as Reply).collect());
    assert_eq!(file(&server, folder.path()).unwrap(), content(0));
    assert_eq!(server.requests().len(), 6);
}

#[test]
fn the_next_run_goes_on_where_the_last_gave_up() {
    let folder = tempfile::tempdir().unwrap();
    let busy = |_: &Request| respond("503 Service Unavailable", &[], b"");
    let server = WebServer::start(vec![
        Box::new(|request| part(request, &content(0), 30_000)),
        Box::new(busy),
        Box::new(busy),
        Box::new(|request| part(request, &content(0), 30_000)),
    ]);
    let error = file(&server, folder.path()).unwrap_err();
    assert!(error.to_string().contains("goes on from there"), "{error}");
    assert_eq!(file(&server, folder.path()).unwrap(), content(0));
    let last = server.requests().pop().unwrap();
    assert_eq!(last.header("range"), Some("bytes=30000-"));
}

#[test]
fn a_server_that_ignores_ranges_sends_the_file_anew() {
    let folder = tempfile::tempdir().unwrap();
    let server = WebServer::start(vec![
        Box::new(|_| cut(&content(0), 20_000, &["ETag: \"v1\""])),
        Box::new(|_| whole(&content(0), &["ETag: \"v1\""])),
    ]);
    assert_eq!(file(&server, folder.path()).unwrap(), content(0));
    assert!(server.requests()[1].header("range").is_some());
}

#[test]
fn parts_of_two_versions_are_never_joined() {
    let folder = tempfile::tempdir().unwrap();
    let server = WebServer::start(vec![
        // Nothing to tell versions by: no range is asked for.
        Box::new(|_| cut(&content(0), 20_000, &[])),
        Box::new(|_| cut(&content(1), 20_000, &["ETag: W/\"weak\""])),
        Box::new(|_| {
            whole(
                &content(2),
                &["Last-Modified: Sat, 22 Feb 2025 08:00:00 GMT"],
            )
        }),
    ]);
    let settings = Download {
        attempts: 9,
        ..download(folder.path())
    };
    let path = settings.file(&server.url("avall.zip"), QUIET).unwrap();
    assert_eq!(fs::read(path).unwrap(), content(2));
    let ranges = server.requests();
    assert!(
        ranges
            .iter()
            .all(|request| request.header("range").is_none())
    );
}

#[test]
fn a_range_that_was_not_asked_for_is_not_appended() {
    let folder = tempfile::tempdir().unwrap();
    let server = WebServer::start(vec![
        Box::new(|_| cut(&content(0), 20_000, &["ETag: \"v1\""])),
        Box::new(|_| {
            let headers = ["Content-Range: bytes 7-9/50004", "Content-Length: 3"];
            respond("206 Partial Content", &headers, b"abc")
        }),
        Box::new(|_| whole(&content(0), &[])),
    ]);
    assert_eq!(file(&server, folder.path()).unwrap(), content(0));
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let busy = |_: &Request| respond("503 Service Unavailable", &["Retry-After: 0"], b"busy");
    let server = WebServer::start(vec![
        Box::new(busy),
        Box::new(busy),
        Box::new(|_| whole(&content(0), &[])),
    ]);
    assert_eq!(file(&server, folder.path()).unwrap(), content(0));
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_server_that_lies_about_the_length_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let lie = |_: &Request| cut(&content(0), 100, &[]);
    let server = WebServer::start((0..9).map(|_| Box::new(lie) as Reply).collect());
    let error = file(&server, folder.path()).unwrap_err();
    assert_eq!(exit_code(&error), 1);
    let message = format!("{error:#}");
    assert!(message.contains("given up after 3 attempts"), "{message}");
    assert!(!message.contains("secret"), "{message}");
}

#[test]
fn a_server_that_falls_silent_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let server = WebServer::start(vec![
        // No answer, and the connection stays open for as long as the test runs.
        Box::new(move |_| {
            wait.lock().unwrap().recv().ok();
            Vec::new()
        }),
        Box::new(|_| whole(&content(0), &[])),
    ]);
    let settings = Download {
        attempts: 2,
        ..download(folder.path())
    };
    let error = settings.file(&server.url("avall.zip"), QUIET).unwrap_err();
    assert!(format!("{error:#}").contains("timeout"), "{error:#}");
    drop(release);
}

#[test]
fn a_file_that_has_not_changed_is_not_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = WebServer::start(vec![
        Box::new(|_| whole(&content(0), &["ETag: \"v1\""])),
        Box::new(|_| respond("304 Not Modified", &["ETag: \"v1\""], b"")),
        Box::new(|_| whole(&content(1), &["ETag: \"v2\""])),
    ]);
    assert_eq!(file(&server, folder.path()).unwrap(), content(0));
    assert_eq!(file(&server, folder.path()).unwrap(), content(0));
    let requests = server.requests();
    assert_eq!(requests[0].header("if-none-match"), None);
    assert_eq!(requests[1].header("if-none-match"), Some("\"v1\""));
    // A copy that is no longer what arrived is worth nothing.
    let path = walkdir::WalkDir::new(folder.path())
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .find(|path| path.ends_with("avall.zip"))
        .unwrap();
    fs::write(path, "damaged").unwrap();
    assert_eq!(file(&server, folder.path()).unwrap(), content(1));
    assert_eq!(server.requests()[0].header("if-none-match"), None);
}

#[test]
fn what_cannot_be_used_is_refused_at_once() {
    let large = vec![b'P'; 1_000_001];
    let chunked = || {
        let mut body = b"186A00\r\n".to_vec();
        body.extend(vec![b'P'; 0x0018_6A00]);
        body.extend(b"\r\n0\r\n\r\n");
        respond("200 OK", &["Transfer-Encoding: chunked"], &body)
    };
    let cases: [(Reply, &str); 6] = [
        (
            Box::new(move |_| whole(&large, &[])),
            "larger than 1.0\u{a0}MB",
        ),
        (Box::new(move |_| chunked()), "larger than 1.0\u{a0}MB"),
        (
            Box::new(|_| whole(b"<html>Down for maintenance</html>", &[])),
            "begins with \"<html>Down",
        ),
        (
            Box::new(|_| respond("404 Not Found", &[], b"")),
            "no such file on the server (status 404)",
        ),
        (
            Box::new(|_| respond("403 Forbidden", &[], b"")),
            "refuses to give the file (status 403)",
        ),
        (
            Box::new(|_| respond("418 I'm a teapot", &[], b"")),
            "status 418",
        ),
    ];
    for (reply, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let server = WebServer::start(vec![reply]);
        let error = file(&server, folder.path()).unwrap_err();
        let message = format!("{error:#}");
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains("secret"), "{message}");
        assert_eq!(exit_code(&error), 3, "{message}");
        let kept = walkdir::WalkDir::new(folder.path()).into_iter();
        let files = kept.filter(|entry| entry.as_ref().unwrap().file_type().is_file());
        assert_eq!(files.count(), 0, "{message}");
    }
}

#[test]
fn a_webhook_is_told_and_may_fail() {
    let server = WebServer::start(vec![
        Box::new(|_| respond("204 No Content", &[], b"")),
        Box::new(|_| respond("500 Internal Server Error", &[], b"")),
    ]);
    for _ in 0..3 {
        // The third time nobody listens any more.
        notify(&server.url("hook?key=secret"), &["done"]);
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, "[\"done\"]");
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
}
