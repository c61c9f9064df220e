//! What can be typed.

mod analyse;
mod examples;
mod models;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::config::{Gate, Overrides};
use crate::fetch::Location;
use crate::sample::{FULL, LARGEST};
use crate::serve::HostProfile;

pub use analyse::{AnalyseInputs, EngineName, SparkOptions};
pub use models::{Features, ModelsAction, PromoteArgs, TrainArgs};

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

Settings are read from windsock.toml in the current folder (`windsock init` writes one). Every key
of it can also be set by the environment, WINDSOCK_SITE_TITLE for `title` under [site]. Options win
over the environment, the environment wins over the file.";

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
    /// Write a commented windsock.toml, with a schema for editors
    Init(InitArgs),
    /// Write sample databases with the real tables, columns and code lists
    #[command(after_help = examples::SAMPLE)]
    Sample {
        /// Folder for avall.mdb, Pre2008.mdb, PRE1982.MDB and the weekly up08JAN.mdb
        #[arg(default_value = "sample")]
        dir: PathBuf,
        /// Events from 1982 on, in avall.mdb and Pre2008.mdb, 20 to 1,000,000; the other files go with
        /// them. `full` is as large as the real files (93,360 and 87,039 records of PRE1982),
        /// `10x-full` ten times that (in more files where Access would stop at 2 GiB)
        #[arg(long, default_value = "2000", value_name = "NUMBER|full|10x-full")]
        #[arg(value_parser = sample_events)]
        events: u32,
        /// The same seed gives the same bytes
        #[arg(long, default_value_t = 1962)]
        seed: u64,
    },
    /// Make the whole site: migrate, validate, lake, analyse, train, emit
    ///
    /// Without files, here and in windsock.toml, from what the database holds, for example after
    /// `windsock sync`.
    ///
    /// Stages whose inputs have not changed are skipped. The old site stays in place until the
    /// new one is complete.
    #[command(after_help = examples::BUILD)]
    Build {
        /// The databases to load.
        #[command(flatten)]
        sources: SourceFiles,
        /// Where the site goes.
        #[command(flatten)]
        site: SiteOptions,
        /// What validation results stop the build [default: fail]
        #[arg(long, value_enum)]
        gate: Option<Gate>,
        /// What the figures are made of.
        #[command(flatten)]
        analyse: AnalyseInputs,
    },
    /// Load MDB files into PostgreSQL and account for every row
    #[command(after_help = examples::MIGRATE)]
    Migrate {
        /// The databases to load.
        #[command(flatten)]
        sources: SourceFiles,
        /// Remove what the database holds first
        #[arg(long)]
        replace: bool,
    },
    /// Bring the database up to date with newer files, and tell what they change
    ///
    /// Every row is compared with the one the database holds: new and changed ones are written,
    /// and of two states of a row the one changed last stays, so files may come in any order. A
    /// file that was loaded before is skipped. The statistics are refreshed while readers go on.
    ///
    /// Rows are deleted only by a file that is whole: one that has nine tenths of the events that
    /// the database knows of its years, as avall and Pre2008 have and a weekly file has not. What
    /// such a file lacks goes to ntsb.tombstone, and comes back if a newer file has it again.
    Sync(SyncArgs),
    /// Check that the data in PostgreSQL is fit to publish
    ///
    /// Runs the suites that ship with windsock and those of windsock.toml, or only those named
    /// with --suite. Results go to `validation/results` in the work folder, a JSON file a suite in
    /// the shape of Great Expectations' validation results.
    #[command(after_help = examples::VALIDATE)]
    Validate {
        /// A suite of your own, in the JSON form of Great Expectations (0.18 or 1.x), instead of
        /// those that ship with windsock; may be given several times
        #[arg(long = "suite", value_name = "FILE")]
        suites: Vec<PathBuf>,
        /// Table of the suites that name none
        #[arg(long, value_name = "NAME", requires = "suites")]
        table: Option<String>,
        /// Print the results as JSON: a list of Great Expectations' validation results
        #[arg(long)]
        json: bool,
        /// Which results exit with code 4 [default: fail]
        #[arg(long, value_enum)]
        gate: Option<Gate>,
        /// Only write the suites as files for Great Expectations 1.x into this folder
        #[arg(long, value_name = "DIR")]
        export_suites: Option<PathBuf>,
    },
    /// Write the Parquet files and their manifest
    #[command(after_help = examples::LAKE)]
    Lake,
    /// Compute the figures that pages and charts show
    ///
    /// Each figure is an SQL file over the lake; its rows go to the lake's folder `figures` as JSON
    /// and Parquet, with the query. `--engine spark` hands the same queries to your own Apache Spark
    /// instead of DuckDB; the results are the same.
    #[command(after_help = examples::ANALYSE)]
    Analyse {
        /// What the figures are made of.
        #[command(flatten)]
        analyse: AnalyseInputs,
        /// What runs the queries
        #[arg(long, value_enum, default_value_t = EngineName::Duckdb)]
        engine: EngineName,
        /// How to reach Spark.
        #[command(flatten)]
        spark: SparkOptions,
        /// Print the figures as JSON
        #[arg(long)]
        json: bool,
    },
    /// Train the severity model and report its scores beside base rates
    ///
    /// Trees are grown on older years; later years choose among the trials, stop and calibrate;
    /// the newest years judge the result. The same lake and options give the same bytes.
    ///
    /// Every run is kept in the registry, see `windsock models`. With --mlflow it is also logged to
    /// your MLflow tracking server.
    #[command(after_help = examples::TRAIN)]
    Train(TrainArgs),
    /// List, compare, promote and roll back trained models
    ///
    /// A build shows the run in production; as long as none is, the newest. A run is promoted only
    /// if it forecasts the test years better than the one in production – by more than chance, see
    /// --margin – and passes every gate. Decisions are recorded, refusals too, and shown on the
    /// model card.
    #[command(after_help = examples::MODELS)]
    Models {
        /// What to do.
        #[command(subcommand)]
        action: ModelsAction,
    },
    /// Write the site from what the other stages made
    #[command(after_help = examples::EMIT)]
    Emit {
        /// Where the site goes.
        #[command(flatten)]
        site: SiteOptions,
    },
    /// Hold a finished site to its promises: links, anchors, policy, sizes
    ///
    /// Every link and asset must lead to a file under the prefix, every anchor to a place on its
    /// page. Pages have a title and a language, images a text, identifiers occur once, nothing is
    /// inline and nothing comes from another origin. A record page has 60 kB at most and can be read
    /// without scripts, the landing page loads 120 kB at most and no WebAssembly, a file has 24 MiB
    /// at most, the site 18,000 files and 900 MB. Exit code 5 otherwise.
    #[command(after_help = examples::CHECK)]
    Check {
        /// Where the site is.
        #[command(flatten)]
        site: SiteOptions,
        /// How to print what was found
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Show the site on this machine, as a static host would
    ///
    /// With --watch the site is built anew when its sources, windsock.toml, the browser files or the
    /// tool itself change, and open pages reload; a build that fails is told on the page. Files on
    /// the disk stay as they are published.
    #[command(after_help = examples::SERVE)]
    Serve(ServeArgs),
    /// Print a script that completes windsock's commands in a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Start, stop, look at or remove the private PostgreSQL
    #[command(after_help = examples::POSTGRES)]
    Postgres {
        /// What to do with it
        #[arg(value_enum)]
        action: PostgresAction,
        /// Remove it without asking
        #[arg(long)]
        yes: bool,
    },
}

