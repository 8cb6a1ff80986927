//! White uniform noise.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("uniform_noise").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "low": -0.5, "high": 1.5 }), Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [0.7501909332093339, 1.294427601939151, 1.051371380490387]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::white::White;

/// White uniform noise: independent values, all equally likely between two bounds.
///
/// x_t = low + (high - low) U_t with U_t uniform on [0, 1). One draw per value, in the order of the values.
/// Mean (low + high)/2, variance (high - low)²/12, kurtosis 9/5, flat spectrum.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Lower bound, which occurs.
    pub low: f64,
    /// Upper bound, above `low`; it occurs only where a value is rounded to it.
    pub high: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params { low: -1.0, high: 1.0 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct UniformNoise {
    low: f64,
    high: f64,
}

impl Model for UniformNoise {
    const NAME: &'static str = "uniform_noise";
    const FAMILY: &'static str = "noise";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, _: Shape, problems: &mut Problems) -> Option<Self> {
        let Params { low, high } = params;
        problems.finite("low", low);
        problems.finite("high", high);
        if problems.is_empty() {
            problems.require("high", high > low, format_args!("be above low = {low}"), high);
            problems.require("high", (high - low).is_finite(), "be at a finite distance from low", high);
        }
        problems.is_empty().then_some(UniformNoise { low, high })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Steps)
            .attribute("distribution", "uniform")
            .attribute("low", self.low)
            .attribute("high", self.high)
            .cost(1.6)
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, _: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let UniformNoise { low, high } = *self;
        Box::new(White::new(rng, move |rng, values| rng.fill_uniform(low, high, values)))
    }

    fn truth(&self, (): &()) -> Truth {
        let width = self.high - self.low;
        let mut truth = Truth::default();
        truth.scalar("mean", self.low + 0.5 * width);
        truth.scalar("variance", width * width / 12.0);
        truth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_in_the_wrong_order_are_refused() {
        for (low, high, rule) in
            [(1.0, 1.0, "above low = 1"), (f64::NAN, 1.0, "finite"), (-1e308, 1e308, "finite distance")]
        {
            let mut problems = Problems::default();
            assert!(UniformNoise::new(Params { low, high }, Shape::of(1, 1, 1), &mut problems).is_none());
            assert!(problems.to_string().contains(rule), "{problems}");
        }
    }
}
