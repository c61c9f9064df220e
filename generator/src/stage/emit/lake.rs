//! The files visitors query and download: lake and model.

use anyhow::{Context, Result, ensure};

use super::Inputs;
use crate::output::Output;
use crate::stage::analyse;

/// Copies `manifest.json`, every file it names, the figures and the model.
///
/// The manifest on the disk is what is published, so it must be the one the pages are made from.
pub(super) fn copy(inputs: &Inputs, output: &mut impl Output) -> Result<()> {
    let manifest = inputs.lake.join("manifest.json");
    let text = std::fs::read_to_string(&manifest)
        .with_context(|| format!("reading {}", manifest.display()))?;
    let on_disk = dataset::manifest::Manifest::from_json(&text)
        .with_context(|| format!("reading {}", manifest.display()))?;
    ensure!(
        on_disk == inputs.manifest,
        "{} is not the manifest of this build: run the lake stage again",
        manifest.display()
    );
    output.copy("lake/manifest.json", &manifest)?;
    for file in inputs.manifest.tables.values().flat_map(|t| &t.files) {
        output.copy(
            &format!("lake/{}", file.path),
            &inputs.lake.join(&file.path),
        )?;
    }
    figures(inputs, output)?;
    output.copy(&format!("model/{}", inputs.model.file), &inputs.model_file)
}

/// Copies the files of the figures and their index.
fn figures(inputs: &Inputs, output: &mut impl Output) -> Result<()> {
    let folder = inputs.lake.join(analyse::FOLDER);
    let mut copy = |path: &str| -> Result<()> {
        let from = folder.join(path);
        ensure!(
            from.is_file(),
            "{} is missing: run the analyse stage again",
            from.display()
        );
        output.copy(&format!("lake/{}/{path}", analyse::FOLDER), &from)
    };
    for files in inputs
        .figures
        .figures
        .values()
        .filter_map(|figure| figure.files.as_ref())
    {
        copy(&files.json)?;
        copy(&files.parquet)?;
    }
    copy("manifest.json")
}
