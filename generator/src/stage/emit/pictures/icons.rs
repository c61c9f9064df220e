//! The windsock of the header, as icons.

use anyhow::Result;

use super::canvas::{Canvas, FATL, PAPER, SOFT};

/// Side of the drawing in `templates/base.html`.
const SIDE: f32 = 32.0;

/// Draws the windsock into a square at `(x, y)`.
pub(super) fn windsock(canvas: &mut Canvas, x: f32, y: f32, side: f32) {
    let scale = side / SIDE;
    let at = |px: f32, py: f32| (x + px * scale, y + py * scale);
    canvas.line(&[at(5.0, 3.0), at(5.0, 30.0)], 2.5 * scale, true, SOFT);
    canvas.shape(
        &[at(6.0, 5.0), at(28.0, 11.0), at(28.0, 18.0), at(6.0, 20.0)],
        FATL,
    );
    for (px, top, bottom) in [(12.0, 6.6, 18.7), (18.0, 8.3, 19.2), (24.0, 9.9, 18.7)] {
        canvas.line(&[at(px, top), at(px, bottom)], 2.6 * scale, false, PAPER);
    }
}

/// A square icon: on paper with a margin, or on nothing.
pub(super) fn draw(size: u32, padded: bool) -> Result<Vec<u8>> {
    let mut canvas = Canvas::new(size, size)?;
    let side = size as f32;
    if padded {
        canvas.fill(PAPER);
        // Launchers cut icons to circles of four fifths.
        windsock(&mut canvas, side * 0.2, side * 0.2, side * 0.6);
    } else {
        windsock(&mut canvas, 0.0, 0.0, side);
    }
    canvas.png()
}

/// A PNG of 32 by 32 pixels as an icon file with one picture (the format takes PNG since Windows Vista).
pub(super) fn ico(png: &[u8]) -> Vec<u8> {
    const HEADER: u32 = 6 + 16;
    // One icon of 32 by 32 pixels in 32 bits.
    let mut ico = vec![0, 0, 1, 0, 1, 0, 32, 32, 0, 0, 1, 0, 32, 0];
    ico.extend((png.len() as u32).to_le_bytes());
    ico.extend(HEADER.to_le_bytes());
    ico.extend(png);
    ico
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_file_leads_to_its_picture() {
        let png = draw(32, false).unwrap();
        let ico = ico(&png);
        let number = |at: usize| u32::from_le_bytes(ico[at..at + 4].try_into().unwrap());
        assert_eq!(number(14) as usize, png.len());
        assert_eq!(&ico[number(18) as usize..], &png[..]);
        assert!(png.starts_with(b"\x89PNG"));
    }
}
