//! Slabs to rows.

use std::io::Write;

use mts_core::{Dtype, Shape, TimeAxis};

use super::float::{write_f32, write_f64};
use super::{Syntax, objection};
use crate::sink::Progress;
use crate::{Contents, Form, IoError, SlabSink};

/// Rows collect here before they go out.
const BUFFER: usize = 1 << 16;

/// A sink that begins with `header`.
pub(in crate::formats) fn create<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    syntax: Syntax,
    header: Vec<u8>,
) -> Result<Box<dyn SlabSink<W>>, IoError> {
    let Contents { head, config_id, form, .. } = *contents;
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if config_id.is_empty() || !config_id.chars().all(plain) {
        return Err(IoError::refused(format!(
            "the config_id {config_id:?} would need quotes as text: use letters, digits, '.', '_' and '-'"
        )));
    }
    if let Some(objection) = objection(head.shape, form) {
        return Err(IoError::refused(objection));
    }
    Ok(Box::new(TextSink {
        writer,
        form,
        config_id: config_id.to_owned(),
        syntax,
        shape: head.shape,
        time: head.time,
        dtype: head.dtype,
        progress: Progress::new(head.shape),
        step: 0,
        rows: header,
    }))
}

struct TextSink<W> {
    writer: W,
    form: Form,
    config_id: String,
    syntax: Syntax,
    shape: Shape,
    time: TimeAxis,
    dtype: Dtype,
    progress: Progress,
    step: usize,
    rows: Vec<u8>,
}

/// What surrounds the realization and the value in the rows of a step that hold one value each.
struct Around {
    before: Vec<u8>,
    between: Vec<u8>,
    after: Vec<u8>,
}

impl<W: Write + Send> TextSink<W> {
    /// The coordinate of the current step.
    fn time(&self) -> Vec<u8> {
        match self.time {
            TimeAxis::Steps => self.step.to_string().into_bytes(),
            TimeAxis::Seconds { dt } => {
                let mut text = Vec::new();
                write_f64(&mut text, self.step as f64 * dt, &self.syntax);
                text
            }
            TimeAxis::Instants(instants) => instants.text(self.step).into_bytes(),
        }
    }

    fn around(&self, time: &[u8], channel: usize) -> Around {
        let piece = |i: usize| self.syntax.pieces[i].as_slice();
        let (name, channel) = (self.config_id.as_bytes(), channel.to_string());
        if self.form == Form::Panel {
            Around {
                before: [piece(0), name, b"/", channel.as_bytes(), b"/"].concat(),
                between: [piece(1), time, piece(2)].concat(),
                after: piece(3).to_vec(),
            }
        } else {
            Around {
                before: [piece(0), time, piece(1), channel.as_bytes(), piece(2)].concat(),
                between: piece(3).to_vec(),
                after: [piece(4), name, piece(5)].concat(),
            }
        }
    }

    fn value(&mut self, value: f64) {
        match self.dtype {
            Dtype::F64 => write_f64(&mut self.rows, value, &self.syntax),
            Dtype::F32 => write_f32(&mut self.rows, value as f32, &self.syntax),
        }
    }

    /// Rows of one value each.
    fn narrow(&mut self, slab: &[f64]) -> Result<(), IoError> {
        let time = self.time();
        let mut realizations = itoa::Buffer::new();
        for (channel, values) in slab.chunks_exact(self.shape.realizations()).enumerate() {
            let around = self.around(&time, channel);
            for (realization, value) in values.iter().enumerate() {
                self.rows.extend_from_slice(&around.before);
                self.rows.extend_from_slice(realizations.format(realization).as_bytes());
                self.rows.extend_from_slice(&around.between);
                self.value(*value);
                self.rows.extend_from_slice(&around.after);
                self.flush_full()?;
            }
        }
        Ok(())
    }

    /// Rows of one value per channel.
    fn wide(&mut self, slab: &[f64]) -> Result<(), IoError> {
        let time = self.time();
        let (channels, realizations) = (self.shape.channels(), self.shape.realizations());
        for realization in 0..realizations {
            self.rows.extend_from_slice(&self.syntax.pieces[0]);
            self.rows.extend_from_slice(&time);
            self.rows.extend_from_slice(&self.syntax.pieces[1]);
            write!(self.rows, "{realization}")?;
            for channel in 0..channels {
                self.rows.extend_from_slice(&self.syntax.pieces[channel + 2]);
                self.value(slab[channel * realizations + realization]);
                self.flush_full()?;
            }
            self.rows.extend_from_slice(&self.syntax.pieces[channels + 2]);
        }
        Ok(())
    }

    fn flush_full(&mut self) -> Result<(), IoError> {
        if self.rows.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), IoError> {
        self.writer.write_all(&self.rows)?;
        self.rows.clear();
        Ok(())
    }
}

impl<W: Write + Send> SlabSink<W> for TextSink<W> {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        self.progress.add(slabs)?;
        for slab in slabs.chunks_exact(self.shape.slab()) {
            match self.form {
                Form::Wide => self.wide(slab)?,
                Form::Long | Form::Panel => self.narrow(slab)?,
            }
            self.step += 1;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<W, IoError> {
        self.progress.complete()?;
        self.flush()?;
        self.writer.flush()?;
        Ok(self.writer)
    }
}
