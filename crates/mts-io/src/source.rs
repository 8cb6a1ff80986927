//! A file as a source.

use std::path::{Path, PathBuf};

use mts_core::{Head, SlabSource, SourceError};

use crate::IoError;

/// The values of an open file, in order.
pub(crate) trait Values: Send {
    /// Fills `slabs`, whole steps that the head promises, with the next ones.
    fn fill(&mut self, slabs: &mut [f64]) -> Result<(), IoError>;

    /// Passes over the next steps, which the head promises.
    fn skip(&mut self, steps: usize) -> Result<(), IoError>;

    /// Begins again with the first.
    fn restart(&mut self) -> Result<(), IoError>;
}

/// A file whose head is known.
pub(crate) struct FileSource<V> {
    path: PathBuf,
    head: Head,
    values: V,
    /// Steps that were read.
    done: usize,
}

impl<V: Values + 'static> FileSource<V> {
    /// `values` stand before the first.
    pub(crate) fn boxed(path: &Path, head: Head, values: V) -> Box<dyn SlabSource> {
        Box::new(FileSource { path: path.to_owned(), head, values, done: 0 })
    }
}

impl<V: Values> SlabSource for FileSource<V> {
    fn head(&self) -> &Head {
        &self.head
    }

    fn next(&mut self, slabs: &mut [f64]) -> Result<usize, SourceError> {
        let slab = self.head.shape.slab();
        let steps = (slabs.len() / slab).min(self.head.shape.steps() - self.done);
        self.values.fill(&mut slabs[..steps * slab]).map_err(|error| error.at(&self.path))?;
        self.done += steps;
        Ok(steps)
    }

    fn skip(&mut self, steps: usize) -> Result<usize, SourceError> {
        let steps = steps.min(self.head.shape.steps() - self.done);
        self.values.skip(steps).map_err(|error| error.at(&self.path))?;
        self.done += steps;
        Ok(steps)
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.values.restart().map_err(|error| error.at(&self.path))?;
        self.done = 0;
        Ok(())
    }
}
