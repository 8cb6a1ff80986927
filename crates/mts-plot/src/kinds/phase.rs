//! Angles over time without jumps, and how much they agree.

use std::f64::consts::{PI, TAU};

use crate::PlotError;
use crate::axes::{Axes, Axis, Entry, Scale};
use crate::data::{Columns, Selection, range};
use crate::scene::Pen;

use super::timeseries::{column_at, path, value_axes};
use super::{Aggregate, Before, Canvas, Given, Parts, missing, time_axis, which};

pub(super) const BEFORE: Before = Before::One;

/// Pixels on the left of both frames.
const LEFT: f64 = 76.0;

/// Channels whose phases are drawn.
const LINES: usize = 4;

struct Phase {
    selection: Selection,
    channels: Vec<usize>,
    notes: Vec<String>,
    /// Whether angles were folded into one turn: whole turns are put back then.
    wrapped: bool,
    /// Of each drawn channel: the last angle, whole turns since the first one, and the line.
    lines: Vec<(f64, f64, Columns)>,
    agreement: Columns,
}

pub(super) fn start(given: &Given<'_>) -> Result<Box<dyn Aggregate>, PlotError> {
    let selection = given.selection.clone();
    let columns = Columns::new(selection.length(), given.canvas.width as usize);
    let (channels, note) = selection.first(LINES);
    // Angles that leave a turn behind were not folded into one, however far apart two steps are.
    let wrapped =
        given.survey.range().is_some_and(|(least, greatest)| greatest - least <= TAU * (1.0 + 1e-6));
    Ok(Box::new(Phase {
        lines: vec![(f64::NAN, 0.0, columns.clone()); channels.len()],
        agreement: columns,
        notes: note.into_iter().collect(),
        channels,
        wrapped,
        selection,
    }))
}

impl Aggregate for Phase {
    fn take(&mut self, step: usize, slabs: &[f64]) {
        let Selection { slab, stride, realization, .. } = self.selection;
        for (step, slab) in (step..).zip(slabs.chunks_exact(slab)) {
            let (mut cosines, mut sines, mut finite) = (0.0, 0.0, 0_u32);
            for channel in &self.selection.channels {
                let angle = slab[channel * stride + realization];
                if angle.is_finite() {
                    let (sin, cos) = libm::sincos(angle);
                    cosines += cos;
                    sines += sin;
                    finite += 1;
                }
            }
            let count = f64::from(finite);
            let r = libm::sqrt(cosines * cosines + sines * sines) / count;
            self.agreement.take(step, &[r], 0, 1);
            for (channel, (last, turns, columns)) in self.channels.iter().zip(&mut self.lines) {
                let angle = slab[channel * stride + realization];
                if angle.is_finite() {
                    let jump = angle - *last;
                    if self.wrapped && jump.abs() > PI {
                        *turns -= libm::floor((jump + PI) / TAU);
                    }
                    *last = angle;
                }
                columns.take(step, &[angle + *turns * TAU], 0, 1);
            }
        }
    }

    fn draw(self: Box<Self>, canvas: &Canvas) -> Parts {
        let selection = &self.selection;
        let upper = (canvas.height * 0.58).floor();
        let all = || self.lines.iter().flat_map(|(_, _, columns)| &columns.columns);
        let mut axes = value_axes(canvas, selection, range(all()), false);
        "phase (rad)".clone_into(&mut axes.y.label);
        axes.legend = (self.channels.iter().enumerate())
            .map(|(place, channel)| Entry {
                text: selection.channel(*channel),
                colour: canvas.theme.series(place),
            })
            .collect();
        axes.left = LEFT;
        let mut phases = axes.lay_out(canvas.width, upper, canvas.theme);
        for (place, (channel, (_, _, columns))) in self.channels.iter().zip(&self.lines).enumerate() {
            let x = |column: usize, share: f64| column_at(&phases, selection, columns, column, share);
            let marks = path(&phases, columns, x, Pen::new(canvas.theme.series(place), 1.2));
            phases.draw(selection.channel(*channel), marks);
        }

        let y = Axis::new("r(t)", Scale::Linear, 0.0, 1.0).with_room(0.04);
        let mut axes = Axes::new("", time_axis(selection, false), y);
        axes.left = LEFT;
        axes.caption = self.notes.clone();
        axes.caption.extend(which(selection));
        if self.wrapped {
            axes.caption.push("phases unwrapped".to_owned());
        }
        axes.caption
            .push(format!("order parameter r = |mean of exp(iθ)| of {} channels", selection.channels.len()));
        axes.caption.extend(missing(self.lines.iter().map(|(_, _, columns)| columns.missing()).sum()));
        let mut agreement = axes.lay_out(canvas.width, canvas.height - upper, canvas.theme);
        let x = |column: usize, share: f64| column_at(&agreement, selection, &self.agreement, column, share);
        let marks = path(&agreement, &self.agreement, x, Pen::new(canvas.theme.ink(), 1.2));
        agreement.draw("order parameter", marks);
        vec![((0.0, 0.0), phases.finish()), ((0.0, upper), agreement.finish())]
    }
}
