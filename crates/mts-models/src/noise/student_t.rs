//! White noise of Student's law.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("student_t_noise").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "nu": 4.0, "scale": 0.5 }), Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [0.0006027180717485698, -0.5882881851269702, 0.021094153718310166]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Law as Density, Model, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::Rng;
use mts_rng::laws::{Law, StandardT};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::white::White;

/// White noise of Student's t law: independent values whose tails are as heavy as one wants.
///
/// x_t = scale · Z_t / √(G_t / (ν/2)) with Z_t standard normal and G_t standard gamma of shape ν/2: a normal
/// and a gamma per value, in the order of the values. Density proportional to (1 + (x/scale)² / ν)^(-(ν+1)/2).
/// Moments exist below order ν: the mean is 0 for ν > 1, the variance scale² ν / (ν - 2) for ν > 2, the
/// kurtosis 3 + 6/(ν - 4) for ν > 4. ν = 1 is Cauchy's law, a large ν nearly the normal one. Below ν = 0.1
/// values that overflow, which is reported, are no longer rare.
///
/// Reference: Student (1908), doi:10.1093/biomet/6.1.1.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Degrees of freedom ν, above 0, fractions allowed.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub nu: f64,
    /// Scale, above 0: the standard deviation is larger by √(ν / (ν - 2)).
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub scale: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params { nu: 3.0, scale: 1.0 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct StudentTNoise {
    nu: f64,
    scale: f64,
    law: StandardT,
}

impl Model for StudentTNoise {
    const NAME: &'static str = "student_t_noise";
    const FAMILY: &'static str = "noise";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, _: Shape, problems: &mut Problems) -> Option<Self> {
        let Params { nu, scale } = params;
        problems.positive("nu", nu);
        problems.positive("scale", scale);
        let law = StandardT::new(nu).ok()?;
        problems.is_empty().then_some(StudentTNoise { nu, scale, law })
    }

    fn facts(&self) -> Facts {
        let cauchy = Density::Cauchy { location: 0.0, scale: self.scale };
        Facts::new(TimeAxis::Steps)
            .attribute("distribution", "student_t")
            .attribute("nu", self.nu)
            .attribute("scale", self.scale)
            .cost(12.0)
            .law((self.nu == 1.0).then_some(cauchy))
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, _: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let (law, scale) = (self.law, self.scale);
        Box::new(White::new(rng, move |rng, values| {
            law.fill(rng, values);
            values.iter_mut().for_each(|x| *x *= scale);
        }))
    }

    fn truth(&self, (): &()) -> Truth {
        let mut truth = Truth::default();
        if self.nu > 1.0 {
            truth.scalar("mean", 0.0);
        }
        if self.nu > 2.0 {
            truth.scalar("variance", self.scale * self.scale * self.nu / (self.nu - 2.0));
        }
        truth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_are_no_law_are_refused() {
        for (nu, scale, name) in
            [(0.0, 1.0, "\"nu\""), (f64::INFINITY, 1.0, "\"nu\""), (3.0, 0.0, "\"scale\"")]
        {
            let mut problems = Problems::default();
            assert!(StudentTNoise::new(Params { nu, scale }, Shape::of(1, 1, 1), &mut problems).is_none());
            assert!(problems.to_string().contains(name), "{problems}");
        }
    }
}
