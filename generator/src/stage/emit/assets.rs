//! The browser files, under names that change with their content.
//!
//! Scripts import each other by relative path, so not files but folders are renamed: everything
//! in `js/` ends up in `assets/js.<hash>/` with the hash of all of it. Folders change
//! independently: a new style does not make visitors load the WebAssembly module again.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use walkdir::WalkDir;

use crate::output::{Output, short_hash};
use crate::page::AssetUrls;

/// Files pages refer to by name; without one of them the site would be broken.
const REQUIRED: [&str; 30] = [
    "css/site.css",
    "css/plotly.css",
    "css/sql.css",
    "editor/editor.js",
    "img/favicon.svg",
    "js/batch.js",
    "js/drivers.js",
    "js/event.js",
    "js/explore.js",
    "js/figure.js",
    "js/finder.js",
    "js/lost.js",
    "js/map-page.js",
    "js/mdb.js",
    "js/offline-page.js",
    "js/search.js",
    "js/severity.js",
    "js/site.js",
    "js/sql.js",
    "js/sql-worker.js",
    "js/sw.js",
    "js/tail.js",
    "js/theme.js",
    "js/worker.js",
    "map/outlines.json",
    "sql/windsock_sql.js",
    "sql/windsock_sql_bg.wasm",
    "vendor/plotly-basic.min.js",
    "wasm/windsock.js",
    "wasm/windsock_export.js",
];

/// The compiled browser module.
const WASM: &str = "wasm/windsock_bg.wasm";

/// What was written.
#[derive(Debug)]
pub(super) struct Assets {
    /// Hashed folders by name.
    pub(super) folders: AssetUrls,
    /// Paths of all files.
    pub(super) files: Vec<String>,
    pub(super) wasm_bytes: u64,
    pub(super) wasm_brotli_bytes: u64,
}

/// Looks for the files that must be in `web`: before a build, not after it.
pub(super) fn check(web: &Path) -> Result<()> {
    for path in REQUIRED.iter().chain([&WASM]) {
        ensure!(
            web.join(path).is_file(),
            "{} is missing: run `make web` first, or set --web-dir",
            web.join(path).display()
        );
    }
    Ok(())
}

/// Writes all files of `web`.
pub(super) fn write(web: &Path, output: &mut impl Output) -> Result<Assets> {
    check(web)?;
    let folders = read(web)?;
    let find = |path: &str| {
        let (folder, file) = path.split_once('/')?;
        folders.get(folder)?.get(file)
    };
    let wasm = find(WASM).context("the browser module went away while it was read")?;

    let (mut urls, mut paths) = (AssetUrls::new(), Vec::new());
    for (folder, files) in &folders {
        let path = format!("assets/{folder}.{}", hash(files));
        for (file, bytes) in files {
            let file = format!("{path}/{file}");
            output.write(&file, bytes)?;
            paths.push(file);
        }
        urls.insert(folder.clone(), path);
    }
    Ok(Assets {
        folders: urls,
        files: paths,
        wasm_bytes: wasm.len() as u64,
        wasm_brotli_bytes: brotli_size(wasm)?,
    })
}

/// Content by folder and path within it.
type Folders = BTreeMap<String, BTreeMap<String, Vec<u8>>>;

fn read(web: &Path) -> Result<Folders> {
    let mut folders = Folders::new();
    for entry in WalkDir::new(web).min_depth(2) {
        let entry = entry.with_context(|| format!("reading browser files in {}", web.display()))?;
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path().strip_prefix(web)?;
        let path = path
            .to_str()
            .with_context(|| format!("{} is not UTF-8", path.display()))?;
        if let Some((folder, file)) = path.split_once('/') {
            let bytes = std::fs::read(entry.path())
                .with_context(|| format!("reading {}", entry.path().display()))?;
            let files = folders.entry(folder.to_owned()).or_default();
            files.insert(file.to_owned(), bytes);
        }
    }
    Ok(folders)
}

fn hash(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut all = Vec::new();
    for (name, bytes) in files {
        // Lengths keep the boundary between two files part of the hash.
        all.extend(format!("{name}\0{}\0", bytes.len()).bytes());
        all.extend(bytes);
    }
    short_hash(&all)
}

/// Size after Brotli at the quality hosts use for files they compress once.
fn brotli_size(bytes: &[u8]) -> Result<u64> {
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 1 << 16, 11, 22);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(compressed.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
        list.iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn the_hash_depends_on_names_contents_and_boundaries() {
        let base = hash(&files(&[("a.js", "x"), ("b.js", "y")]));
        assert_ne!(base, hash(&files(&[("a.js", "x"), ("b.js", "z")])));
        assert_ne!(base, hash(&files(&[("a.js", "x"), ("c.js", "y")])));
        assert_ne!(base, hash(&files(&[("a.js", "xb.js"), ("", "y")])));
        assert_eq!(base, hash(&files(&[("b.js", "y"), ("a.js", "x")])));
    }
}
