//! The verbs: each a short function over the stages. Only this module prints.
#![expect(
    clippy::print_stdout,
    reason = "results of commands go to standard output"
)]

mod analyse;
mod build;
mod check;
mod init;
mod models;
mod postgres;
mod serve;
mod single;
mod sync;
mod table;
mod validate;

use anyhow::Result;
use clap::CommandFactory;

use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::progress::Progress;

/// Recorded instead of a key by stages run by hand, so that the next build runs them anew.
const BY_HAND: &str = "";

/// Runs the command that was typed.
///
/// # Errors
/// Whatever the command fails with; [`crate::fault::exit_code`] turns it into an exit code.
pub fn run(cli: &Cli) -> Result<()> {
    let progress = Progress {
        quiet: cli.global.quiet,
    };
    match &cli.command {
        Command::Init(args) => return init::run(args),
        Command::Completions { shell } => {
            let mut command = Cli::command();
            clap_complete::generate(*shell, &mut command, "windsock", &mut std::io::stdout());
            return Ok(());
        }
        _ => {}
    }
    let config = Config::resolve(cli.overrides())?;
    run_configured(cli, &config, progress).map_err(crate::postgres::explain)
}

fn run_configured(cli: &Cli, config: &Config, progress: Progress) -> Result<()> {
    match &cli.command {
        Command::Init(_) | Command::Completions { .. } => Ok(()),
        Command::Sample { dir, events, seed } => single::sample(dir, *events, *seed, progress),
        Command::Build { .. } => build::run(config, progress),
        Command::Migrate { replace, .. } => single::migrate(config, *replace, progress),
        Command::Validate {
            suites,
            table,
            json,
            export_suites,
            ..
        } => {
            let plan = validate::plan(config, suites, table.as_deref())?;
            match export_suites {
                Some(folder) => validate::export(folder, &plan),
                None => validate::run(config, &plan, suites.is_empty(), *json, progress),
            }
        }
        Command::Sync(args) => sync::run(config, args, progress),
        Command::Lake => single::lake(config, progress),
        Command::Analyse {
            engine,
            spark,
            json,
            ..
        } => analyse::run(config, *engine, spark, *json, progress),
        Command::Train(args) => single::train(config, args, progress),
        Command::Models { action } => models::run(config, action),
        Command::Emit { .. } => single::emit(config),
        Command::Check { format, .. } => check::run(config, *format),
        Command::Serve(args) => serve::run(config, args, &cli.overrides()),
        Command::Postgres { action, yes } => postgres::run(config, *action, *yes),
    }
}
