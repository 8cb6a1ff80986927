//! What independent values share: all that changes is the generator.

use mts_core::{Process, Saved, State, StateError};
use mts_rng::Rng;

/// Independent values by a function that fills a slice with them, the same however it is cut.
pub(super) struct White<F> {
    draw: F,
    rng: Rng,
}

impl<F: FnMut(&mut Rng, &mut [f64]) + Send> White<F> {
    pub(super) fn new(rng: Rng, draw: F) -> Self {
        White { draw, rng }
    }
}

impl<F: FnMut(&mut Rng, &mut [f64]) + Send> Process for White<F> {
    fn fill(&mut self, steps: &mut [f64]) {
        (self.draw)(&mut self.rng, steps);
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)
    }
}
