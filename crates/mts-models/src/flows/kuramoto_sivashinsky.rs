//! The Kuramoto–Sivashinsky equation.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("kuramoto_sivashinsky").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [-1.1405007334719128, -0.7025136760521569, -0.23509289591802907]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::f64::consts::TAU;
use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Problems, Process, Saved, Shape, State, StateError, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::etdrk4::{Etdrk4, Field};
use crate::flow::Stepping;
use crate::orbit::Orbit;

/// The Kuramoto–Sivashinsky equation: chaos in space and time, of flame fronts and films on a slope.
///
/// ∂u/∂t = -∂²u/∂x² - ∂⁴u/∂x⁴ - u ∂u/∂x on a periodic domain of length L. Waves longer than 2π grow, short ones are
/// damped, and the last term hands energy from one to the other. Below L of about 13 fields come to rest
/// or travel unchanged; with L = 22 the largest Lyapunov exponent is about 0.045 per second, and longer domains have more and more unstable directions. The
/// mean over space is conserved.
///
/// Fourier modes on `grid` points, of which the highest third is left out, so that products have no aliases; in time
/// the exponential Runge–Kutta method ETDRK4, of order 4 in dt / substeps (at most 0.5 s; 0.25 s errs by
/// some 10⁻⁴ to 10⁻³ in 4 s, an eighth of it by less than 10⁻⁶), its coefficients averaged over a circle of 32 points. Copies that differ by rounding are independent
/// after about 800 s at L = 22, so no other integrator gives the same values further on.
///
/// Draws: as many standard normals per realization as the grid has points, the realization slowest; the transient starts
/// from their waves of wave number up to 1.5 (at least the longest), and leads onto the attractor. Two realizations share a
/// transform.
///
/// Channels: u at x = m L / M, m = 0 … M - 1: grid points where M divides the grid, interpolated by all modes
/// elsewhere.
///
/// References: Y. Kuramoto, T. Tsuzuki (1976), doi:10.1143/PTP.55.356; G. I. Sivashinsky (1977),
/// doi:10.1016/0094-5765(77)90096-0; the method: S. M. Cox, P. C. Matthews (2002), doi:10.1006/jcph.2002.6995; A.-K. Kassam,
/// L. N. Trefethen (2005), doi:10.1137/S1064827502410633.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Length L of the domain, above 0.
    #[serde(rename = "L")]
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub length: f64,
    /// Points that it is computed on: a power of two in 16..=16384, at least L.
    #[schemars(range(min = 16, max = 16384))]
    pub grid: u32,
    /// Mean of u over space, with which waves travel: at most 0.5 per Runge–Kutta step.
    pub mean: f64,
    /// Standard deviation of the field that the transient starts from, at least 0.
    #[schemars(range(min = 0.0))]
    pub amplitude: f64,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Runge–Kutta steps within a step, at least 1.
    #[schemars(range(min = 1))]
    pub substeps: u32,
    /// Seconds that are integrated and thrown away before the first step, at least 0.
    #[schemars(range(min = 0.0))]
    pub transient: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params { length: 22.0, grid: 64, mean: 0.0, amplitude: 1.0, dt: 0.25, substeps: 1, transient: 200.0 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct KuramotoSivashinsky {
    params: Params,
    stepping: Stepping,
    shape: Shape,
}

/// Longer steps than this are neither accurate nor stable.
const MAX_STEP: f64 = 0.5;

/// What waves may travel in a step: further, the method damps them as no viscosity does, those of wave number 1 by 0.6 %
/// in each step of 1, by less than 0.02 % in one of 0.5.
const MAX_WAY: f64 = 0.5;

/// The largest wave number of what it starts from, in radians: those up to 1 grow.
const SHORTEST: f64 = 1.5;

impl Model for KuramotoSivashinsky {
    const NAME: &'static str = "kuramoto_sivashinsky";
    const FAMILY: &'static str = "flows";
    const SHAPE: Shape = Shape::of(64, 500, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("L", params.length);
        let fits = params.grid.is_power_of_two() && (16..=16384).contains(&params.grid);
        problems.require("grid", fits, "be a power of two in 16..=16384", params.grid);
        let coarse = f64::from(params.grid) < params.length;
        let found = format_args!("{} for L = {}", params.grid, params.length);
        problems.require("grid", !coarse, "be at least L, to have the waves that damp", found);
        problems.finite("mean", params.mean);
        problems.non_negative("amplitude", params.amplitude);
        let orbit = Orbit::new(params.dt, params.substeps, params.transient, problems)?;
        let step = params.dt / f64::from(params.substeps);
        problems.require("dt", step <= MAX_STEP, "be at most 0.5 s times substeps", params.dt);
        let travelled = params.mean.abs() * step;
        let rule = format_args!("travel at most {MAX_WAY} in a step of dt / substeps");
        problems.require("mean", travelled <= MAX_WAY, rule, travelled);
        problems.is_empty().then(|| KuramotoSivashinsky { params, stepping: orbit.stepping(), shape })
    }

    fn facts(&self) -> Facts {
        let grid = self.params.grid as usize;
        let transforms = 9.0 * f64::from(self.params.substeps) * grid as f64 * f64::from(grid.ilog2());
        let pairs = self.shape.realizations().div_ceil(2);
        Facts::new(TimeAxis::Seconds { dt: self.params.dt })
            .attribute("dt", self.params.dt)
            .attribute("method", "etdrk4")
            .attribute("L", self.params.length)
            .attribute("grid", u64::from(self.params.grid))
            .state_bytes(16 * grid * (pairs + 20))
            .unseen(self.stepping.transient)
            .cost(transforms * pairs as f64 / self.shape.slab() as f64)
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let grid = self.params.grid as usize;
        let method = Etdrk4::new(self.params.length, grid, self.stepping.dt / self.stepping.substeps as f64);
        let pairs = realizations.len().div_ceil(2);
        let mut points = vec![0.0; 2 * pairs * grid];
        rng.fill_standard_normal(&mut points[..realizations.len() * grid]);
        // As smooth as the equation keeps fields: shorter waves would decay within a Runge–Kutta step.
        let shortest = ((SHORTEST * self.params.length / TAU) as usize).clamp(1, method.modes());
        let scale = self.params.amplitude * (grid as f64 / (2 * shortest) as f64).sqrt();
        points.iter_mut().for_each(|u| *u *= scale);
        let fields = points.chunks_exact(2 * grid).map(|pair| {
            let (one, other) = pair.split_at(grid);
            method.field(one, other, self.params.mean, shortest)
        });
        Box::new(Front {
            fields: fields.collect(),
            method,
            sampling: Sampling::new(self.shape.channels()),
            stepping: self.stepping,
            realizations,
            total: self.shape.realizations(),
            done: 0,
        })
    }

    fn truth(&self, (): &()) -> Truth {
        Truth::default()
    }
}

/// Where channels are: the turns of m/M.
struct Sampling {
    channels: usize,
    /// Cosines and sines of 2πm/M.
    turns: Vec<(f64, f64)>,
}

impl Sampling {
    fn new(channels: usize) -> Self {
        let turn = |m: usize| {
            let (sin, cos) = mts_rng::math::sin_cos(TAU * (m as f64 / channels as f64));
            (cos, sin)
        };
        Sampling { channels, turns: (0..channels).map(turn).collect() }
    }

    /// u of a pair of fields at channel `m`, by all of their modes.
    fn at(&self, m: usize, field: &Field, modes: usize) -> (f64, f64) {
        let points = field.re.len();
        let scale = 1.0 / points as f64;
        let (mut one, mut other) = (field.re[0], field.im[0]);
        let mut turn = 0;
        for k in 1..=modes {
            turn = (turn + m) % self.channels;
            let (cos, sin) = self.turns[turn];
            let (low, high) = (k, points - k);
            one += (field.re[low] + field.re[high]) * cos - (field.im[low] - field.im[high]) * sin;
            other += (field.im[low] + field.im[high]) * cos + (field.re[low] - field.re[high]) * sin;
        }
        (one * scale, other * scale)
    }
}

/// Running fields, two to each transform.
struct Front {
    fields: Vec<Field>,
    method: Etdrk4,
    sampling: Sampling,
    stepping: Stepping,
    realizations: Range<usize>,
    total: usize,
    /// Steps that were handed out.
    done: u64,
}

impl Front {
    fn observe(&mut self, slab: &mut [f64]) {
        let count = self.realizations.len();
        for (pair, field) in self.fields.iter().enumerate() {
            let r = 2 * pair;
            let mut write = |m: usize, (one, other): (f64, f64)| {
                slab[m * count + r] = one;
                if r + 1 < count {
                    slab[m * count + r + 1] = other;
                }
            };
            let (points, channels) = (field.re.len(), self.sampling.channels);
            if points.is_multiple_of(channels) {
                let (one, other) = self.method.points(field);
                for m in 0..channels {
                    let at = m * (points / channels);
                    write(m, (one[at], other[at]));
                }
            } else {
                for m in 0..channels {
                    write(m, self.sampling.at(m, field, self.method.modes()));
                }
            }
        }
    }
}

impl Process for Front {
    fn fill(&mut self, steps: &mut [f64]) {
        let slab = self.sampling.channels * self.realizations.len();
        for slab in steps.chunks_exact_mut(slab) {
            let count = if self.done == 0 { self.stepping.transient } else { 1 };
            for _ in 0..count * self.stepping.substeps {
                self.fields.iter_mut().for_each(|field| self.method.step(field));
            }
            self.done = self.done.saturating_add(1);
            self.observe(slab);
        }
    }

    fn save(&self, state: &mut State) {
        for field in &self.fields {
            state.f64s(&field.re);
            state.f64s(&field.im);
        }
        state.u64(self.done);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        for field in &mut self.fields {
            saved.f64s(&mut field.re)?;
            saved.f64s(&mut field.im)?;
        }
        self.done = saved.u64()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        let (channels, modes) = (self.sampling.channels, self.method.modes());
        let mut initial = Vec::with_capacity(channels * self.realizations.len());
        for m in 0..channels {
            for r in 0..self.realizations.len() {
                let (one, other) = self.sampling.at(m, &self.fields[r / 2], modes);
                initial.push(if r % 2 == 0 { one } else { other });
            }
        }
        truth.columns("initial_state", &[channels], self.total, self.realizations.clone(), &initial);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_that_cannot_hold_the_field_are_refused() {
        for (params, words) in [
            (
                Params { grid: 48, ..Params::default() },
                "parameter \"grid\" must be a power of two in 16..=16384, found 48",
            ),
            (
                Params { length: 100.0, ..Params::default() },
                "parameter \"grid\" must be at least L, to have the waves that damp, found 64 for L = 100",
            ),
            (
                Params { dt: 1.0, ..Params::default() },
                "parameter \"dt\" must be at most 0.5 s times substeps, found 1",
            ),
            (
                Params { mean: -5.0, ..Params::default() },
                "parameter \"mean\" must travel at most 0.5 in a step of dt / substeps, found 1.25",
            ),
        ] {
            let mut problems = Problems::default();
            assert!(KuramotoSivashinsky::new(params, KuramotoSivashinsky::SHAPE, &mut problems).is_none());
            assert_eq!(problems.to_string(), words);
        }
    }
}
