//! Mackey's and Glass' delayed feedback.
//!
//! ```
//! use mts_core::{Dataset, Series, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("mackey_glass").expect("compiled in");
//! let model = entry.build(serde_json::json!({}), entry.shape())?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [1.0132233666049915, 0.9763490867849399, 0.9331651925307057]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis, Truth};
use mts_rng::{Rng, math, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::delay::Delay;
use crate::initial::{Columns, Origin};
use crate::orbit::Orbit;

/// Mackey's and Glass' number of blood cells, made after a delay: chaos of as high a dimension as the delay is long.
///
/// dx/dt = β x(t-τ) / (1 + x(t-τ)ⁿ) - γ x. Each channel is an equation of its own. Integrated by the classical
/// Runge–Kutta method with steps of h = dt / substeps, the past between them interpolated by Hermite's cubic: order
/// 4. τ is a whole number of steps h, so that the kinks which the start leaves at multiples of τ lie between steps;
/// delays shorter than a step are refused. With β = 0.2, γ = 0.1, n = 10 the fixed point x = 1 is stable
/// for τ below 4.71; cycles double their period until chaos at τ = 16.8. At τ = 17 the largest Lyapunov exponent is
/// about 0.005 per second.
///
/// Draws: where `x0` is not given, a number per channel and realization, uniform on [0.5, 1.5), which x was until
/// the transient starts.
///
/// References: M. C. Mackey, L. Glass (1977), doi:10.1126/science.267326; J. D. Farmer (1982),
/// doi:10.1016/0167-2789(82)90042-2.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Production β per second, at least 0.
    #[schemars(range(min = 0.0))]
    pub beta: f64,
    /// Decay γ per second, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub gamma: f64,
    /// Steepness n of the feedback, above 0. Whole numbers up to 64 are several times as fast as others.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub n: f64,
    /// Delay τ in seconds, a whole number of steps of dt / substeps.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub tau: f64,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Runge–Kutta steps within a step, at least 1.
    #[schemars(range(min = 1))]
    pub substeps: u32,
    /// Seconds that are integrated and thrown away before the first step, at least 0.
    #[schemars(range(min = 0.0))]
    pub transient: f64,
    /// What x was until the transient starts, at least 0: one number per channel, or a matrix of one column per
    /// realization. Drawn where not given.
    pub x0: Option<Tensor>,
}

