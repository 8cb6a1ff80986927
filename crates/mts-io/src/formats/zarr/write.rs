//! Slabs to chunks.

use crate::formats::arrays::{self, CHANNEL, DATA, Encoding, Endian, REALIZATION, TIME};
use crate::sink::{Finished, Progress};
use crate::store::Folder;
use crate::{Contents, IoError, SlabSink};

use super::{TIMES, chunk_steps, metadata};

/// A sink that fills `folder`.
pub(crate) fn create_folder(
    mut folder: Folder,
    contents: &Contents,
) -> Result<Box<dyn SlabSink<Finished>>, IoError> {
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
    Ok(Box::new(Sink {
        folder,
        encoding: Encoding { kind: arrays::kind(head.dtype), endian: Endian::Little },
        progress: Progress::new(shape),
        chunk: Vec::new(),
        room: chunk_steps(shape) * shape.slab(),
        size: chunk_steps(shape) * shape.slab(),
        chunks: 0,
    }))
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

impl SlabSink<Finished> for Sink {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        self.progress.add(slabs)?;
        let mut rest = slabs;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(self.room));
            self.put(now)?;
            rest = later;
        }
        Ok(())
    }

    fn steps(&self) -> usize {
        self.progress.done()
    }

    fn finish(mut self: Box<Self>) -> Result<Finished, IoError> {
        self.progress.complete()?;
        if self.room < self.size {
            self.put(&vec![f64::NAN; self.room])?;
        }
        let (pending, digest) = self.folder.finish();
        Ok(Finished { pending, digest })
    }
}
