//! Geometric Brownian motion.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("gbm").expect("compiled in");
//! let params = serde_json::json!({ "dt": 0.1, "mu": 0.1, "sigma": 0.2 });
//! let model = entry.build(params, Shape::new(2, 16, 2)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(4_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[4..7], [0.9673229269973547, 0.9969545549970844, 1.1198818002125748]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Numbers, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::Rng;
use mts_rng::math::kernel;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::walk::{self, Step, Walk};
use crate::initial::Initial;

/// Geometric Brownian motion: a positive price whose logarithm walks at random.
///
/// dS = μ S dt + σ S dW (Itô). The step S_{t+dt} = S_t exp((μ - σ²/2) dt + σ √dt Z) is exact. The
/// first value is the initial state; then one draw per value. E S_t = S₀ exp(μ t), and log S_t is
/// normal with mean log S₀ + (μ - σ²/2) t and variance σ² t. Where 2μ exceeds σ², values
/// overflow in the long run, which is reported; where it is less, they sink to 0, the least float.
///
/// Reference: F. Black, M. Scholes (1973), doi:10.1086/260062.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Drift μ per second.
    pub mu: f64,
    /// Volatility σ per square root of a second, at least 0.
    #[schemars(range(min = 0.0))]
    pub sigma: f64,
    /// Initial state, above 0: one number, one per channel, else one per realization, or a
    /// (channel, realization) matrix.
    #[serde(rename = "S0")]
    pub initial: Numbers,
}

impl Default for Params {
    fn default() -> Self {
        Params { dt: 1.0, mu: 0.0, sigma: 1.0, initial: 1.0.into() }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct GeometricBrownian {
    dt: f64,
    mu: f64,
    sigma: f64,
    initial: Initial,
    shape: Shape,
}

impl Model for GeometricBrownian {
    const NAME: &'static str = "gbm";
    const FAMILY: &'static str = "sde";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let Params { dt, mu, sigma, initial } = params;
        problems.positive("dt", dt);
        problems.finite("mu", mu);
        problems.non_negative("sigma", sigma);
        for level in initial.data().iter().filter(|level| **level <= 0.0).take(1) {
            problems.positive("S0", *level);
        }
        let initial = walk::initial("S0", &initial, shape, problems)?;
        problems.is_empty().then_some(GeometricBrownian { dt, mu, sigma, initial, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Seconds { dt: self.dt })
            .attribute("dt", self.dt)
            .attribute("mu", self.mu)
            .attribute("sigma", self.sigma)
            .state_bytes(8 * self.shape.slab())
            .cost(3.5 + 3.0 / self.shape.slab() as f64)
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let step = Growth {
            drift: (self.mu - 0.5 * self.sigma * self.sigma) * self.dt,
            scale: self.sigma * self.dt.sqrt(),
        };
        Box::new(Walk::new(step, rng, &self.initial, self.shape.realizations(), realizations))
    }

    fn truth(&self, _: &()) -> Truth {
        Truth::default()
    }
}

struct Growth {
    drift: f64,
    scale: f64,
}

impl Step for Growth {
    #[inline(always)]
    fn prepare(&self, normals: &mut [f64]) {
        for z in &mut *normals {
            *z = self.drift + self.scale * *z;
        }
        kernel::exp_in_place(normals);
    }

    #[inline(always)]
    fn step(&self, last: &mut [f64], slab: &mut [f64]) {
        for (x, last) in slab.iter_mut().zip(last) {
            *last *= *x;
            *x = *last;
        }
    }
}
