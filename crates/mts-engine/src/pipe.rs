//! Values on their way from a source.

use mts_core::{Shape, SlabSource, SourceError};
use thiserror::Error;

use crate::Observer;
use crate::overlap::both;

/// Values between generator and files: small enough for a core's cache, large enough for a kernel.
const CHUNK: usize = 1 << 16;

/// Somebody asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("interrupted")]
pub(crate) struct Interrupted;

/// The length of a buffer of whole steps.
pub(crate) fn chunk(shape: Shape) -> usize {
    shape.slab() * (CHUNK / shape.slab()).clamp(1, shape.steps())
}

/// Bytes of the buffers that [`pipe`] holds.
pub(crate) fn memory(shape: Shape) -> u64 {
    16 * chunk(shape) as u64
}

/// Passes all values through `take`, in order, in pieces of whole steps. While one is taken the next is
/// made, if a thread is free.
pub(crate) fn pipe(
    source: &mut dyn SlabSource,
    observer: &dyn Observer,
    mut take: impl FnMut(&[f64]) -> Result<(), SourceError> + Send,
) -> Result<(), SourceError> {
    let shape = source.head().shape;
    let mut next = vec![0.0; chunk(shape)];
    let mut piece = if next.len() < shape.values() { next.clone() } else { Vec::new() };
    let mut unseen = Vec::new();
    let mut steps = source.next(&mut next)?;
    while steps > 0 {
        // Who wants labels takes them below.
        source.labels(&mut unseen);
        unseen.clear();
        if observer.is_interrupted() {
            return Err(Interrupted.into());
        }
        let values = steps * shape.slab();
        std::mem::swap(&mut piece, &mut next);
        let (taken, made) = if next.is_empty() {
            (take(&piece[..values]), Ok(0))
        } else {
            both(|| take(&piece[..values]), || source.next(&mut next))
        };
        taken?;
        observer.advance(values as u64);
        steps = made?;
    }
    Ok(())
}
