//! `windsock serve`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cli::ServeArgs;
use crate::config::{Config, Overrides};
use crate::serve::{self, Options, Rebuild};

/// Serves the site until interrupted.
pub(super) fn run(config: &Config, args: &ServeArgs, typed: &Overrides) -> Result<()> {
    let rebuild = if args.watch {
        Some(rebuild(config, typed)?)
    } else {
        None
    };
    let options = Options {
        dir: &config.output,
        base_url: &config.base_url,
        listen: (args.listen, args.port),
        profile: args.host,
        rebuild,
    };
    serve::serve(options, |address| {
        println!(
            "{address} shows {}; Ctrl-C ends it",
            config.output.display()
        );
        if !args.listen.is_loopback() {
            tracing::warn!("other machines can reach it: it listens on {}", args.listen);
        }
        if args.open
            && let Err(error) = open::that_detached(address)
        {
            tracing::warn!("no browser could be opened: {error}");
        }
    })
}

/// What the site is made of, and what was typed, for the builds to come: they read the
/// configuration themselves, since it may have changed.
fn rebuild(config: &Config, typed: &Overrides) -> Result<Rebuild> {
    let file = typed
        .config
        .clone()
        .unwrap_or_else(|| "windsock.toml".into());
    let optional = [&config.exposure, &config.figures];
    let inputs = std::iter::once(file)
        .chain(config.files.iter().cloned())
        .chain(config.suites.iter().cloned())
        .chain(optional.into_iter().flatten().cloned());
    let mut options = vec!["--quiet".to_owned()];
    let mut pass = |name: &str, value: Option<String>| {
        options.extend(value.map(|value| format!("--{name}={value}")));
    };
    let text = |path: &Option<PathBuf>| {
        path.as_deref()
            .map(|path: &Path| path.display().to_string())
    };
    pass("config", text(&typed.config));
    pass("work-dir", text(&typed.work_dir));
    pass("database-url", typed.database_url.clone());
    pass("output", text(&typed.output));
    pass("base-url", typed.base_url.clone());
    pass("web-dir", text(&typed.web_dir));
    Ok(Rebuild {
        tool: std::env::current_exe().context("asking where this tool lies")?,
        inputs: inputs.collect(),
        shown: vec![config.web_dir.clone()],
        options,
        files: typed.files.clone(),
    })
}