impl Default for Params {
    fn default() -> Self {
        Params { beta: 0.2, gamma: 0.1, n: 10.0, tau: 17.0, dt: 1.0, substeps: 2, transient: 500.0, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct MackeyGlass {
    params: Params,
    orbit: Orbit,
    /// τ in Runge–Kutta steps.
    delay: usize,
    origin: Origin,
    shape: Shape,
}

/// Steps of a delay, at most: they are all kept.
const MAX_DELAY: f64 = 1e6;

fn delay(tau: f64, h: f64, problems: &mut Problems) -> Option<usize> {
    let steps = tau / h;
    let whole = steps.round();
    if whole < 1.0 {
        let rule = format_args!(
            "must be at least a Runge–Kutta step of dt / substeps = {h}, found {tau}: shorter \
                          delays need more substeps"
        );
        problems.add("tau", rule);
    } else if whole > MAX_DELAY {
        problems.add("tau", format_args!("must be at most {MAX_DELAY:e} Runge–Kutta steps, found {steps:e}"));
    } else if (steps - whole).abs() > 1e-9 * whole {
        let rule = format_args!(
            "must be a whole number of Runge–Kutta steps of dt / substeps = {h}, found {tau}: {steps} of them"
        );
        problems.add("tau", rule);
    } else {
        return Some(whole as usize);
    }
    None
}

impl Model for MackeyGlass {
    const NAME: &'static str = "mackey_glass";
    const FAMILY: &'static str = "flows";
    const SHAPE: Shape = Shape::of(1, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.non_negative("beta", params.beta);
        problems.positive("gamma", params.gamma);
        problems.positive("n", params.n);
        problems.positive("tau", params.tau);
        let orbit = Orbit::new(params.dt, params.substeps, params.transient, problems);
        let origin = Origin::new(params.x0.as_ref(), shape, problems);
        let below = params.x0.iter().flat_map(|x0| x0.data()).find(|x| **x < 0.0);
        below.into_iter().for_each(|x| problems.non_negative("x0", *x));
        let (orbit, origin) = (orbit?, origin?);
        if !problems.is_empty() {
            return None;
        }
        let delay = delay(params.tau, params.dt / f64::from(params.substeps), problems)?;
        Some(MackeyGlass { params, orbit, delay, origin, shape })
    }

    fn facts(&self) -> Facts {
        self.orbit
            .attributes(Facts::new(TimeAxis::Seconds { dt: self.params.dt }))
            .attribute("tau", self.params.tau)
            .state_bytes((16 * self.delay + 64) * self.shape.slab())
            .cost((3.0 + 32.0 / self.shape.slab() as f64) * f64::from(self.params.substeps))
    }

    fn draw(&self, _rng: &mut Rng) {}

    fn start(&self, _drawn: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let width = self.shape.channels() * realizations.len();
        let (x, columns) = self.origin.start(realizations, || {
            let mut x = vec![0.0; width];
            rng.fill_uniform(0.5, 1.5, &mut x);
            x
        });
        let stepping = self.orbit.stepping();
        let zeros = vec![0.0; width];
        let mut feedback =
            Feedback { beta: self.params.beta, n: self.params.n, base: zeros.clone(), power: zeros.clone() };
        let mut past = zeros.clone();
        feedback.of(&x, &mut past);
        let gamma = self.params.gamma;
        let slope = past.iter().zip(&x).map(|(source, x)| source - gamma * x).collect();
        Box::new(Cells {
            feedback,
            gamma,
            h: stepping.dt / stepping.substeps as f64,
            substeps: stepping.substeps,
            transient: stepping.transient,
            whole: Delay::new(self.delay, &past),
            half: Delay::new(self.delay, &past),
            last: x.clone(),
            slope,
            source: past,
            now: zeros,
            x,
            started: false,
            columns,
        })
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        let Params { beta, gamma, n, tau, .. } = self.params;
        for (name, value) in [("beta", beta), ("gamma", gamma), ("n", n), ("tau", tau)] {
            truth.scalar(name, value);
        }
        truth
    }
}

/// β x / (1 + xⁿ) of whole slabs.
struct Feedback {
    beta: f64,
    n: f64,
    base: Vec<f64>,
    power: Vec<f64>,
}

impl Feedback {
    #[inline(always)]
    fn of(&mut self, x: &[f64], into: &mut [f64]) {
        if self.n == self.n.floor() && self.n <= 64.0 {
            // By squares, bit by bit of n.
            self.base.copy_from_slice(x);
            self.power.fill(1.0);
            let mut left = self.n as u32;
            loop {
                if left % 2 == 1 {
                    self.power.iter_mut().zip(&self.base).for_each(|(power, base)| *power *= base);
                }
                left /= 2;
                if left == 0 {
                    break;
                }
                self.base.iter_mut().for_each(|base| *base *= *base);
            }
        } else {
            self.power.iter_mut().zip(x).for_each(|(power, x)| *power = math::pow(*x, self.n));
        }
        for ((into, x), power) in into.iter_mut().zip(x).zip(&self.power) {
            *into = self.beta * x / (1.0 + power);
        }
    }
}

struct Cells {
    feedback: Feedback,
    gamma: f64,
    h: f64,
    substeps: usize,
    transient: usize,
    /// The feedback of the past, at the Runge–Kutta steps.
    whole: Delay,
    /// The feedback of the past, halfway between them.
    half: Delay,
    /// The state and its slope before the last Runge–Kutta step.
    last: Vec<f64>,
    slope: Vec<f64>,
    /// Room for what the delay feeds back at the beginning of a step, and for slabs.
    source: Vec<f64>,
    now: Vec<f64>,
    x: Vec<f64>,
    started: bool,
    columns: Columns,
}

impl Cells {
    #[inline(always)]
    fn step(&mut self) {
        let (h, gamma) = (self.h, self.gamma);
        self.source.copy_from_slice(self.whole.oldest());
        // Hermite's cubic halfway through the last step; before the first one it is the constant past.
        for ((((now, last), slope), x), source) in
            self.now.iter_mut().zip(&self.last).zip(&mut self.slope).zip(&self.x).zip(&self.source)
        {
            let next = source - gamma * x;
            *now = 0.5 * (last + x) + 0.125 * h * (*slope - next);
            *slope = next;
        }
        self.last.copy_from_slice(&self.now);
        self.feedback.of(&self.last, &mut self.now);
        self.half.push(&self.now);
        self.feedback.of(&self.x, &mut self.now);
        self.whole.push(&self.now);
        self.last.copy_from_slice(&self.x);
        let (half, end) = (self.half.oldest(), self.whole.oldest());
        for (((x, first), half), end) in self.x.iter_mut().zip(&self.slope).zip(half).zip(end) {
            let second = half - gamma * (*x + 0.5 * h * first);
            let third = half - gamma * (*x + 0.5 * h * second);
            let fourth = end - gamma * (*x + h * third);
            *x += h / 6.0 * (first + 2.0 * (second + third) + fourth);
        }
    }
}

struct Fill<'a> {
    cells: &'a mut Cells,
    slabs: &'a mut [f64],
}

impl simd::Kernel for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Fill { cells, slabs } = self;
        for slab in slabs.chunks_exact_mut(cells.x.len()) {
            let steps = if cells.started { 1 } else { cells.transient };
            for _ in 0..steps * cells.substeps {
                cells.step();
            }
            cells.started = true;
            slab.copy_from_slice(&cells.x);
        }
    }
}

impl Process for Cells {
    fn fill(&mut self, steps: &mut [f64]) {
        simd::dispatch(Fill { cells: self, slabs: steps });
    }

    fn save(&self, state: &mut State) {
        self.whole.save(state);
        self.half.save(state);
        state.f64s(&self.last);
        state.f64s(&self.slope);
        state.f64s(&self.x);
        state.flag(self.started);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        self.whole.restore(saved)?;
        self.half.restore(saved)?;
        saved.f64s(&mut self.last)?;
        saved.f64s(&mut self.slope)?;
        saved.f64s(&mut self.x)?;
        self.started = saved.flag()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        self.columns.tell(&self.x, truth);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn delays_that_steps_do_not_reach_are_refused() {
        let refused = |params: serde_json::Value| {
            let mut problems = Problems::default();
            let params = serde_json::from_value(params).unwrap();
            assert!(MackeyGlass::new(params, Shape::of(1, 5, 1), &mut problems).is_none());
            problems.to_string()
        };
        let short = refused(json!({ "tau": 0.1 }));
        assert!(
            short.contains("\"tau\" must be at least a Runge–Kutta step of dt / substeps = 0.5"),
            "{short}"
        );
        let part = refused(json!({ "tau": 17.3 }));
        assert!(part.contains("\"tau\" must be a whole number of Runge–Kutta steps"), "{part}");
        let long = refused(json!({ "tau": 1e7 }));
        assert!(long.contains("\"tau\" must be at most 1e6"), "{long}");
        let negative = refused(json!({ "x0": [-1.0] }));
        assert!(negative.contains("\"x0\" must be >= 0"), "{negative}");
    }
}
