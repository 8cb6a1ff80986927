//! Slabs to rows, on as many threads as there are.

use std::io::{self, Write};
use std::mem;
use std::ops::Range;

use mts_core::State;
use rayon::prelude::*;

use super::rows::Rows;
use super::{Syntax, objection};
use crate::sink::{Progress, Resumable, Stop, unfit};
use crate::{Contents, Form, IoError, SlabSink, pool};

/// Text collects here before it goes out.
const BUFFER: usize = 1 << 16;

/// A thread takes rows of about so many values at once: some hundred kilobytes of text.
const PIECE: usize = 1 << 13;

/// A sink that begins with `header`.
pub(in crate::formats) fn create<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    syntax: Syntax,
    header: Vec<u8>,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    Ok(Box::new(TextSink::new(writer, contents, syntax, header, 0)?))
}

/// A sink that goes on behind rows.
pub(in crate::formats) fn resume<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    syntax: Syntax,
    stop: Stop,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    stop.saved.end().map_err(unfit)?;
    Ok(Box::new(TextSink::new(writer, contents, syntax, Vec::new(), stop.steps)?))
}

struct TextSink<W> {
    writer: W,
    rows: Rows,
    progress: Progress,
    /// The next one.
    step: usize,
    /// What is to be written next, in order. The last one still takes more.
    ready: Vec<Vec<u8>>,
    /// What was written, to be filled again.
    spare: Vec<Vec<u8>>,
}

impl<W: Write + Send> TextSink<W> {
    fn new(
        writer: W,
        contents: &Contents,
        syntax: Syntax,
        header: Vec<u8>,
        step: usize,
    ) -> Result<Self, IoError> {
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
        let rows = Rows {
            form,
            config_id: config_id.to_owned(),
            syntax,
            shape: head.shape,
            time: head.time,
            dtype: head.dtype,
        };
        let progress = Progress::after(head.shape, step);
        Ok(TextSink { writer, rows, progress, step, ready: vec![header], spare: Vec::new() })
    }

    /// Rows of about [`PIECE`] values.
    fn piece(&self) -> usize {
        let wide = self.rows.form == Form::Wide;
        (PIECE / if wide { self.rows.shape.channels() } else { 1 }).max(1)
    }

    /// One after the other, on this thread.
    fn alone(&mut self, slabs: &[f64], rows: Range<usize>) -> Result<(), IoError> {
        // So few that they stay in the processor's nearest memory until they are written.
        let some = (self.piece() / 8).max(1);
        for first in rows.clone().step_by(some) {
            let end = rows.end.min(first + some);
            let mut text = self.ready.pop().unwrap_or_default();
            self.rows.write(slabs, self.step, first..end, &mut text);
            let full = text.len() >= BUFFER;
            self.ready.push(text);
            if full {
                write_all(&mut self.writer, &self.ready)?;
                self.ready.truncate(1);
                self.ready.iter_mut().for_each(Vec::clear);
            }
        }
        Ok(())
    }

    /// In pieces, one for each thread, while what came before is written.
    fn together(&mut self, slabs: &[f64], rows: Range<usize>, threads: usize) -> Result<(), IoError> {
        let (piece, step) = (self.piece(), self.step);
        for first in rows.clone().step_by(piece * threads) {
            let end = rows.end.min(first + piece * threads);
            let starts: Vec<usize> = (first..end).step_by(piece).collect();
            let mut texts = mem::take(&mut self.spare);
            texts.resize_with(starts.len(), Vec::new);
            let (writer, ready, rows) = (&mut self.writer, &self.ready, &self.rows);
            let format = || {
                texts.par_iter_mut().zip(&starts).for_each(|(text, first)| {
                    text.clear();
                    rows.write(slabs, step, *first..end.min(first + piece), text);
                });
            };
            let (written, ()) = rayon::join(|| write_all(writer, ready), format);
            written?;
            self.spare = mem::replace(&mut self.ready, texts);
        }
        Ok(())
    }
}

fn write_all<W: Write>(writer: &mut W, texts: &[Vec<u8>]) -> io::Result<()> {
    texts.iter().try_for_each(|text| writer.write_all(text))
}

impl<W: Write + Send> SlabSink<W> for TextSink<W> {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        self.progress.add(slabs)?;
        let steps = slabs.len() / self.rows.shape.slab();
        let rows = 0..steps * self.rows.of_step();
        match pool::threads() {
            threads if threads > 1 && rows.len() > self.piece() => self.together(slabs, rows, threads)?,
            _ => self.alone(slabs, rows)?,
        }
        self.step += steps;
        Ok(())
    }

    fn steps(&self) -> usize {
        self.step
    }

    fn finish(mut self: Box<Self>) -> Result<W, IoError> {
        self.progress.complete()?;
        write_all(&mut self.writer, &self.ready)?;
        self.writer.flush()?;
        Ok(self.writer)
    }
}

impl<W: Write + Send> Resumable<W> for TextSink<W> {
    fn save(&mut self, _: &mut State) -> Result<Option<&mut W>, IoError> {
        write_all(&mut self.writer, &self.ready)?;
        self.ready.clear();
        Ok(Some(&mut self.writer))
    }
}
