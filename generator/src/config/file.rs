//! `windsock.toml` as written.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use severity::features::FeatureSet;

use super::{Gate, env, suggest};
use crate::fault::Fault;

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    /// What the site is called and where it lives.
    pub site: Site,
    /// Where the data comes from.
    pub sources: Sources,
    /// Which PostgreSQL to use.
    pub database: Database,
    /// Where and how to build.
    pub build: Build,
    /// What is checked and what stops a build.
    pub validate: Validate,
    /// What the figures are made of besides the lake.
    pub analyse: Analyse,
    /// How the model's years are divided.
    pub train: Train,
    /// What keeps the database current.
    pub sync: Sync,
}

/// `[site]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Site {
    /// Name shown in the header.
    pub title: Option<String>,
    /// Absolute URL or path under which the site will be served.
    pub base_url: Option<String>,
    /// Folder to write the site to.
    pub output: Option<PathBuf>,
    /// Months whose events get a page of their own.
    pub event_months: Option<u32>,
    /// Events that get a page of their own, at most.
    pub event_pages: Option<usize>,
}

/// `[sources]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sources {
    /// MDB files, or zips that hold one.
    pub files: Vec<PathBuf>,
}

/// `[database]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// Connection string of a PostgreSQL with PostGIS; without it windsock runs a private cluster.
    pub url: Option<String>,
    /// Folder of `initdb` and `pg_ctl` for the private cluster.
    pub bin_dir: Option<PathBuf>,
}

/// `[build]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Build {
    /// Folder for everything between source and site.
    pub work_dir: Option<PathBuf>,
    /// Folder of the browser files made by `make web`.
    pub web_dir: Option<PathBuf>,
}

/// `[validate]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Validate {
    /// What stops a build.
    pub gate: Option<Gate>,
    /// Suites beside those that ship with windsock.
    pub suites: Vec<PathBuf>,
}

/// `[analyse]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Analyse {
    /// CSV file of hours flown by year and segment.
    pub exposure: Option<PathBuf>,
    /// Folder of further SQL files, one figure each.
    pub figures: Option<PathBuf>,
}

/// `[train]`.
#[expect(
    clippy::struct_field_names,
    reason = "the fields are the keys of the file"
)]
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Train {
    /// Last year to learn from.
    pub train_to: Option<i32>,
    /// Last year that decides when to stop; later years are the test.
    pub validate_to: Option<i32>,
    /// What the model may look at.
    #[schemars(with = "Option<FeatureName>")]
    pub features: Option<FeatureSet>,
    /// Ways of growing trees to try.
    pub trials: Option<NonZeroU32>,
}

/// `[sync]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sync {
    /// Files or URLs to sync when none are typed.
    pub sources: Vec<String>,
    /// URL that is told how a sync ended.
    pub webhook: Option<String>,
}

/// The names of [`FeatureSet`], whose crate knows nothing of schemas.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[expect(dead_code, reason = "only its schema is used")]
enum FeatureName {
    /// What is known, or knowable, before the outcome.
    BeforeImpact,
    /// Also what the investigation coded.
    FullRecord,
}

impl File {
    /// Reads a configuration file, if there is one, and what the environment sets:
    /// `WINDSOCK_SITE_TITLE` wins over `site.title`.
    ///
    /// # Errors
    /// If the file cannot be read, is no TOML, or has a key that windsock does not know; the
    /// message names the key, its line, the keys that are allowed there and the one that was
    /// probably meant. If a variable has a value that its key cannot have.
    pub fn read(path: Option<&Path>, environment: &BTreeMap<String, String>) -> Result<Self> {
        let mut text = String::new();
        let mut written = Self::default();
        if let Some(path) = path {
            let shown = path.display();
            text = std::fs::read_to_string(path)
                .with_context(|| format!("reading the configuration {shown}"))?;
            written =
                Self::from_toml(&text).with_context(|| format!("in the configuration {shown}"))?;
        }
        let set = env::keys(environment)?;
        if set.is_empty() {
            return Ok(written);
        }
        env::apply(toml::from_str(&text)?, set)
    }

    fn from_toml(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| Fault::Input(suggest::explain(&error)).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let error = File::from_toml(text).unwrap_err();
        assert_eq!(crate::fault::exit_code(&error), 3);
        error.to_string()
    }

    #[test]
    fn an_unknown_key_is_refused_by_name_and_line_with_what_was_meant() {
        let message = refused("[site]\ntitel = 'x'");
        for part in ["titel", "line 2", "`base_url`", "did you mean `title`?"] {
            assert!(message.contains(part), "{part}: {message}");
        }
        assert!(refused("[sites]").contains("did you mean `site`?"));
        assert!(refused("[validate]\ngate = 'fial'").contains("did you mean `fail`?"));
        let far = refused("[site]\nheading = 'x'");
        assert!(!far.contains("did you mean"), "{far}");
    }

    #[test]
    fn a_key_of_another_table_is_sent_there() {
        let message = refused("[site]\ngate = 'fail'");
        assert!(
            message.contains("`gate` belongs to [validate]"),
            "{message}"
        );
        let message = refused("output = 'dist'");
        assert!(message.contains("`output` belongs to [site]"), "{message}");
    }
}
