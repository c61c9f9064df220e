//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use severity::features::FeatureSet;

use crate::config::Overrides;

/// Turns the NTSB's aviation accident databases into a static web site that answers questions in
/// the visitor's own browser.
///
/// `windsock build avall.mdb Pre2008.mdb` makes the whole site; `windsock serve` shows it. The
/// other commands run single stages of a build.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// Settings for every command.
    #[command(flatten)]
    pub global: Global,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  something failed: disk, database, a bug
  2  the command line is wrong
  3  the input is unusable, or its rows do not add up
  4  validation failed: the data is not fit to publish
  5  the site is larger than its hosts allow

Settings are read from windsock.toml in the current folder; options win over the file.";

/// Options that every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// Configuration file [default: windsock.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE", env = "WINDSOCK_CONFIG")]
    pub config: Option<PathBuf>,

    /// Folder for everything between source and site [default: .windsock]
    #[arg(long, global = true, value_name = "DIR", env = "WINDSOCK_WORK_DIR")]
    pub work_dir: Option<PathBuf>,

    /// PostgreSQL with PostGIS to use [default: a private cluster in the work folder]
    // The value may hold a password: --help must not show it.
    #[arg(long, global = true, value_name = "URL", env = "WINDSOCK_DATABASE_URL")]
    #[arg(hide_env_values = true)]
    pub database_url: Option<String>,

    /// Draw no progress bars and print only results and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented windsock.toml
    Init {
        /// Folder to write it to
        #[arg(default_value = ".")]
        dir: PathBuf,
    },
    /// Write sample databases with the real tables, columns and code lists
    Sample {
        /// Folder for avall.mdb, Pre2008.mdb, PRE1982.MDB and the weekly up08JAN.mdb
        #[arg(default_value = "sample")]
        dir: PathBuf,
        /// Events from 1982 on, in avall.mdb and Pre2008.mdb; the other files go with them
        #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(20..))]
        events: u32,
        /// The same seed gives the same bytes
        #[arg(long, default_value_t = 1962)]
        seed: u64,
    },
    /// Make the whole site: migrate, validate, lake, analyse, train, emit
    ///
    /// Stages whose inputs have not changed are skipped. The old site stays in place until the
    /// new one is complete.
    Build {
        /// The databases to load.
        #[command(flatten)]
        sources: SourceFiles,
        /// Where the site goes.
        #[command(flatten)]
        site: SiteOptions,
        /// Publish although validation failed
        #[arg(long)]
        ignore_validation: bool,
    },
    /// Load MDB files into PostgreSQL and account for every row
    Migrate {
        /// The databases to load.
        #[command(flatten)]
        sources: SourceFiles,
        /// Remove what the database holds first
        #[arg(long)]
        replace: bool,
    },
    /// Check that the data in PostgreSQL is fit to publish
    Validate {
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
    /// Write the Parquet files and their manifest
    Lake,
    /// Compute the figures that pages and charts show
    Analyse {
        /// Print the figures as JSON
        #[arg(long)]
        json: bool,
    },
    /// Train the severity model and report its scores beside base rates
    ///
    /// Trees are grown on older years; later years choose among the trials, stop and calibrate;
    /// the newest years judge the result. The same lake and options give the same bytes.
    Train(TrainArgs),
    /// Write the site from what the other stages made
    Emit {
        /// Where the site goes.
        #[command(flatten)]
        site: SiteOptions,
    },
    /// Show the site on this machine
    Serve {
        /// Port on 127.0.0.1
        #[arg(long, short, default_value_t = 4173)]
        port: u16,
        /// Where the site goes.
        #[command(flatten)]
        site: SiteOptions,
    },
    /// Start, stop or look at the private PostgreSQL
    Postgres {
        /// What to do with it
        #[arg(value_enum)]
        action: PostgresAction,
    },
}

/// The databases to load.
#[derive(Debug, Args)]
pub struct SourceFiles {
    /// MDB files or zips that hold one [default: sources.files in windsock.toml]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// How the model is trained.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// What the model may look at [default: train.features in windsock.toml, or before-impact]
    #[arg(long, value_enum, value_name = "SET")]
    pub features: Option<Features>,
    /// Leave out a feature, for example phase; may be repeated
    #[arg(long, value_name = "FEATURE")]
    pub without: Vec<String>,
    /// Ways of growing trees to try [default: train.trials in windsock.toml, or 50]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub trials: Option<u32>,
    /// Seed of all sampling
    #[arg(long, default_value_t = 0)]
    pub seed: u32,
    /// Also write the encoded events and the model's forecasts as CSV
    #[arg(long, value_name = "DIR")]
    pub export_matrix: Option<PathBuf>,
}

/// Sets of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Features {
    /// What is known, or knowable, before the outcome.
    BeforeImpact,
    /// Also what the investigation coded.
    FullRecord,
}

impl From<Features> for FeatureSet {
    fn from(features: Features) -> Self {
        match features {
            Features::BeforeImpact => Self::BeforeImpact,
            Features::FullRecord => Self::FullRecord,
        }
    }
}

/// Where the site goes.
#[derive(Debug, Args)]
pub struct SiteOptions {
    /// Folder of the finished site [default: dist]
    #[arg(long, short, value_name = "DIR", env = "WINDSOCK_OUTPUT")]
    pub output: Option<PathBuf>,
    /// URL or path under which the site will be served [default: /]
    #[arg(long, value_name = "URL", env = "WINDSOCK_BASE_URL")]
    pub base_url: Option<String>,
    /// Folder of the browser files made by `make web`
    #[arg(long, value_name = "DIR", env = "WINDSOCK_WEB_DIR")]
    pub web_dir: Option<PathBuf>,
}

/// Actions on the private cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum PostgresAction {
    /// Start it and print its connection string.
    Start,
    /// Stop it.
    Stop,
    /// Say whether it runs and where its data is.
    Status,
}

impl Cli {
    /// Everything typed that overrides the configuration file.
    pub fn overrides(&self) -> Overrides {
        let mut typed = Overrides {
            config: self.global.config.clone(),
            database_url: self.global.database_url.clone(),
            work_dir: self.global.work_dir.clone(),
            ..Overrides::default()
        };
        match &self.command {
            Command::Build {
                sources,
                ignore_validation,
                ..
            } => {
                typed.files.clone_from(&sources.files);
                typed.ignore_validation = *ignore_validation;
            }
            Command::Migrate { sources, .. } => typed.files.clone_from(&sources.files),
            _ => {}
        }
        match &self.command {
            Command::Build { site, .. } | Command::Emit { site } | Command::Serve { site, .. } => {
                typed.output.clone_from(&site.output);
                typed.base_url.clone_from(&site.base_url);
                typed.web_dir.clone_from(&site.web_dir);
            }
            _ => {}
        }
        typed
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
