//! Values that nobody waits for any more.

use mts_core::{Head, Label, SlabSource, SourceError};

use crate::Observer;
use crate::pipe::Interrupted;

/// A source that ends with an error once its observer is asked to stop, however many of its steps are
/// thrown away, or read to learn from, before the first one is handed on.
pub(crate) struct Stoppable<'a, S> {
    pub(crate) source: S,
    pub(crate) observer: &'a dyn Observer,
}

impl<S: SlabSource> SlabSource for Stoppable<'_, S> {
    fn head(&self) -> &Head {
        self.source.head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        if self.observer.is_interrupted() {
            return Err(Interrupted.into());
        }
        self.source.next(slabs)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.source.rewind()
    }

    fn save(&self) -> Option<Vec<u8>> {
        self.source.save()
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        self.source.restore(step, state)
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        self.source.labels(labels);
    }
}
