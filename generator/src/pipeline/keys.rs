//! What a stage's result depends on, and whether it is still there.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use dataset::manifest::{Manifest, TableEntry};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::config::Config;
use crate::manifest;
use crate::output::{hex, sha256_hex};
use crate::registry;
use crate::stage::analyse::{self, Figures};
use crate::stage::emit::Site;
use crate::stage::migrate::{self, SourceFile};
use crate::workdir::WorkDir;

/// Record of what the zips are that were seen.
const UNPACKED: &str = "unpacked";

/// Hash of the running tool: a rebuilt tool makes everything anew.
pub(super) fn tool() -> Result<String> {
    sha256_of(&std::env::current_exe()?).context("reading the running tool")
}

/// Names, hashes and sizes of the source files, all hashed at once.
///
/// What a zip holds is remembered under the hash of the zip, so that it need not be unpacked again
/// only to find that nothing has changed.
///
/// # Errors
/// If a file cannot be read or is a zip without exactly one MDB.
pub(super) fn sources(files: &[PathBuf], work: &WorkDir) -> Result<Vec<SourceFile>> {
    let known: BTreeMap<String, SourceFile> = work.recorded(UNPACKED, "").unwrap_or_default();
    let found: Vec<(Option<String>, SourceFile)> = files
        .par_iter()
        .map(|path| {
            if !migrate::is_zip(path) {
                return Ok((None, migrate::identify(path)?));
            }
            let sha256 = sha256_of(path)?;
            let file = match known.get(&sha256) {
                Some(file) => file.clone(),
                None => migrate::identify(path)?,
            };
            Ok((Some(sha256), file))
        })
        .collect::<Result<_>>()?;
    let zips = found
        .iter()
        .filter_map(|(zip, file)| Some((zip.clone()?, file.clone())));
    let now: BTreeMap<String, SourceFile> = zips.collect();
    if now != known {
        work.record(UNPACKED, "", &now)?;
    }
    Ok(found.into_iter().map(|(_, file)| file).collect())
}

fn sha256_of(path: &Path) -> Result<String> {
    let reading = || format!("reading {}", path.display());
    let mut file = File::open(path).with_context(reading)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer).with_context(reading)?;
        if read == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&buffer[..read]);
    }
}

pub(super) fn key(stage: &str, parts: &[&str]) -> String {
    let mut text = stage.to_owned();
    for part in parts {
        text.push('\0');
        text.push_str(part);
    }
    sha256_hex(text.as_bytes())
}

pub(super) fn extend(stage: &str, before: &str, parts: &[&str]) -> String {
    let mut all = vec![before];
    all.extend(parts);
    key(stage, &all)
}

pub(super) fn key_of_emit(
    config: &Config,
    [validation, figures, model]: [&String; 3],
    web: &str,
) -> String {
    let event_pages = format!("{:?}", config.event_pages);
    let settings = [&config.title, &config.base_url, &event_pages].map(String::as_str);
    let mut parts = vec![validation, figures, model, web];
    parts.extend(settings);
    key("emit", &parts)
}

/// Changes whenever another model is to be shown, or something else has to be said about it.
pub(super) fn standing_key(model: &registry::Published) -> Result<String> {
    let decisions = serde_json::to_string(&model.decisions)?;
    Ok(key(
        "model",
        &[&model.run.id, model.stage.name(), &decisions],
    ))
}

pub(super) fn hash_folder(folder: &Path) -> Result<String> {
    let mut parts = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            parts.push(entry.path().display().to_string());
            parts.push(sha256_hex(&fs::read(entry.path())?));
        }
    }
    Ok(sha256_hex(parts.join("\0").as_bytes()))
}

pub(super) fn file_has_hash(path: &Path, sha256: &str) -> bool {
    fs::read(path).is_ok_and(|bytes| sha256_hex(&bytes) == sha256)
}

/// Names and sizes suffice: names carry the hash of the content.
pub(super) fn lake_is_intact(lake: &Path, manifest: &Manifest) -> bool {
    let mut files = manifest.tables.values().flat_map(TableEntry::published);
    manifest::read(lake).is_ok_and(|found| found == *manifest)
        && files.all(|(path, bytes)| {
            fs::metadata(lake.join(path)).is_ok_and(|meta| meta.len() == bytes)
        })
}

/// Names suffice: they carry the hash of the content.
pub(super) fn figures_are_intact(lake: &Path, figures: &Figures) -> bool {
    let folder = lake.join(analyse::FOLDER);
    folder.join("manifest.json").is_file()
        && figures.figures.values().all(|figure| {
            figure.files.as_ref().is_some_and(|files| {
                [&files.json, &files.parquet]
                    .into_iter()
                    .all(|path| folder.join(path).is_file())
            })
        })
}

pub(super) fn site_is_intact(output: &Path, site: &Site) -> bool {
    let sizes = WalkDir::new(output)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| Some(entry.metadata().ok()?.len()));
    let (files, bytes) = sizes.fold((0, 0), |(files, bytes), size| (files + 1, bytes + size));
    (files, bytes) == (site.files, site.bytes)
}
