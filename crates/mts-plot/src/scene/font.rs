//! Outlines of letters, so that a picture needs no font where it is looked at.

use std::sync::LazyLock;

use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// DejaVu Sans, which holds the letters of Europe, mathematics and arrows.
static FONT: LazyLock<FontRef<'static>> =
    LazyLock::new(|| FontRef::new(dejavu::sans::regular()).expect("the font comes with the program"));

/// Units of the font per em.
pub(super) const EM: f64 = 2048.0;

/// A part of an outline, in units of the font, upwards.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stroke {
    Move(f32, f32),
    Line(f32, f32),
    Quad(f32, f32, f32, f32),
    Cubic(f32, f32, f32, f32, f32, f32),
    Close,
}

/// The letter that is drawn for `character`: where the font has none, its box for the unknown.
pub(super) fn glyph(character: char) -> u32 {
    FONT.charmap().map(character).unwrap_or_default().to_u32()
}

/// How far the next letter is, in units of the font.
pub(super) fn advance(glyph: u32) -> f64 {
    let metrics = GlyphMetrics::new(&FONT, Size::unscaled(), LocationRef::default());
    f64::from(metrics.advance_width(GlyphId::new(glyph)).unwrap_or_default())
}

/// The outline of a letter.
pub(super) fn outline(glyph: u32) -> Vec<Stroke> {
    let mut pen = Pen(Vec::new());
    if let Some(outline) = FONT.outline_glyphs().get(GlyphId::new(glyph)) {
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        // A letter that cannot be drawn leaves a blank of its width.
        let _ = outline.draw(settings, &mut pen);
    }
    pen.0
}

/// The width of a text in pixels, at `size` pixels per em.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|character| advance(glyph(character))).sum::<f64>() * size / EM
}

struct Pen(Vec<Stroke>);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.push(Stroke::Move(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.push(Stroke::Line(x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.push(Stroke::Quad(cx, cy, x, y));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.0.push(Stroke::Cubic(ax, ay, bx, by, x, y));
    }

    fn close(&mut self) {
        self.0.push(Stroke::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_outlines_and_widths() {
        assert!(outline(glyph('θ')).len() > 5);
        assert!(outline(glyph(' ')).is_empty());
        assert_eq!(advance(glyph('0')), advance(glyph('9')));
        assert!(width("mmm", 10.0) > width("iii", 10.0));
        assert_eq!(glyph('\u{10ffff}'), 0, "the font's box for the unknown");
    }
}
