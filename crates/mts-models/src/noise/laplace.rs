//! White Laplace noise.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("laplace_noise").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "scale": 0.5 }), Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [0.1439683412373036, 0.7909785025451798, 0.40077993076998664]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::Rng;
use mts_rng::laws::{Laplace, Law};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::white::White;

/// White Laplace noise: independent values with a sharp peak and exponential tails.
///
/// Density exp(-|x - loc| / scale) / (2 scale), drawn by inverting the distribution function: one draw per
/// value, in the order of the values. Mean and median loc, variance 2 scale², kurtosis 6, flat spectrum.
///
/// Reference: S. Kotz, T. J. Kozubowski, K. Podgórski (2001), The Laplace Distribution and Generalizations,
/// doi:10.1007/978-1-4612-0173-1.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Mean distance from the centre, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub scale: f64,
    /// Centre.
    pub loc: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params { scale: 1.0, loc: 0.0 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct LaplaceNoise {
    params: Params,
    law: Laplace,
}

impl Model for LaplaceNoise {
    const NAME: &'static str = "laplace_noise";
    const FAMILY: &'static str = "noise";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, _: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("scale", params.scale);
        problems.finite("loc", params.loc);
        let law = Laplace::new(params.loc, params.scale).ok()?;
        problems.is_empty().then_some(LaplaceNoise { params, law })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Steps)
            .attribute("distribution", "laplace")
            .attribute("scale", self.params.scale)
            .attribute("loc", self.params.loc)
            .cost(4.0)
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, _: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let law = self.law;
        Box::new(White::new(rng, move |rng, values| law.fill(rng, values)))
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        truth.scalar("mean", self.params.loc);
        truth.scalar("variance", 2.0 * self.params.scale * self.params.scale);
        truth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_that_are_none_are_refused() {
        for (scale, loc, rule) in [(0.0, 0.0, "> 0"), (1.0, f64::NAN, "finite")] {
            let mut problems = Problems::default();
            assert!(LaplaceNoise::new(Params { scale, loc }, Shape::of(1, 1, 1), &mut problems).is_none());
            assert!(problems.to_string().contains(rule), "{problems}");
        }
    }
}
