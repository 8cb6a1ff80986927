//! Arithmetic Brownian motion.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("abm").expect("compiled in");
//! let params = serde_json::json!({ "dt": 0.1, "mu": 0.2, "sigma": 0.3 });
//! let model = entry.build(params, Shape::new(2, 16, 2)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(4_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[4..7], [-0.04183433802998034, 0.003424862288992605, 0.17783471631987652]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Numbers, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::walk::{self, Step, Walk};
use crate::initial::Initial;

/// Arithmetic Brownian motion: a continuous random walk with constant drift.
///
/// dX = μ dt + σ dW. The step X_{t+dt} = X_t + (μ dt + σ √dt Z) is exact. The first value is the
/// initial state; then one draw per value. E X_t = X₀ + μ t, Var X_t = σ² t.
///
/// Reference: L. Bachelier (1900), Théorie de la spéculation, doi:10.24033/asens.476.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Drift μ per second.
    pub mu: f64,
    /// Standard deviation σ per square root of a second, at least 0.
    #[schemars(range(min = 0.0))]
    pub sigma: f64,
    /// Initial state: one number, one per channel, else one per realization, or a (channel,
    /// realization) matrix.
    #[serde(rename = "X0")]
    pub initial: Numbers,
}

impl Default for Params {
    fn default() -> Self {
        Params { dt: 1.0, mu: 0.0, sigma: 1.0, initial: 0.0.into() }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct ArithmeticBrownian {
    dt: f64,
    mu: f64,
    sigma: f64,
    initial: Initial,
    shape: Shape,
}

impl Model for ArithmeticBrownian {
    const NAME: &'static str = "abm";
    const FAMILY: &'static str = "sde";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let Params { dt, mu, sigma, initial } = params;
        problems.positive("dt", dt);
        problems.finite("mu", mu);
        problems.non_negative("sigma", sigma);
        let initial = walk::initial("X0", &initial, shape, problems)?;
        problems.is_empty().then_some(ArithmeticBrownian { dt, mu, sigma, initial, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Seconds { dt: self.dt })
            .attribute("dt", self.dt)
            .attribute("mu", self.mu)
            .attribute("sigma", self.sigma)
            .state_bytes(8 * self.shape.slab())
            .cost(2.5 + 3.0 / self.shape.slab() as f64)
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let step = Drifted::new(self.mu, self.sigma, self.dt);
        Box::new(Walk::new(step, rng, &self.initial, self.shape.realizations(), realizations))
    }

    fn truth(&self, _: &()) -> Truth {
        Truth::default()
    }
}

/// x + (drift + scale·z): no fused multiply-add, so that the values equal the reference's.
pub(super) struct Drifted {
    drift: f64,
    scale: f64,
}

impl Drifted {
    pub(super) fn new(mu: f64, sigma: f64, dt: f64) -> Self {
        Drifted { drift: mu * dt, scale: sigma * dt.sqrt() }
    }
}

impl Step for Drifted {
    #[inline(always)]
    fn step(&self, last: &mut [f64], slab: &mut [f64]) {
        for (x, last) in slab.iter_mut().zip(last) {
            *last += self.drift + self.scale * *x;
            *x = *last;
        }
    }
}
