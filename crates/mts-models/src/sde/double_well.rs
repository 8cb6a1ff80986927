//! A particle in two wells.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("double_well").expect("compiled in");
//! let params = serde_json::json!({ "sigma": 0.7, "amplitude": 0.1, "frequency": 0.05 });
//! let model = entry.build(params, Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[6..9], [0.8434981374740402, 0.8873920544937498, 0.487331531315208]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Facts, Label, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, TimeAxis, Truth,
};
use mts_rng::{Rng, math, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::walk;
use super::wells::Wells;
use crate::initial::Initial;

/// An overdamped particle in a double well, which noise kicks from one well to the other; with a weak periodic
/// force, stochastic resonance.
///
/// dX = (a X - b X³ + F cos(2π f t)) dt + σ dW, additive noise, so Itô and Stratonovich agree. Wells at
/// ±√(a/b), a barrier of height ΔV = a²/4b at 0. Integrated by Heun's method with steps of h = dt / substeps,
/// of second order in h for expectations (Kloeden and Platen 1992, chapter 15).
///
/// Without the force the stationary density is proportional to exp(-2 V(x)/σ²) with V = -a x²/2 + b x⁴/4, and
/// where 2ΔV/σ² is large, a well is left at Kramers' rate a/(√2 π) exp(-2 ΔV/σ²) per second. A force of
/// frequency f about half of that is followed best.
///
/// The first value is the initial state: where it is not given, one of the two wells, by a uniform per value.
/// Then a normal per value for each step of length h. Steps must be short: above a h = 0.25, Heun's method
/// distorts the wells, and is refused.
///
/// Labels: `state`, runs of steps in the `left` and the `right` `well`. A run ends at the first step seen beyond
/// half the distance of the other well.
///
/// References: H. A. Kramers (1940), doi:10.1016/S0031-8914(40)90098-2; L. Gammaitoni, P. Hänggi, P. Jung,
/// F. Marchesoni (1998), doi:10.1103/RevModPhys.70.223; P. E. Kloeden, E. Platen (1992),
/// doi:10.1007/978-3-662-12616-5.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Linear force a per second, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub a: f64,
    /// Cubic force b, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub b: f64,
    /// Noise σ per square root of a second, at least 0.
    #[schemars(range(min = 0.0))]
    pub sigma: f64,
    /// Strength F of the periodic force.
    pub amplitude: f64,
    /// Frequency f of the periodic force in hertz, at least 0.
    #[schemars(range(min = 0.0))]
    pub frequency: f64,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Steps of the scheme within a step, at least 1.
    #[schemars(range(min = 1))]
    pub substeps: u32,
    /// Initial state: one number, one per channel, else one per realization, or a (channel, realization)
    /// matrix. Drawn where not given.
    pub x0: Option<Numbers>,
}

