//! The `windsock` command.

use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;
use windsock::{cli::Cli, cmd, fault};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let default = if cli.global.quiet { "error" } else { "info" };
    let filter = EnvFilter::try_from_env("WINDSOCK_LOG").unwrap_or_else(|_| default.into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
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
