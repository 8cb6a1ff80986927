//! Fractional Gaussian noise.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("fgn").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "H": 0.8 }), Shape::new(2, 100, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [-1.2242729850540253, -0.4546376280958935, -1.2499356748229908]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Array, Facts, Law, Model, Numbers, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::{Rng, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::circulant::{Circulant, MAX_STEPS};
use crate::each::{distinct, each, repeated};
use crate::path::Path;

/// Fractional Gaussian noise: stationary, with a memory that has no scale; the increments of fractional
/// Brownian motion.
///
/// Normal with mean 0 and autocovariance γ(k) = σ²/2 (|k+1|²ᴴ - 2 |k|²ᴴ + |k-1|²ᴴ), which tends to
/// σ² H (2H-1) k²ᴴ⁻². Above H = 1/2 it persists: the sum of correlations is infinite, the spectrum grows like
/// f¹⁻²ᴴ towards low frequencies. At 1/2 it is white; below, neighbours avoid each other.
///
/// The law is exact at every length: circulant embedding, on the smallest circle of 2ⁿ ≥ 2T - 2 points,
/// all of whose variances are positive. The whole path is made at once, so that a shorter run is no prefix of a longer
/// one. Draws: for every two channels and realizations (of equal H, the realization fastest), two standard normals
/// per point of the circle. At most 2²⁶ steps.
///
/// References: B. B. Mandelbrot, J. W. Van Ness (1968), doi:10.1137/1010093; the embedding: R. B. Davies,
/// D. S. Harte (1987), doi:10.1093/biomet/74.1.95.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Hurst exponent, strictly between 0 and 1: one number, or one per channel.
    #[serde(rename = "H")]
    pub hurst: Numbers,
    /// Standard deviation σ, at least 0: one number, or one per channel.
    pub sigma: Numbers,
}

impl Default for Params {
    fn default() -> Self {
        Params { hurst: 0.7.into(), sigma: 1.0.into() }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Fgn {
    hurst: Vec<f64>,
    sigma: Vec<f64>,
    shape: Shape,
}

/// What makes noise of the exponents of a dataset.
pub struct Circles {
    /// One for each different exponent.
    circles: Vec<Circulant>,
    /// Which of them each channel has.
    of: Vec<usize>,
}

impl Model for Fgn {
    const NAME: &'static str = "fgn";
    const FAMILY: &'static str = "long_memory";
    const SHAPE: Shape = Shape::of(5, 1000, 1);
    type Params = Params;
    type Drawn = Circles;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let hurst = hurst(&params.hurst, shape, problems);
        let sigma = scale(&params.sigma, shape, problems);
        within_reach(shape, problems);
        let (hurst, sigma) = (hurst?, sigma?);
        problems.is_empty().then_some(Fgn { hurst, sigma, shape })
    }

    fn facts(&self) -> Facts {
        let law = |sigma: &f64| (*sigma > 0.0).then_some(Law::Normal { mean: 0.0, variance: sigma * sigma });
        Facts::new(TimeAxis::Steps)
            .attribute("H", Array::from(self.hurst.clone()))
            .attribute("sigma", Array::from(self.sigma.clone()))
            .whole_path()
            .state_bytes(Circles::bytes(&self.hurst, self.shape.steps()))
            .cost(Circulant::cost(Circulant::points(self.shape.steps()), self.shape.steps()))
            .laws(self.sigma.iter().map(law))
    }

    fn draw(&self, _rng: &mut Rng) -> Circles {
        Circles::new(&self.hurst, self.shape.steps())
    }

    fn start(&self, drawn: &Arc<Circles>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let steps = self.shape.steps();
        let sigma = repeated(&self.sigma, realizations.len());
        let mut lanes = Vec::with_capacity(sigma.len() * steps);
        drawn.each(realizations.len(), steps, &mut rng, |lane, noise| {
            lanes.extend(noise.iter().map(|z| sigma[lane] * z));
        });
        Box::new(Path::new(lanes, steps))
    }

    fn truth(&self, _drawn: &Circles) -> Truth {
        let mut truth = Truth::default();
        truth.array("H", &[self.hurst.len()], self.hurst.clone());
        truth
    }
}

/// Exponents between 0 and 1.
pub(super) fn hurst(numbers: &Numbers, shape: Shape, problems: &mut Problems) -> Option<Vec<f64>> {
    let hurst = each("H", numbers, shape.channels(), problems)?;
    if let Some(bad) = hurst.iter().find(|h| !(0.0 < **h && **h < 1.0)) {
        problems.between("H", *bad, 0.0, 1.0);
        return None;
    }
    Some(hurst)
}

/// Standard deviations.
pub(super) fn scale(numbers: &Numbers, shape: Shape, problems: &mut Problems) -> Option<Vec<f64>> {
    let sigma = each("sigma", numbers, shape.channels(), problems)?;
    if let Some(bad) = sigma.iter().find(|sigma| **sigma < 0.0) {
        problems.non_negative("sigma", *bad);
        return None;
    }
    Some(sigma)
}

/// Whole paths end somewhere.
pub(super) fn within_reach(shape: Shape, problems: &mut Problems) {
    let steps = shape.steps();
    problems.require("T", steps <= MAX_STEPS, "be at most 2^26: the whole path is made at once", steps);
}

impl Circles {
    pub(super) fn new(hurst: &[f64], steps: usize) -> Self {
        let (different, of) = distinct(hurst);
        let circle = |h: &f64| {
            let covariance = Covariance::new(*h);
            Circulant::new(|k| covariance.at(k), steps, 0)
                .expect("the smallest circle of fractional noise has positive variances")
        };
        Circles { circles: different.iter().map(circle).collect(), of }
    }

