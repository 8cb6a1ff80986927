//! Slabs to records.

use std::io::Write;

use mts_core::State;

use super::clock::Clock;
use super::{header, objection};
use crate::formats::arrays::{self, BLOCK, Encoding, Endian};
use crate::sink::{Progress, Resumable, Stop, unfit};
use crate::{Contents, IoError, SlabSink};

/// Bytes that are written at once.
const BUFFER: usize = 1 << 18;

pub(in crate::formats) fn create<W: Write + Send + 'static>(
    mut writer: W,
    contents: &Contents,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    let head = contents.head;
    let shape = head.shape;
    if let Some(what) = objection(shape, contents.form) {
        return Err(IoError::refused(what));
    }
    let clock = Clock::of(head)?;
    writer.write_all(&header::header(head, &contents.attributes(), &clock))?;
    let mut buffer = Vec::new();
    for count in [shape.channels(), shape.realizations()] {
        for first in (0..count).step_by(BLOCK) {
            buffer.clear();
            buffer.extend((first..count.min(first + BLOCK)).flat_map(|place| (place as i32).to_be_bytes()));
            writer.write_all(&buffer)?;
        }
    }
    Ok(Box::new(Sink::new(writer, clock, contents, 0)))
}

pub(in crate::formats) fn resume<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    stop: Stop,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    stop.saved.end().map_err(unfit)?;
    Ok(Box::new(Sink::new(writer, Clock::of(contents.head)?, contents, stop.steps)))
}

struct Sink<W> {
    writer: W,
    clock: Clock,
    encoding: Encoding,
    progress: Progress,
    /// Values per record.
    slab: usize,
    /// The next one.
    step: usize,
    /// What was not written yet.
    buffer: Vec<u8>,
}

impl<W: Write> Sink<W> {
    fn new(writer: W, clock: Clock, contents: &Contents, step: usize) -> Self {
        let head = contents.head;
        Sink {
            writer,
            clock,
            encoding: Encoding { kind: arrays::kind(head.dtype), endian: Endian::Big },
            progress: Progress::after(head.shape, step),
            slab: head.shape.slab(),
            step,
            buffer: Vec::new(),
        }
    }

    fn flush(&mut self) -> Result<(), IoError> {
        self.writer.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

impl<W: Write + Send> SlabSink<W> for Sink<W> {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        self.progress.add(slabs)?;
        for slab in slabs.chunks_exact(self.slab) {
            self.clock.put(self.step, &mut self.buffer);
            self.step += 1;
            for values in slab.chunks(BLOCK) {
                self.encoding.write(values, &mut self.buffer);
                if self.buffer.len() >= BUFFER {
                    self.flush()?;
                }
            }
        }
        Ok(())
    }

    fn steps(&self) -> usize {
        self.step
    }

    fn finish(mut self: Box<Self>) -> Result<W, IoError> {
        self.progress.complete()?;
        self.flush()?;
        Ok(self.writer)
    }
}

impl<W: Write + Send> Resumable<W> for Sink<W> {
    fn save(&mut self, _: &mut State) -> Result<Option<&mut W>, IoError> {
        self.flush()?;
        Ok(Some(&mut self.writer))
    }
}
