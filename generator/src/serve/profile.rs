//! Hosts differ; the differences that break sites can be tried here.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::{Host, rules};

/// Which kind of host to behave like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum HostProfile {
    /// Answers byte ranges; compresses what is not compressed yet, with Brotli or gzip; has what may
    /// be kept asked for anew, except where `_headers` says otherwise. Like nginx and Netlify.
    #[default]
    Plain,
    /// Answers a request for a range with the whole file, and shortens addresses that end in `.html`,
    /// like Cloudflare Pages.
    NoRange,
    /// Compresses everything, Parquet too, with gzip only, counts ranges in what is compressed, lets
    /// browsers keep everything for ten minutes and knows no `_headers`, like GitHub Pages; meant for a
    /// site under a path.
    GzipSubpath,
}

/// Most bytes of a file a range is cut from after compression.
const LARGEST: usize = 64 << 20;

/// Changes requests and answers to what the kind of host makes of them.
pub(super) async fn behave(
    State(host): State<Arc<Host>>,
    mut request: Request,
    next: Next,
) -> Response {
    match host.profile {
        HostProfile::Plain => next.run(request).await,
        HostProfile::NoRange => {
            if let Some(answer) = shorten(&host, &mut request) {
                return answer;
            }
            request.headers_mut().remove(header::RANGE);
            let mut response = next.run(request).await;
            response.headers_mut().remove(header::ACCEPT_RANGES);
            response
        }
        HostProfile::GzipSubpath => {
            let gzip = accepts_gzip(&request);
            let range = request.headers().get(header::RANGE).cloned();
            let Some(range) = range.filter(|_| gzip) else {
                return next.run(request).await;
            };
            request.headers_mut().remove(header::RANGE);
            let response = next.run(request).await;
            cut(response, range.to_str().unwrap_or_default()).await
        }
    }
}

fn accepts_gzip(request: &Request) -> bool {
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    accepted.is_some_and(|value| value.to_str().unwrap_or_default().contains("gzip"))
}

/// Leads `/a/index.html` to `/a/` and `/a.html` to `/a`, where it shows `a.html`.
fn shorten(host: &Host, request: &mut Request) -> Option<Response> {
    let uri = request.uri();
    let (path, query) = (uri.path(), uri.query());
    let with_query = |path: &str| match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    if path.ends_with(&format!("/{}", rules::FILE)) {
        // Read by the host, not served.
        *request.uri_mut() = Uri::try_from(format!("{path}.none")).ok()?;
        return None;
    }
    let short = match path.strip_suffix("index.html") {
        Some(folder) if folder.ends_with('/') => Some(folder),
        _ => path.strip_suffix(".html"),
    };
    if let Some(short) = short {
        return Some(Redirect::permanent(&with_query(short)).into_response());
    }
    let page = format!("{path}.html");
    if !path.ends_with('/') && host.file(&page).is_some_and(|file| file.is_file()) {
        *request.uri_mut() = Uri::try_from(with_query(&page)).ok()?;
    }
    None
}

/// Cuts a range out of a compressed answer, as it is: what arrives cannot be unpacked, and its length is
/// not that of the file. Firefox asks for such ranges.
async fn cut(response: Response, range: &str) -> Response {
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(all) = to_bytes(body, LARGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let Some((first, last)) = bounds(range, all.len()) else {
        return Response::from_parts(head, Body::from(all));
    };
    head.status = StatusCode::PARTIAL_CONTENT;
    let told = format!("bytes {first}-{last}/{}", all.len());
    if let Ok(told) = HeaderValue::try_from(told) {
        head.headers.insert(header::CONTENT_RANGE, told);
    }
    head.headers.remove(header::CONTENT_LENGTH);
    let part: Bytes = all.slice(first..=last);
    Response::from_parts(head, Body::from(part))
}

/// First and last byte of a range such as `bytes=4-9`, `bytes=4-` or `bytes=-6`.
fn bounds(range: &str, size: usize) -> Option<(usize, usize)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let end = size.checked_sub(1)?;
    let bounds = match (first.parse::<usize>().ok(), last.parse::<usize>().ok()) {
        (Some(first), Some(last)) => (first, last.min(end)),
        (Some(first), None) => (first, end),
        (None, Some(count)) => (size.saturating_sub(count), end),
        (None, None) => return None,
    };
    (bounds.0 <= bounds.1).then_some(bounds)
}
