//! Keeps requests inside the folder of the site.
//!
//! The file server refuses paths that climb; symbolic links it follows. A site has none, so one that
//! leads out is nothing that was published.

use std::path::Path;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;
use axum::middleware::Next;
use axum::response::Response;

use super::Host;

/// Answers as if there were nothing where a symbolic link leads out of the folder.
pub(super) async fn confine(
    State(host): State<Arc<Host>>,
    mut request: Request,
    next: Next,
) -> Response {
    let file = host.file(request.uri().path());
    if file.is_some_and(|file| leads_out(&host.dir, &file)) {
        let nothing = format!("{}.none/none", host.site.prefix());
        *request.uri_mut() = Uri::try_from(nothing).unwrap_or_default();
    }
    next.run(request).await
}

fn leads_out(dir: &Path, file: &Path) -> bool {
    let Ok(root) = dir.canonicalize() else {
        return false;
    };
    [file.to_owned(), file.join("index.html")]
        .iter()
        .filter_map(|path| path.canonicalize().ok())
        .any(|real| !real.starts_with(&root))
}

/// A path with its percent signs resolved, if it is text.
pub(super) fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                bytes.push((digit(high)? * 16 + digit(low)?) as u8);
                rest = after;
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok()
}
