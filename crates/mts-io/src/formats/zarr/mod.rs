//! Zarr, version 3: a folder of texts that describe arrays, and of their chunks.
//!
//! Chunks are not compressed: no byte of them can move with the version of a library.

mod chunks;
mod metadata;
mod parse;
mod read;
mod write;

pub(super) use read::open;
pub(crate) use write::{create_folder, resume_folder};

use std::io::Write;

use mts_core::{Dtype, Shape};

use super::{About, arrays};
use crate::sink::{Resumable, Stop};
use crate::{Contents, Form, IoError};

pub(super) const ABOUT: About = About {
    name: "zarr",
    extension: "zarr",
    summary: "Zarr version 3, a folder of uncompressed chunks with attributes.",
    table: false,
    folder: true,
    streams: false,
};

/// What describes a group or an array, in its folder.
const METADATA: &str = "zarr.json";

/// Values of a chunk, where steps are not larger.
const CHUNK: usize = 1 << 20;

/// Steps of a chunk of times.
const TIMES: usize = 1 << 17;

/// Steps of a chunk: they follow from the shape alone.
fn chunk_steps(shape: Shape) -> usize {
    (CHUNK / shape.slab()).clamp(1, shape.steps())
}

/// Any shape fits.
pub(super) fn objection(_: Shape, _: Form) -> Option<String> {
    None
}

/// The last chunk is as long as the others.
pub(super) fn size(shape: Shape, dtype: Dtype, _: Form, _: &str) -> u64 {
    let missing = shape.steps().next_multiple_of(chunk_steps(shape)) - shape.steps();
    let padding = (missing as u64 * shape.slab() as u64).saturating_mul(dtype.size() as u64);
    arrays::bytes(shape, dtype, 8).saturating_add(padding).saturating_add(8192)
}

/// A chunk that grows, and the checksum of every other.
pub(super) fn memory(shape: Shape, _: Form) -> u64 {
    let chunk = (chunk_steps(shape) as u64 * shape.slab() as u64).saturating_mul(8);
    let chunks = shape.steps().div_ceil(chunk_steps(shape)) as u64;
    chunk.max(8 * TIMES as u64).saturating_mul(2).saturating_add(chunks.saturating_mul(256))
}

/// Chunks are written as a whole.
pub(super) fn boundary(shape: Shape, _: Form) -> usize {
    chunk_steps(shape)
}

/// Refuses, as [`create`] does.
pub(super) fn resume<W: Write + Send + 'static>(
    writer: W,
    contents: &Contents,
    _: Stop,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    create(writer, contents)
}

/// Refuses: what a folder holds does not go into one writer.
pub(super) fn create<W: Write + Send + 'static>(
    _: W,
    _: &Contents,
) -> Result<Box<dyn Resumable<W>>, IoError> {
    Err(IoError::refused("a zarr dataset is a folder, which cannot be written as one file"))
}
