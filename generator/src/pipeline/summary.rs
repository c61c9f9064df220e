//! One line about the result of each stage.

use dataset::manifest::Manifest;

use crate::stage::analyse::Figures;
use crate::stage::emit::Site;
use crate::stage::migrate::{self, LoadReport};
use crate::stage::train::ModelRun;
use crate::stage::validate::{Status, ValidationReport};
use crate::text::{bytes, plural, thousands};

pub(super) fn load(load: &LoadReport) -> String {
    let sum = |count: fn(&migrate::TableLoad) -> u64| load.tables.iter().map(count).sum::<u64>();
    format!(
        "{}, {} read, {} rejected",
        plural(load.sources.len() as u64, "file"),
        plural(sum(|t| t.read), "row"),
        thousands(sum(|t| t.rejected))
    )
}

pub(super) fn validation(report: &ValidationReport) -> String {
    let [pass, warn, fail] =
        [Status::Pass, Status::Warn, Status::Fail].map(|status| report.count(status) as u64);
    format!(
        "{}: {pass} passed, {}, {fail} failed",
        plural(pass + warn + fail, "check"),
        plural(warn, "warning")
    )
}

pub(super) fn lake(manifest: &Manifest) -> String {
    let files: usize = manifest
        .tables
        .values()
        .map(|table| table.files.len())
        .sum();
    let size: u64 = manifest.tables.values().map(|table| table.bytes).sum();
    let tables = plural(manifest.tables.len() as u64, "table");
    format!(
        "{tables}, {}, {}",
        plural(files as u64, "file"),
        bytes(size)
    )
}

pub(super) fn figures(figures: &Figures) -> String {
    plural(figures.figures.len() as u64, "figure")
}

pub(super) fn model(run: &ModelRun) -> String {
    format!(
        "log-loss {:.4} against {:.4} for base rates, test years {}–{}",
        run.model.log_loss, run.base_rate.log_loss, run.test.from, run.test.to
    )
}

pub(super) fn site(site: &Site) -> String {
    let all = format!(
        "{}, {}, {}",
        plural(site.pages, "page"),
        plural(site.files, "file"),
        bytes(site.bytes)
    );
    match site.changes {
        // Read from a record: nothing was written.
        None => all,
        Some(changes) => format!(
            "{all}; {} new, {} changed, {} gone",
            thousands(changes.added),
            thousands(changes.changed),
            thousands(changes.removed)
        ),
    }
}
