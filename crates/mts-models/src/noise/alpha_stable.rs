//! White noise of a stable law.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("alpha_stable").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "alpha": 1.5, "beta": 0.5 }), Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [0.1454800553345241, 1.028529896434095, -2.0563089245060175]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Law, Model, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::{Rng, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stable::Stable;
use super::white::White;

/// White noise of an α-stable law: sums of such values have the same law again, with tails like |x|^(-α).
///
/// Nolan's parametrisation S1: the characteristic function of (x - loc) / scale is
/// exp(-|u|^α (1 - i β sign(u) tan(πα/2))), for α = 1 that of x is
/// exp(i loc u - scale |u| (1 + i β (2/π) sign(u) ln|u|)). loc is the mean for α > 1, and the end of the law
/// for α < 1 and β = ±1. α = 2 is normal with variance 2 scale², whatever β; α = 1 and β = 0 is Cauchy's law;
/// α = 1/2 and β = 1 is Lévy's. Moments exist below order α alone, the variance only for α = 2.
///
/// Chambers, Mallows and Stuck's method: a uniform and an exponential per value, in the order of the values.
/// The law of S1 jumps at α = 1 where β is not 0: near it values lie around β scale tan(πα/2), and have lost
/// as many digits. Below α = 0.05 values that overflow, which is reported, are no longer rare.
///
/// References: J. M. Chambers, C. L. Mallows, B. W. Stuck (1976), doi:10.1080/01621459.1976.10480344; with
/// the corrections of R. Weron (1996), doi:10.1016/0167-7152(95)00113-1.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Stability α in (0, 2]: the exponent of the tails.
    #[schemars(extend("exclusiveMinimum" = 0.0), range(max = 2.0))]
    pub alpha: f64,
    /// Skewness β in [-1, 1]: how much heavier the upper tail is than the lower one.
    #[schemars(range(min = -1.0, max = 1.0))]
    pub beta: f64,
    /// Scale, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub scale: f64,
    /// Location.
    pub loc: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params { alpha: 1.7, beta: 0.0, scale: 1.0, loc: 0.0 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct AlphaStable {
    params: Params,
}

/// The nearest that α may come to 1 where β is not 0: values have then lost six digits.
const NEAREST: f64 = 1e-6;

impl Model for AlphaStable {
    const NAME: &'static str = "alpha_stable";
    const FAMILY: &'static str = "noise";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, _: Shape, problems: &mut Problems) -> Option<Self> {
        let Params { alpha, beta, scale, loc } = params;
        problems.require("alpha", alpha > 0.0 && alpha <= 2.0, "lie in (0, 2]", alpha);
        problems.within("beta", beta, -1.0, 1.0);
        problems.positive("scale", scale);
        problems.finite("loc", loc);
        let apart = alpha == 1.0 || beta == 0.0 || (alpha - 1.0).abs() >= NEAREST;
        let rule = format_args!("be 1 or at least {NEAREST:e} away from it where beta is not 0");
        problems.require("alpha", apart, rule, alpha);
        problems.is_empty().then_some(AlphaStable { params })
    }

    fn facts(&self) -> Facts {
        let Params { alpha, beta, scale, loc } = self.params;
        let law = if alpha == 2.0 {
            Some(Law::Normal { mean: loc, variance: 2.0 * scale * scale })
        } else {
            (alpha == 1.0 && beta == 0.0).then_some(Law::Cauchy { location: loc, scale })
        };
        Facts::new(TimeAxis::Steps)
            .attribute("distribution", "alpha_stable")
            .attribute("alpha", alpha)
            .attribute("beta", beta)
            .attribute("scale", scale)
            .attribute("loc", loc)
            .cost(30.0)
            .law(law)
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, _: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let Params { alpha, beta, scale, loc } = self.params;
        let mut law = Stable::new(alpha, beta);
        let skewed = alpha == 1.0 && beta != 0.0;
        let loc =
            if skewed { loc + beta * std::f64::consts::FRAC_2_PI * scale * math::ln(scale) } else { loc };
        Box::new(White::new(rng, move |rng, values| {
            law.fill(rng, values);
            values.iter_mut().for_each(|x| *x = loc + scale * *x);
        }))
    }

    fn truth(&self, (): &()) -> Truth {
        let Params { alpha, scale, loc, .. } = self.params;
        let mut truth = Truth::default();
        if alpha > 1.0 {
            truth.scalar("mean", loc);
        }
        if alpha == 2.0 {
            truth.scalar("variance", 2.0 * scale * scale);
        }
        truth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_are_no_law_are_refused() {
        let refused = |alpha, beta, scale, rule: &str| {
            let mut problems = Problems::default();
            let params = Params { alpha, beta, scale, loc: 0.0 };
            assert!(AlphaStable::new(params, Shape::of(1, 1, 1), &mut problems).is_none());
            assert!(problems.to_string().contains(rule), "{problems}");
        };
        refused(0.0, 0.0, 1.0, "(0, 2], found 0");
        refused(2.1, 0.0, 1.0, "(0, 2], found 2.1");
        refused(f64::NAN, 0.0, 1.0, "(0, 2]");
        refused(1.5, 1.5, 1.0, "[-1, 1], found 1.5");
        refused(1.0 + 1e-9, 0.5, 1.0, "at least 1e-6 away");
        refused(1.5, 0.5, 0.0, "> 0");
    }
}
