//! Figures, reports, lake, model and browser module → the site.

mod api;
mod assets;
pub mod budget;
mod counting;
mod events;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod fixture_lake;
#[cfg(test)]
mod fixture_model;
mod index;
mod lake;
mod pictures;
pub mod search;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::Result;
use dataset::manifest::Manifest;
use serde::{Deserialize, Serialize};

use self::counting::Counting;
pub use self::events::EventPages;
use super::{analyse::Figures, migrate::LoadReport, validate::ValidationReport};
use crate::config::SiteUrl;
use crate::output::{Changes, Output, short_hash};
use crate::page::{self, Shell};
use crate::record::{self, Catalogue, Estimates};
use crate::registry::Published;

/// Everything the site is made of.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// Name of the site, shown in the header.
    pub title: String,
    /// Where the site will live: an absolute URL or a path such as `/prefix/`.
    pub base_url: String,
    /// What the migration did.
    pub load: LoadReport,
    /// What the validation found.
    pub validation: ValidationReport,
    /// The analyses.
    pub figures: Figures,
    /// The training run to show, and how it stands in the registry.
    pub model: Published,
    /// Index of the lake.
    pub manifest: Manifest,
    /// Folder of the lake: `manifest.json` and the Parquet files it names.
    pub lake: PathBuf,
    /// Its model file.
    pub model_file: PathBuf,
    /// Folder with the browser files made by `make web`:
    /// `css/`, `js/`, `img/`, `map/outlines.json`, `vendor/plotly-basic.min.js`, `editor/editor.js`,
    /// `wasm/` with `windsock.js`, `windsock_bg.wasm` and the same of `windsock_export`, and
    /// `sql/` with the same of `windsock_sql`.
    pub web: PathBuf,
    /// Which events have a page of their own.
    pub event_pages: EventPages,
}

/// Result of the emit stage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// HTML pages.
    pub pages: u64,
    /// All files.
    pub files: u64,
    /// Bytes over all files.
    pub bytes: u64,
    /// Size of the browser module as it is.
    pub wasm_bytes: u64,
    /// Size of the browser module after Brotli.
    pub wasm_brotli_bytes: u64,
    /// What differs from the site that was there; known only to who wrote it.
    #[serde(skip)]
    pub changes: Option<Changes>,
}

/// Checks that the browser files are there.
///
/// # Errors
/// If one of them is not; the message says how to make them.
pub fn check_web(web: &Path) -> Result<()> {
    assets::check(web)
}

/// Writes the whole site. `estimates` are what the model makes of events it has not learned from.
///
/// # Errors
/// If a figure, a browser file or a file of the lake is missing or cannot be read, if
/// `base_url` is not usable, or if writing fails.
pub fn run(inputs: &Inputs, estimates: Estimates, output: &mut dyn Output) -> Result<Site> {
    let mut output = Counting::new(output);
    let assets = assets::write(&inputs.web, &mut output)?;
    lake::copy(inputs, &mut output)?;
    let mut catalogue = Catalogue::read(&inputs.lake, &inputs.manifest)?;
    catalogue.estimates = estimates;
    let map = record::map::svg(&catalogue);
    // Without a hash, as the cards: a name that changes with every event would change every page.
    let map_path = "event/map.svg".to_owned();
    output.write(&map_path, map.as_bytes())?;
    let shell = Shell {
        pictures: pictures::write(inputs, &mut output)?,
        rates: page::rates::any(&inputs.figures),
        map: map_path,
        event_pages: events::select(&catalogue, inputs),
        title: inputs.title.clone(),
        site: SiteUrl::parse(&inputs.base_url)?,
        assets: assets.folders,
        data_date: inputs.manifest.data_date.clone(),
    };
    let event_pages = events::write(&shell, inputs, &catalogue, &mut output)?;
    search::write(&inputs.lake, &inputs.manifest, &catalogue, &mut output)?;
    let mut pages = vec![
        page::home::page(&shell, inputs, &catalogue)?,
        page::explore::page(&shell, inputs)?,
        page::sql::page(&shell, inputs)?,
        page::trends::page(&shell, inputs)?,
        page::severity::page(&shell, inputs)?,
        page::model_card::page(&shell, inputs)?,
        page::quality::page(&shell, inputs)?,
        page::data::page(&shell, inputs)?,
        page::data::dictionary(&shell, inputs)?,
        page::api::page(&shell, inputs, &catalogue)?,
        page::about::page(&shell, inputs)?,
        page::methods::page(&shell, inputs)?,
        page::changes::page(&shell, inputs, &catalogue)?,
        page::event::any(&shell)?,
        page::panels::causes(&shell, inputs, &catalogue)?,
        page::mdb::page(&shell)?,
        page::not_found::page(&shell)?,
        page::offline::page(&shell)?,
    ];
    pages.extend(page::panels::pages(&shell, inputs)?);
    pages.extend(page::text::pages(&shell)?);
    if shell.rates {
        pages.push(page::rates::page(&shell, inputs)?);
    }
    pages.extend(page::embed::pages(&shell, inputs, &pages)?);
    api::write(&shell, inputs, &mut output)?;
    let worker = page::offline::worker(&shell, &assets.files, &build(inputs, &shell.assets)?);
    output.write("sw.js", worker.as_bytes())?;
    for feed in page::feed::feeds(&shell, inputs, &catalogue)? {
        output.write(&feed.path, feed.html.as_bytes())?;
    }
    for page in &pages {
        output.write(&page.path, page.html.as_bytes())?;
        for file in &page.files {
            output.write(&file.path, file.text.as_bytes())?;
        }
    }
    let paths: Vec<&str> = pages
        .iter()
        .map(|page| page.path.as_str())
        .chain(event_pages.iter().map(String::as_str))
        .collect();
    index::write(&shell, inputs, &paths, &mut output)?;
    Ok(Site {
        pages: paths.len() as u64,
        files: output.files(),
        bytes: output.bytes(),
        wasm_bytes: assets.wasm_bytes,
        wasm_brotli_bytes: assets.wasm_brotli_bytes,
        changes: None,
    })
}

/// What visitors' browsers know this build by: it is another one if scripts and styles, data,
/// figures, checks or the model are.
fn build(inputs: &Inputs, assets: &page::AssetUrls) -> Result<String> {
    let parts = serde_json::to_vec(&(
        (assets, &inputs.title, &inputs.manifest),
        (&inputs.figures, &inputs.validation, &inputs.load),
        (&inputs.model.run.id, inputs.model.stage.name()),
    ))?;
    Ok(short_hash(&parts))
}
