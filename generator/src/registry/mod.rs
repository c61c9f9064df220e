//! The registry of models: every training run in a folder of its own, and which of them counts.
//!
//! ```text
//! models/
//!   index.json                 runs in the order they came, their stages, all decisions
//!   before-impact-1a2b3c4d/    one run
//!     run.json                 parameters, features, data hash, metrics
//!     severity-9f8e7d6c.model  the model file
//!     card.md                  the same for people
//! ```
//!
//! A folder is written aside and renamed, then the index is: a killed run leaves the last good
//! state. The same training gives the same name, so training again changes nothing.

mod card;
mod decide;
mod index;
pub mod mlflow;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use severity::Model;

pub(crate) use card::SCORES;
pub use card::card;
pub use decide::{Gates, Verdict, promote, rollback};
pub use index::{Action, Check, Decision, Entry, Index, Stage};

use crate::fault::Fault;
use crate::stage::train::ModelRun;

/// Name of a run's own file.
const RUN: &str = "run.json";

/// The run a site shows, with all that is known about its standing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Published {
    /// The run.
    pub run: ModelRun,
    /// Its stage: in production, or staging when none is.
    pub stage: Stage,
    /// Decisions about models, oldest first.
    pub decisions: Vec<Decision>,
}

/// Adds a run with its model file; if it is there already, nothing changes.
///
/// # Errors
/// If the folder cannot be written, or its index is broken.
pub fn register(models: &Path, run: &ModelRun, model: &[u8]) -> Result<()> {
    let mut index = Index::read(models)?;
    let place = folder(models, &run.id);
    if !place.is_dir() {
        let context = || format!("writing {}: is its folder writable?", place.display());
        fs::create_dir_all(models).with_context(context)?;
        let aside = tempfile::Builder::new()
            .prefix(".new-")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir_in(models)
            .with_context(context)?;
        write(aside.path(), &run.file, model)?;
        let mut json = serde_json::to_vec_pretty(run).context("writing the run as JSON")?;
        json.push(b'\n');
        write(aside.path(), RUN, &json)?;
        write(aside.path(), "card.md", card(run).as_bytes())?;
        fs::rename(aside.path(), &place).with_context(context)?;
    }
    if index.add(&run.id) {
        index.write(models)?;
    }
    Ok(())
}

/// Folder of a run.
pub fn folder(models: &Path, id: &str) -> PathBuf {
    models.join(id)
}

/// The model file of a run.
pub fn model_file(models: &Path, run: &ModelRun) -> PathBuf {
    folder(models, &run.id).join(&run.file)
}

/// A run by its name, or by the beginning of it that no other shares.
///
/// # Errors
/// [`Fault::Input`] if there is no such run or several; otherwise if its files cannot be read.
pub fn find(models: &Path, name: &str) -> Result<ModelRun> {
    let index = Index::read(models)?;
    let ids = index.runs.iter().map(|entry| entry.id.as_str());
    // A whole name wins over a beginning; so does the hash alone.
    let matching: Vec<&str> = ids
        .filter(|id| id.starts_with(name) || id.rsplit('-').next() == Some(name))
        .collect();
    match matching[..] {
        [id] => read(models, id),
        [] => Err(Fault::Input(format!(
            "there is no model run {name}: `windsock models list` names them"
        ))
        .into()),
        _ if matching.contains(&name) => read(models, name),
        _ => Err(Fault::Input(format!(
            "{name} is the beginning of several runs: {}",
            matching.join(", ")
        ))
        .into()),
    }
}

/// The newest run.
///
/// # Errors
/// If there is none or it cannot be read.
pub fn newest(models: &Path) -> Result<ModelRun> {
    match Index::read(models)?.runs.last() {
        Some(entry) => read(models, &entry.id),
        None => bail!(Fault::Input(
            "no model has been trained yet: run `windsock train` first".to_owned()
        )),
    }
}

/// What a site shows: the run in production or, as long as none is, `trained` – the run just
/// made – or the newest.
///
/// # Errors
/// If there is no run, or its files cannot be read.
pub fn published(models: &Path, trained: Option<&ModelRun>) -> Result<Published> {
    let index = Index::read(models)?;
    let (run, stage) = match (index.production(), trained) {
        (Some(id), _) => (read(models, id)?, Stage::Production),
        (None, Some(run)) => (run.clone(), Stage::Staging),
        (None, None) => (newest(models)?, Stage::Staging),
    };
    Ok(Published {
        run,
        stage,
        decisions: index.decisions,
    })
}

/// A run by its whole name.
///
/// # Errors
/// If its files cannot be read.
pub fn read(models: &Path, id: &str) -> Result<ModelRun> {
    let file = folder(models, id).join(RUN);
    let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
    serde_json::from_slice(&bytes).with_context(|| {
        format!(
            "reading {}: was it written by another version?",
            file.display()
        )
    })
}

/// The model of a run, checked against the hash in it.
///
/// # Errors
/// If the file cannot be read, is not the one of the run, or is broken.
pub fn model(models: &Path, run: &ModelRun) -> Result<Model> {
    let file = model_file(models, run);
    let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
    anyhow::ensure!(
        crate::output::sha256_hex(&bytes) == run.sha256,
        "{} is not the file that was registered: train again",
        file.display()
    );
    Model::from_bytes(&bytes).with_context(|| format!("reading {}", file.display()))
}

/// Writes a file so that readers see the old one or the new one, never half of it.
pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let place = folder.join(name);
    let context = || format!("writing {}: is its folder writable?", place.display());
    fs::create_dir_all(folder).with_context(context)?;
    // Temporary files are private by default, but models are going to be published.
    let mut file = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)
        .with_context(context)?;
    file.write_all(bytes).with_context(context)?;
    file.persist(&place).with_context(context)?;
    Ok(())
}
