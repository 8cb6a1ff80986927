//! Maps without noise, iterated over whole slabs.

use mts_core::{Process, Saved, State, StateError, Truth};
use mts_rng::simd;

use crate::initial::Columns;

/// A map of a slab (channel, realization) onto the next one. Mark `step` `#[inline(always)]`: it is compiled into
/// the build that the processor is dispatched to.
pub(crate) trait Map: Send {
    fn step(&mut self, x: &mut [f64]);
}

/// A running map: its state is its last slab.
pub(crate) struct Iterated<F> {
    map: F,
    x: Vec<f64>,
    transient: u32,
    started: bool,
    columns: Columns,
}

impl<F: Map> Iterated<F> {
    /// Starts at `x`. The first slab handed out is `x` itself, after the transient.
    pub(crate) fn new(map: F, x: Vec<f64>, transient: u32, columns: Columns) -> Self {
        Iterated { map, x, transient, started: false, columns }
    }
}

/// Fills slabs, all of them in one build: a step of a few values costs less than to choose it.
struct Fill<'a, F> {
    iterated: &'a mut Iterated<F>,
    slabs: &'a mut [f64],
}

impl<F: Map> simd::Kernel for Fill<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Fill { iterated, slabs } = self;
        for slab in slabs.chunks_exact_mut(iterated.x.len()) {
            let steps = if iterated.started { 1 } else { iterated.transient };
            for _ in 0..steps {
                iterated.map.step(&mut iterated.x);
            }
            iterated.started = true;
            slab.copy_from_slice(&iterated.x);
        }
    }
}

impl<F: Map> Process for Iterated<F> {
    fn fill(&mut self, steps: &mut [f64]) {
        simd::dispatch(Fill { iterated: self, slabs: steps });
    }

    fn save(&self, state: &mut State) {
        state.f64s(&self.x);
        state.flag(self.started);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.f64s(&mut self.x)?;
        self.started = saved.flag()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        self.columns.tell(&self.x, truth);
    }
}
