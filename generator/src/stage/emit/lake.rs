//! The files visitors query and download: lake and model.

use anyhow::{Result, ensure};
use dataset::manifest::TableEntry;

use super::Inputs;
use crate::manifest;
use crate::output::Output;
use crate::stage::analyse;

/// Copies the manifest, every file it names, the figures and the model.
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
    let tables = inputs.manifest.tables.values();
    for (path, _) in tables.flat_map(TableEntry::published) {
        output.copy(&format!("lake/{path}"), &inputs.lake.join(path))?;
    }
    figures(inputs, output)?;
    output.copy(
        &format!("model/{}", inputs.model.run.file),
        &inputs.model_file,
    )
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
