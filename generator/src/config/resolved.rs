//! What the stages use.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use schemars::JsonSchema;
use serde::Deserialize;
use severity::features::FeatureSet;

use super::{File, env};
use crate::fault::Fault;
use crate::fetch::{Location, Url};
use crate::stage::emit::EventPages;

/// What was typed on the command line or set in the environment.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--database-url`.
    pub database_url: Option<String>,
    /// `--work-dir`.
    pub work_dir: Option<PathBuf>,
    /// `--output`.
    pub output: Option<PathBuf>,
    /// `--base-url`.
    pub base_url: Option<String>,
    /// `--web-dir`.
    pub web_dir: Option<PathBuf>,
    /// `--gate`.
    pub gate: Option<Gate>,
    /// `--exposure`.
    pub exposure: Option<PathBuf>,
    /// `--figures`.
    pub figures: Option<PathBuf>,
    /// Source files.
    pub files: Vec<PathBuf>,
    /// Sources of `windsock sync`.
    pub sync_sources: Vec<Location>,
    /// `--webhook`.
    pub webhook: Option<String>,
    /// Variables of the environment that begin with `WINDSOCK_`.
    pub environment: BTreeMap<String, String>,
    /// Variables that set options of the command line.
    pub option_variables: Vec<String>,
}

/// Which results of validation stop a build, and make `windsock validate` fail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    /// Nothing: publish whatever was found.
    None,
    /// Violated checks of severity `fail`.
    #[default]
    Fail,
    /// Any violated check.
    Warn,
}

/// Every setting, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Name of the site.
    pub title: String,
    /// Absolute URL or path under which the site will be served.
    pub base_url: String,
    /// Folder of the finished site.
    pub output: PathBuf,
    /// Which events get a page of their own.
    pub event_pages: EventPages,
    /// Source databases.
    pub files: Vec<PathBuf>,
    /// External PostgreSQL, if any.
    pub database_url: Option<String>,
    /// Folder of the PostgreSQL server binaries, if given.
    pub postgres_bin: Option<PathBuf>,
    /// Folder for everything between source and site.
    pub work_dir: PathBuf,
    /// Folder of the browser files.
    pub web_dir: PathBuf,
    /// What stops a build.
    pub gate: Gate,
    /// Suites beside those that ship with windsock.
    pub suites: Vec<PathBuf>,
    /// CSV file of hours flown by year and segment.
    pub exposure: Option<PathBuf>,
    /// Folder of further figures.
    pub figures: Option<PathBuf>,
    /// Last year to learn from.
    pub train_to: Option<i32>,
    /// Last year of the validation period.
    pub validate_to: Option<i32>,
    /// What the model may look at.
    pub features: FeatureSet,
    /// Ways of growing trees to try, if set.
    pub trials: Option<u32>,
    /// Files and URLs to sync.
    pub sync_sources: Vec<Location>,
    /// Told how a sync ended.
    pub webhook: Option<Url>,
}

/// Read when no `--config` is given and it exists.
const DEFAULT_FILE: &str = "windsock.toml";

