//! Brownian motion.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("brownian").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "dt": 0.1, "sigma": 0.5 }), Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(3_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[6..9], [0.322697647188342, -0.4040861217699179, 0.06610723213715469]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Numbers, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::abm::Drifted;
use super::walk::{self, Walk};
use crate::initial::Initial;

/// Brownian motion: a continuous random walk without drift.
///
/// dX = σ dW. The step X_{t+dt} = X_t + σ √dt Z is exact. The first value is the initial state; then
/// one draw per value. Var X_t = σ² t, independent increments.
///
/// Reference: N. Wiener (1923), Differential-space, doi:10.1002/sapm192321131.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
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
        Params { dt: 1.0, sigma: 1.0, initial: 0.0.into() }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Brownian {
    dt: f64,
    sigma: f64,
    initial: Initial,
    shape: Shape,
}

impl Model for Brownian {
    const NAME: &'static str = "brownian";
    const FAMILY: &'static str = "sde";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let Params { dt, sigma, initial } = params;
        problems.positive("dt", dt);
        problems.non_negative("sigma", sigma);
        let initial = walk::initial("X0", &initial, shape, problems)?;
        problems.is_empty().then_some(Brownian { dt, sigma, initial, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Seconds { dt: self.dt })
            .attribute("dt", self.dt)
            .attribute("mu", 0.0)
            .attribute("sigma", self.sigma)
            .state_bytes(8 * self.shape.slab())
            .cost(2.5 + 3.0 / self.shape.slab() as f64)
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let step = Drifted::new(0.0, self.sigma, self.dt);
        Box::new(Walk::new(step, rng, &self.initial, self.shape.realizations(), realizations))
    }

    fn truth(&self, _: &()) -> Truth {
        Truth::default()
    }
}
