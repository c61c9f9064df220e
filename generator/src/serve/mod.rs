//! Shows a finished site on this machine, the way a static host would.
//!
//! Loopback only. Files are served under the prefix the site was built for, with byte ranges;
//! text and WebAssembly are compressed, Parquet (compressed inside) is not.

mod headers;
mod profile;

use std::net::Ipv4Addr;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use axum::response::Redirect;
use axum::routing::get;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

pub use self::profile::HostProfile;
use crate::config::SiteUrl;

/// Serves the site in `dir` under the path of `base_url` until interrupted (Ctrl-C).
///
/// `ready` is called once with the address to open.
///
/// # Errors
/// If there is no site in `dir`, `base_url` is not usable or the port is taken.
pub fn serve(
    dir: &Path,
    base_url: &str,
    port: u16,
    profile: HostProfile,
    ready: impl FnOnce(&str),
) -> Result<()> {
    let site = SiteUrl::parse(base_url)?;
    ensure!(
        dir.join("index.html").is_file(),
        "there is no site in {}: run `windsock build` first",
        dir.display()
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the server")?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .with_context(|| format!("listening on port {port}: choose another with --port"))?;
        let address = listener.local_addr().context("asking for the port")?;
        ready(&format!("http://{address}{}", site.prefix()));
        axum::serve(listener, router(dir, &site, profile))
            .with_graceful_shutdown(async {
                // Without a signal handler the default action ends the process just as well.
                tokio::signal::ctrl_c().await.ok();
            })
            .await
            .context("serving")
    })
}

fn router(dir: &Path, site: &SiteUrl, profile: HostProfile) -> Router {
    let gzips = profile == HostProfile::GzipSubpath;
    let compress =
        move |status: StatusCode, version: Version, headers: &HeaderMap, more: &Extensions| {
            gzips || headers::compressible(status, version, headers, more)
        };
    let files = ServeDir::new(dir)
        .redirect_path_prefix(site.prefix().trim_end_matches('/'))
        .not_found_service(ServeFile::new(dir.join("404.html")));
    let router = if site.prefix() == "/" {
        Router::new().fallback_service(files)
    } else {
        let home = site.prefix().to_owned();
        let to_home = move || async move { Redirect::temporary(&home) };
        Router::new()
            .route("/", get(to_home.clone()))
            .route(site.prefix().trim_end_matches('/'), get(to_home))
            .nest_service(site.prefix(), files)
            .fallback_service(
                ServeDir::new(dir.join(".none"))
                    .not_found_service(ServeFile::new(dir.join("404.html"))),
            )
    };
    router
        .layer(CompressionLayer::new().br(!gzips).compress_when(compress))
        .layer(axum::middleware::map_response(headers::security))
        .layer(axum::middleware::from_fn(headers::media_type))
        .layer(axum::middleware::from_fn_with_state(
            profile,
            profile::behave,
        ))
}

#[cfg(test)]
mod tests;
