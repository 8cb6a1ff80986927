//! Realizations that were made one by one become slabs.

use rayon::prelude::*;

use crate::{Process, Shape};

/// Fills slabs from one process per realization.
pub(crate) struct Weaver {
    /// Some steps of one realization, or of each in turn where they are made in parallel.
    parts: Vec<f64>,
    /// Values in a step of one realization.
    channels: usize,
    parallel: bool,
}

/// Steps per part where one is made after the other: small enough for the cache.
const STEPS_AT_ONCE: usize = 64;

/// Values that are worth a task of their own: to hand one over takes as long as some hundred values.
const PIECE: usize = 1 << 14;

/// Values between two meetings of all tasks: enough pieces for many threads, yet still in the cache.
const ROUND: usize = 1 << 19;

/// Values of a part that are spread at once: a cache line.
const LINE: usize = 8;

impl Weaver {
    /// One process is filled after the other.
    pub(crate) fn new(shape: Shape) -> Self {
        let parts = vec![0.0; shape.channels() * STEPS_AT_ONCE];
        Weaver { parts, channels: shape.channels(), parallel: false }
    }

    /// Processes are filled by the threads of the pool that [`weave`](Self::weave) is called in.
    pub(crate) fn parallel(shape: Shape) -> Self {
        let steps = (ROUND / shape.slab()).clamp(1, shape.steps());
        Weaver { parts: vec![0.0; shape.slab() * steps], channels: shape.channels(), parallel: true }
    }

    /// Fills whole `slabs`, each process its realization.
    pub(crate) fn weave(&mut self, processes: &mut [Box<dyn Process>], slabs: &mut [f64]) {
        if !self.parallel || rayon::current_num_threads() == 1 {
            return self.weave_in_turn(processes, slabs);
        }
        for slabs in slabs.chunks_mut(self.parts.len()) {
            if slabs.len() >= 2 * PIECE {
                self.weave_in_parallel(processes, slabs);
            } else {
                self.weave_in_turn(processes, slabs);
            }
        }
    }

    /// Fills one part by each process in turn and spreads it over the realization axis.
    fn weave_in_turn(&mut self, processes: &mut [Box<dyn Process>], slabs: &mut [f64]) {
        let realizations = processes.len();
        let steps = (self.parts.len() / self.channels).min(STEPS_AT_ONCE);
        for slabs in slabs.chunks_mut(steps * self.channels * realizations) {
            let part = &mut self.parts[..slabs.len() / realizations];
            for (r, process) in processes.iter_mut().enumerate() {
                process.fill(part);
                for (row, value) in slabs.chunks_exact_mut(realizations).zip(&*part) {
                    row[r] = *value;
                }
            }
        }
    }

    /// Fills all parts, then spreads them: tasks share out the processes first, the steps afterwards.
    fn weave_in_parallel(&mut self, processes: &mut [Box<dyn Process>], slabs: &mut [f64]) {
        let realizations = processes.len();
        let length = slabs.len() / realizations;
        let parts = &mut self.parts[..slabs.len()];
        let filled = processes.par_iter_mut().zip(parts.par_chunks_exact_mut(length));
        filled.with_min_len(PIECE.div_ceil(length)).for_each(|(process, part)| process.fill(part));
        let rows = PIECE.div_ceil(realizations).next_multiple_of(LINE);
        let pieces = slabs.par_chunks_mut(rows * realizations).enumerate();
        pieces.for_each(|(piece, slabs)| spread(parts, length, piece * rows, slabs));
    }
}

/// Copies rows from `first` on out of parts of some `length`, one per realization. A line of each
/// part goes into as many rows, so that neither is read or written twice.
fn spread(parts: &[f64], length: usize, first: usize, slabs: &mut [f64]) {
    let realizations = parts.len() / length;
    for (line, rows) in slabs.chunks_mut(LINE * realizations).enumerate() {
        let values = first + line * LINE..first + line * LINE + rows.len() / realizations;
        for (r, part) in parts.chunks_exact(length).enumerate() {
            for (row, value) in rows.chunks_exact_mut(realizations).zip(&part[values.clone()]) {
                row[r] = *value;
            }
        }
    }
}
