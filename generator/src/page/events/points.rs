//! Where the events of a profile happened, for its map.

use std::fmt::Write;

use super::super::{PageFile, Shell, format};
use crate::record::Brief;

/// Events whose points are a part of the page; more are a file that only maps load.
const IN_PAGE: usize = 200;

/// The points of a page.
pub(super) struct Points {
    /// How many there are.
    pub(super) placed: String,
    /// The points themselves, if they are few.
    pub(super) csv: Option<String>,
    /// Where they can be had, if they are many.
    pub(super) address: Option<String>,
}

/// The points of the events that have one, and their file; nothing if none has.
///
/// One line each, oldest first: latitude, longitude, letter of the highest injury, name under which
/// the event is found, date.
pub(super) fn of<'a>(
    shell: &Shell,
    path: &str,
    events: impl Iterator<Item = &'a Brief>,
) -> Option<(Points, Option<PageFile>)> {
    let mut csv = String::new();
    let mut placed = 0;
    for event in events {
        if let Some((latitude, longitude, _)) = event.place {
            let (injury, name) = (injury(event), name(event));
            // Writing to a string cannot fail.
            writeln!(
                csv,
                "{latitude:.4},{longitude:.4},{injury},{name},{}",
                event.date
            )
            .ok();
            placed += 1;
        }
    }
    if placed == 0 {
        return None;
    }
    let points = Points {
        placed: format::thousands(placed as u64),
        csv: None,
        address: None,
    };
    if placed <= IN_PAGE {
        let points = Points {
            csv: Some(csv),
            ..points
        };
        return Some((points, None));
    }
    let file = PageFile::hashed(&format!("{path}points"), "csv", csv);
    let address = Some(shell.site.url(&file.path));
    Some((Points { address, ..points }, Some(file)))
}

fn injury(event: &Brief) -> char {
    match event.injury.as_deref() {
        Some("FATL") => 'F',
        Some("SERS") => 'S',
        Some("MINR") => 'M',
        Some("NONE") => 'N',
        _ => '-',
    }
}

/// The NTSB number, unless something else stands in its place.
fn name(event: &Brief) -> &str {
    let number = event.ntsb_no.as_deref();
    let number = number.filter(|text| text.bytes().all(|b| b.is_ascii_alphanumeric()));
    number.unwrap_or(&event.ev_id)
}
