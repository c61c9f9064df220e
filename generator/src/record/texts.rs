//! The texts of the lake, a part at a time.

use std::path::Path;

use anyhow::Result;
use dataset::manifest::Manifest;

use super::table::{Table, files};
use super::year::NARRATIVES;

/// The files that hold the narratives of some years.
pub type Part = Vec<String>;

/// The parts the narratives of a lake are in; those of an event are in one of them.
pub fn parts(manifest: &Manifest) -> Vec<Part> {
    let files = files(manifest.tables.get("narratives"));
    let owned = |paths: Vec<&str>| paths.into_iter().map(str::to_owned).collect();
    files.into_values().map(owned).collect()
}

/// A text of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    /// Whether it is the probable cause.
    pub is_cause: bool,
    /// As held.
    pub text: &'a str,
}

/// Hands the texts of every event of a part to `each`, in the order of their keys.
///
/// # Errors
/// If a file of the lake cannot be read, or the first of `each`.
pub fn for_each(
    lake: &Path,
    part: &Part,
    mut each: impl FnMut(&str, &[Text]) -> Result<()>,
) -> Result<()> {
    let paths: Vec<&str> = part.iter().map(String::as_str).collect();
    let table = Table::read(lake, &paths)?;
    for ev_id in table.event_ids() {
        let mut found = Vec::new();
        for (column, _) in NARRATIVES {
            let texts = table.of_event(ev_id).iter();
            found.extend(
                texts
                    .filter_map(|&row| table.str(column, row))
                    .map(|text| Text {
                        is_cause: column == "narr_cause",
                        text,
                    }),
            );
        }
        each(ev_id, &found)?;
    }
    Ok(())
}
