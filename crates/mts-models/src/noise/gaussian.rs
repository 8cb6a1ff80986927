//! White Gaussian noise.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("noise_gaussian").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "sigma": 0.3 }), Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [0.00036904600724477226, 0.08962366125254097, -0.08224135660866527]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Law, Model, Problems, Process, Saved, Shape, State, StateError, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// White Gaussian noise: independent normal values in every channel, step and realization.
///
/// x_t = σ Z_t with Z_t standard normal. One draw per value, in the order of the values. Mean 0,
/// variance σ², autocorrelation 0 at every lag, flat spectrum.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Standard deviation σ, at least 0.
    #[schemars(range(min = 0.0))]
    pub sigma: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params { sigma: 1.0 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct NoiseGaussian {
    sigma: f64,
}

impl Model for NoiseGaussian {
    const NAME: &'static str = "noise_gaussian";
    const FAMILY: &'static str = "noise";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, _: Shape, problems: &mut Problems) -> Option<Self> {
        problems.non_negative("sigma", params.sigma);
        problems.is_empty().then_some(NoiseGaussian { sigma: params.sigma })
    }

    fn facts(&self) -> Facts {
        let law = Law::Normal { mean: 0.0, variance: self.sigma * self.sigma };
        Facts::new(TimeAxis::Steps)
            .attribute("distribution", "gaussian")
            .attribute("sigma", self.sigma)
            .law((self.sigma > 0.0).then_some(law))
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, _: Range<usize>, rng: Rng) -> Box<dyn Process> {
        Box::new(Noise { sigma: self.sigma, rng })
    }

    fn truth(&self, _: &()) -> Truth {
        Truth::default()
    }
}

struct Noise {
    sigma: f64,
    rng: Rng,
}

impl Process for Noise {
    fn fill(&mut self, steps: &mut [f64]) {
        self.rng.fill_normal(0.0, self.sigma, steps);
    }
    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)
    }
}