/// What `windsock sync` takes.
#[derive(Debug, Args)]
#[command(after_help = examples::SYNC)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are flags of the command line"
)]
pub struct SyncArgs {
    /// MDB files, zips that hold one, or http(s) URLs of these [default: sync.sources in windsock.toml]
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<Location>,
    /// Take the files for whole: delete what they lack of their years
    #[arg(long, conflicts_with = "partial")]
    pub full: bool,
    /// Take the files for parts: delete nothing
    #[arg(long)]
    pub partial: bool,
    /// Delete even if more than 5 % of a table's rows would go
    #[arg(long, conflicts_with = "partial")]
    pub allow_mass_delete: bool,
    /// Load files that were loaded before, too
    #[arg(long)]
    pub again: bool,
    /// Tell what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Print the summary, every changed row included, as JSON
    #[arg(long)]
    pub json: bool,
    /// Largest download, in megabytes
    #[arg(long, value_name = "MB", default_value_t = 2_048)]
    pub max_download: u32,
    /// URL to tell, by POST in JSON, how the sync ended [default: sync.webhook in windsock.toml]
    // The value may hold a secret: --help must not show it.
    #[arg(
        long,
        value_name = "URL",
        env = "WINDSOCK_WEBHOOK",
        hide_env_values = true
    )]
    pub webhook: Option<String>,
}

