//! Time × channel of one realization as colours.

use crate::PlotError;
use crate::axes::{Axes, Axis, Bar, Scale, counted};
use crate::data::Selection;
use crate::scene::{Colour, Frame, Mark, Pixels, icefire};

use super::histogram::FAR;
use super::{Aggregate, Before, Canvas, Given, Parts, missing, time_axis, which};

pub(super) const BEFORE: Before = Before::Nothing;

/// Cells that are drawn one by one, exactly where they are; more are drawn as pixels.
const CELLS: usize = 10_000;

struct Heatmap {
    selection: Selection,
    /// Steps and channels of a cell.
    steps: usize,
    channels: usize,
    columns: usize,
    rows: usize,
    /// Sums and numbers of finite values, column by column.
    sums: Vec<f64>,
    finite: Vec<u32>,
    missing: u64,
}

pub(super) fn start(given: &Given<'_>) -> Result<Box<dyn Aggregate>, PlotError> {
    let selection = given.selection.clone();
    // A cell is never smaller than a pixel.
    let (most_columns, most_rows) = (given.canvas.width as usize, given.canvas.height as usize);
    let (length, channels) = (selection.length(), selection.channels.len());
    let steps = length.div_ceil(most_columns);
    let together = channels.div_ceil(most_rows);
    let (columns, rows) = (length.div_ceil(steps), channels.div_ceil(together));
    Ok(Box::new(Heatmap {
        selection,
        steps,
        channels: together,
        columns,
        rows,
        sums: vec![0.0; columns * rows],
        finite: vec![0; columns * rows],
        missing: 0,
    }))
}

impl Aggregate for Heatmap {
    fn take(&mut self, step: usize, slabs: &[f64]) {
        let selection = &self.selection;
        for (step, slab) in (step..).zip(slabs.chunks_exact(selection.slab)) {
            let cells = step / self.steps * self.rows;
            for (place, channel) in selection.channels.iter().enumerate() {
                let value = slab[channel * selection.stride + selection.realization];
                let cell = cells + place / self.channels;
                if value.is_finite() {
                    self.sums[cell] += value;
                    self.finite[cell] = self.finite[cell].saturating_add(1);
                } else {
                    self.missing += 1;
                }
            }
        }
    }

    fn draw(self: Box<Self>, canvas: &Canvas) -> Parts {
        let selection = &self.selection;
        let mean = |cell: usize| self.sums[cell] / f64::from(self.finite[cell]);
        let means = (0..self.sums.len()).filter(|cell| self.finite[*cell] > 0).map(mean);
        let (least, greatest, beyond) = ends(means.collect());
        let bar = Axis::new("value", Scale::Linear, least, greatest);
        let colour = |cell: usize| match self.finite[cell] {
            0 => canvas.theme.gap(),
            _ => icefire(bar.share(mean(cell))),
        };
        let names = selection.channels.iter().map(usize::to_string).collect();
        let mut axes = Axes::new(&canvas.title, time_axis(selection, true), Axis::names("channel", names));
        axes.grid = false;
        axes.caption = self.caption();
        if beyond > 0 {
            let cells = counted(beyond as u64, "cell");
            axes.caption.push(format!("{cells} beyond the ends of the colours"));
        }
        axes.bar = Some(Bar { axis: bar.clone() });
        let mut plot = axes.lay_out(canvas.width, canvas.height, canvas.theme);
        let marks = if self.steps == 1 && self.channels == 1 && self.sums.len() <= CELLS {
            self.cells(plot.frame, |position| plot.x(position), colour)
        } else {
            vec![self.image(plot.frame, colour)]
        };
        plot.draw("heatmap", marks);
        vec![((0.0, 0.0), plot.finish())]
    }
}

/// Where the colours end, and how many cells are beyond: a few extremes among many do not take all colours
/// from the others.
fn ends(mut means: Vec<f64>) -> (f64, f64, usize) {
    means.sort_unstable_by(f64::total_cmp);
    let (Some(least), Some(greatest)) = (means.first().copied(), means.last().copied()) else {
        return (0.0, 0.0, 0);
    };
    let at = |share: f64| means[(share * (means.len() - 1) as f64) as usize];
    let (low, high) = (at(0.025), at(0.975));
    if high <= low || greatest / 2.0 - least / 2.0 <= FAR * (high / 2.0 - low / 2.0) {
        return (least, greatest, 0);
    }
    let (low, high) = (least.max(low - (high - low)), greatest.min(high + (high - low)));
    (low, high, means.iter().filter(|mean| **mean < low || **mean > high).count())
}

impl Heatmap {
    /// Each cell between the midpoints to its neighbours.
    fn cells(&self, frame: Frame, x: impl Fn(f64) -> f64, colour: impl Fn(usize) -> Colour) -> Vec<Mark> {
        let at = |column: usize| self.selection.position(self.selection.steps.start + column);
        let edge = |column: usize| match column {
            0 => frame.x,
            last if last == self.columns => frame.right(),
            inner => x(at(inner - 1) / 2.0 + at(inner) / 2.0),
        };
        let height = frame.height / self.rows as f64;
        let mut marks = Vec::with_capacity(self.sums.len());
        for column in 0..self.columns {
            let (from, to) = (edge(column), edge(column + 1));
            for row in 0..self.rows {
                let y = frame.bottom() - (row + 1) as f64 * height;
                let cell = Frame { x: from, y, width: to - from, height };
                marks.push(Mark::Cell(cell, colour(column * self.rows + row)));
            }
        }
        marks
    }

    /// All cells as pixels of equal size; the last ones may stand for less than the others, and reach
    /// beyond the frame.
    fn image(&self, frame: Frame, colour: impl Fn(usize) -> Colour) -> Mark {
        let mut colours = Vec::with_capacity(self.sums.len());
        for row in (0..self.rows).rev() {
            colours.extend((0..self.columns).map(|column| colour(column * self.rows + row)));
        }
        let width = frame.width * (self.columns * self.steps) as f64 / self.selection.length() as f64;
        let height = frame.height * (self.rows * self.channels) as f64 / self.selection.channels.len() as f64;
        let place = Frame { x: frame.x, y: frame.bottom() - height, width, height };
        Mark::Image(place, Pixels { width: self.columns, height: self.rows, colours })
    }

    fn caption(&self) -> Vec<String> {
        let together = match (self.steps, self.channels) {
            (1, 1) => None,
            (steps, 1) => Some(format!("each cell is the mean of {steps} steps")),
            (1, channels) => Some(format!("each cell is the mean of {channels} channels")),
            (steps, channels) => {
                Some(format!("each cell is the mean of {steps} steps × {channels} channels"))
            }
        };
        [which(&self.selection), together, missing(self.missing)].into_iter().flatten().collect()
    }
}
