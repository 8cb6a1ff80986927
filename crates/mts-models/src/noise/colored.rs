//! Noise whose spectrum is a power of frequency.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("colored_noise").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "beta": 1 }), Shape::new(2, 100, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [-1.09118423342935, -0.49486875718560563, -1.1773277915192575]);
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

/// Coloured noise, with a spectrum of 1/f to the power β: white at 0, pink at 1, brown at 2, blue and violet below 0.
///
/// Gaussian, with independent amplitudes at the frequencies f = j/N per step, j = 1 … N/2, whose variances are in
/// proportion to f^(-β), half of that at the last, which has no sine: σ² is their sum, the variance of every value.
/// N is the power of two from `oversampling` times T on, and the series the first T steps of a periodic one: with 1,
/// where T is a power of two, its end leads to its beginning, and its periodogram is that of the law without leakage. Nothing is slower than N steps: the steeper
/// the spectrum, the more of σ² lies there, and varies little within a series. Frequency 0 has a part of its own
/// for β = 0 alone.
///
/// The whole path is made at once, so that a shorter run is no prefix of a longer one. Draws: for every two channels
/// and realizations (of equal β, the realization fastest), two standard normals per step of N. N is at most 2²⁷.
///
/// Reference: J. Timmer, M. König (1995), On generating power law noise, Astronomy and Astrophysics 300, 707.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Exponent β of the spectrum f^(-β), in [-2, 4]: one number, or one per channel.
    pub beta: Numbers,
    /// Standard deviation σ of values, at least 0: one number, or one per channel.
    pub sigma: Numbers,
    /// How many times longer than the series its period is at least, in 1..=64.
    #[schemars(range(min = 1, max = 64))]
    pub oversampling: u32,
}

impl Default for Params {
    fn default() -> Self {
        Params { beta: 1.0.into(), sigma: 1.0.into(), oversampling: 2 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct ColoredNoise {
    beta: Vec<f64>,
    sigma: Vec<f64>,
    /// Steps after which it repeats itself.
    period: usize,
    shape: Shape,
}

/// What makes noise of the exponents of a dataset.
pub struct Circles {
    circles: Vec<Circulant>,
    of: Vec<usize>,
}

impl Model for ColoredNoise {
    const NAME: &'static str = "colored_noise";
    const FAMILY: &'static str = "noise";
    const SHAPE: Shape = Shape::of(5, 1000, 1);
    type Params = Params;
    type Drawn = Circles;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let beta = each("beta", &params.beta, shape.channels(), problems);
        if let Some(bad) = beta.iter().flatten().find(|beta| !(-2.0..=4.0).contains(*beta)) {
            problems.within("beta", *bad, -2.0, 4.0);
        }
        let sigma = each("sigma", &params.sigma, shape.channels(), problems);
        if let Some(bad) = sigma.iter().flatten().find(|sigma| **sigma < 0.0) {
            problems.non_negative("sigma", *bad);
        }
        let fits = (1..=64).contains(&params.oversampling);
        problems.require("oversampling", fits, "lie in 1..=64", params.oversampling);
        let steps = shape.steps().saturating_mul(params.oversampling as usize);
        problems.require("T", steps <= 2 * MAX_STEPS, "times oversampling be at most 2^27", steps);
        let (beta, sigma) = (beta?, sigma?);
        problems.is_empty().then(|| ColoredNoise {
            beta,
            sigma,
            period: steps.max(2).next_power_of_two(),
            shape,
        })
    }

    fn facts(&self) -> Facts {
        let law = |sigma: &f64| (*sigma > 0.0).then_some(Law::Normal { mean: 0.0, variance: sigma * sigma });
        Facts::new(TimeAxis::Steps)
            .attribute("beta", Array::from(self.beta.clone()))
            .attribute("sigma", Array::from(self.sigma.clone()))
            .whole_path()
            .state_bytes(distinct(&self.beta).0.len().saturating_mul(Circulant::bytes(self.period)))
            .cost(Circulant::cost(self.period, self.shape.steps()))
            .laws(self.sigma.iter().map(law))
    }

    fn draw(&self, _rng: &mut Rng) -> Circles {
        let (different, of) = distinct(&self.beta);
        let circle = |beta: &f64| Circulant::of_spectrum(spectrum(*beta, self.period));
        Circles { circles: different.iter().map(circle).collect(), of }
    }

    fn start(&self, drawn: &Arc<Circles>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let steps = self.shape.steps();
        let sigma = repeated(&self.sigma, realizations.len());
        let of = repeated(&drawn.of, realizations.len());
        let mut lanes = Vec::with_capacity(sigma.len() * steps);
        Circulant::each(&drawn.circles, &of, steps, &mut rng, |lane, noise| {
            lanes.extend(noise.iter().map(|z| sigma[lane] * z));
        });
        Box::new(Path::new(lanes, steps))
    }

    fn truth(&self, _drawn: &Circles) -> Truth {
        let mut truth = Truth::default();
        truth.array("beta", &[self.beta.len()], self.beta.clone());
        truth.scalar("period", self.period);
        truth
    }
}

/// Variances at the frequencies k/n, whose mean is 1.
fn spectrum(beta: f64, n: usize) -> Vec<f64> {
    let power = |k: usize| match k.min(n - k) {
        0 => f64::from(u8::from(beta == 0.0)),
        j => math::pow(j as f64, -beta),
    };
    let mut spectrum: Vec<f64> = (0..n).map(power).collect();
    let scale = n as f64 / spectrum.iter().sum::<f64>();
    spectrum.iter_mut().for_each(|power| *power *= scale);
    spectrum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_spectrum_is_refused() {
        for (params, words) in [
            (
                Params { beta: 4.5.into(), ..Params::default() },
                "parameter \"beta\" must lie in [-2, 4], found 4.5",
            ),
            (
                Params { oversampling: 0, ..Params::default() },
                "parameter \"oversampling\" must lie in 1..=64, found 0",
            ),
            (
                Params { sigma: vec![1.0, -1.0].into(), ..Params::default() },
                "parameter \"sigma\" must be >= 0, found -1",
            ),
        ] {
            let mut problems = Problems::default();
            assert!(ColoredNoise::new(params, Shape::of(2, 10, 1), &mut problems).is_none());
            assert_eq!(problems.to_string(), words);
        }
    }
}
