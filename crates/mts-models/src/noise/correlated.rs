//! White noise whose channels are correlated.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("correlated_gaussian").expect("compiled in");
//! let params = serde_json::json!({ "Sigma": [[1.0, -0.4], [-0.4, 0.5]] });
//! let model = entry.build(params, Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [0.0012301533574825742, 0.2987455375084699, -0.2741378553622176]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Facts, Law, Model, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis, Truth,
};
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cached;
use crate::mix::{add_product, root, square, transpose};

/// White Gaussian noise with a covariance between channels: what is seen together, but never ahead of time.
///
/// x_t = L Z_t with Z_t standard normal and L Lᵀ = Σ, L lower triangular. One draw per value, in the order
/// of the values. Mean 0, covariance Σ within a step, none between steps or realizations.
///
/// The sum over M channels that makes each value takes most of the time from about M = 20 on.
///
/// Reference: T. W. Anderson (2003), An Introduction to Multivariate Statistical Analysis, Wiley, chapter 2.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Covariance Σ, an M × M matrix, symmetric and positive semidefinite. Variances 1 and correlations `rho`
    /// where not given.
    #[serde(rename = "Sigma")]
    pub sigma: Option<Tensor>,
    /// Correlation of any two channels where `Sigma` is not given, in [-1/(M - 1), 1].
    #[schemars(range(min = -1.0, max = 1.0))]
    pub rho: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params { sigma: None, rho: 0.5 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct CorrelatedGaussian {
    /// (channel, channel)
    sigma: Vec<f64>,
    /// (from, to): the columns of L.
    by_source: Arc<Vec<f64>>,
    shape: Shape,
}

/// Channels, at most: the matrix is read for every step.
const MAX_CHANNELS: usize = 2048;

impl Model for CorrelatedGaussian {
    const NAME: &'static str = "correlated_gaussian";
    const FAMILY: &'static str = "noise";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let channels = shape.channels();
        if channels > MAX_CHANNELS {
            problems.require("M", false, format_args!("be at most {MAX_CHANNELS}"), channels);
            return None;
        }
        let sigma = match &params.sigma {
            Some(sigma) => square("Sigma", sigma, channels, problems)?.to_vec(),
            None => equal(params.rho, channels, problems)?,
        };
        let lower = root("Sigma", &sigma, channels, problems)?;
        let by_source = Arc::new(transpose(&lower, channels));
        problems.is_empty().then_some(CorrelatedGaussian { sigma, by_source, shape })
    }

    fn facts(&self) -> Facts {
        let channels = self.shape.channels();
        let variances = (0..channels).map(|m| self.sigma[m * channels + m]);
        let laws = variances.map(|variance| (variance > 0.0).then_some(Law::Normal { mean: 0.0, variance }));
        Facts::new(TimeAxis::Steps)
            .attribute("distribution", "gaussian")
            .state_bytes(8 * channels * channels + 8 * self.shape.slab())
            .cost(2.5 + 0.1 * channels as f64 + 8.0 / self.shape.slab() as f64)
            .laws(laws)
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let channels = self.shape.channels();
        let slab = channels * realizations.len();
        Box::new(Noise { by_source: self.by_source.clone(), channels, normals: vec![0.0; slab], rng })
    }

    fn truth(&self, (): &()) -> Truth {
        let channels = self.shape.channels();
        let mut truth = Truth::default();
        truth.array("Sigma", &[channels, channels], self.sigma.clone());
        truth
    }
}

/// Variances 1 and equal correlations, of which -1/(M - 1) is the least that M channels can have.
fn equal(rho: f64, channels: usize, problems: &mut Problems) -> Option<Vec<f64>> {
    let least = if channels == 1 { -1.0 } else { -1.0 / (channels as f64 - 1.0) };
    let rule = format_args!("lie in [{least}, 1], from -1/(M - 1)");
    problems.require("rho", rho >= least && rho <= 1.0, rule, rho);
    let at = |at: usize| if at / channels == at % channels { 1.0 } else { rho };
    problems.is_empty().then(|| (0..channels * channels).map(at).collect())
}

struct Noise {
    /// (from, to)
    by_source: Arc<Vec<f64>>,
    channels: usize,
    /// One slab.
    normals: Vec<f64>,
    rng: Rng,
}

impl Process for Noise {
    fn fill(&mut self, steps: &mut [f64]) {
        for piece in steps.chunks_mut(cached(self.normals.len())) {
            self.rng.fill_standard_normal(piece);
            let Noise { by_source, channels, normals, .. } = self;
            simd::dispatch(Correlate { by_source, channels: *channels, normals, slabs: piece });
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)
    }
}

/// Turns the normals in whole slabs into values.
struct Correlate<'a> {
    by_source: &'a [f64],
    channels: usize,
    normals: &'a mut [f64],
    slabs: &'a mut [f64],
}

impl simd::Kernel for Correlate<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for slab in self.slabs.chunks_exact_mut(self.normals.len()) {
            self.normals.copy_from_slice(slab);
            slab.fill(0.0);
            add_product(self.by_source, self.channels, self.normals, slab);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlations_that_cannot_be_are_refused() {
        for (rho, channels, rule) in [
            (-0.6, 3, "[-0.5, 1], from -1/(M - 1), found -0.6"),
            (1.1, 2, "[-1, 1]"),
            (f64::NAN, 2, "found NaN"),
        ] {
            let mut problems = Problems::default();
            let params = Params { sigma: None, rho };
            assert!(CorrelatedGaussian::new(params, Shape::of(channels, 1, 1), &mut problems).is_none());
            assert!(problems.to_string().contains(rule), "{problems}");
        }
        let mut problems = Problems::default();
        let params = Params { sigma: Tensor::new(vec![2, 2], vec![1.0, 0.5, 0.5, 1.0]), rho: 0.0 };
        assert!(CorrelatedGaussian::new(params, Shape::of(3, 1, 1), &mut problems).is_none());
        assert!(problems.to_string().contains("shape [3, 3], found [2, 2]"), "{problems}");
    }
}
