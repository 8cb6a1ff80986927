//! Phases that see each other as they are.

use mts_core::{Held, Process, Saved, State, StateError, Truth};
use mts_rng::{Rng, simd};

use super::Method;
use super::drift::Drift;
use crate::flow::add_scaled;
use crate::held;
use crate::oscillators::nodes::Of;

pub(super) struct Phases {
    drift: Drift,
    method: Method,
    dt: f64,
    /// η √dt
    noise: f64,
    rng: Rng,
    theta: Vec<f64>,
    stage: Vec<f64>,
    slope: Vec<f64>,
    slopes: Vec<f64>,
    started: bool,
    held: Vec<Held>,
    of: Of,
}

/// How phases are stepped: by which method, with which steps, and with which noise after each of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stepped {
    pub(super) method: Method,
    pub(super) dt: f64,
    /// η √dt
    pub(super) noise: f64,
}

impl Phases {
    pub(super) fn new(drift: Drift, stepped: Stepped, theta: Vec<f64>, rng: Rng, of: Of) -> Self {
        let zeros = vec![0.0; theta.len()];
        let Stepped { method, dt, noise } = stepped;
        Phases {
            drift,
            method,
            dt,
            noise,
            rng,
            theta,
            stage: zeros.clone(),
            slope: zeros.clone(),
            slopes: zeros,
            started: false,
            held: Vec::new(),
            of,
        }
    }

    #[inline(always)]
    fn step(&mut self) {
        self.drift.slope(&self.theta, &mut self.slopes);
        let distance = match self.method {
            Method::Euler => self.dt,
            Method::Rk4 => {
                self.refine();
                self.dt / 6.0
            }
        };
        add_scaled(&mut self.theta, distance, &self.slopes);
    }

    /// Adds the slopes at the three later stages to that at the first one.
    #[inline(always)]
    fn refine(&mut self) {
        self.slope.copy_from_slice(&self.slopes);
        for (distance, weight) in [(0.5, 2.0), (0.5, 2.0), (1.0, 1.0)] {
            let distance = distance * self.dt;
            for ((stage, theta), slope) in self.stage.iter_mut().zip(&self.theta).zip(&self.slope) {
                *stage = theta + distance * slope;
            }
            self.drift.slope(&self.stage, &mut self.slope);
            add_scaled(&mut self.slopes, weight, &self.slope);
        }
    }
}

/// Fills slabs, all of them in one build: a step of a few values costs less than to choose it.
struct Fill<'a> {
    phases: &'a mut Phases,
    steps: &'a mut [f64],
}

impl simd::Kernel for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Fill { phases, steps } = self;
        for slab in steps.chunks_exact_mut(phases.theta.len()) {
            if phases.started {
                phases.step();
                if phases.noise > 0.0 {
                    phases.rng.fill_standard_normal(slab);
                    add_scaled(&mut phases.theta, phases.noise, slab);
                }
            }
            phases.started = true;
            slab.copy_from_slice(&phases.theta);
        }
    }
}

impl Process for Phases {
    fn fill(&mut self, steps: &mut [f64]) {
        if self.held.is_empty() {
            return simd::dispatch(Fill { phases: self, steps });
        }
        let (first, rest) = steps.split_at_mut(self.theta.len());
        simd::dispatch(Fill { phases: self, steps: first });
        held::impose(&self.held, self.of.realizations.len(), &mut self.theta, first);
        self.held.clear();
        simd::dispatch(Fill { phases: self, steps: rest });
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.theta);
        state.flag(self.started);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.theta)?;
        self.started = saved.flag()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        self.of.tell(&self.theta, truth);
    }

    fn hold(&mut self, held: &[Held]) {
        self.held.extend_from_slice(held);
    }
}
