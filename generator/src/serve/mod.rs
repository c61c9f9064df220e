//! Shows a finished site on this machine, the way a static host would, and builds it anew when
//! something changes.
//!
//! Files are served under the prefix the site was built for. Nothing outside their folder is, neither
//! by a path that climbs nor by a symbolic link. What `--watch` adds to pages is added on the way.

mod confine;
mod headers;
mod live;
mod profile;
mod rules;
#[cfg(test)]
mod tests;
mod watch;

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use axum::Router;
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Redirect;
use axum::routing::get;
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

use self::live::Live;
pub use self::profile::HostProfile;
pub use self::watch::Rebuild;
use crate::config::SiteUrl;

/// What to serve, and how.
#[derive(Debug)]
pub struct Options<'a> {
    /// Folder of the finished site.
    pub dir: &'a Path,
    /// URL or path it was built for.
    pub base_url: &'a str,
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: (IpAddr, u16),
    /// Kind of host to behave like.
    pub profile: HostProfile,
    /// What to follow and how to build, to reload pages when the site changes.
    pub rebuild: Option<Rebuild>,
}

/// Serves a site until interrupted (Ctrl-C).
///
/// `ready` is called once with the address to open.
///
/// # Errors
/// If there is no site and none is to be built, the base URL is not usable or the port is taken.
pub fn serve(options: Options, ready: impl FnOnce(&str)) -> Result<()> {
    let site = SiteUrl::parse(options.base_url)?;
    let dir = options.dir;
    ensure!(
        options.rebuild.is_some() || dir.join("index.html").is_file(),
        "there is no site in {}: run `windsock build` first",
        dir.display()
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the server")?;
    runtime.block_on(async {
        let listener = listen(options.listen.into()).await?;
        let address = listener.local_addr().context("asking for the port")?;
        let live = options.rebuild.map(|rebuild| {
            let live = Live::default();
            watch::start(rebuild, dir.to_owned(), live.clone());
            live
        });
        let host = Host {
            dir: dir.to_owned(),
            site,
            profile: options.profile,
        };
        ready(&shown(address, &host.site));
        let serving = axum::serve(listener, router(host, live.as_ref()));
        // Whoever is answered at this moment is cut off: open pages wait for news for half a minute.
        tokio::select! {
            ended = async { serving.await } => ended.context("serving"),
            // Without a signal handler the default action ends the process just as well.
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    })
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let port = address.port();
        match error.kind() {
            ErrorKind::AddrInUse => {
                anyhow!("port {port} is in use: choose another with --port, or 0 for a free one")
            }
            ErrorKind::PermissionDenied => {
                anyhow!(
                    "port {port} is for the administrator only: choose one above 1023 with --port"
                )
            }
            _ => anyhow!(error).context(format!("listening on {address}")),
        }
    })
}

/// The address to open; nobody can open “any address”.
fn shown(mut address: SocketAddr, site: &SiteUrl) -> String {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    format!("http://{address}{}", site.prefix())
}

/// What is served, and as what.
#[derive(Debug)]
struct Host {
    dir: PathBuf,
    site: SiteUrl,
    profile: HostProfile,
}

impl Host {
    /// The file or folder an address means, if it is under the prefix.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let inside = confine::decoded(path.strip_prefix(self.site.prefix())?)?;
        Some(self.dir.join(inside))
    }
}

fn router(host: Host, live: Option<&Live>) -> Router {
    let (dir, prefix) = (&host.dir, host.site.prefix());
    let not_found = || ServeFile::new(dir.join("404.html"));
    let files = ServeDir::new(dir)
        .redirect_path_prefix(prefix.trim_end_matches('/'))
        .not_found_service(not_found());
    let mut router = if prefix == "/" {
        Router::new().fallback_service(files)
    } else {
        let home = prefix.to_owned();
        let to_home = move || async move { Redirect::temporary(&home) };
        Router::new()
            .route("/", get(to_home.clone()))
            .route(prefix.trim_end_matches('/'), get(to_home))
            .nest_service(prefix, files)
            .fallback_service(ServeDir::new(dir.join(".none")).not_found_service(not_found()))
    };
    if let Some(live) = live {
        router = live.attach(router, prefix);
    }
    let gzips = host.profile == HostProfile::GzipSubpath;
    let compress =
        move |status: StatusCode, version: Version, headers: &HeaderMap, more: &Extensions| {
            gzips || headers::compressible(status, version, headers, more)
        };
    let host = Arc::new(host);
    router
        .layer(from_fn_with_state(Arc::clone(&host), confine::confine))
        .layer(CompressionLayer::new().br(!gzips).compress_when(compress))
        .layer(map_response(headers::security))
        .layer(from_fn_with_state(Arc::clone(&host), headers::describe))
        .layer(from_fn_with_state(host, profile::behave))
}
