//! Steps that are written together.

use std::mem;

use mts_core::{Shape, StateError};

use crate::IoError;
use crate::sink::Progress;

/// Slabs as they arrive, whole groups as they go on.
pub(in crate::formats) struct Groups {
    shape: Shape,
    /// Steps of a group.
    steps: usize,
    progress: Progress,
    /// The first step of the group that fills.
    first: usize,
    /// Values of a group that is not full.
    waiting: Vec<f64>,
}

impl Groups {
    pub(in crate::formats) fn new(shape: Shape, steps: usize) -> Self {
        Groups { shape, steps, progress: Progress::new(shape), first: 0, waiting: Vec::new() }
    }

    /// Behind `done` steps, where a group ends.
    pub(in crate::formats) fn after(shape: Shape, steps: usize, done: usize) -> Result<Self, StateError> {
        if done < shape.steps() && !done.is_multiple_of(steps) {
            return Err(StateError::Impossible { rule: "the end of a group", found: done as u64 });
        }
        let progress = Progress::after(shape, done);
        Ok(Groups { progress, first: done, ..Groups::new(shape, steps) })
    }

    /// Steps that were taken.
    pub(in crate::formats) fn done(&self) -> usize {
        self.progress.done()
    }

    /// True where no group is begun.
    pub(in crate::formats) fn are_whole(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes steps, and hands each group that is full to `write` with its first step.
    pub(in crate::formats) fn add(
        &mut self,
        mut slabs: &[f64],
        mut write: impl FnMut(usize, &[f64]) -> Result<(), IoError>,
    ) -> Result<(), IoError> {
        self.progress.add(slabs)?;
        while !slabs.is_empty() {
            // The last one has what is left.
            let steps = self.steps.min(self.shape.steps() - self.first);
            let full = steps * self.shape.slab();
            if self.waiting.is_empty() && slabs.len() >= full {
                let (group, rest) = slabs.split_at(full);
                write(self.first, group)?;
                self.first += steps;
                slabs = rest;
                continue;
            }
            let (some, rest) = slabs.split_at(slabs.len().min(full - self.waiting.len()));
            self.waiting.reserve_exact(full - self.waiting.len());
            self.waiting.extend_from_slice(some);
            slabs = rest;
            if self.waiting.len() == full {
                let mut group = mem::take(&mut self.waiting);
                write(self.first, &group)?;
                self.first += steps;
                group.clear();
                self.waiting = group;
            }
        }
        Ok(())
    }

    /// Steps are missing where this fails.
    pub(in crate::formats) fn complete(&self) -> Result<(), IoError> {
        self.progress.complete()
    }
}
