//! What the responses say about themselves.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{Host, HostProfile, rules};

/// Media type of Parquet as registered with IANA; unknown to the file server's own list.
const PARQUET: HeaderValue = HeaderValue::from_static("application/vnd.apache.parquet");

/// Gives Parquet files their media type, and everything how long it may be kept.
pub(super) async fn describe(
    State(host): State<Arc<Host>>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let found = matches!(
        response.status(),
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED
    );
    let headers = response.headers_mut();
    if path.ends_with(".parquet") && found {
        headers.insert(header::CONTENT_TYPE, PARQUET);
    }
    let usual = match host.profile {
        HostProfile::Plain => "no-cache",
        HostProfile::NoRange => "public, max-age=0, must-revalidate",
        HostProfile::GzipSubpath => "max-age=600",
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(usual));
    if host.profile == HostProfile::GzipSubpath {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
    } else if found {
        // Read anew each time: the site may have been rebuilt.
        let rules = std::fs::read_to_string(host.dir.join(rules::FILE)).unwrap_or_default();
        for (name, value) in rules::headers(&rules, &path) {
            if let Some(name) = name {
                headers.insert(name, value);
            }
        }
    }
    response
}

/// No file may be taken for another type.
pub(super) async fn security(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// Whether a response shrinks by compression: text, JSON, SVG and WebAssembly do.
pub(super) fn compressible(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    kind.starts_with("text/")
        || [
            "application/json",
            "application/javascript",
            "application/wasm",
            "application/xml",
            "image/svg+xml",
        ]
        .iter()
        .any(|compressible| kind.starts_with(compressible))
}
