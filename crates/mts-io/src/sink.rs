//! What a sink is.

use mts_core::Shape;

use crate::{Digest, IoError, Pending};

/// A file or folder that is complete, and nobody sees yet.
#[derive(Debug)]
pub struct Finished {
    /// To be committed.
    pub pending: Pending,
    /// Its size and checksum.
    pub digest: Digest,
}

/// A file that takes a dataset slab by slab.
pub trait SlabSink<W>: Send {
    /// Takes the next whole steps, in (time, channel, realization) order. How many come at once
    /// does not show in the file.
    ///
    /// # Errors
    ///
    /// Where the writer fails, `slabs` are not whole steps, or there are more than announced.
    fn write(&mut self, slabs: &[f64]) -> Result<(), IoError>;

    /// Completes the file and gives the writer back.
    ///
    /// # Errors
    ///
    /// Where the writer fails, or steps are missing.
    fn finish(self: Box<Self>) -> Result<W, IoError>;
}

/// Counts the steps that a sink receives.
pub(crate) struct Progress {
    shape: Shape,
    done: usize,
}

impl Progress {
    pub(crate) fn new(shape: Shape) -> Self {
        Progress { shape, done: 0 }
    }

    pub(crate) fn add(&mut self, slabs: &[f64]) -> Result<(), IoError> {
        let (slab, steps) = (self.shape.slab(), self.shape.steps());
        if !slabs.len().is_multiple_of(slab) {
            let found = slabs.len();
            return Err(IoError::refused(format!("{found} values are not whole steps of {slab} values")));
        }
        self.done += slabs.len() / slab;
        if self.done > steps {
            return Err(IoError::refused(format!("received {} of {steps} steps", self.done)));
        }
        Ok(())
    }

    pub(crate) fn complete(&self) -> Result<(), IoError> {
        if self.done < self.shape.steps() {
            let steps = self.shape.steps();
            return Err(IoError::refused(format!("received only {} of {steps} steps", self.done)));
        }
        Ok(())
    }
}
