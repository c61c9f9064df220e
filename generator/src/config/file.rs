//! `windsock.toml` as written.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use severity::features::FeatureSet;

use super::Gate;
use crate::fault::Fault;

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sources {
    /// MDB files, or zips that hold one.
    pub files: Vec<PathBuf>,
}

/// `[database]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// Connection string of a PostgreSQL with PostGIS; without it windsock runs a private cluster.
    pub url: Option<String>,
    /// Folder of `initdb` and `pg_ctl` for the private cluster.
    pub bin_dir: Option<PathBuf>,
}

/// `[build]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Build {
    /// Folder for everything between source and site.
    pub work_dir: Option<PathBuf>,
    /// Folder of the browser files made by `make web`.
    pub web_dir: Option<PathBuf>,
}

/// `[validate]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Validate {
    /// What stops a build.
    pub gate: Option<Gate>,
    /// Suites beside those that ship with windsock.
    pub suites: Vec<PathBuf>,
}

/// `[analyse]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Train {
    /// Last year to learn from.
    pub train_to: Option<i32>,
    /// Last year that decides when to stop; later years are the test.
    pub validate_to: Option<i32>,
    /// What the model may look at.
    pub features: Option<FeatureSet>,
    /// Ways of growing trees to try.
    pub trials: Option<NonZeroU32>,
}

/// `[sync]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sync {
    /// Files or URLs to sync when none are typed.
    pub sources: Vec<String>,
    /// URL that is told how a sync ended.
    pub webhook: Option<String>,
}

impl File {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// If the file cannot be read, is no TOML, or has a key that windsock does not know; the
    /// message names the key, its line and the keys that are allowed there.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("reading the configuration {}", path.display()))?;
        toml::from_str(&text)
            .map_err(|error| Fault::Input(error.to_string()))
            .with_context(|| format!("in the configuration {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = toml::from_str::<File>("[site]\nheading = 'x'")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("heading") && error.contains("title"),
            "{error}"
        );
    }
}