    /// Paths of standard deviation 1, see [`Circulant::each`].
    pub(super) fn each(
        &self,
        realizations: usize,
        steps: usize,
        rng: &mut Rng,
        take: impl FnMut(usize, &[f64]),
    ) {
        Circulant::each(&self.circles, &repeated(&self.of, realizations), steps, rng, take);
    }

    /// Bytes that all of them take.
    pub(super) fn bytes(exponents: &[f64], steps: usize) -> usize {
        distinct(exponents).0.len().saturating_mul(Circulant::bytes(Circulant::points(steps)))
    }
}

/// The autocovariance of standard fractional noise.
struct Covariance {
    /// 2H
    power: f64,
    /// The coefficients of k²ᴴ⁻²ʲ in its expansion, j = 1, 2, …
    expansion: [f64; TERMS],
}

/// From this lag on the expansion has all digits; the difference of powers loses them.
const FAR: usize = 4;
const TERMS: usize = 14;

impl Covariance {
    fn new(hurst: f64) -> Self {
        let power = 2.0 * hurst;
        let mut expansion = [0.0; TERMS];
        // Binomials of 2H over 2j.
        let mut binomial = 1.0;
        for (j, coefficient) in expansion.iter_mut().enumerate() {
            let i = 2.0 * j as f64;
            binomial *= (power - i) / (i + 1.0) * ((power - i - 1.0) / (i + 2.0));
            *coefficient = binomial;
        }
        Covariance { power, expansion }
    }

    fn at(&self, lag: usize) -> f64 {
        let k = lag as f64;
        if lag >= FAR {
            let square = 1.0 / (k * k);
            let sum = self.expansion.iter().rev().fold(0.0, |sum, coefficient| sum * square + coefficient);
            return math::pow(k, self.power) * square * sum;
        }
        let power = |x: f64| math::pow(x, self.power);
        if lag == 0 { 1.0 } else { 0.5 * (power(k + 1.0) - 2.0 * power(k) + power(k - 1.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expansion_continues_the_difference() {
        for h in [0.05, 0.3, 0.5, 0.75, 0.99] {
            let covariance = Covariance::new(h);
            for k in [4.0_f64, 5.0, 9.0, 20.0] {
                let power = |x: f64| math::pow(x, 2.0 * h);
                let expected = 0.5 * (power(k + 1.0) - 2.0 * power(k) + power(k - 1.0));
                let found = covariance.at(k as usize);
                assert!((found - expected).abs() < 1e-13, "H = {h}, lag {k}: {found} and {expected}");
            }
            let (k, h2) = (1e6, 2.0 * h);
            let limit = h * (h2 - 1.0) * math::pow(k, h2 - 2.0);
            assert!((covariance.at(1_000_000) - limit).abs() <= 1e-11 * limit.abs(), "H = {h}");
        }
    }

    #[test]
    fn every_exponent_has_a_circle() {
        for h in [1e-6, 0.01, 0.2, 0.5, 0.6, 0.9, 0.999, 1.0 - 1e-9] {
            for steps in [1, 2, 3, 4, 5, 100, 5000, 1 << 17] {
                Circles::new(&[h], steps);
            }
        }
    }

    #[test]
    fn what_is_no_exponent_is_refused() {
        let shape = Shape::of(2, 10, 1);
        for (params, words) in [
            (
                Params { hurst: 1.0.into(), ..Params::default() },
                "parameter \"H\" must lie strictly between 0 and 1, found 1",
            ),
            (
                Params { hurst: vec![0.5; 3].into(), ..Params::default() },
                "parameter \"H\" must be one number or 2 (one per channel), found shape [3]",
            ),
            (
                Params { sigma: (-1.0).into(), ..Params::default() },
                "parameter \"sigma\" must be >= 0, found -1",
            ),
        ] {
            let mut problems = Problems::default();
            assert!(Fgn::new(params, shape, &mut problems).is_none());
            assert_eq!(problems.to_string(), words);
        }
        let mut problems = Problems::default();
        assert!(Fgn::new(Params::default(), Shape::of(1, MAX_STEPS + 1, 1), &mut problems).is_none());
    }
}
