//! Values to rows of text.

use std::ops::Range;

use mts_core::{Dtype, Shape, TimeAxis};

use super::Syntax;
use super::float::{write_f32, write_f64};
use crate::Form;

/// How a dataset becomes rows.
pub(super) struct Rows {
    pub(super) form: Form,
    pub(super) config_id: String,
    pub(super) syntax: Syntax,
    pub(super) shape: Shape,
    pub(super) time: TimeAxis,
    pub(super) dtype: Dtype,
}

/// What surrounds the realization and the value in rows that hold one value each: the same for all of
/// a step and channel.
struct Around {
    before: Vec<u8>,
    between: Vec<u8>,
    after: Vec<u8>,
    /// The end of a row and the beginning of the next.
    joint: Vec<u8>,
    /// How much of `before` is the same for all channels.
    fixed: usize,
}

impl Rows {
    /// Rows of a step.
    pub(super) fn of_step(&self) -> usize {
        crate::formats::table::rows(self.shape, self.form)
    }

    /// Appends some rows of `slabs`, the first of which is `step`.
    pub(super) fn write(&self, slabs: &[f64], step: usize, rows: Range<usize>, text: &mut Vec<u8>) {
        match self.form {
            Form::Wide => self.wide(slabs, step, rows, text),
            Form::Long | Form::Panel => self.narrow(slabs, step, rows, text),
        }
    }

    fn time(&self, step: usize, text: &mut Vec<u8>) {
        match self.time {
            TimeAxis::Steps => text.extend_from_slice(itoa::Buffer::new().format(step).as_bytes()),
            TimeAxis::Seconds { dt } => write_f64(text, step as f64 * dt, &self.syntax),
            TimeAxis::Instants(instants) => text.extend_from_slice(instants.text(step).as_bytes()),
        }
    }

    fn value(&self, value: f64, text: &mut Vec<u8>) {
        match self.dtype {
            Dtype::F64 => write_f64(text, value, &self.syntax),
            Dtype::F32 => write_f32(text, value as f32, &self.syntax),
        }
    }

    /// Rows of one value each.
    fn narrow(&self, slabs: &[f64], step: usize, rows: Range<usize>, text: &mut Vec<u8>) {
        let (slab, realizations) = (self.shape.slab(), self.shape.realizations());
        let mut around = Around::of(self);
        let mut digits = itoa::Buffer::new();
        let (mut row, mut current) = (rows.start, None);
        while row < rows.end {
            if current != Some(row / slab) {
                current = Some(row / slab);
                around.take_step(self, step + row / slab);
            }
            let (channel, first) = (row % slab / realizations, row % realizations);
            around.take_channel(self, channel);
            let end = rows.end.min(row - first + realizations);
            text.extend_from_slice(&around.before);
            for (at, value) in slabs[row..end].iter().enumerate() {
                if at > 0 {
                    text.extend_from_slice(&around.joint);
                }
                text.extend_from_slice(digits.format(first + at).as_bytes());
                text.extend_from_slice(&around.between);
                self.value(*value, text);
            }
            text.extend_from_slice(&around.after);
            row = end;
        }
    }

    /// Rows of one value per channel.
    fn wide(&self, slabs: &[f64], step: usize, rows: Range<usize>, text: &mut Vec<u8>) {
        let (channels, realizations) = (self.shape.channels(), self.shape.realizations());
        let pieces = &self.syntax.pieces;
        let (mut time, mut current) = (Vec::new(), None);
        let mut digits = itoa::Buffer::new();
        for row in rows {
            let (at, realization) = (row / realizations, row % realizations);
            if current != Some(at) {
                current = Some(at);
                time.clear();
                self.time(step + at, &mut time);
            }
            text.extend_from_slice(&pieces[0]);
            text.extend_from_slice(&time);
            text.extend_from_slice(&pieces[1]);
            text.extend_from_slice(digits.format(realization).as_bytes());
            let slab = &slabs[at * self.shape.slab()..];
            for channel in 0..channels {
                text.extend_from_slice(&pieces[channel + 2]);
                self.value(slab[channel * realizations + realization], text);
            }
            text.extend_from_slice(&pieces[channels + 2]);
        }
    }
}

impl Around {
    fn of(rows: &Rows) -> Self {
        let (piece, name) = (|i: usize| rows.syntax.pieces[i].as_slice(), rows.config_id.as_bytes());
        let panel = rows.form == Form::Panel;
        let before = if panel { [piece(0), name, b"/"].concat() } else { Vec::new() };
        let between = if panel { Vec::new() } else { piece(3).to_vec() };
        let after = if panel { piece(3).to_vec() } else { [piece(4), name, piece(5)].concat() };
        Around { fixed: before.len(), before, between, after, joint: Vec::new() }
    }

    fn take_step(&mut self, rows: &Rows, step: usize) {
        let pieces = &rows.syntax.pieces;
        let (text, before, after) = match rows.form {
            Form::Panel => (&mut self.between, &pieces[1], &pieces[2]),
            Form::Long | Form::Wide => (&mut self.before, &pieces[0], &pieces[1]),
        };
        text.clear();
        text.extend_from_slice(before);
        rows.time(step, text);
        text.extend_from_slice(after);
        if rows.form != Form::Panel {
            self.fixed = text.len();
        }
    }

    fn take_channel(&mut self, rows: &Rows, channel: usize) {
        let end = if rows.form == Form::Panel { b"/" } else { rows.syntax.pieces[2].as_slice() };
        self.before.truncate(self.fixed);
        self.before.extend_from_slice(itoa::Buffer::new().format(channel).as_bytes());
        self.before.extend_from_slice(end);
        self.joint.clear();
        self.joint.extend_from_slice(&self.after);
        self.joint.extend_from_slice(&self.before);
    }
}
