//! The files visitors query and download: lake and model.

use anyhow::{Context, Result, ensure};

use super::Inputs;
use crate::output::Output;

/// Copies `manifest.json`, every file it names and the model.
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
    output.copy(&format!("model/{}", inputs.model.file), &inputs.model_file)
}
