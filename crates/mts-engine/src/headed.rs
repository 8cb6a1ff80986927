//! A source under another head.

use mts_core::{Head, Label, SlabSource, SourceError};

/// A source whose head says other things than its own: not another shape.
pub(crate) struct Headed<'a> {
    pub(crate) source: Box<dyn SlabSource + 'a>,
    pub(crate) head: Head,
}

impl SlabSource for Headed<'_> {
    fn head(&self) -> &Head {
        &self.head
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
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

    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        self.source.skip(steps)
    }
}
