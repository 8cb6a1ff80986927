//! The square-root process of Cox, Ingersoll and Ross.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("cir").expect("compiled in");
//! let params = serde_json::json!({ "theta": 0.05, "kappa": 0.7, "sigma": 0.2, "dt": 0.1 });
//! let model = entry.build(params, Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[6..9], [0.020274217814529275, 0.019208432437100492, 0.010494582296983728]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Array, Facts, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, TimeAxis, Truth,
};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::square_root::SquareRoot;
use super::walk;
use crate::each::each;
use crate::initial::Initial;

/// The Cox–Ingersoll–Ross process: a rate that is pulled back to a mean, noisier the higher it is, and never
/// negative.
///
/// dX = κ (θ - X) dt + σ √X dW (Itô). Steps are exact: X_{t+dt} is c times a noncentral chi-square of
/// 4κθ/σ² degrees of freedom and noncentrality X_t exp(-κ dt) / c, with c = σ² (1 - exp(-κ dt)) / 4κ.
/// Stationary law: gamma of shape 2κθ/σ² and scale σ²/2κ, so mean θ and variance θσ²/2κ; autocorrelation
/// exp(-κ τ).
///
/// The Feller number 2κθ/σ², which the truth holds, says whether 0 is reached: never from 1 on. Below 1 the
/// steps are as exact, and values come close to 0 or underflow to it.
///
/// The first value is the initial state, a gamma each where it is not given. Then, channel after channel, a
/// chi-square for each realization and a normal for each; where 4κθ/σ² <= 1, a Poisson count and a
/// chi-square for each.
///
/// Reference: J. C. Cox, J. E. Ingersoll, S. A. Ross (1985), doi:10.2307/1911242.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Rate of return κ per second, above 0: one number, or one per channel.
    pub kappa: Numbers,
    /// Mean θ, above 0: one number, or one per channel.
    pub theta: Numbers,
    /// Noise σ per square root of a second, above 0: one number, or one per channel.
    pub sigma: Numbers,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Initial state, at least 0: one number, one per channel, else one per realization, or a (channel,
    /// realization) matrix. Drawn from the stationary law where not given.
    pub x0: Option<Numbers>,
}

impl Default for Params {
    fn default() -> Self {
        Params { kappa: 1.0.into(), theta: 1.0.into(), sigma: 0.5.into(), dt: 0.1, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct CoxIngersollRoss {
    kappa: Vec<f64>,
    theta: Vec<f64>,
    sigma: Vec<f64>,
    dt: f64,
    /// One per channel.
    laws: Arc<Vec<SquareRoot>>,
    initial: Option<Initial>,
    shape: Shape,
}

impl Model for CoxIngersollRoss {
    const NAME: &'static str = "cir";
    const FAMILY: &'static str = "sde";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let dt = params.dt;
        problems.positive("dt", dt);
        let kappa = each("kappa", &params.kappa, shape.channels(), problems);
        let theta = each("theta", &params.theta, shape.channels(), problems);
        let sigma = each("sigma", &params.sigma, shape.channels(), problems);
        let initial = match &params.x0 {
            None => None,
            Some(x0) => {
                if let Some(bad) = x0.data().iter().find(|x| **x < 0.0) {
                    problems.non_negative("x0", *bad);
                }
                Some(walk::initial("x0", x0, shape, problems)?)
            }
        };
        let (kappa, theta, sigma) = (kappa?, theta?, sigma?);
        if !problems.is_empty() {
            return None;
        }
        let names = ["kappa", "theta", "sigma"];
        let all = kappa.iter().zip(&theta).zip(&sigma);
        let law = |((&kappa, &theta), &sigma): ((&f64, &f64), &f64)| {
            SquareRoot::new(names, [kappa, theta, sigma], dt, problems)
        };
        // The first channel that is refused speaks for all.
        let laws: Option<Vec<_>> = all.map(law).collect();
        Some(CoxIngersollRoss { kappa, theta, sigma, dt, laws: Arc::new(laws?), initial, shape })
    }

    fn facts(&self) -> Facts {
        let mixed = self.laws.iter().any(|law| law.feller() <= 0.5);
        Facts::new(TimeAxis::Seconds { dt: self.dt })
            .attribute("dt", self.dt)
            .attribute("kappa", Array::from(self.kappa.clone()))
            .attribute("theta", Array::from(self.theta.clone()))
            .attribute("sigma", Array::from(self.sigma.clone()))
            .state_bytes(16 * self.shape.slab())
            .cost(if mixed { 60.0 } else { 15.0 })
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let count = realizations.len();
        let last = match &self.initial {
            Some(initial) => initial.columns(realizations.clone()),
            None => {
                let mut last = vec![0.0; self.shape.channels() * count];
                for (law, row) in self.laws.iter().zip(last.chunks_exact_mut(count)) {
                    law.stationary(&mut rng, row);
                }
                last
            }
        };
        let room = vec![0.0; count];
        let total = self.shape.realizations();
        Box::new(Rates { laws: self.laws.clone(), last, room, started: false, realizations, total, rng })
    }

    fn truth(&self, (): &()) -> Truth {
        let (kappa, theta, sigma) = (&self.kappa, &self.theta, &self.sigma);
        let variance = |((kappa, theta), sigma): ((&f64, &f64), &f64)| theta * sigma * sigma / (2.0 * kappa);
        let variances: Vec<f64> = kappa.iter().zip(theta).zip(sigma).map(variance).collect();
        let channels = self.shape.channels();
        let mut truth = Truth::default();
        truth.array("feller", &[channels], self.laws.iter().map(SquareRoot::feller).collect());
        truth.array("stationary_mean", &[channels], theta.clone());
        truth.array("stationary_variance", &[channels], variances);
        truth
    }
}

struct Rates {
    laws: Arc<Vec<SquareRoot>>,
    last: Vec<f64>,
    /// One row.
    room: Vec<f64>,
    started: bool,
    realizations: Range<usize>,
    total: usize,
    rng: Rng,
}

impl Process for Rates {
    fn fill(&mut self, steps: &mut [f64]) {
        let count = self.room.len();
        for slab in steps.chunks_exact_mut(self.last.len()) {
            if self.started {
                let rows = slab.chunks_exact_mut(count).zip(self.last.chunks_exact(count));
                for ((next, last), law) in rows.zip(&*self.laws) {
                    law.step(&mut self.rng, last, next, &mut self.room);
                }
                self.last.copy_from_slice(slab);
            } else {
                self.started = true;
                slab.copy_from_slice(&self.last);
            }
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
        let channels = self.laws.len();
        truth.columns("initial_state", &[channels], self.total, self.realizations.clone(), &self.last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_that_are_none_are_refused() {
        for (params, rule) in [
            (serde_json::json!({ "kappa": 0 }), "\"kappa\" must be > 0, found 0"),
            (serde_json::json!({ "theta": [1.0, -0.5] }), "\"theta\" must be > 0, found -0.5"),
            (serde_json::json!({ "sigma": 1e-200 }), "comparable"),
            (serde_json::json!({ "x0": -1 }), "\"x0\" must be >= 0, found -1"),
            (serde_json::json!({ "kappa": [1, 2, 3] }), "2 (one per channel), found shape [3]"),
        ] {
            let mut problems = Problems::default();
            let params = serde_json::from_value(params).unwrap();
            assert!(CoxIngersollRoss::new(params, Shape::of(2, 1, 1), &mut problems).is_none());
            assert!(problems.to_string().contains(rule), "{problems}");
        }
    }
}
