//! Gaussian processes.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("gp").expect("compiled in");
//! let kernel = serde_json::json!({ "sum": [{ "rbf": { "length": 30 } }, { "periodic": { "period": 12, "variance": 0.5 } }] });
//! let model = entry.build(serde_json::json!({ "kernel": kernel }), Shape::new(2, 100, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [0.7438360984986778, 0.38614852278836465, 0.3267914123966292]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Law, Model, Problems, Process, Shape, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kernel::{Kernel, Rbf};
use super::sampler::Sampler;
use crate::path::Path;

/// A Gaussian process: series that are smooth, rough, periodic or mixed, as a covariance function says.
///
/// All values of a channel are normal, with the covariance k(t, s) of the kernel, τ = |t - s| steps apart; channels
/// and realizations are independent. Kernels are `rbf`, `matern`, `rational_quadratic`, `periodic`, `white`, `constant`
/// and `linear`, and any `sum` and `product` of them, such as
/// `{sum: [{rbf: {length: 20}}, {periodic: {period: 50, length: 1, variance: 0.5}}, {white: {variance: 0.01}}]}`.
///
/// A kernel is multiplied out into at most 64 products, each with a path of its own, in O(T log T) where it
/// decays. A product that decays is embedded in a circle of 2ⁿ ≥ 2T - 2 points, up to 8 times more where some of its
/// variances were negative by more than rounding; exact in law. One of periodic factors alone is a sum of cosines. One
/// that decays too slowly for a circle (lengths of the order of T, rational quadratics) is factored by Cholesky's
/// method with pivots, of at most 2048 dimensions, and multiplied by the cosines of its periodic factors. Cosines and dimensions
/// that are left out have less than 10⁻⁸ of the variance. What none of this can make is refused.
///
/// The whole path is made at once, so that a shorter run is no prefix of a longer one. Draws: standard normals, product
/// by product: two per point of a circle and pair of channels and realizations (the realization fastest), two per cosine and
/// dimension. At most 2²² steps.
///
/// References: C. E. Rasmussen, C. K. I. Williams (2006), Gaussian Processes for Machine Learning, MIT Press; the
/// embedding: R. B. Davies, D. S. Harte (1987), doi:10.1093/biomet/74.1.95.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// The covariance function.
    pub kernel: Kernel,
    /// The mean of all values.
    pub mean: f64,
}

impl Default for Params {
    fn default() -> Self {
        Params { kernel: Kernel::Rbf(Rbf::default()), mean: 0.0 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct GaussianProcess {
    kernel: Kernel,
    mean: f64,
    bytes: usize,
    cost: f64,
    shape: Shape,
}

/// Circles may be eight times as large as the smallest.
const MAX_STEPS: usize = 1 << 22;

impl Model for GaussianProcess {
    const NAME: &'static str = "gp";
    const FAMILY: &'static str = "kernels";
    const SHAPE: Shape = Shape::of(5, 500, 1);
    type Params = Params;
    type Drawn = Sampler;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let Params { kernel, mean } = params;
        problems.finite("mean", mean);
        kernel.check(problems);
        let steps = shape.steps();
        problems.require("T", steps <= MAX_STEPS, "be at most 2^22: the whole path is made at once", steps);
        if !problems.is_empty() {
            return None;
        }
        match Sampler::new(&kernel, steps) {
            Ok(sampler) => {
                let (bytes, cost) = (sampler.bytes().saturating_add(8 * shape.values()), sampler.cost());
                Some(GaussianProcess { kernel, mean, bytes, cost, shape })
            }
            Err(rule) => {
                problems.add("kernel", format_args!("must {rule}"));
                None
            }
        }
    }

    fn facts(&self) -> Facts {
        let variance = self.kernel.variance().filter(|variance| *variance > 0.0);
        Facts::new(TimeAxis::Steps)
            .attribute("kernel", self.kernel.to_string())
            .whole_path()
            .state_bytes(self.bytes)
            .cost(self.cost)
            .law(variance.map(|variance| Law::Normal { mean: self.mean, variance }))
    }

    fn draw(&self, _rng: &mut Rng) -> Sampler {
        Sampler::new(&self.kernel, self.shape.steps()).expect("tried before")
    }

    fn start(&self, drawn: &Arc<Sampler>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let steps = self.shape.steps();
        let mut lanes = vec![self.mean; self.shape.channels() * realizations.len() * steps];
        drawn.add(&mut rng, &mut lanes);
        Box::new(Path::new(lanes, steps))
    }

    fn truth(&self, _drawn: &Sampler) -> Truth {
        let mut truth = Truth::default();
        truth.scalar("kernel", self.kernel.to_string());
        truth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(kernel: &str, shape: Shape) -> String {
        let kernel: Kernel = serde_json::from_str(kernel).expect("a kernel");
        let mut problems = Problems::default();
        assert!(GaussianProcess::new(Params { kernel, mean: 0.0 }, shape, &mut problems).is_none());
        problems.to_string()
    }

    #[test]
    fn what_is_no_covariance_is_refused() {
        let shape = Shape::of(1, 64, 1);
        let bad = refused(r#"{"sum": [{"rbf": {"length": 0}}, {"matern": {"nu": 2}}]}"#, shape);
        let expected = "parameter \"kernel.rbf.length\" must be > 0, found 0\n\
                        parameter \"kernel.matern.nu\" must be 0.5, 1.5 or 2.5, found 2";
        assert_eq!(bad, expected);
        assert!(refused(r#"{"product": []}"#, shape).contains("must be at least one"));
        assert!(refused(r#"{"periodic": {"length": 0.001}}"#, shape).contains("at least 0.01"));
        let short = refused(r#"{"periodic": {"period": 5e-324}}"#, shape);
        assert!(short.contains("\"kernel.periodic.period\" must be at least 0.01"), "{short}");
        let ten = format!(r#"{{"sum": [{}]}}"#, [r#"{"white": {}}"#; 10].join(","));
        let hundred = format!(r#"{{"product": [{ten}, {ten}]}}"#);
        assert!(refused(&hundred, shape).contains("at most 64 products"));
    }

    #[test]
    fn what_neither_decays_nor_is_small_is_refused() {
        let slow =
            refused(r#"{"rational_quadratic": {"alpha": 0.1, "length": 50}}"#, Shape::of(1, 20_000, 1));
        assert!(
            slow.starts_with("parameter \"kernel\" must decay within a circle of 524288 steps"),
            "{slow}"
        );
    }

    #[test]
    fn reads_as_a_formula() {
        let kernel: Kernel = serde_json::from_str(
            r#"{"product": [{"sum": [{"rbf": {}}, {"white": {"variance": 0.5}}]}, {"periodic": {"period": 7}}]}"#,
        )
        .expect("a kernel");
        assert_eq!(
            kernel.to_string(),
            "(rbf(length=20, variance=1) + white(variance=0.5)) * periodic(period=7, length=1, variance=1)"
        );
    }
}
