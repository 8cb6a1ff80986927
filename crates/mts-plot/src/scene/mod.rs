//! A picture as a list of marks: what the writers of SVG and PNG have in common.

mod colour;
mod font;
mod icefire;
mod raster;
mod svg;

pub(crate) use colour::Colour;
pub use colour::Theme;
pub(crate) use font::width as text_width;
pub(crate) use icefire::icefire;

/// A place in pixels, from the upper left corner.
pub(crate) type Point = (f64, f64);

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Frame {
    pub(crate) fn right(self) -> f64 {
        self.x + self.width
    }

    pub(crate) fn bottom(self) -> f64 {
        self.y + self.height
    }
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pen {
    pub(crate) colour: Colour,
    pub(crate) width: f64,
    pub(crate) dashed: bool,
}

impl Pen {
    pub(crate) fn new(colour: Colour, width: f64) -> Self {
        Pen { colour, width, dashed: false }
    }
}

/// Which end of a text its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// On the base line.
    pub(crate) at: Point,
    pub(crate) content: String,
    /// Of an em, in pixels.
    pub(crate) size: f64,
    pub(crate) anchor: Anchor,
    /// Whether it reads upwards.
    pub(crate) turned: bool,
    pub(crate) colour: Colour,
}

/// Pixels without transparency, row by row from above.
#[derive(Clone, Debug)]
pub(crate) struct Pixels {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) colours: Vec<Colour>,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    /// A filled rectangle.
    Cell(Frame, Colour),
    /// Connected points.
    Line(Vec<Point>, Pen),
    /// A filled polygon.
    Area(Vec<Point>, Colour),
    /// Filled circles of a radius.
    Dots(Vec<Point>, f64, Colour),
    Text(Text),
    /// Pixels stretched over a rectangle, without smoothing.
    Image(Frame, Pixels),
}

/// Marks that belong together and have a name.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    /// Where marks are visible.
    pub(crate) clip: Option<Frame>,
    pub(crate) marks: Vec<Mark>,
}

/// Groups on a background, the first at the bottom.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) background: Colour,
    /// Where a part of the scene was made, and the part.
    pub(crate) parts: Vec<(Point, Vec<Group>)>,
}

impl Scene {
    pub(crate) fn svg(&self) -> String {
        svg::write(self)
    }

    pub(crate) fn png(&self) -> Vec<u8> {
        raster::png(self)
    }
}
