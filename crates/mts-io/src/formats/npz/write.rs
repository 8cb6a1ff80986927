//! Slabs to an archive.

use std::io::Write;

use mts_core::{State, TimeAxis};

use super::META;
use super::archive::Archive;
use crate::formats::arrays::{self, BLOCK, CHANNEL, DATA, Encoding, Endian, REALIZATION, TIME};
use crate::npy::header;
use crate::sink::{Progress, Resumable, Stop, unfit};
use crate::{Contents, IoError, SlabSink};

/// The data come last: they are what streams.
pub(in crate::formats) fn create<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    let head = contents.head;
    let shape = head.shape;
    let mut archive = Archive::new(writer);
    let kind = match head.time {
        TimeAxis::Steps => "<i8",
        TimeAxis::Seconds { .. } => "<f8",
        TimeAxis::Instants(_) => "<M8[us]",
    };
    let mut buffer = Vec::new();
    words(&mut archive, TIME, kind, shape.steps(), &mut buffer, |step| arrays::word(head.time.at(step)))?;
    for (name, count) in [(CHANNEL, shape.channels()), (REALIZATION, shape.realizations())] {
        words(&mut archive, name, "<i8", count, &mut buffer, |place| (place as i64).to_le_bytes())?;
    }
    meta(&mut archive, &arrays::object(&contents.attributes()))?;
    let kind = format!("<f{}", head.dtype.size());
    let header = header(&kind, &[shape.steps(), shape.channels(), shape.realizations()]);
    begin(&mut archive, DATA, &header, shape.values(), head.dtype.size())?;
    Ok(Box::new(Sink { archive, encoding: encoding(contents), progress: Progress::new(shape), buffer }))
}

pub(in crate::formats) fn resume<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    stop: Stop,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    let mut saved = stop.saved;
    let archive = Archive::resume(writer, stop.bytes, &mut saved).map_err(unfit)?;
    saved.end().map_err(unfit)?;
    let progress = Progress::after(contents.head.shape, stop.steps);
    Ok(Box::new(Sink { archive, encoding: encoding(contents), progress, buffer: Vec::new() }))
}

fn encoding(contents: &Contents) -> Encoding {
    Encoding { kind: arrays::kind(contents.head.dtype), endian: Endian::Little }
}

fn begin<W: Write>(
    archive: &mut Archive<W>,
    name: &str,
    header: &[u8],
    count: usize,
    size: usize,
) -> Result<(), IoError> {
    archive.begin(format!("{name}.npy"), header.len() as u64 + count as u64 * size as u64)?;
    Ok(archive.write(header)?)
}

/// An array of 64-bit numbers.
fn words<W: Write>(
    archive: &mut Archive<W>,
    name: &str,
    kind: &str,
    count: usize,
    buffer: &mut Vec<u8>,
    word: impl Fn(usize) -> [u8; 8],
) -> Result<(), IoError> {
    begin(archive, name, &header(kind, &[count]), count, 8)?;
    for first in (0..count).step_by(BLOCK) {
        buffer.clear();
        buffer.extend((first..count.min(first + BLOCK)).flat_map(&word));
        archive.write(buffer)?;
    }
    Ok(archive.end()?)
}

/// One text, as NumPy holds it: four bytes per character.
fn meta<W: Write>(archive: &mut Archive<W>, text: &str) -> Result<(), IoError> {
    let count = text.chars().count();
    begin(archive, META, &header(&format!("<U{count}"), &[]), count, 4)?;
    let bytes: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    archive.write(&bytes)?;
    Ok(archive.end()?)
}

struct Sink<W> {
    archive: Archive<W>,
    encoding: Encoding,
    progress: Progress,
    buffer: Vec<u8>,
}

impl<W: Write + Send> SlabSink<W> for Sink<W> {
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        self.progress.add(slabs)?;
        for values in slabs.chunks(BLOCK) {
            self.buffer.clear();
            self.encoding.write(values, &mut self.buffer);
            self.archive.write(&self.buffer)?;
        }
        Ok(())
    }

    fn steps(&self) -> usize {
        self.progress.done()
    }

    fn finish(self: Box<Self>) -> Result<W, IoError> {
        let mut sink = *self;
        sink.progress.complete()?;
        sink.archive.end()?;
        Ok(sink.archive.finish()?)
    }
}

impl<W: Write + Send> Resumable<W> for Sink<W> {
    fn save(&mut self, state: &mut State) -> Result<Option<&mut W>, IoError> {
        Ok(Some(self.archive.save(state)))
    }
}
