//! Refusing values that are not numbers.

use thiserror::Error;

use crate::{Head, SlabSource, SourceError};

/// A source that stops at the first NaN or infinity that it would hand out; values that are skipped
/// are not looked at.
pub struct Finite<S> {
    source: S,
    done: usize,
}

/// Where the first value stands that is not finite.
#[derive(Clone, Debug, PartialEq, Error)]
#[error(
    "{found} at step {step}, channel {channel}, realization {realization}: the parameters let the values diverge, or beyond what the dtype holds"
)]
pub struct NonFinite {
    /// NaN or an infinity.
    pub found: f64,
    /// Counted from 0.
    pub step: usize,
    /// Counted from 0.
    pub channel: usize,
    /// Counted from 0.
    pub realization: usize,
}

impl<S: SlabSource> Finite<S> {
    /// Checks everything that `source` produces.
    pub fn new(source: S) -> Self {
        Finite { source, done: 0 }
    }
}

impl<S: SlabSource> SlabSource for Finite<S> {
    fn head(&self) -> &Head {
        self.source.head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let steps = self.source.next(slabs)?;
        let shape = self.source.head().shape;
        let slabs = &slabs[..steps * shape.slab()];
        // Without an early exit the test vectorises.
        if slabs.chunks(4096).any(|chunk| !chunk.iter().fold(true, |finite, x| finite & x.is_finite())) {
            let at = slabs.iter().position(|x| !x.is_finite()).unwrap_or_default();
            return Err(Box::new(NonFinite {
                found: slabs[at],
                step: self.done + at / shape.slab(),
                channel: at % shape.slab() / shape.realizations(),
                realization: at % shape.realizations(),
            }));
        }
        self.done += steps;
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.done = 0;
        self.source.rewind()
    }

    fn save(&self) -> Option<Vec<u8>> {
        self.source.save()
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        self.source.restore(step, state)?;
        self.done = step;
        Ok(())
    }

    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        let skipped = self.source.skip(steps)?;
        self.done += skipped;
        Ok(skipped)
    }
}
