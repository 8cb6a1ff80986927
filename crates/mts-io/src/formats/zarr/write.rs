//! Slabs to chunks.

use mts_core::{State, StateError};

use crate::formats::arrays::{self, CHANNEL, DATA, Encoding, Endian, REALIZATION, TIME};
use crate::sink::{Progress, Resumable, Stop, unfit};
use crate::store::Folder;
use crate::{Contents, IoError, SlabSink};

use super::{TIMES, chunk_steps, metadata};

/// A sink that fills `folder`.
pub(crate) fn create_folder(
    mut folder: Folder,
    contents: &Contents,
) -> Result<Box<dyn Resumable<Folder>>, IoError> {
    let head = contents.head;
    let shape = head.shape;
    for (name, text) in metadata::files(contents) {
        folder.write(&name, text.as_bytes())?;
    }
    line(&mut folder, TIME, shape.steps(), TIMES.min(shape.steps()), |step| {
        arrays::word(head.time.at(step))
    })?;
    for (name, count) in [(CHANNEL, shape.channels()), (REALIZATION, shape.realizations())] {
        line(&mut folder, name, count, count, |place| (place as i64).to_le_bytes())?;
    }
    Ok(Box::new(Sink::new(folder, contents, 0)))
}

/// A sink that goes on behind whole chunks.
pub(crate) fn resume_folder(
    folder: Folder,
    contents: &Contents,
    stop: Stop,
) -> Result<Box<dyn Resumable<Folder>>, IoError> {
    stop.saved.end().map_err(unfit)?;
    let shape = contents.head.shape;
    if stop.steps < shape.steps() && !stop.steps.is_multiple_of(chunk_steps(shape)) {
        return Err(unfit(StateError::Impossible { rule: "the end of a chunk", found: stop.steps as u64 }));
    }
    Ok(Box::new(Sink::new(folder, contents, stop.steps)))
}

/// A coordinate of 64-bit numbers; its last chunk ends with zeros.
fn line(
    folder: &mut Folder,
    name: &str,
    count: usize,
    chunk: usize,
    word: impl Fn(usize) -> [u8; 8],
) -> Result<(), IoError> {
    for (number, first) in (0..count).step_by(chunk).enumerate() {
        let mut bytes: Vec<u8> = (first..count.min(first + chunk)).flat_map(&word).collect();
        bytes.resize(8 * chunk, 0);
        folder.write(&format!("{name}/c/{number}"), &bytes)?;
    }
    Ok(())
}

struct Sink {
    folder: Folder,
    encoding: Encoding,
    progress: Progress,
    /// What the current chunk has.
    chunk: Vec<u8>,
    /// How many values it takes.
    room: usize,
    /// How many values any chunk takes.
    size: usize,
    /// Those that are complete.
    chunks: usize,
}

impl Sink {
    /// Behind `done` steps, where a chunk ends.
    fn new(folder: Folder, contents: &Contents, done: usize) -> Self {
        let (shape, dtype) = (contents.head.shape, contents.head.dtype);
        let size = chunk_steps(shape) * shape.slab();
        Sink {
            folder,
            encoding: Encoding { kind: arrays::kind(dtype), endian: Endian::Little },
            progress: Progress::after(shape, done),
            chunk: Vec::new(),
            room: size,
            size,
            chunks: done.div_ceil(chunk_steps(shape)),
        }
    }

    fn put(&mut self, values: &[f64]) -> Result<(), IoError> {
        self.encoding.write(values, &mut self.chunk);
        self.room -= values.len();
        if self.room == 0 {
            self.folder.write(&format!("{DATA}/c/{}/0/0", self.chunks), &self.chunk)?;
            self.chunks += 1;
            self.chunk.clear();
            self.room = self.size;
        }
        Ok(())
    }
}

impl SlabSink<Folder> for Sink {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        self.progress.add(slabs)?;
        let mut rest = slabs;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(self.room));
            self.put(now)?;
            rest = later;
        }
        if self.room < self.size && self.progress.complete().is_ok() {
            self.put(&vec![f64::NAN; self.room])?;
        }
        Ok(())
    }

    fn steps(&self) -> usize {
        self.progress.done()
    }

    fn finish(self: Box<Self>) -> Result<Folder, IoError> {
        self.progress.complete()?;
        Ok(self.folder)
    }
}

impl Resumable<Folder> for Sink {
    fn save(&mut self, _: &mut State) -> Result<Option<&mut Folder>, IoError> {
        Ok((self.room == self.size).then_some(&mut self.folder))
    }
}
