//! The `windsock` command.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;
use windsock::{cli::Cli, cmd, fault};

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Migrations of the schema are no news to who runs a build.
    let default = if cli.global.quiet {
        "error"
    } else {
        "info,refinery_core=warn"
    };
    let filter = EnvFilter::try_from_env("WINDSOCK_LOG").unwrap_or_else(|_| default.into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .without_time()
        .with_target(false)
        .init();
    match cmd::run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::from(fault::exit_code(&error))
        }
    }
}
