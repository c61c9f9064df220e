//! The card a preview of a link shows.

use anyhow::Result;

use super::canvas::{ACCENT, Canvas, FATL, INK, NONE, PAPER, SOFT};
use super::icons::windsock;
use crate::page::Section;
use crate::stage::analyse::Figures;

/// The size that previews of links are made for.
pub(crate) const WIDTH: u32 = 1200;
pub(crate) const HEIGHT: u32 = 630;

const MARGIN: f32 = 72.0;
const TITLE: f32 = 72.0;
const TEXT: f32 = 36.0;

/// Where the columns stand, and how high the highest is.
const GROUND: f32 = 548.0;
const HIGHEST: f32 = 112.0;

/// Accidents of a year, and the fatal ones of them.
pub(super) type Bar = (u64, u64);

/// The columns at the foot of every card: accidents a year.
pub(super) fn bars(figures: &Figures) -> Vec<Bar> {
    let Some(yearly) = figures.figures.get("yearly") else {
        return Vec::new();
    };
    let count = |row: &[serde_json::Value], name| {
        let value = yearly.column(name).and_then(|at| row.get(at));
        value
            .and_then(serde_json::Value::as_u64)
            .unwrap_or_default()
    };
    let rows = yearly.rows.iter();
    rows.map(|row| (count(row, "accidents"), count(row, "fatal_accidents")))
        .collect()
}

/// Draws the card of a section.
pub(super) fn draw(
    section: &Section,
    title: &str,
    data_date: &str,
    bars: &[Bar],
) -> Result<Vec<u8>> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT)?;
    let width = WIDTH as f32;
    canvas.fill(PAPER);
    canvas.rect(0.0, 0.0, width, 12.0, ACCENT);
    columns(&mut canvas, bars);
    windsock(&mut canvas, MARGIN, 64.0, 64.0);
    canvas.text(MARGIN + 84.0, 110.0, 40.0, SOFT, title);
    let mut y = 222.0;
    for line in canvas.wrap(section.title, TITLE, width - 2.0 * MARGIN) {
        canvas.text(MARGIN, y, TITLE, INK, &line);
        y += TITLE * 1.1;
    }
    y -= TITLE * 0.3;
    for line in canvas
        .wrap(section.about, TEXT, width - 2.0 * MARGIN)
        .iter()
        .take(2)
    {
        canvas.text(MARGIN, y, TEXT, SOFT, line);
        y += TEXT * 1.35;
    }
    let source = format!("NTSB aviation accident databases, as of {data_date}");
    canvas.text(MARGIN, 598.0, 27.0, SOFT, &source);
    canvas.png()
}

fn columns(canvas: &mut Canvas, bars: &[Bar]) {
    let most = bars.iter().map(|(all, _)| *all).max().unwrap_or_default();
    if most == 0 {
        return;
    }
    let step = (WIDTH as f32 - 2.0 * MARGIN) / bars.len() as f32;
    let height = |count: u64| HIGHEST * (count as f64 / most as f64) as f32;
    for (at, &(all, fatal)) in bars.iter().enumerate() {
        let x = MARGIN + step * at as f32;
        let (all, fatal) = (height(all), height(fatal.min(all)));
        canvas.rect(x, GROUND - all, step * 0.76, all, NONE);
        canvas.rect(x, GROUND - fatal, step * 0.76, fatal, FATL);
    }
    canvas.rect(MARGIN, GROUND, WIDTH as f32 - 2.0 * MARGIN, 2.0, SOFT);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::SECTIONS;

    #[test]
    fn every_section_has_a_card_of_its_own_that_is_the_same_twice() {
        let bars = [(10, 2), (8, 3)];
        let draw = |section| draw(section, "Windsock", "2021-12-30", &bars).unwrap();
        let cards: std::collections::BTreeSet<Vec<u8>> = SECTIONS.iter().map(draw).collect();
        assert_eq!(cards.len(), SECTIONS.len());
        let again = draw(&SECTIONS[0]);
        assert!(cards.contains(&again));
        // Width and height stand in the first chunk (PNG, 11.2.2).
        assert_eq!(again[16..20], WIDTH.to_be_bytes());
        assert_eq!(again[20..24], HEIGHT.to_be_bytes());
    }
}
