//! What the responses say about themselves.

use axum::extract::Request;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header};
use axum::middleware::Next;

/// Media type of Parquet as registered with IANA; unknown to the file server's own list.
const PARQUET: HeaderValue = HeaderValue::from_static("application/vnd.apache.parquet");

/// Gives Parquet files their media type.
pub(super) async fn media_type(request: Request, next: Next) -> axum::response::Response {
    let parquet = request.uri().path().ends_with(".parquet");
    let mut response = next.run(request).await;
    let found = matches!(
        response.status(),
        StatusCode::OK | StatusCode::PARTIAL_CONTENT
    );
    if parquet && found {
        response.headers_mut().insert(header::CONTENT_TYPE, PARQUET);
    }
    response
}

/// A rebuilt site must show at once, and no file may be taken for another type.
pub(super) async fn security(mut response: axum::response::Response) -> axum::response::Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
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