impl Config {
    /// Combines the configuration file with what was typed and what the environment sets.
    ///
    /// # Errors
    /// If the file named by `--config`, or `windsock.toml` if it exists, cannot be used, a variable
    /// has a value that its key cannot have, or the webhook is no URL.
    pub fn resolve(typed: Overrides) -> Result<Self> {
        let path = typed
            .config
            .clone()
            .unwrap_or_else(|| PathBuf::from(DEFAULT_FILE));
        let written = typed.config.is_some() || path.exists();
        let file = File::read(written.then_some(&*path), &typed.environment)?;
        for complaint in env::mistaken(&typed.environment, &typed.option_variables) {
            tracing::warn!("{complaint}");
        }
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let beside = |path: PathBuf| folder.join(path);

        Ok(Self {
            title: file.site.title.unwrap_or_else(|| "Windsock".to_owned()),
            base_url: typed
                .base_url
                .or(file.site.base_url)
                .unwrap_or_else(|| "/".to_owned()),
            output: typed.output.unwrap_or_else(|| {
                beside(file.site.output.unwrap_or_else(|| PathBuf::from("dist")))
            }),
            event_pages: {
                let unless_set = EventPages::default();
                EventPages {
                    months: file.site.event_months.unwrap_or(unless_set.months),
                    limit: file.site.event_pages.unwrap_or(unless_set.limit),
                }
            },
            files: if typed.files.is_empty() {
                file.sources.files.into_iter().map(beside).collect()
            } else {
                typed.files
            },
            database_url: typed.database_url.or(file.database.url),
            postgres_bin: file.database.bin_dir.map(beside),
            work_dir: typed.work_dir.unwrap_or_else(|| {
                beside(
                    file.build
                        .work_dir
                        .unwrap_or_else(|| PathBuf::from(".windsock")),
                )
            }),
            web_dir: typed
                .web_dir
                .or(file.build.web_dir.map(beside))
                .unwrap_or_else(default_web_dir),
            gate: typed.gate.or(file.validate.gate).unwrap_or_default(),
            suites: file.validate.suites.into_iter().map(beside).collect(),
            exposure: typed.exposure.or(file.analyse.exposure.map(beside)),
            figures: typed.figures.or(file.analyse.figures.map(beside)),
            train_to: file.train.train_to,
            validate_to: file.train.validate_to,
            features: file.train.features.unwrap_or_default(),
            trials: file.train.trials.map(Into::into),
            sync_sources: if typed.sync_sources.is_empty() {
                let sources = file.sync.sources.iter();
                sources
                    .map(|source| Location::from(source.as_str()).seen_from(beside))
                    .collect()
            } else {
                typed.sync_sources
            },
            webhook: typed
                .webhook
                .or(file.sync.webhook)
                .map(|text| webhook(&text))
                .transpose()?,
        })
    }
}

fn webhook(text: &str) -> Result<Url> {
    // The text is not repeated: it may hold a secret.
    Url::parse(text).ok_or_else(|| {
        Fault::Input("the webhook must begin with http:// or https://".to_owned()).into()
    })
}

/// `make web` puts the browser files into `web` beside the profile folders (`release`, `dev`) of
/// the build; an installed copy has them beside the binary.
fn default_web_dir() -> PathBuf {
    let binary = std::env::current_exe().unwrap_or_default();
    let mut candidates = binary
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("web"));
    let first = candidates.next().unwrap_or_default();
    std::iter::once(first.clone())
        .chain(candidates)
        .find(|dir| dir.is_dir())
        .unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_values_win_and_paths_in_the_file_are_relative_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my.toml");
        std::fs::write(&path, "[site]\nbase_url = '/a/'\noutput = 'site'\n").unwrap();
        let typed = Overrides {
            config: Some(path),
            base_url: Some("/b/".to_owned()),
            ..Overrides::default()
        };
        let config = Config::resolve(typed).unwrap();
        assert_eq!(config.base_url, "/b/");
        assert_eq!(config.output, folder.path().join("site"));
    }

    #[test]
    fn options_win_over_the_environment_it_over_the_file_and_the_file_over_what_is_usual() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("windsock.toml");
        std::fs::write(
            &path,
            "[site]\ntitle = 'file'\nbase_url = '/file/'\nevent_months = 3\n",
        )
        .unwrap();
        let resolve = |variables: &[(&str, &str)], base_url: Option<&str>| {
            let typed = Overrides {
                config: Some(path.clone()),
                base_url: base_url.map(str::to_owned),
                environment: variables
                    .iter()
                    .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                    .collect(),
                ..Overrides::default()
            };
            Config::resolve(typed).unwrap()
        };
        let set = [
            ("WINDSOCK_SITE_BASE_URL", "/environment/"),
            ("WINDSOCK_SITE_EVENT_PAGES", "7"),
        ];
        let file = resolve(&[], None);
        assert_eq!(
            (file.title.as_str(), file.base_url.as_str()),
            ("file", "/file/")
        );
        assert_eq!(file.event_pages.limit, EventPages::default().limit);
        let environment = resolve(&set, None);
        assert_eq!(environment.base_url, "/environment/");
        assert_eq!(environment.title, "file");
        assert_eq!(
            (
                environment.event_pages.months,
                environment.event_pages.limit
            ),
            (3, 7)
        );
        assert_eq!(resolve(&set, Some("/typed/")).base_url, "/typed/");
    }

    #[test]
    fn a_missing_file_that_was_asked_for_is_an_error() {
        let typed = Overrides {
            config: Some("no/such.toml".into()),
            ..Overrides::default()
        };
        assert!(
            Config::resolve(typed)
                .unwrap_err()
                .to_string()
                .contains("no/such.toml")
        );
    }
}
