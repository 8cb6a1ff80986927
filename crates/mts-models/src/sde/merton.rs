//! Merton's price with jumps.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("merton_jump").expect("compiled in");
//! let params = serde_json::json!({ "lambda": 5.0, "dt": 0.1 });
//! let model = entry.build(params, Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[6..9], [1.0465935424917177, 0.8677530767342799, 1.0285240803396793]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Facts, Label, Map, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, TimeAxis, Truth,
};
use mts_rng::laws::{Law, Poisson};
use mts_rng::{Rng, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::walk;
use crate::initial::Initial;

/// Merton's jump diffusion: a price that diffuses like geometric Brownian motion and now and then jumps; every
/// jump is labelled.
///
/// dS/S = (μ - λ k) dt + σ dW + (Y - 1) dN (Itô), N a Poisson process of rate λ, ln Y normal with mean m and
/// standard deviation δ, k = E Y - 1 = exp(m + δ²/2) - 1. The step
/// ln S_{t+dt} = ln S_t + (μ - λ k - σ²/2) dt + σ √dt Z + n m + δ √n Z', n Poisson of mean λ dt, is exact.
/// E S_t = S₀ exp(μ t); the increments of ln S have mean (μ - λ k - σ²/2) dt + λ m dt, variance
/// (σ² + λ (m² + δ²)) dt and third central moment λ (m³ + 3 m δ²) dt.
///
/// The first value is the initial state; then for each step a normal for each value, a count for each, and
/// another normal for each value that jumps.
///
/// Labels: `jump` in each channel, realization and step that has one, with the sum of its logarithms, `size`,
/// and how many there were, `count`.
///
/// Reference: R. C. Merton (1976), doi:10.1016/0304-405X(76)90022-2.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Drift μ per second, jumps included.
    pub mu: f64,
    /// Volatility σ between jumps per square root of a second, at least 0.
    #[schemars(range(min = 0.0))]
    pub sigma: f64,
    /// Jumps λ per second, at least 0.
    #[schemars(range(min = 0.0))]
    pub lambda: f64,
    /// Mean m of the logarithm of a jump.
    pub jump_mean: f64,
    /// Standard deviation δ of the logarithm of a jump, at least 0.
    #[schemars(range(min = 0.0))]
    pub jump_sd: f64,
    /// Initial state, above 0: one number, one per channel, else one per realization, or a (channel,
    /// realization) matrix.
    #[serde(rename = "S0")]
    pub initial: Numbers,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            mu: 0.05,
            sigma: 0.2,
            lambda: 1.0,
            jump_mean: -0.1,
            jump_sd: 0.15,
            initial: 1.0.into(),
            dt: 0.01,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct MertonJump {
    params: Params,
    counts: Poisson,
    initial: Initial,
    shape: Shape,
}

/// Jumps in a step, at most: more are nearly a normal.
const MAX_JUMPS: f64 = 1e6;

impl Model for MertonJump {
    const NAME: &'static str = "merton_jump";
    const FAMILY: &'static str = "sde";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.finite("mu", params.mu);
        problems.non_negative("sigma", params.sigma);
        problems.non_negative("lambda", params.lambda);
        problems.finite("jump_mean", params.jump_mean);
        problems.non_negative("jump_sd", params.jump_sd);
        problems.positive("dt", params.dt);
        if let Some(bad) = params.initial.data().iter().find(|x| **x <= 0.0) {
            problems.positive("S0", *bad);
        }
        let initial = walk::initial("S0", &params.initial, shape, problems)?;
        let each = params.lambda * params.dt;
        if problems.is_empty() {
            let rule = format_args!("times dt be at most {MAX_JUMPS:e} jumps per step");
            problems.require("lambda", each <= MAX_JUMPS, rule, each);
            let gain = params.gain();
            problems.require("jump_mean", gain.is_finite(), "give jumps of a finite mean", gain);
        }
        let counts = Poisson::new(each).ok().filter(|_| problems.is_empty())?;
        Some(MertonJump { params, counts, initial, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Seconds { dt: self.params.dt })
            .attribute("dt", self.params.dt)
            .attribute("mu", self.params.mu)
            .attribute("sigma", self.params.sigma)
            .attribute("lambda", self.params.lambda)
            .attribute("jump_mean", self.params.jump_mean)
            .attribute("jump_sd", self.params.jump_sd)
            .state_bytes(8 * self.shape.slab())
            .cost(10.0 + 20.0 * (self.params.lambda * self.params.dt).min(1.0))
            .labelled()
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let Params { mu, sigma, lambda, jump_mean, jump_sd, dt, .. } = self.params;
        let first = self.initial.columns(realizations.clone());
        Box::new(Jumping {
            drift: (mu - lambda * self.params.gain() - 0.5 * sigma * sigma) * dt,
            noise: sigma * dt.sqrt(),
            jump_mean,
            jump_sd,
            counts: self.counts,
            now: vec![0; first.len()],
            logs: first.iter().map(|s| math::ln(*s)).collect(),
            first,
            done: 0,
            labels: Vec::new(),
            realizations,
            total: self.shape.realizations(),
            rng,
        })
    }

    fn truth(&self, (): &()) -> Truth {
        let Params { mu, sigma, lambda, jump_mean, jump_sd, dt, .. } = self.params;
        let mean = mu - lambda * self.params.gain() - 0.5 * sigma * sigma + lambda * jump_mean;
        let variance = sigma * sigma + lambda * (jump_mean * jump_mean + jump_sd * jump_sd);
        let mut truth = Truth::default();
        truth.scalar("mean_gain_of_a_jump", self.params.gain());
        truth.scalar("log_increment_mean", mean * dt);
        truth.scalar("log_increment_variance", variance * dt);
        truth
    }
}

impl Params {
    /// k = E Y - 1
    fn gain(&self) -> f64 {
        math::exp_m1(self.jump_mean + 0.5 * self.jump_sd * self.jump_sd)
    }
}

struct Jumping {
    drift: f64,
    noise: f64,
    jump_mean: f64,
    jump_sd: f64,
    counts: Poisson,
    /// Jumps of each value in the step that is made.
    now: Vec<u64>,
    /// ln S of the last step.
    logs: Vec<f64>,
    first: Vec<f64>,
    /// Steps that were made.
    done: u64,
    labels: Vec<Label>,
    realizations: Range<usize>,
    total: usize,
    rng: Rng,
}

impl Jumping {
    fn jump(&mut self, step: usize) {
        let count = self.realizations.len();
        for (at, (log, &jumps)) in self.logs.iter_mut().zip(&self.now).enumerate() {
            if jumps == 0 {
                continue;
            }
            let n = jumps as f64;
            let size = n * self.jump_mean + self.jump_sd * n.sqrt() * self.rng.standard_normal();
            *log += size;
            let mut details = Map::new();
            details.insert("size", size);
            details.insert("count", jumps as i64);
            self.labels.push(Label {
                channel: Some(at / count),
                realization: Some(self.realizations.start + at % count),
                steps: step..step + 1,
                kind: "jump",
                details,
            });
        }
    }
}

impl Process for Jumping {
    fn fill(&mut self, steps: &mut [f64]) {
        for slab in steps.chunks_exact_mut(self.logs.len()) {
            if self.done == 0 {
                slab.copy_from_slice(&self.first);
            } else {
                self.rng.fill_standard_normal(slab);
                for (log, z) in self.logs.iter_mut().zip(&*slab) {
                    *log += self.drift + self.noise * z;
                }
                self.counts.fill(&mut self.rng, &mut self.now);
                // Most steps have none.
                if self.now.iter().any(|jumps| *jumps > 0) {
                    self.jump(self.done as usize);
                }
                slab.copy_from_slice(&self.logs);
                math::exp_in_place(slab);
            }
            self.done = self.done.saturating_add(1);
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.logs);
        state.u64(self.done);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.logs)?;
        // Half the range: the step after the last one is a number as well.
        self.done = saved.index(usize::MAX / 2)? as u64;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        let channels = self.first.len() / self.realizations.len();
        truth.columns("initial_state", &[channels], self.total, self.realizations.clone(), &self.first);
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        labels.append(&mut self.labels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_price_is_refused() {
        for (params, rule) in [
            (serde_json::json!({ "lambda": -1 }), "\"lambda\" must be >= 0"),
            (serde_json::json!({ "lambda": 1e9 }), "at most 1e6 jumps per step, found 10000000"),
            (serde_json::json!({ "jump_sd": -0.1 }), "\"jump_sd\" must be >= 0"),
            (serde_json::json!({ "jump_sd": 50 }), "finite mean"),
            (serde_json::json!({ "S0": [1, 0] }), "\"S0\" must be > 0"),
        ] {
            let mut problems = Problems::default();
            let params = serde_json::from_value(params).unwrap();
            assert!(MertonJump::new(params, Shape::of(2, 1, 1), &mut problems).is_none());
            assert!(problems.to_string().contains(rule), "{problems}");
        }
    }
}
