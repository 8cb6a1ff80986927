//! Data in order, in constant memory.

use std::error::Error;

use mts_hash::Map;

use crate::{Dtype, Shape, TimeAxis, Truth};

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
}

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
}
