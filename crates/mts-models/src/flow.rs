//! Systems of ordinary differential equations, stepped over whole slabs, with or without additive noise.
#![cfg_attr(
    not(all(feature = "flows", feature = "neural", feature = "oscillators")),
    allow(dead_code, reason = "each family uses a part of this")
)]

use mts_core::{Held, Process, Saved, State, StateError, Truth};
use mts_rng::{Rng, simd};

/// A right-hand side: dx/dt at a state.
///
/// A state is laid out as (component, node, realization), the last fastest: a slope is a few passes over
/// contiguous rows. Mark `slope` and `observe` `#[inline(always)]`: they are compiled into the build that
/// the processor is dispatched to.
pub(crate) trait Flow: Send {
    /// Writes dx/dt at time `t`, in seconds since the first step.
    fn slope(&mut self, t: f64, x: &[f64], slope: &mut [f64]);

    /// Writes what is seen of a state into a slab: all of it, unless said otherwise.
    #[inline(always)]
    fn observe(&self, x: &[f64], slab: &mut [f64]) {
        slab.copy_from_slice(x);
    }

    /// Adds what was drawn beside the initial state.
    fn truth(&self, _initial: &[f64], _truth: &mut Truth) {}
}

/// Room for the stages of a step.
pub(crate) struct Stages {
    stage: Vec<f64>,
    slope: Vec<f64>,
    sum: Vec<f64>,
}

impl Stages {
    pub(crate) fn new(width: usize) -> Self {
        Stages { stage: vec![0.0; width], slope: vec![0.0; width], sum: vec![0.0; width] }
    }

    /// The classical Runge–Kutta step of order 4.
    #[inline(always)]
    pub(crate) fn rk4(&mut self, flow: &mut impl Flow, t: f64, dt: f64, x: &mut [f64]) {
        flow.slope(t, x, &mut self.sum);
        self.slope.copy_from_slice(&self.sum);
        for (distance, weight) in [(0.5, 2.0), (0.5, 2.0), (1.0, 1.0)] {
            let distance = distance * dt;
            for ((stage, x), slope) in self.stage.iter_mut().zip(&*x).zip(&self.slope) {
                *stage = x + distance * slope;
            }
            flow.slope(t + distance, &self.stage, &mut self.slope);
            add_scaled(&mut self.sum, weight, &self.slope);
        }
        add_scaled(x, dt / 6.0, &self.sum);
    }
}

/// x += factor · y
#[inline(always)]
pub(crate) fn add_scaled(x: &mut [f64], factor: f64, y: &[f64]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x += factor * y;
    }
}

/// How a flow is stepped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stepping {
    /// Seconds from one step of the dataset to the next.
    pub(crate) dt: f64,
    /// Runge–Kutta steps within each of them, at least 1.
    pub(crate) substeps: usize,
    /// Steps that are made and not seen before the first one.
    pub(crate) transient: usize,
}

/// What is seen of a state at each step: so many channels, so many realizations of each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) channels: usize,
    pub(crate) realizations: usize,
}

/// A running flow: its state and its noise.
pub(crate) struct Flowing<F> {
    flow: F,
    seen: Seen,
    stepping: Stepping,
    stages: Stages,
    /// Noise per square root of a second, of each value of the state or its first ones; empty where there is none.
    noise: Vec<f64>,
    /// As many normals as there are numbers of `noise`.
    normals: Vec<f64>,
    rng: Rng,
    x: Vec<f64>,
    /// Steps that were handed out.
    done: u64,
    held: Vec<Held>,
}

impl<F: Flow> Flowing<F> {
    /// Starts at `x`. The first value handed out is `x` itself, after the transient.
    ///
    /// `noise`, where it is not empty, has a number σ per value of the state, or of its first values: σ √h Z is added
    /// to each after a Runge–Kutta step of length h, from as many normals, in its order.
    pub(crate) fn new(
        flow: F,
        seen: Seen,
        stepping: Stepping,
        x: Vec<f64>,
        noise: Vec<f64>,
        rng: Rng,
    ) -> Self {
        Flowing {
            flow,
            seen,
            stepping,
            stages: Stages::new(x.len()),
            normals: vec![0.0; noise.len()],
            noise,
            rng,
            x,
            done: 0,
            held: Vec::new(),
        }
    }

    /// One step of the dataset.
    #[inline(always)]
    fn step(&mut self, t: f64) {
        let h = self.stepping.dt / self.stepping.substeps as f64;
        for substep in 0..self.stepping.substeps {
            self.stages.rk4(&mut self.flow, t + substep as f64 * h, h, &mut self.x);
            if !self.noise.is_empty() {
                self.rng.fill_standard_normal(&mut self.normals);
                let root = h.sqrt();
                for ((x, z), noise) in self.x.iter_mut().zip(&self.normals).zip(&self.noise) {
                    *x += root * noise * z;
                }
            }
        }
    }
}

struct Fill<'a, F> {
    flowing: &'a mut Flowing<F>,
    slabs: &'a mut [f64],
    slab: usize,
}

impl<F: Flow> simd::Kernel for Fill<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Fill { flowing, slabs, slab } = self;
        for slab in slabs.chunks_exact_mut(slab) {
            if flowing.done == 0 {
                // Time runs towards the first step, which is at 0.
                for left in (0..flowing.stepping.transient).rev() {
                    flowing.step(-((left + 1) as f64) * flowing.stepping.dt);
                }
            } else {
                flowing.step((flowing.done - 1) as f64 * flowing.stepping.dt);
            }
            flowing.done = flowing.done.saturating_add(1);
            flowing.flow.observe(&flowing.x, slab);
        }
    }
}

impl<F: Flow> Process for Flowing<F> {
    fn fill(&mut self, steps: &mut [f64]) {
        let Seen { channels, realizations } = self.seen;
        let slab = channels * realizations;
        let held = std::mem::take(&mut self.held);
        if held.is_empty() {
            return simd::dispatch(Fill { flowing: self, slabs: steps, slab });
        }
        // Held channels are values of the state: models that can be intervened in show all of it.
        let (first, rest) = steps.split_at_mut(slab);
        simd::dispatch(Fill { flowing: self, slabs: first, slab });
        for Held { channel, value } in &held {
            let values = channel * realizations..(channel + 1) * realizations;
            self.x[values.clone()].fill(*value);
            first[values].fill(*value);
        }
        simd::dispatch(Fill { flowing: self, slabs: rest, slab });
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.x);
        state.u64(self.done);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.x)?;
        self.done = saved.u64()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        self.flow.truth(&self.x, truth);
    }

    fn hold(&mut self, held: &[Held]) {
        self.held.extend_from_slice(held);
    }
}
