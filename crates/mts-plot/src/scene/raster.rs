//! A scene as pixels.

use std::collections::BTreeMap;

use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, PixmapPaint, Rect, Stroke,
    StrokeDash, Transform,
};

use super::font::{self, EM};
use super::{Colour, Frame, Mark, Pen, Pixels, Point, Scene, Text};

/// The scene as PNG.
pub(super) fn png(scene: &Scene) -> Vec<u8> {
    let (width, height) = (scene.width as u32, scene.height as u32);
    let mut canvas = Canvas {
        pixmap: Pixmap::new(width, height).expect("sizes were checked with the options"),
        letters: BTreeMap::new(),
        shift: Transform::identity(),
        mask: None,
    };
    let Colour(r, g, b, _) = scene.background;
    canvas.pixmap.fill(Color::from_rgba8(r, g, b, 255));
    for ((x, y), groups) in &scene.parts {
        canvas.shift = Transform::from_translate(*x as f32, *y as f32);
        for group in groups {
            canvas.mask = group.clip.and_then(|frame| canvas.clip(frame));
            group.marks.iter().for_each(|mark| canvas.mark(mark));
        }
    }
    canvas.pixmap.encode_png().expect("memory takes all")
}

/// An image by itself, as PNG.
pub(super) fn image(pixels: &Pixels) -> Vec<u8> {
    pixmap(pixels).encode_png().expect("memory takes all")
}

fn pixmap(pixels: &Pixels) -> Pixmap {
    let mut pixmap = Pixmap::new(pixels.width as u32, pixels.height as u32).expect("an image has pixels");
    for (to, Colour(r, g, b, _)) in pixmap.data_mut().chunks_exact_mut(4).zip(&pixels.colours) {
        to.copy_from_slice(&[*r, *g, *b, 255]);
    }
    pixmap
}

struct Canvas {
    pixmap: Pixmap,
    /// Outlines of letters that were drawn, in units of the font, downwards.
    letters: BTreeMap<u32, Option<Path>>,
    /// Where the part is that is being drawn.
    shift: Transform,
    mask: Option<Mask>,
}

impl Canvas {
    /// Lets only `frame` be drawn on.
    fn clip(&self, frame: Frame) -> Option<Mask> {
        let mut mask = Mask::new(self.pixmap.width(), self.pixmap.height())?;
        mask.fill_path(&PathBuilder::from_rect(rect(frame)?), FillRule::Winding, true, self.shift);
        Some(mask)
    }

    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Cell(frame, colour) => {
                if let Some(rect) = rect(*frame) {
                    // Neighbours share an edge, through which nothing may shine.
                    let paint = Paint { anti_alias: false, ..paint(*colour) };
                    self.pixmap.fill_rect(rect, &paint, self.shift, self.mask.as_ref());
                }
            }
            Mark::Line(points, pen) => self.line(points, *pen),
            Mark::Area(points, colour) => {
                if let Some(path) = path(points, true) {
                    self.fill(&path, *colour, self.shift);
                }
            }
            Mark::Dots(points, radius, colour) => {
                let mut builder = PathBuilder::new();
                for (x, y) in points {
                    builder.push_circle(*x as f32, *y as f32, *radius as f32);
                }
                if let Some(path) = builder.finish() {
                    self.fill(&path, *colour, self.shift);
                }
            }
            Mark::Text(text) => self.text(text),
            Mark::Image(frame, pixels) => {
                let scale = (frame.width / pixels.width as f64, frame.height / pixels.height as f64);
                let place = self
                    .shift
                    .pre_translate(frame.x as f32, frame.y as f32)
                    .pre_scale(scale.0 as f32, scale.1 as f32);
                let pixels = pixmap(pixels);
                let paint = PixmapPaint::default();
                self.pixmap.draw_pixmap(0, 0, pixels.as_ref(), &paint, place, self.mask.as_ref());
            }
        }
    }

    fn line(&mut self, points: &[Point], pen: Pen) {
        let Some(path) = path(points, false) else { return };
        let stroke = Stroke {
            width: pen.width as f32,
            line_cap: LineCap::Butt,
            line_join: LineJoin::Round,
            dash: if pen.dashed { StrokeDash::new(vec![5.0, 4.0], 0.0) } else { None },
            ..Stroke::default()
        };
        self.pixmap.stroke_path(&path, &paint(pen.colour), &stroke, self.shift, self.mask.as_ref());
    }

    fn text(&mut self, text: &Text) {
        let scale = (text.size / EM) as f32;
        let turn = if text.turned { -90.0 } else { 0.0 };
        let place = self
            .shift
            .pre_translate(text.at.0 as f32, text.at.1 as f32)
            .pre_rotate(turn)
            .pre_translate(-text.offset() as f32, 0.0)
            .pre_scale(scale, scale);
        let mut at = 0.0;
        for letter in text.content.chars().map(font::glyph) {
            let path = self.letters.entry(letter).or_insert_with(|| outline(letter)).clone();
            if let Some(path) = path {
                self.fill(&path, text.colour, place.pre_translate(at as f32, 0.0));
            }
            at += font::advance(letter);
        }
    }

    fn fill(&mut self, path: &Path, colour: Colour, place: Transform) {
        self.pixmap.fill_path(path, &paint(colour), FillRule::Winding, place, self.mask.as_ref());
    }
}

fn paint(Colour(r, g, b, opacity): Colour) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(r, g, b, opacity);
    paint.anti_alias = true;
    paint
}

fn rect(frame: Frame) -> Option<Rect> {
    Rect::from_xywh(frame.x as f32, frame.y as f32, frame.width as f32, frame.height as f32)
}

/// Nothing is drawn of fewer than two points.
fn path(points: &[Point], closed: bool) -> Option<Path> {
    let mut builder = PathBuilder::with_capacity(points.len() + 1, points.len());
    for (place, (x, y)) in points.iter().enumerate() {
        let (x, y) = (*x as f32, *y as f32);
        if place == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
    }
    if closed {
        builder.close();
    }
    builder.finish()
}

fn outline(letter: u32) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for stroke in font::outline(letter) {
        match stroke {
            font::Stroke::Move(x, y) => builder.move_to(x, -y),
            font::Stroke::Line(x, y) => builder.line_to(x, -y),
            font::Stroke::Quad(a, b, x, y) => builder.quad_to(a, -b, x, -y),
            font::Stroke::Cubic(a, b, c, d, x, y) => builder.cubic_to(a, -b, c, -d, x, -y),
            font::Stroke::Close => builder.close(),
        }
    }
    builder.finish()
}
