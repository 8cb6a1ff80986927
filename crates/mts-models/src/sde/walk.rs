//! What the Brownian models share: a first slab that is given, and steps from each slab to the
//! next.

use std::ops::Range;

use mts_core::{Numbers, Problems, Process, Saved, Shape, State, StateError, Truth};
use mts_rng::{Rng, simd};

use crate::cached;
use crate::initial::{Initial, Reading};

/// How one slab follows from the one before it. Both methods run inside a kernel and must be
/// `#[inline(always)]`.
pub(super) trait Step: Send {
    /// Turns standard normals, any number of slabs of them, into what [`step`](Self::step) takes.
    fn prepare(&self, _normals: &mut [f64]) {}

    /// Turns `slab` into the values that follow `last`, and `last` into the same.
    fn step(&self, last: &mut [f64], slab: &mut [f64]);
}

/// Turns standard normals into the slabs that follow `last`, all of them in one build: a step of a few values
/// costs less than to choose it.
struct Advance<'a, S> {
    step: &'a S,
    last: &'a mut [f64],
    slabs: &'a mut [f64],
}

impl<S: Step> simd::Kernel for Advance<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.step.prepare(self.slabs);
        for slab in self.slabs.chunks_exact_mut(self.last.len()) {
            self.step.step(self.last, slab);
        }
    }
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
        for piece in steps.chunks_mut(cached(width)) {
            self.rng.fill_standard_normal(piece);
            simd::dispatch(Advance { step: &self.step, last: &mut self.last, slabs: piece });
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
