//! Hosts differ; the differences that break sites can be tried here.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Which kind of host to behave like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum HostProfile {
    /// Answers byte ranges; compresses what is not compressed yet, with Brotli or gzip.
    #[default]
    Plain,
    /// Answers a request for a range with the whole file, like Cloudflare Pages.
    NoRange,
    /// Compresses everything it does not know, Parquet too, with gzip only, and lets browsers keep
    /// pages for ten minutes, like GitHub Pages; meant for a site under a path.
    GzipSubpath,
}

/// Forgets about ranges, or about freshness, as the host would.
pub(super) async fn behave(
    State(profile): State<HostProfile>,
    mut request: Request,
    next: Next,
) -> Response {
    if profile == HostProfile::NoRange {
        request.headers_mut().remove(header::RANGE);
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    match profile {
        HostProfile::Plain => {}
        HostProfile::NoRange => drop(headers.remove(header::ACCEPT_RANGES)),
        HostProfile::GzipSubpath => {
            let minutes = HeaderValue::from_static("max-age=600");
            headers.insert(header::CACHE_CONTROL, minutes);
        }
    }
    response
}
