//! Processes whose whole path is made when they start.
#![cfg_attr(
    not(all(feature = "kernels", feature = "long_memory", feature = "noise")),
    allow(dead_code, reason = "each family uses a part of this")
)]

use mts_core::{Process, Saved, State, StateError};

/// Hands out a path that was made before: its state is how much of it was handed out.
pub(crate) struct Path {
    /// (lane, step): a lane is a channel of a realization, in the order of a slab.
    lanes: Vec<f64>,
    steps: usize,
    done: usize,
}

/// Steps that are turned from lanes into slabs at once: a cache line of each lane.
const BLOCK: usize = 8;

impl Path {
    /// Hands out `lanes`, each of `steps` steps.
    pub(crate) fn new(lanes: Vec<f64>, steps: usize) -> Self {
        Path { lanes, steps, done: 0 }
    }
}

impl Process for Path {
    fn fill(&mut self, steps: &mut [f64]) {
        let slab = self.lanes.len() / self.steps;
        for block in steps.chunks_mut(BLOCK * slab) {
            let count = block.len() / slab;
            for (lane, path) in self.lanes.chunks_exact(self.steps).enumerate() {
                // Past the end, where nobody asks, everything is 0.
                let from = path.get(self.done..self.done + count).unwrap_or(&[0.0; BLOCK][..count]);
                for (step, x) in from.iter().enumerate() {
                    block[step * slab + lane] = *x;
                }
            }
            self.done = (self.done + count).min(self.steps);
        }
    }

    fn save(&self, state: &mut State) {
        state.u64(self.done as u64);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        self.done = saved.index(self.steps)?;
        Ok(())
    }
}
