//! What the Brownian models share: a first slab that is given, and steps from each slab to the
//! next.

use std::ops::Range;

use mts_core::{Numbers, Problems, Process, Saved, Shape, State, StateError, Truth};
use mts_rng::Rng;

use crate::initial::{Initial, Reading};

/// How one slab follows from the one before it.
pub(super) trait Step: Send {
    /// Turns standard normals, any number of slabs of them, into increments.
    fn increments(&self, normals: &mut [f64]);

    /// Turns the increments in `slab` into the values that follow `last`.
    fn step(&self, last: &[f64], slab: &mut [f64]);
}

/// A process that emits its initial slab, then steps; one normal per value.
pub(super) struct Walk<S> {
    step: S,
    rng: Rng,
    last: Vec<f64>,
    started: bool,
    realizations: Range<usize>,
    total: usize,
}

impl<S: Step> Walk<S> {
    /// Starts `realizations` of `total` at their columns of `initial`.
    pub(super) fn new(
        step: S,
        rng: Rng,
        initial: &Initial,
        total: usize,
        realizations: Range<usize>,
    ) -> Self {
        let last = initial.columns(realizations.clone());
        Walk { step, rng, last, started: false, realizations, total }
    }
}

impl<S: Step> Process for Walk<S> {
    fn fill(&mut self, steps: &mut [f64]) {
        let width = self.last.len();
        let mut steps = steps;
        if !self.started && !steps.is_empty() {
            self.started = true;
            let (first, rest) = steps.split_at_mut(width);
            first.copy_from_slice(&self.last);
            steps = rest;
        }
        self.rng.fill_standard_normal(steps);
        self.step.increments(steps);
        for start in (0..steps.len()).step_by(width) {
            let (before, rest) = steps.split_at_mut(start);
            let last = before.rchunks_exact(width).next().unwrap_or(&self.last);
            self.step.step(last, &mut rest[..width]);
        }
        if let Some(last) = steps.rchunks_exact(width).next() {
            self.last.copy_from_slice(last);
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.last);
        state.flag(self.started);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.last)?;
        self.started = saved.flag()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        let channels = self.last.len() / self.realizations.len();
        truth.columns("initial_state", &[channels], self.total, self.realizations.clone(), &self.last);
    }
}

/// One number, one per channel, else one per realization, or a matrix in either order.
const LEVELS: [Reading; 5] =
    [Reading::One, Reading::Channels, Reading::Realizations, Reading::Matrix, Reading::Transposed];

/// The initial state of a Brownian model.
pub(super) fn initial(
    name: &str,
    levels: &Numbers,
    shape: Shape,
    problems: &mut Problems,
) -> Option<Initial> {
    Initial::new(name, (levels.shape(), levels.data()), &LEVELS, shape, problems)
}