/// What `windsock init` takes.
#[derive(Debug, Args)]
#[command(after_help = examples::INIT)]
pub struct InitArgs {
    /// Folder to write to
    #[arg(default_value = ".")]
    pub dir: PathBuf,
    /// Only write windsock.schema.json, which editors complete and check windsock.toml with
    #[arg(long)]
    pub schema: bool,
    /// Only write .github/workflows/site.yml, which builds and publishes the site on GitHub
    #[arg(long)]
    pub workflow: bool,
}

/// What `windsock serve` takes.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// With --watch, what to build from [default: sources.files in windsock.toml]
    #[arg(value_name = "FILE", requires = "watch")]
    pub files: Vec<PathBuf>,
    /// Port to listen on; 0 takes a free one
    #[arg(long, short, default_value_t = 4173, env = "WINDSOCK_PORT")]
    pub port: u16,
    /// Address to listen on; 0.0.0.0 lets other machines of the network in
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub listen: IpAddr,
    /// Kind of host to behave like
    #[arg(long, value_enum, default_value = "plain")]
    pub host: HostProfile,
    /// Build when something changes, and reload open pages
    #[arg(long, short)]
    pub watch: bool,
    /// Open the site in the browser
    #[arg(long)]
    pub open: bool,
    /// Where the site goes.
    #[command(flatten)]
    pub site: SiteOptions,
}

/// Ways to print a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Sentences
    Text,
    /// One JSON object, for scripts
    Json,
}

/// The databases to load.
#[derive(Debug, Args)]
pub struct SourceFiles {
    /// MDB files or zips that hold one [default: sources.files in windsock.toml]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
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
    /// Stop it and delete its data; the MDB files can be loaded again.
    Remove,
}

/// A number of sample events, or the name of one.
fn sample_events(typed: &str) -> Result<u32, String> {
    let events = match typed {
        "full" => FULL,
        "10x-full" => 10 * FULL,
        number => number
            .parse()
            .map_err(|_| "neither a number nor `full` or `10x-full`".to_owned())?,
    };
    if !(20..=LARGEST).contains(&events) {
        return Err(format!("not between 20 and {LARGEST}"));
    }
    Ok(events)
}

/// Variables that may be settings.
fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("WINDSOCK_"))
        .collect()
}

/// Variables that set options, of a command and those below it.
fn option_variables(command: &clap::Command) -> Vec<String> {
    let own = command.get_arguments().filter_map(clap::Arg::get_env);
    let own = own.filter_map(|name| name.to_str().map(str::to_owned));
    own.chain(command.get_subcommands().flat_map(option_variables))
        .collect()
}

impl Cli {
    /// Everything typed that overrides the configuration file.
    pub fn overrides(&self) -> Overrides {
        let mut typed = Overrides {
            config: self.global.config.clone(),
            database_url: self.global.database_url.clone(),
            work_dir: self.global.work_dir.clone(),
            environment: environment(),
            option_variables: option_variables(&Self::command()),
            ..Overrides::default()
        };
        match &self.command {
            Command::Build { sources, gate, .. } => {
                typed.files.clone_from(&sources.files);
                typed.gate = *gate;
            }
            Command::Validate { gate, .. } => typed.gate = *gate,
            Command::Serve(args) => typed.files.clone_from(&args.files),
            Command::Migrate { sources, .. } => typed.files.clone_from(&sources.files),
            Command::Sync(args) => {
                typed.sync_sources.clone_from(&args.sources);
                typed.webhook.clone_from(&args.webhook);
            }
            _ => {}
        }
        match &self.command {
            Command::Build { site, .. }
            | Command::Check { site, .. }
            | Command::Emit { site }
            | Command::Serve(ServeArgs { site, .. }) => {
                typed.output.clone_from(&site.output);
                typed.base_url.clone_from(&site.base_url);
                typed.web_dir.clone_from(&site.web_dir);
            }
            _ => {}
        }
        if let Command::Build { analyse, .. } | Command::Analyse { analyse, .. } = &self.command {
            typed.exposure.clone_from(&analyse.exposure);
            typed.figures.clone_from(&analyse.figures);
        }
        typed
    }
}

#[cfg(test)]
mod tests;
