//! A scene as SVG: the same bytes everywhere, and letters as outlines.

use std::collections::BTreeSet;
use std::fmt::{self, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::font::{self, EM, Stroke};
use super::{Anchor, Colour, Frame, Group, Mark, Pen, Pixels, Point, Scene, Text, raster};

pub(super) fn write(scene: &Scene) -> String {
    let mut svg = Svg { text: String::new(), clips: 0 };
    svg.scene(scene).expect("a string takes all");
    svg.text
}

struct Svg {
    text: String,
    /// Clipping paths so far, which need names.
    clips: usize,
}

impl Svg {
    fn scene(&mut self, scene: &Scene) -> fmt::Result {
        let (width, height) = (Pixel(scene.width), Pixel(scene.height));
        writeln!(
            self.text,
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">"#
        )?;
        self.letters(scene)?;
        let ground = Frame { x: 0.0, y: 0.0, width: scene.width, height: scene.height };
        self.cell(ground, scene.background)?;
        for ((x, y), groups) in &scene.parts {
            let shift = *x != 0.0 || *y != 0.0;
            if shift {
                writeln!(self.text, r#"<g transform="translate({} {})">"#, Pixel(*x), Pixel(*y))?;
            }
            for group in groups {
                self.group(group)?;
            }
            if shift {
                self.text.push_str("</g>\n");
            }
        }
        self.text.push_str("</svg>\n");
        Ok(())
    }

    /// Each letter once.
    fn letters(&mut self, scene: &Scene) -> fmt::Result {
        let marks = scene.parts.iter().flat_map(|(_, groups)| groups).flat_map(|group| &group.marks);
        let letters: BTreeSet<u32> = marks
            .filter_map(|mark| match mark {
                Mark::Text(text) => Some(text.content.chars().map(font::glyph)),
                _ => None,
            })
            .flatten()
            .collect();
        if letters.is_empty() {
            return Ok(());
        }
        self.text.push_str("<defs>\n");
        for letter in letters {
            write!(self.text, r#"<path id="g{letter}" d=""#)?;
            for stroke in font::outline(letter) {
                match stroke {
                    Stroke::Move(x, y) => write!(self.text, "M{x} {}", -y)?,
                    Stroke::Line(x, y) => write!(self.text, "L{x} {}", -y)?,
                    Stroke::Quad(a, b, x, y) => write!(self.text, "Q{a} {} {x} {}", -b, -y)?,
                    Stroke::Cubic(a, b, c, d, x, y) => {
                        write!(self.text, "C{a} {} {c} {} {x} {}", -b, -d, -y)?;
                    }
                    Stroke::Close => self.text.push('Z'),
                }
            }
            self.text.push_str("\"/>\n");
        }
        self.text.push_str("</defs>\n");
        Ok(())
    }

    fn group(&mut self, group: &Group) -> fmt::Result {
        let name = Escaped(&group.name);
        match group.clip {
            None => writeln!(self.text, r#"<g aria-label="{name}">"#)?,
            Some(Frame { x, y, width, height }) => {
                let number = self.clips;
                self.clips += 1;
                writeln!(
                    self.text,
                    r#"<clipPath id="c{number}"><rect x="{}" y="{}" width="{}" height="{}"/></clipPath>"#,
                    Pixel(x),
                    Pixel(y),
                    Pixel(width),
                    Pixel(height)
                )?;
                writeln!(self.text, r##"<g aria-label="{name}" clip-path="url(#c{number})">"##)?;
            }
        }
        for mark in &group.marks {
            match mark {
                Mark::Cell(frame, colour) => self.cell(*frame, *colour)?,
                Mark::Line(points, pen) => self.line(points, *pen)?,
                Mark::Area(points, colour) => {
                    self.text.push_str(r#"<path d=""#);
                    self.path(points)?;
                    writeln!(self.text, r#"Z"{}/>"#, Fill(*colour))?;
                }
                Mark::Dots(points, radius, colour) => {
                    writeln!(self.text, "<g{}>", Fill(*colour))?;
                    for (x, y) in points {
                        let (x, y, r) = (Pixel(*x), Pixel(*y), Pixel(*radius));
                        writeln!(self.text, r#"<circle cx="{x}" cy="{y}" r="{r}"/>"#)?;
                    }
                    self.text.push_str("</g>\n");
                }
                Mark::Text(text) => self.text(text)?,
                Mark::Image(frame, pixels) => self.image(*frame, pixels)?,
            }
        }
        self.text.push_str("</g>\n");
        Ok(())
    }

    fn cell(&mut self, frame: Frame, colour: Colour) -> fmt::Result {
        let Frame { x, y, width, height } = frame;
        let (x, y, width, height) = (Pixel(x), Pixel(y), Pixel(width), Pixel(height));
        writeln!(
            self.text,
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}"{} shape-rendering="crispEdges"/>"#,
            Fill(colour)
        )
    }

    fn line(&mut self, points: &[Point], pen: Pen) -> fmt::Result {
        self.text.push_str(r#"<path d=""#);
        self.path(points)?;
        let Colour(r, g, b, opacity) = pen.colour;
        write!(
            self.text,
            r##"" fill="none" stroke="#{r:02x}{g:02x}{b:02x}" stroke-width="{}" stroke-linejoin="round""##,
            Pixel(pen.width)
        )?;
        if opacity < 255 {
            write!(self.text, r#" stroke-opacity="{}""#, Pixel(f64::from(opacity) / 255.0))?;
        }
        if pen.dashed {
            self.text.push_str(r#" stroke-dasharray="5 4""#);
        }
        self.text.push_str("/>\n");
        Ok(())
    }

    fn path(&mut self, points: &[Point]) -> fmt::Result {
        for (place, (x, y)) in points.iter().enumerate() {
            let verb = if place == 0 { 'M' } else { 'L' };
            write!(self.text, "{verb}{} {}", Pixel(*x), Pixel(*y))?;
        }
        Ok(())
    }

    fn text(&mut self, text: &Text) -> fmt::Result {
        let (x, y) = text.at;
        let turn = if text.turned { " rotate(-90)" } else { "" };
        let Colour(r, g, b, _) = text.colour;
        write!(
            self.text,
            r##"<g role="img" aria-label="{}" fill="#{r:02x}{g:02x}{b:02x}" transform="translate({} {}){turn} scale({})">"##,
            Escaped(&text.content),
            Pixel(x),
            Pixel(y),
            Scale(text.size / EM)
        )?;
        let mut at = -text.offset() * EM / text.size;
        for letter in text.content.chars().map(font::glyph) {
            write!(self.text, r##"<use href="#g{letter}" x="{}"/>"##, Pixel(at))?;
            at += font::advance(letter);
        }
        self.text.push_str("</g>\n");
        Ok(())
    }

    fn image(&mut self, frame: Frame, pixels: &Pixels) -> fmt::Result {
        let Frame { x, y, width, height } = frame;
        let (x, y, width, height) = (Pixel(x), Pixel(y), Pixel(width), Pixel(height));
        let data = BASE64_STANDARD.encode(raster::image(pixels));
        writeln!(
            self.text,
            r#"<image x="{x}" y="{y}" width="{width}" height="{height}" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,{data}"/>"#
        )
    }
}

impl Text {
    /// Pixels from its first letter to its place.
    pub(super) fn offset(&self) -> f64 {
        let width = font::width(&self.content, self.size);
        match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        }
    }
}

/// A number of pixels, to a hundredth.
struct Pixel(f64);

impl fmt::Display for Pixel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        digits(self.0, 2, f)
    }
}

/// A scale, to a millionth.
struct Scale(f64);

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        digits(self.0, 6, f)
    }
}

/// So many decimals, without zeros at the end.
fn digits(number: f64, decimals: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let text = format!("{number:.decimals$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    f.write_str(if text == "-0" { "0" } else { text })
}

struct Fill(Colour);

impl fmt::Display for Fill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Colour(r, g, b, opacity) = self.0;
        write!(f, r##" fill="#{r:02x}{g:02x}{b:02x}""##)?;
        if opacity < 255 {
            write!(f, r#" fill-opacity="{}""#, Pixel(f64::from(opacity) / 255.0))?;
        }
        Ok(())
    }
}

/// Text between quotes.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                // XML 1.0 has no other control characters.
                '\t' | '\n' | '\r' => f.write_char(' ')?,
                control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => {
                    f.write_char('\u{fffd}')?;
                }
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}
