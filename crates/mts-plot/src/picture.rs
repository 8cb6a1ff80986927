//! A drawn picture, and several of them in a grid.

use crate::kinds::Parts;
use crate::scene::{Anchor, Group, Mark, Scene, Text, Theme};

/// Pixels that a title above several pictures takes.
pub(crate) const HEADING: f64 = 40.0;

/// A drawn picture.
#[derive(Clone, Debug)]
pub struct Picture {
    scene: Scene,
    theme: Theme,
}

impl Picture {
    pub(crate) fn of(width: f64, height: f64, theme: Theme, parts: Parts) -> Self {
        Picture { scene: Scene { width, height, background: theme.background(), parts }, theme }
    }

    /// Of exactly this size, where it is given.
    pub(crate) fn sized(mut self, width: Option<u32>, height: Option<u32>) -> Self {
        self.scene.width = width.map_or(self.scene.width, f64::from);
        self.scene.height = height.map_or(self.scene.height, f64::from);
        self
    }

    /// Pixels from left to right.
    pub fn width(&self) -> u32 {
        self.scene.width as u32
    }

    /// Pixels from top to bottom.
    pub fn height(&self) -> u32 {
        self.scene.height as u32
    }

    /// As SVG, whose letters are outlines: it looks the same everywhere and needs no font, and the
    /// same picture is the same bytes on every machine.
    pub fn svg(&self) -> String {
        self.scene.svg()
    }

    /// As PNG.
    pub fn png(&self) -> Vec<u8> {
        self.scene.png()
    }
}

/// Pictures beside and below each other.
#[derive(Clone, Copy, Debug)]
pub struct Figure;

impl Figure {
    /// Pictures row by row in `columns`, at least one, below a title. Each row is as high as its highest
    /// picture, each column as wide as its widest.
    pub fn grid(pictures: Vec<Picture>, columns: usize, title: Option<&str>) -> Picture {
        let columns = columns.max(1);
        let theme = pictures.first().map_or_else(Theme::default, |picture| picture.theme);
        let most = |sizes: &mut dyn Iterator<Item = f64>| sizes.fold(0.0, f64::max);
        let widths: Vec<f64> = (0..columns)
            .map(|column| most(&mut pictures.iter().skip(column).step_by(columns).map(|p| p.scene.width)))
            .collect();
        let heights: Vec<f64> =
            pictures.chunks(columns).map(|row| most(&mut row.iter().map(|p| p.scene.height))).collect();
        let width: f64 = widths.iter().sum();
        const SIZE: f64 = 18.0;
        let mut parts = Vec::new();
        let mut top = 0.0;
        if let Some(title) = title {
            top = HEADING;
            let at = (width / 2.0, 27.0);
            let text = Text {
                at,
                content: title.to_owned(),
                size: SIZE,
                anchor: Anchor::Middle,
                turned: false,
                colour: theme.ink(),
            };
            let group = Group { name: "figure title".to_owned(), clip: None, marks: vec![Mark::Text(text)] };
            parts.push(((0.0, 0.0), vec![group]));
        }
        for (place, picture) in pictures.into_iter().enumerate() {
            let x: f64 = widths[..place % columns].iter().sum();
            let y: f64 = top + heights[..place / columns].iter().sum::<f64>();
            parts
                .extend(picture.scene.parts.into_iter().map(|((dx, dy), groups)| ((x + dx, y + dy), groups)));
        }
        let height = top + heights.iter().sum::<f64>();
        Picture::of(width.max(1.0), height.max(1.0), theme, parts)
    }
}
