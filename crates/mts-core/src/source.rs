//! Data in order, in constant memory.

use std::error::Error;

use mts_hash::Map;

use crate::{Dtype, Label, Shape, StateError, TimeAxis, Truth};

/// What is known of a dataset before its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Its size.
    pub shape: Shape,
    /// What the steps stand for.
    pub time: TimeAxis,
    /// The precision of its values.
    pub dtype: Dtype,
    /// Its attributes, in order.
    pub attributes: Map,
    /// Its truth, where known.
    pub truth: Option<Truth>,
}

/// Why a source could not go on.
pub type SourceError = Box<dyn Error + Send + Sync>;

/// A dataset as a sequence of slabs: generators and readers are sources, and transforms are
/// sources over sources.
pub trait SlabSource: Send {
    /// What is known before the values.
    fn head(&self) -> &Head;

    /// Fills `slabs`, whose length is a multiple of the slab, from its beginning with the next
    /// steps; returns how many steps it wrote. Fewer than fit only at the end; 0 when all are read.
    ///
    /// # Errors
    ///
    /// Where a reader finds damage, or a check fails.
    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError>;

    /// Starts again from the first step.
    ///
    /// # Errors
    ///
    /// Where a reader cannot.
    fn rewind(&mut self) -> Result<(), SourceError>;

    /// A checkpoint before the next step; `None` where a source has nothing to continue from, and
    /// has to be read from its beginning. The steps that follow do not change by it.
    fn save(&self) -> Option<Vec<u8>> {
        None
    }

    /// Continues before `step`, where a source of the same data was when it returned `state` from
    /// [`save`](Self::save).
    ///
    /// # Errors
    ///
    /// A [`StateError`], where the state is damaged, was saved before another step or belongs to other
    /// data, or where a source cannot; those of a reader. It is then best dropped, or rewound: some
    /// of it may stand elsewhere.
    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        let _ = (step, state);
        Err(StateError::Unsupported.into())
    }

    /// Hands over what [happened](Label) in the steps since it was last asked, in the
    /// [order of labels](Label::order), which goes on from call to call.
    fn labels(&mut self, labels: &mut Vec<Label>) {
        let _ = labels;
    }

    /// Passes over the next `steps`; returns how many there were, fewer only at the end.
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next).
    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        let slab = self.head().shape.slab();
        let mut buffer = vec![0.0; slab * (AT_ONCE / slab).clamp(1, steps.max(1))];
        let mut skipped = 0;
        while skipped < steps {
            let fits = buffer.len().min((steps - skipped).saturating_mul(slab));
            match self.next(&mut buffer[..fits])? {
                0 => break,
                some => skipped += some,
            }
        }
        Ok(skipped)
    }
}

/// Values that are read at once where nobody sees them: they stay in the cache.
pub(crate) const AT_ONCE: usize = 4096;

impl<S: SlabSource + ?Sized> SlabSource for Box<S> {
    fn head(&self) -> &Head {
        (**self).head()
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        (**self).next(slabs)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        (**self).rewind()
    }

    fn save(&self) -> Option<Vec<u8>> {
        (**self).save()
    }

    fn restore(&mut self, step: usize, state: &[u8]) -> Result<(), SourceError> {
        (**self).restore(step, state)
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        (**self).labels(labels);
    }

    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        (**self).skip(steps)
    }
}
