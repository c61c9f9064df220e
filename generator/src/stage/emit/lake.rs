//! The files visitors query and download: lake and model.

use anyhow::{Result, ensure};

use super::Inputs;
use crate::manifest;
use crate::output::Output;

/// Copies the manifest, every file it names and the model.
///
/// The manifest on the disk is what is published, so it must be the one the pages are made from.
pub(super) fn copy(inputs: &Inputs, output: &mut impl Output) -> Result<()> {
    ensure!(
        manifest::read(&inputs.lake)? == inputs.manifest,
        "the lake in {} is not the one of this build: run the lake stage again",
        inputs.lake.display()
    );
    let index = inputs.lake.join(manifest::INDEX);
    output.copy(&format!("lake/{}", manifest::INDEX), &index)?;
    for table in manifest::read_index(&inputs.lake)?.tables.values() {
        let path = &table.manifest.path;
        output.copy(&format!("lake/{path}"), &inputs.lake.join(path))?;
    }
    for file in inputs.manifest.tables.values().flat_map(|t| &t.files) {
        output.copy(
            &format!("lake/{}", file.path),
            &inputs.lake.join(&file.path),
        )?;
    }
    output.copy(&format!("model/{}", inputs.model.file), &inputs.model_file)
}