impl Default for Params {
    fn default() -> Self {
        Params { a: 1.0, b: 1.0, sigma: 0.5, amplitude: 0.0, frequency: 0.01, dt: 0.1, substeps: 4, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct DoubleWell {
    params: Params,
    initial: Option<Initial>,
    shape: Shape,
}

/// The largest a·h.
const MAX_STEP: f64 = 0.25;

impl Model for DoubleWell {
    const NAME: &'static str = "double_well";
    const FAMILY: &'static str = "sde";
    const SHAPE: Shape = Shape::of(5, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("a", params.a);
        problems.positive("b", params.b);
        problems.non_negative("sigma", params.sigma);
        problems.finite("amplitude", params.amplitude);
        problems.non_negative("frequency", params.frequency);
        problems.positive("dt", params.dt);
        problems.require("substeps", params.substeps >= 1, "be at least 1", params.substeps);
        let initial = match &params.x0 {
            None => None,
            Some(x0) => Some(walk::initial("x0", x0, shape, problems)?),
        };
        if problems.is_empty() {
            let step = params.a * params.dt / f64::from(params.substeps);
            let rule = format_args!("keep a dt / substeps at most {MAX_STEP}");
            problems.require("substeps", step <= MAX_STEP, rule, step);
        }
        problems.is_empty().then_some(DoubleWell { params, initial, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Seconds { dt: self.params.dt })
            .attribute("dt", self.params.dt)
            .attribute("method", "heun")
            .attribute("a", self.params.a)
            .attribute("b", self.params.b)
            .attribute("sigma", self.params.sigma)
            .state_bytes(24 * self.shape.slab())
            .cost(1.0 + 4.0 * f64::from(self.params.substeps))
            .labelled()
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let Params { a, b, sigma, amplitude, frequency, dt, substeps, .. } = self.params;
        let well = (a / b).sqrt();
        let x = match &self.initial {
            Some(initial) => initial.columns(realizations.clone()),
            None => {
                let mut x = vec![0.0; self.shape.channels() * realizations.len()];
                rng.fill_random(&mut x);
                x.iter_mut().for_each(|x| *x = if *x < 0.5 { -well } else { well });
                x
            }
        };
        let h = dt / f64::from(substeps);
        let wells = Wells::new(&x, 0.5 * well, realizations.clone(), self.shape.steps());
        Box::new(Particles {
            force: Force { a, b, h, noise: sigma * h.sqrt() },
            periodic: Periodic { amplitude, frequency, dt, h },
            substeps,
            normals: vec![0.0; x.len()],
            x,
            wells,
            done: 0,
            realizations,
            total: self.shape.realizations(),
            rng,
        })
    }

    fn truth(&self, (): &()) -> Truth {
        let Params { a, b, sigma, .. } = self.params;
        let barrier = a * a / (4.0 * b);
        let rate = a * std::f64::consts::FRAC_1_SQRT_2 / std::f64::consts::PI
            * math::exp(-2.0 * barrier / (sigma * sigma));
        let mut truth = Truth::default();
        truth.scalar("well", (a / b).sqrt());
        truth.scalar("barrier", barrier);
        truth.scalar("kramers_rate", rate);
        truth
    }
}

/// What acts on a particle within a step of the scheme.
#[derive(Clone, Copy)]
struct Force {
    a: f64,
    b: f64,
    h: f64,
    /// σ √h
    noise: f64,
}

impl Force {
    #[inline(always)]
    fn at(self, x: f64, periodic: f64) -> f64 {
        x.mul_add(self.b.mul_add(-(x * x), self.a), periodic)
    }
}

/// F cos(2π f t).
#[derive(Clone, Copy)]
struct Periodic {
    amplitude: f64,
    frequency: f64,
    dt: f64,
    h: f64,
}

impl Periodic {
    /// So many steps of the dataset and then steps of the scheme after the first value.
    fn at(self, step: u64, substep: u32) -> f64 {
        if self.amplitude == 0.0 {
            return 0.0;
        }
        let t = step as f64 * self.dt + f64::from(substep) * self.h;
        self.amplitude * math::cos(std::f64::consts::TAU * self.frequency * t)
    }
}

/// A step of Heun's method: the noise is the same for the prediction and for the step.
struct Heun<'a> {
    force: Force,
    before: f64,
    after: f64,
    normals: &'a [f64],
    x: &'a mut [f64],
}

impl simd::Kernel for Heun<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Heun { force, before, after, normals, x } = self;
        for (x, z) in x.iter_mut().zip(normals) {
            let kick = force.noise * z;
            let first = force.at(*x, before);
            let second = force.at(force.h.mul_add(first, *x + kick), after);
            *x = (0.5 * force.h).mul_add(first + second, *x + kick);
        }
    }
}

struct Particles {
    force: Force,
    periodic: Periodic,
    substeps: u32,
    normals: Vec<f64>,
    x: Vec<f64>,
    wells: Wells,
    /// Steps that were made.
    done: u64,
    realizations: Range<usize>,
    total: usize,
    rng: Rng,
}

impl Process for Particles {
    fn fill(&mut self, steps: &mut [f64]) {
        for slab in steps.chunks_exact_mut(self.x.len()) {
            if self.done > 0 {
                for substep in 0..self.substeps {
                    self.rng.fill_standard_normal(&mut self.normals);
                    let before = self.periodic.at(self.done - 1, substep);
                    let after = self.periodic.at(self.done - 1, substep + 1);
                    let (normals, x) = (&self.normals, &mut self.x);
                    simd::dispatch(Heun { force: self.force, before, after, normals, x });
                }
            }
            slab.copy_from_slice(&self.x);
            self.wells.see(self.done as usize, &self.x);
            self.done += 1;
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.x);
        state.u64(self.done);
        self.wells.save(state);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.x)?;
        // Half the range: the steps after the last one are numbers as well.
        self.done = saved.index(usize::MAX / 2)? as u64;
        self.wells.restore(saved)
    }

    fn truth(&self, truth: &mut Truth) {
        let channels = self.x.len() / self.realizations.len();
        truth.columns("initial_state", &[channels], self.total, self.realizations.clone(), &self.x);
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        self.wells.labels(labels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_are_too_long_are_refused() {
        for (params, rule) in [
            (serde_json::json!({ "a": 20, "dt": 0.1 }), "a dt / substeps at most 0.25, found 0.5"),
            (serde_json::json!({ "b": 0 }), "\"b\" must be > 0"),
            (serde_json::json!({ "substeps": 0 }), "at least 1"),
            (serde_json::json!({ "sigma": -1 }), "\"sigma\" must be >= 0"),
        ] {
            let mut problems = Problems::default();
            let params = serde_json::from_value(params).unwrap();
            assert!(DoubleWell::new(params, Shape::of(2, 1, 1), &mut problems).is_none());
            assert!(problems.to_string().contains(rule), "{problems}");
        }
    }
}
