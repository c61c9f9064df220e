//! Tells open pages that the site has changed, or that building it failed.
//!
//! Pages get a script on the way to the browser, which asks for the state after the one it knows and
//! is answered when there is one. So it needs nothing the policy of the pages does not allow, and works
//! under any prefix and through any proxy.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use tokio::sync::watch::Sender;
use tokio::time::timeout;

/// Folder of what is not part of the site.
const FOLDER: &str = ".windsock";
const SCRIPT: &str = include_str!("reload.js");

/// How long a question is kept open: shorter than proxies wait.
const PATIENCE: Duration = Duration::from_secs(25);

/// Most bytes of a page a script is put into.
const LARGEST: usize = 16 << 20;

/// The state of the site, shared between who builds and who serves.
#[derive(Debug, Clone, Default)]
pub(super) struct Live {
    state: Arc<Sender<Now>>,
}

/// What open pages are told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Now {
    /// Changes with everything told.
    version: u64,
    /// Changes with the site; begins with the process, so that pages notice another server.
    site: String,
    /// Why the last build failed.
    error: Option<String>,
}

impl Live {
    /// The site is another one now.
    pub(super) fn changed(&self) {
        self.state.send_modify(|now| {
            now.version += 1;
            now.site = format!("{}-{}", std::process::id(), now.version);
        });
    }

    /// A build failed, or the next one did not.
    pub(super) fn failed(&self, error: Option<String>) {
        self.state.send_if_modified(|now| {
            let news = now.error != error;
            now.error = error;
            now.version += u64::from(news);
            news
        });
    }

    /// Adds the script to the pages a router serves, and what the script asks.
    pub(super) fn attach(&self, router: Router, prefix: &str) -> Router {
        self.changed();
        let tag =
            format!("<script type=\"module\" src=\"{prefix}{FOLDER}/reload.js\"></script></head>");
        let script = || async { ([(header::CONTENT_TYPE, "text/javascript")], SCRIPT) };
        router
            .layer(from_fn_with_state(Arc::<str>::from(tag), inject))
            .route(&format!("{prefix}{FOLDER}/reload.js"), get(script))
            .route(
                &format!("{prefix}{FOLDER}/state"),
                get(state).with_state(self.clone()),
            )
    }
}

/// The state, once its version is another than the page knows: `?after=7`.
async fn state(State(live): State<Live>, request: Request) -> Response {
    let known = request
        .uri()
        .query()
        .and_then(|query| query.strip_prefix("after="));
    let known: Option<u64> = known.and_then(|version| version.parse().ok());
    let mut news = live.state.subscribe();
    let other = news.wait_for(|now| Some(now.version) != known);
    let now = match timeout(PATIENCE, other).await {
        Ok(Ok(now)) => now.clone(),
        _ => live.state.borrow().clone(),
    };
    match serde_json::to_string(&now) {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Puts the script into a page. Nothing may come from a cache: what is served differs from the file.
async fn inject(State(tag): State<Arc<str>>, mut request: Request, next: Next) -> Response {
    for name in [header::IF_MODIFIED_SINCE, header::IF_NONE_MATCH] {
        request.headers_mut().remove(name);
    }
    let response = next.run(request).await;
    let kind = response.headers().get(header::CONTENT_TYPE);
    let page = kind.is_some_and(|kind| kind.to_str().unwrap_or_default().starts_with("text/html"));
    if !page || response.status() == StatusCode::PARTIAL_CONTENT {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let html = String::from_utf8_lossy(&bytes).replacen("</head>", &tag, 1);
    for name in [header::LAST_MODIFIED, header::ETAG, header::ACCEPT_RANGES] {
        head.headers.remove(name);
    }
    head.headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(html.len()));
    Response::from_parts(head, Body::from(html))
}
