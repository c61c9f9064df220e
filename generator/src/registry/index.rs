//! The index: which runs there are, in which stage, and who was preferred to whom.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

/// Version of the index written by this build.
const VERSION: u32 = 1;

const FILE: &str = "index.json";

/// All runs and all decisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Index {
    version: u32,
    /// Runs in the order they were registered.
    pub runs: Vec<Entry>,
    /// Decisions in the order they were taken; refusals too.
    pub decisions: Vec<Decision>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Name of the run and of its folder.
    pub id: String,
    /// Where it stands.
    pub stage: Stage,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Trained, not promoted.
    Staging,
    /// The one sites are made with.
    Production,
    /// Was in production.
    Archived,
}

/// A change of stages, or its refusal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// When, UTC.
    pub at: String,
    /// What was asked for.
    pub action: Action,
    /// The run that was to go into production.
    pub run: String,
    /// The run that was there.
    pub before: Option<String>,
    /// Whether it was done.
    pub accepted: bool,
    /// What was looked at; none for a rollback.
    pub checks: Vec<Check>,
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// To put a run into production.
    Promote,
    /// To go back to the run before.
    Rollback,
}

/// A condition of a promotion and whether it held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What is measured, for people.
    pub name: String,
    /// What it had to exceed.
    pub limit: f64,
    /// What it was.
    pub value: f64,
    /// Whether that was enough.
    pub holds: bool,
}

impl Stage {
    /// Name in files and lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Production => "production",
            Self::Archived => "archived",
        }
    }
}

impl Action {
    /// As in "… was accepted".
    pub const fn name(self) -> &'static str {
        match self {
            Self::Promote => "promotion",
            Self::Rollback => "rollback",
        }
    }
}

impl Index {
    /// The index of a folder; empty if there is none yet.
    ///
    /// # Errors
    /// If it is broken or was written by a newer version.
    pub fn read(models: &Path) -> Result<Self> {
        let file = models.join(FILE);
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Self {
                    version: VERSION,
                    runs: Vec::new(),
                    decisions: Vec::new(),
                });
            }
            Err(error) => return Err(error).context(format!("reading {}", file.display())),
        };
        let index: Self = serde_json::from_slice(&bytes)
            .with_context(|| format!("{} is no index of models", file.display()))?;
        ensure!(
            index.version <= VERSION,
            "{} was written by a newer windsock: update this one",
            file.display()
        );
        Ok(index)
    }

    pub(super) fn write(&self, models: &Path) -> Result<()> {
        let mut json = serde_json::to_vec_pretty(self).context("writing the index as JSON")?;
        json.push(b'\n');
        super::write(models, FILE, &json)
    }

    /// Adds a run; whether it was new.
    pub(super) fn add(&mut self, id: &str) -> bool {
        let new = self.runs.iter().all(|entry| entry.id != id);
        if new {
            self.runs.push(Entry {
                id: id.to_owned(),
                stage: Stage::Staging,
            });
        }
        new
    }

    /// The run in production.
    pub fn production(&self) -> Option<&str> {
        self.runs
            .iter()
            .find(|entry| entry.stage == Stage::Production)
            .map(|entry| entry.id.as_str())
    }

    /// Puts a run into production and the one there into the archive.
    pub(super) fn put_into_production(&mut self, id: &str) {
        for entry in &mut self.runs {
            if entry.id == id {
                entry.stage = Stage::Production;
            } else if entry.stage == Stage::Production {
                entry.stage = Stage::Archived;
            }
        }
    }

    /// The run that was in production before the present one: promotions are undone in turn.
    pub(super) fn predecessor(&self) -> Option<&str> {
        let mut stack: Vec<&str> = Vec::new();
        for decision in self.decisions.iter().filter(|d| d.accepted) {
            match decision.action {
                Action::Promote => stack.push(&decision.run),
                Action::Rollback => {
                    stack.pop();
                }
            }
        }
        stack.pop();
        stack.pop()
    }
}
