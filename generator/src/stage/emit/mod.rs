//! Figures, reports, lake, model and browser module → the site.

use std::path::PathBuf;

use dataset::manifest::Manifest;
use serde::{Deserialize, Serialize};

use super::{analyse::Figures, migrate::LoadReport, train::ModelRun, validate::ValidationReport};

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
    /// The training run.
    pub model: ModelRun,
    /// Index of the lake.
    pub manifest: Manifest,
    /// Folder of the lake: `manifest.json` and the Parquet files it names.
    pub lake: PathBuf,
    /// The promoted model file.
    pub model_file: PathBuf,
    /// Folder with the browser files made by `make web`:
    /// `css/`, `js/`, `img/`, `vendor/plotly-basic.min.js`, `wasm/windsock.js`,
    /// `wasm/windsock_bg.wasm`.
    pub web: PathBuf,
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
}
