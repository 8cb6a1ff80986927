//! White Cauchy noise.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("cauchy_noise").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "gamma": 0.8 }), Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [0.003294183719675338, 0.24625229509827773, 0.36680067742349554]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Law, Model, Problems, Process, Saved, Shape, State, StateError, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// White Cauchy noise: independent values with tails so heavy that they have no mean.
///
/// x_t = γ C_t with C_t standard Cauchy, the ratio of two standard normals: two draws per value, in
/// the order of the values. Density 1 / (π γ (1 + (x/γ)²)); median 0, quartiles ±γ; no moments.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Scale γ: half the distance between the quartiles, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub gamma: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params { gamma: 1.0 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct CauchyNoise {
    gamma: f64,
}

impl Model for CauchyNoise {
    const NAME: &'static str = "cauchy_noise";
    const FAMILY: &'static str = "noise";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, _: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("gamma", params.gamma);
        problems.is_empty().then_some(CauchyNoise { gamma: params.gamma })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Steps)
            .attribute("distribution", "cauchy")
            .attribute("gamma", self.gamma)
            .cost(5.0)
            .law((self.gamma > 0.0).then_some(Law::Cauchy { location: 0.0, scale: self.gamma }))
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, _: Range<usize>, rng: Rng) -> Box<dyn Process> {
        Box::new(Noise { gamma: self.gamma, rng })
    }

    fn truth(&self, _: &()) -> Truth {
        Truth::default()
    }
}

struct Noise {
    gamma: f64,
    rng: Rng,
}

impl Process for Noise {
    fn fill(&mut self, steps: &mut [f64]) {
        self.rng.fill_standard_cauchy(steps);
        steps.iter_mut().for_each(|x| *x *= self.gamma);
    }
    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)
    }
}
