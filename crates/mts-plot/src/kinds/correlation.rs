//! Correlation of each channel with each other.

use crate::PlotError;
use crate::axes::{Axes, Axis, Bar, Scale, short};
use crate::data::Selection;
use crate::scene::{Anchor, Colour, Frame, Mark, Pixels, Text, icefire};

use super::{Aggregate, Before, Canvas, Given, Parts, missing};

pub(super) const BEFORE: Before = Before::All;

/// Channels whose pairs can be counted and told apart.
const MOST: usize = 200;
/// Channels whose correlations are also written.
const WRITTEN: usize = 10;

struct Correlation {
    selection: Selection,
    channels: Vec<usize>,
    /// Of each channel its mean, and the greatest distance from it, in which values are told.
    scales: Vec<(f64, f64)>,
    /// Sums of products, less the means: the lower triangle, row by row.
    sums: Vec<f64>,
    centred: Vec<f64>,
    notes: Vec<String>,
}

pub(super) fn start(given: &Given<'_>) -> Result<Box<dyn Aggregate>, PlotError> {
    let selection = given.selection.clone();
    let (channels, note) = selection.first(MOST);
    let surveyed = given.survey.channels.iter().take(channels.len());
    let scales = surveyed.map(|channel| (channel.mean, channel.reach())).collect();
    let mut notes: Vec<String> = note.into_iter().collect();
    if selection.realizations.len() > 1 {
        notes.push(format!("over {} realizations, around the mean of all", selection.realizations.len()));
    }
    notes.extend(missing(given.survey.missing()));
    let count = channels.len();
    let (sums, centred) = (vec![0.0; count * (count + 1) / 2], vec![0.0; count]);
    Ok(Box::new(Correlation { selection, channels, scales, sums, centred, notes }))
}

impl Aggregate for Correlation {
    fn take(&mut self, _step: usize, slabs: &[f64]) {
        let Selection { slab, stride, .. } = self.selection;
        for slab in slabs.chunks_exact(slab) {
            for realization in self.selection.realizations.clone() {
                for ((to, channel), (mean, scale)) in
                    self.centred.iter_mut().zip(&self.channels).zip(&self.scales)
                {
                    let value = slab[channel * stride + realization];
                    *to = if value.is_finite() { (value - mean) / scale } else { 0.0 };
                }
                let mut sums = self.sums.as_mut_slice();
                for (row, value) in self.centred.iter().enumerate() {
                    let (here, rest) = sums.split_at_mut(row + 1);
                    here.iter_mut().zip(&self.centred).for_each(|(sum, other)| *sum += value * other);
                    sums = rest;
                }
            }
        }
    }

    fn draw(self: Box<Self>, canvas: &Canvas) -> Parts {
        let count = self.channels.len();
        let sum = |row: usize, column: usize| {
            let (high, low) = (row.max(column), row.min(column));
            self.sums[high * (high + 1) / 2 + low]
        };
        // A constant channel has no correlation with any.
        let correlation = |row: usize, column: usize| {
            let scale = libm::sqrt(sum(row, row)) * libm::sqrt(sum(column, column));
            if scale > 0.0 { (sum(row, column) / scale).clamp(-1.0, 1.0) } else { f64::NAN }
        };
        let names: Vec<String> = self.channels.iter().map(usize::to_string).collect();
        let (x, y) = (Axis::names("channel", names.clone()), Axis::names("channel", names));
        let bar = Axis::new("correlation", Scale::Linear, -1.0, 1.0);
        let mut axes = Axes::new(&canvas.title, x, y);
        axes.grid = false;
        axes.square = true;
        axes.bar = Some(Bar { axis: bar.clone() });
        axes.caption = self.notes.clone();
        if (0..count).any(|channel| correlation(channel, channel).is_nan()) {
            axes.caption.push("grey: a channel that is constant has no correlation".to_owned());
        }
        let mut plot = axes.lay_out(canvas.width, canvas.height, canvas.theme);
        let mut colours = Vec::with_capacity(count * count);
        for row in (0..count).rev() {
            for column in 0..count {
                let value = correlation(row, column);
                colours.push(if value.is_nan() { canvas.theme.gap() } else { icefire(bar.share(value)) });
            }
        }
        let Frame { x: left, y: top, width, height } = plot.frame;
        let (wide, high) = (width / count as f64, height / count as f64);
        let mut marks = if count <= 100 {
            let place = |i: usize| Frame {
                x: left + (i % count) as f64 * wide,
                y: top + (i / count) as f64 * high,
                width: wide,
                height: high,
            };
            colours.iter().enumerate().map(|(i, colour)| Mark::Cell(place(i), *colour)).collect()
        } else {
            vec![Mark::Image(plot.frame, Pixels { width: count, height: count, colours })]
        };
        if count <= WRITTEN && high >= 16.0 && wide >= 34.0 {
            for row in 0..count {
                for column in 0..count {
                    let value = correlation(row, column);
                    let x = left + (column as f64 + 0.5) * wide;
                    let y = top + height - (row as f64 + 0.5) * high + 4.0;
                    let content = if value.is_nan() {
                        "–".to_owned()
                    } else {
                        short((value * 100.0).round() / 100.0)
                    };
                    let ink = if value.abs() > 0.75 { Colour::hex(0x111111) } else { Colour::hex(0xf2f2f2) };
                    let at = (x, y);
                    let text =
                        Text { at, content, size: 11.0, anchor: Anchor::Middle, turned: false, colour: ink };
                    marks.push(Mark::Text(text));
                }
            }
        }
        plot.draw("correlation", marks);
        vec![((0.0, 0.0), plot.finish())]
    }
}
