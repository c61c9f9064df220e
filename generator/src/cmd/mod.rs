//! The verbs: each a short function over the stages. Only this module prints.
#![expect(
    clippy::print_stdout,
    reason = "results of commands go to standard output"
)]

mod build;
mod init;
mod single;
mod table;

use anyhow::Result;

use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::progress::Progress;

/// Runs the command that was typed.
///
/// # Errors
/// Whatever the command fails with; [`crate::fault::exit_code`] turns it into an exit code.
pub fn run(cli: &Cli) -> Result<()> {
    let progress = Progress {
        quiet: cli.global.quiet,
    };
    if let Command::Init { dir } = &cli.command {
        return init::run(dir);
    }
    let config = Config::resolve(cli.overrides())?;
    match &cli.command {
        Command::Init { .. } => Ok(()),
        Command::Sample { dir, events, seed } => single::sample(dir, *events, *seed, progress),
        Command::Build { .. } => build::run(&config, progress),
        Command::Migrate { replace, .. } => single::migrate(&config, *replace, progress),
        Command::Validate { json } => single::validate(&config, *json, progress),
        Command::Lake => single::lake(&config, progress),
        Command::Analyse { json } => single::analyse(&config, *json, progress),
        Command::Train(args) => single::train(&config, args, progress),
        Command::Emit { .. } => single::emit(&config),
        Command::Serve { port, .. } => single::serve(&config, *port),
        Command::Postgres { action } => single::postgres(&config, *action),
    }
}
