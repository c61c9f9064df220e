//! A picture that takes rectangles, lines and text.

use anyhow::{Context, Result};
use tiny_skia::{
    Color, FillRule, LineCap, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform,
};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// Red, green and blue.
pub(super) type Rgb = [u8; 3];

/// The colours of the light scheme, as `static/css/site.css` has them.
pub(super) const PAPER: Rgb = [0xfb, 0xfc, 0xfd];
pub(super) const INK: Rgb = [0x17, 0x20, 0x2a];
pub(super) const SOFT: Rgb = [0x4d, 0x5a, 0x67];
pub(super) const ACCENT: Rgb = [0x0b, 0x5c, 0x91];
pub(super) const FATL: Rgb = [0xb3, 0x40, 0x0a];
pub(super) const NONE: Rgb = [0xc9, 0xd2, 0xda];

/// Names of fonts in the crate that brings them.
const FONT: &[u8] = epaint_default_fonts::UBUNTU_LIGHT;

pub(super) struct Canvas {
    pixmap: Pixmap,
    font: Face<'static>,
}

impl Canvas {
    /// An empty picture.
    pub(super) fn new(width: u32, height: u32) -> Result<Self> {
        Ok(Self {
            pixmap: Pixmap::new(width, height).context("a picture needs a size")?,
            font: Face::parse(FONT, 0).context("reading the font of the cards")?,
        })
    }

    pub(super) fn fill(&mut self, [r, g, b]: Rgb) {
        self.pixmap.fill(Color::from_rgba8(r, g, b, 255));
    }

    pub(super) fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Rgb) {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            self.pixmap
                .fill_rect(rect, &paint(colour), Transform::identity(), None);
        }
    }

    /// A filled shape through points.
    pub(super) fn shape(&mut self, points: &[(f32, f32)], colour: Rgb) {
        if let Some(path) = through(points, true) {
            self.path(&path, colour);
        }
    }

    /// A line with round ends through points.
    pub(super) fn line(&mut self, points: &[(f32, f32)], width: f32, round: bool, colour: Rgb) {
        let stroke = Stroke {
            width,
            line_cap: if round { LineCap::Round } else { LineCap::Butt },
            ..Stroke::default()
        };
        if let Some(path) = through(points, false) {
            let paint = paint(colour);
            self.pixmap
                .stroke_path(&path, &paint, &stroke, Transform::identity(), None);
        }
    }

    fn path(&mut self, path: &Path, colour: Rgb) {
        let (paint, at) = (paint(colour), Transform::identity());
        self.pixmap
            .fill_path(path, &paint, FillRule::Winding, at, None);
    }

    /// Writes one line from `x` on, standing on `y`. Characters the font lacks are left out.
    pub(super) fn text(&mut self, x: f32, y: f32, size: f32, colour: Rgb, text: &str) {
        let scale = self.scale(size);
        let mut outline = Outline {
            builder: PathBuilder::new(),
            scale,
            x,
            y,
        };
        for glyph in self.glyphs(text) {
            self.font.outline_glyph(glyph, &mut outline);
            outline.x += scale * self.advance(glyph);
        }
        if let Some(path) = outline.builder.finish() {
            self.path(&path, colour);
        }
    }

    /// Breaks a text into lines of at most `width` at this size.
    pub(super) fn wrap(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}"), size) <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        let glyphs = self.glyphs(text).into_iter();
        self.scale(size) * glyphs.map(|glyph| self.advance(glyph)).sum::<f32>()
    }

    fn scale(&self, size: f32) -> f32 {
        size / f32::from(self.font.units_per_em())
    }

    fn glyphs(&self, text: &str) -> Vec<GlyphId> {
        let known = text.chars().filter_map(|c| self.font.glyph_index(c));
        known.collect()
    }

    fn advance(&self, glyph: GlyphId) -> f32 {
        f32::from(self.font.glyph_hor_advance(glyph).unwrap_or_default())
    }

    /// The picture as PNG.
    pub(super) fn png(&self) -> Result<Vec<u8>> {
        self.pixmap.encode_png().context("encoding a picture")
    }
}

fn paint([r, g, b]: Rgb) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(r, g, b, 255);
    paint.anti_alias = true;
    paint
}

fn through(points: &[(f32, f32)], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (at, &(x, y)) in points.iter().enumerate() {
        if at == 0 {
            path.move_to(x, y);
        } else {
            path.line_to(x, y);
        }
    }
    if closed {
        path.close();
    }
    path.finish()
}

/// Outlines of glyphs as one path; the font counts upwards, the picture downwards.
struct Outline {
    builder: PathBuilder,
    scale: f32,
    x: f32,
    y: f32,
}

impl Outline {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.builder.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.builder.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.builder.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2)) = (self.at(x1, y1), self.at(x2, y2));
        let (x, y) = self.at(x, y);
        self.builder.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.builder.close();
    }
}
