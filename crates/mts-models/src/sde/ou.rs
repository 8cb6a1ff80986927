//! The Ornstein–Uhlenbeck process.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("ou").expect("compiled in");
//! let params = serde_json::json!({ "mu": 1.0, "theta": 0.7, "sigma": 0.5, "dt": 0.1 });
//! let model = entry.build(params, Shape::new(3, 15, 2)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(42_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[6..9], [0.11414804733862285, -0.09123887791226828, 0.18222857000702097]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Array, Facts, Law, Model, Numbers, Problems, Process, Shape, Tensor, TimeAxis, Truth};
use mts_rng::{Rng, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::walk::{Step, Walk};
use crate::each::{each, repeated};
use crate::initial::{Initial, Reading};

/// The Ornstein–Uhlenbeck process: noise that is pulled back to a mean.
///
/// dX = θ (μ - X) dt + σ dW. The step X_{t+dt} = μ + (X_t - μ) φ + s Z with φ = exp(-θ dt) and
/// s = σ √((1 - φ²) / 2θ) is exact for θ > 0, up to a relative rounding of s of about 10⁻¹⁶ / (θ dt).
/// For θ ≤ 0 (no pull, or repulsion) s = σ √dt: exact at θ = 0, of first order in dt below.
///
/// The first value is the initial state; then one draw per value.
/// Stationary law for θ > 0: normal with mean μ and variance σ² / 2θ; autocorrelation exp(-θ τ).
///
/// References: G. E. Uhlenbeck, L. S. Ornstein (1930), doi:10.1103/PhysRev.36.823; the exact step:
/// D. T. Gillespie (1996), doi:10.1103/PhysRevE.54.2084.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Mean μ: one number, or one per channel.
    pub mu: Numbers,
    /// Rate of return θ per second: one number, or one per channel.
    pub theta: Numbers,
    /// Noise σ per square root of a second, at least 0: one number, or one per channel.
    pub sigma: Numbers,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Initial state: one number per channel, or a matrix, read as (realization, channel) where
    /// that fits, else as (channel, realization). 0 where not given.
    pub x0: Option<Tensor>,
}

impl Default for Params {
    fn default() -> Self {
        Params { mu: 0.0.into(), theta: 1.0.into(), sigma: 1.0.into(), dt: 1.0, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct OrnsteinUhlenbeck {
    mu: Vec<f64>,
    theta: Vec<f64>,
    sigma: Vec<f64>,
    dt: f64,
    initial: Initial,
    shape: Shape,
}

impl Model for OrnsteinUhlenbeck {
    const NAME: &'static str = "ou";
    const FAMILY: &'static str = "sde";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("dt", params.dt);
        let mu = each("mu", &params.mu, shape.channels(), problems);
        let theta = each("theta", &params.theta, shape.channels(), problems);
        for sigma in params.sigma.data().iter().filter(|sigma| **sigma < 0.0).take(1) {
            problems.non_negative("sigma", *sigma);
        }
        let sigma = each("sigma", &params.sigma, shape.channels(), problems);
        let initial = match &params.x0 {
            None => Some(Initial::constant(0.0, shape)),
            Some(x0) => Initial::new("x0", (x0.shape(), x0.data()), &STATE, shape, problems),
        };
        let (mu, theta, sigma, initial) = (mu?, theta?, sigma?, initial?);
        problems.is_empty().then_some(OrnsteinUhlenbeck { mu, theta, sigma, dt: params.dt, initial, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Seconds { dt: self.dt })
            .attribute("dt", self.dt)
            .attribute("theta", Array::from(self.theta.clone()))
            .attribute("mu", Array::from(self.mu.clone()))
            .attribute("sigma", Array::from(self.sigma.clone()))
            .state_bytes(32 * self.shape.slab())
            .cost(2.7 + 5.0 / self.shape.slab() as f64)
            .laws(self.laws())
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let per_value = |numbers: &[f64]| repeated(numbers, realizations.len());
        let (theta, sigma) = (self.theta.clone(), self.sigma.clone());
        let decay: Vec<f64> = theta.iter().map(|theta| math::exp(-theta * self.dt)).collect();
        let rates = theta.iter().zip(&sigma).zip(&decay);
        let noise: Vec<f64> =
            rates.map(|((theta, sigma), decay)| self.noise(*theta, *sigma, *decay)).collect();
        let step =
            Return { mu: per_value(&self.mu.clone()), decay: per_value(&decay), noise: per_value(&noise) };
        Box::new(Walk::new(step, rng, &self.initial, self.shape.realizations(), realizations))
    }

    fn truth(&self, _: &()) -> Truth {
        Truth::default()
    }
}

impl OrnsteinUhlenbeck {
    /// What each channel tends to: none where one of them does not return, or has no noise.
    fn laws(&self) -> impl Iterator<Item = Option<Law>> + Clone {
        let law = |((mean, theta), sigma): ((&f64, &f64), &f64)| {
            let decay = math::exp(-theta * self.dt);
            let noise = self.noise(*theta, *sigma, decay);
            let variance = noise * noise / (1.0 - decay * decay);
            (*theta > 0.0 && variance > 0.0).then_some(Law::Normal { mean: *mean, variance })
        };
        self.mu.iter().zip(&self.theta).zip(&self.sigma).map(law)
    }

    /// The reference's formula, whose values ours equal; `expm1` would keep the digits that the
    /// difference loses for slow returns.
    fn noise(&self, theta: f64, sigma: f64, decay: f64) -> f64 {
        if theta > 0.0 {
            sigma * ((1.0 - decay * decay) / (2.0 * theta)).sqrt()
        } else {
            sigma * self.dt.sqrt()
        }
    }
}

const STATE: [Reading; 3] = [Reading::Channels, Reading::Transposed, Reading::Matrix];

/// μ + (x - μ)·φ + s·z, one number of each per value of a slab.
struct Return {
    mu: Vec<f64>,
    decay: Vec<f64>,
    noise: Vec<f64>,
}

impl Step for Return {
    #[inline(always)]
    fn step(&self, last: &mut [f64], slab: &mut [f64]) {
        let parameters = self.mu.iter().zip(&self.decay).zip(&self.noise);
        for ((x, last), ((mu, decay), noise)) in slab.iter_mut().zip(last).zip(parameters) {
            *last = noise * *x + (mu + (*last - mu) * decay);
            *x = *last;
        }
    }
}
