//! One channel against another.

use crate::PlotError;
use crate::axes::{Axes, Axis, Bar, Scale};
use crate::data::Selection;
use crate::scene::{Frame, Mark, Pen, Pixels, Point, icefire};

use super::{Aggregate, Before, Canvas, Given, Parts, missing, which};

pub(super) const BEFORE: Before = Before::One;

/// Points that are connected; more are counted in cells.
const POINTS: usize = 20_000;
/// Cells on each side.
const CELLS: usize = 256;

struct Portrait {
    selection: Selection,
    pair: [usize; 2],
    ranges: [(f64, f64); 2],
    /// In order, where they are few; gaps are NaN.
    points: Vec<Point>,
    /// Row by row from below, where they are many.
    counts: Vec<u32>,
    missing: u64,
    notes: Vec<String>,
}

pub(super) fn start(given: &Given<'_>) -> Result<Box<dyn Aggregate>, PlotError> {
    let selection = given.selection.clone();
    let [first, second, ..] = selection.channels[..] else {
        let needed = "two channels, found one".to_owned();
        return Err(PlotError::Needs { kind: "portrait", needed });
    };
    let range = |place: usize| {
        let channel = &given.survey.channels[place];
        if channel.finite > 0 { (channel.least, channel.greatest) } else { (0.0, 1.0) }
    };
    let few = selection.length() <= POINTS;
    let mut notes: Vec<String> = which(&selection).into_iter().collect();
    if selection.channels.len() > 2 {
        notes.push(format!("channels {first} and {second} of {}", selection.channels.len()));
    }
    Ok(Box::new(Portrait {
        pair: [first, second],
        ranges: [range(0), range(1)],
        points: Vec::new(),
        counts: if few { Vec::new() } else { vec![0; CELLS * CELLS] },
        missing: 0,
        notes,
        selection,
    }))
}

impl Aggregate for Portrait {
    fn take(&mut self, _step: usize, slabs: &[f64]) {
        let Selection { slab, stride, realization, .. } = self.selection;
        let cell = |value: f64, (least, greatest): (f64, f64)| {
            let share = (value / 2.0 - least / 2.0) / (greatest / 2.0 - least / 2.0);
            if greatest > least { ((share * CELLS as f64) as usize).min(CELLS - 1) } else { CELLS / 2 }
        };
        for slab in slabs.chunks_exact(slab) {
            let [x, y] = self.pair.map(|channel| slab[channel * stride + realization]);
            let finite = x.is_finite() && y.is_finite();
            if !finite {
                self.missing += 1;
            }
            if self.counts.is_empty() {
                self.points.push(if finite { (x, y) } else { (f64::NAN, f64::NAN) });
            } else if finite {
                let place = cell(y, self.ranges[1]) * CELLS + cell(x, self.ranges[0]);
                self.counts[place] = self.counts[place].saturating_add(1);
            }
        }
    }

    fn draw(self: Box<Self>, canvas: &Canvas) -> Parts {
        let many = !self.counts.is_empty();
        let axis = |place: usize| {
            let (least, greatest) = self.ranges[place];
            Axis::new(self.selection.channel(self.pair[place]), Scale::Linear, least, greatest)
        };
        let room = if many { 0.0 } else { 0.04 };
        let mut axes = Axes::new(&canvas.title, axis(0).with_room(room), axis(1).with_room(room));
        axes.square = true;
        axes.caption = self.notes.clone();
        axes.caption.extend(missing(self.missing));
        let most = self.counts.iter().copied().max().unwrap_or(0).max(1);
        let bar = Axis::new("steps in a cell", Scale::Log, 1.0, f64::from(most.max(2)));
        if many {
            axes.grid = false;
            axes.bar = Some(Bar { axis: bar.clone() });
        }
        let mut plot = axes.lay_out(canvas.width, canvas.height, canvas.theme);
        let marks = if many {
            let mut colours = Vec::with_capacity(self.counts.len());
            for row in self.counts.chunks_exact(CELLS).rev() {
                colours.extend(row.iter().map(|count| match count {
                    0 => canvas.theme.background(),
                    more => icefire(bar.share(f64::from(*more))),
                }));
            }
            let Frame { .. } = plot.frame;
            vec![Mark::Image(plot.frame, Pixels { width: CELLS, height: CELLS, colours })]
        } else {
            self.lines(|x, y| plot.at(x, y), canvas)
        };
        plot.draw("portrait", marks);
        vec![((0.0, 0.0), plot.finish())]
    }
}

impl Portrait {
    fn lines(&self, at: impl Fn(f64, f64) -> Point, canvas: &Canvas) -> Vec<Mark> {
        let colour = canvas.theme.series(0);
        let faint = if self.points.len() > 500 { colour.faint(120) } else { colour };
        let mut marks = Vec::new();
        for run in self.points.split(|(x, _)| x.is_nan()).filter(|run| !run.is_empty()) {
            let points: Vec<Point> = run.iter().map(|(x, y)| at(*x, *y)).collect();
            if points.len() == 1 || self.points.len() <= 500 {
                marks.push(Mark::Dots(points.clone(), 2.0, colour));
            }
            if points.len() > 1 {
                marks.push(Mark::Line(points, Pen::new(faint, 0.8)));
            }
        }
        marks
    }
}
