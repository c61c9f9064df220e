//! Pictures made at build time: a card per section for previews of links, and the site's icons.
//!
//! Drawn with tiny-skia, without SIMD, from shapes and a font that are compiled in: the same inputs
//! give the same bytes on every machine.

mod canvas;
mod card;
mod icons;

use anyhow::Result;

use super::Inputs;
use crate::output::{Output, short_hash};
use crate::page::{Pictures, SECTIONS};

/// Side of the icon in the tab of a browser.
const SMALL: u32 = 32;

/// Writes all pictures and says where they are.
pub(super) fn write(inputs: &Inputs, output: &mut impl Output) -> Result<Pictures> {
    let mut pictures = Pictures::default();
    let bars = card::bars(&inputs.figures);
    for section in &SECTIONS {
        let png = card::draw(section, &inputs.title, &inputs.manifest.data_date, &bars)?;
        // Without a hash: every page names one, and no page is to change because the newest year did.
        let path = format!("cards/{}.png", section.name);
        output.write(&path, &png)?;
        pictures.cards.insert(section.name, path);
    }
    for (size, padded) in [(SMALL, false), (180, true), (192, true), (512, true)] {
        let png = icons::draw(size, padded)?;
        let path = format!("img/icon-{size}.{}.png", short_hash(&png));
        output.write(&path, &png)?;
        pictures.icons.insert(size, path);
        if size == SMALL {
            // Asked for by name, whatever a page says.
            output.write("favicon.ico", &icons::ico(&png))?;
        }
    }
    Ok(pictures)
}
