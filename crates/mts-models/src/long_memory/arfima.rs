//! Fractionally integrated autoregressive moving averages.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("arfima").expect("compiled in");
//! let params = serde_json::json!({ "d": 0.3, "phi": [0.5], "theta": [0.2] });
//! let model = entry.build(params, Shape::new(2, 100, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(1_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [-0.9673284969504001, -3.7549109961627947, -0.15104031484578917]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::linalg::spectral_radius;
use mts_core::{Array, Facts, Model, Numbers, Problems, Process, Shape, Tensor, TimeAxis, Truth};
use mts_rng::{Rng, math};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fgn;
use crate::circulant::{Circulant, MAX_STEPS};
use crate::each::{distinct, each, repeated};
use crate::path::Path;

/// ARFIMA(p, d, q): autoregressive moving averages of noise that was integrated a fraction d of a time, for
/// long memory beside short.
///
/// φ(B) (1 - B)ᵈ x_t = θ(B) σ ε_t, that is x_t = φ₁ x_{t-1} + … + φ_p x_{t-p} + u_t + θ₁ u_{t-1} + … + θ_q u_{t-q},
/// where u is ARFIMA(0, d, 0), normal with γ(0) = σ² Γ(1-2d) / Γ(1-d)² and γ(k) = γ(k-1) (k-1+d) / (k-d):
/// correlations decay like k²ᵈ⁻¹. Above d = 0 it persists, with Hurst exponent d + 1/2; below it avoids itself; at 0 it
/// is ARMA(p, q).
///
/// u is exact in law at every length, by circulant embedding on the smallest circle. Where there is a φ, as many
/// steps are made and thrown away before the first as its largest root needs to decay to 10⁻¹⁶. The
/// whole path is made at once, so that a shorter run is no prefix of a longer one. Draws: for every two channels and
/// realizations (of equal d, the realization fastest), two standard normals per point of the circle. At most 2²⁶ steps.
///
/// References: C. W. J. Granger, R. Joyeux (1980), doi:10.1111/j.1467-9892.1980.tb00297.x; J. R. M. Hosking
/// (1981), doi:10.1093/biomet/68.1.165; the embedding: R. B. Davies, D. S. Harte (1987), doi:10.1093/biomet/74.1.95.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Fraction of integration, strictly between -1/2 and 1/2: one number, or one per channel.
    pub d: Numbers,
    /// Autoregressive coefficients φ, one per lag, whose characteristic roots are below 0.9995. None where not
    /// given.
    pub phi: Option<Tensor>,
    /// Coefficients θ of the moving average, one per lag. None where not given.
    pub theta: Option<Tensor>,
    /// Standard deviation σ of the innovations ε, at least 0: one number, or one per channel.
    pub sigma: Numbers,
}

impl Default for Params {
    fn default() -> Self {
        Params { d: 0.3.into(), phi: None, theta: None, sigma: 1.0.into() }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Arfima {
    d: Vec<f64>,
    filter: Filter,
    sigma: Vec<f64>,
    /// Steps of u before the first of x.
    before: usize,
    shape: Shape,
}

/// What makes u, for the fractions of a dataset.
pub struct Circles {
    circles: Vec<Circulant>,
    of: Vec<usize>,
}

impl Model for Arfima {
    const NAME: &'static str = "arfima";
    const FAMILY: &'static str = "long_memory";
    const SHAPE: Shape = Shape::of(5, 1000, 1);
    type Params = Params;
    type Drawn = Circles;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let d = each("d", &params.d, shape.channels(), problems);
        if let Some(bad) = d.iter().flatten().find(|d| d.abs() >= 0.5) {
            problems.between("d", *bad, -0.5, 0.5);
        }
        let sigma = fgn::scale(&params.sigma, shape, problems);
        let phi = lags("phi", params.phi.as_ref(), problems);
        let theta = lags("theta", params.theta.as_ref(), problems);
        let (phi, theta) = (phi?, theta?);
        let burn = burn(&phi, problems)?;
        let before = burn + theta.len();
        let steps = shape.steps().saturating_add(before);
        problems.require("T", steps <= MAX_STEPS, "be at most 2^26: the whole path is made at once", steps);
        let (d, sigma) = (d?, sigma?);
        problems.is_empty().then_some(Arfima { d, filter: Filter { phi, theta }, sigma, before, shape })
    }

    fn facts(&self) -> Facts {
        let (made, kept) = (self.before + self.shape.steps(), self.shape.steps());
        let filter = (self.filter.phi.len() + self.filter.theta.len()) as f64 * made as f64 / kept as f64;
        let circle = Circulant::bytes(Circulant::points(made)) + 8 * made;
        Facts::new(TimeAxis::Steps)
            .attribute("d", Array::from(self.d.clone()))
            .attribute("sigma", Array::from(self.sigma.clone()))
            .whole_path()
            .state_bytes(distinct(&self.d).0.len().saturating_mul(circle))
            .cost(Circulant::cost(Circulant::points(made), kept) + filter)
    }

    fn draw(&self, _rng: &mut Rng) -> Circles {
        let steps = self.before + self.shape.steps();
        let (different, of) = distinct(&self.d);
        let circle = |d: &f64| {
            // Every lag is asked for once, in order.
            let (mut gamma, d) = (variance(*d), *d);
            let covariance = (0..=Circulant::points(steps) / 2).map(|k| {
                let k = k as f64;
                gamma *= if k == 0.0 { 1.0 } else { (k - 1.0 + d) / (k - d) };
                gamma
            });
            let covariance: Vec<f64> = covariance.collect();
            Circulant::new(|k| covariance[k], steps, 0)
                .expect("the smallest circle of fractional noise has positive variances")
        };
        Circles { circles: different.iter().map(circle).collect(), of }
    }

    fn start(&self, drawn: &Arc<Circles>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let steps = self.shape.steps();
        let sigma = repeated(&self.sigma, realizations.len());
        let mut lanes = Vec::with_capacity(sigma.len() * steps);
        let mut x = vec![0.0; self.before + steps];
        let of = repeated(&drawn.of, realizations.len());
        Circulant::each(&drawn.circles, &of, x.len(), &mut rng, |lane, noise| {
            self.filter.run(noise, &mut x);
            lanes.extend(x[self.before..].iter().map(|x| sigma[lane] * x));
        });
        Box::new(Path::new(lanes, steps))
    }

    fn truth(&self, _drawn: &Circles) -> Truth {
        let mut truth = Truth::default();
        truth.array("d", &[self.d.len()], self.d.clone());
        truth
    }
}

/// γ(0) of ARFIMA(0, d, 0) with innovations of variance 1.
fn variance(d: f64) -> f64 {
    math::exp(math::lgamma(1.0 - 2.0 * d) - 2.0 * math::lgamma(1.0 - d))
}

/// Most coefficients of either kind.
const MAX_ORDER: usize = 512;

fn lags(name: &str, given: Option<&Tensor>, problems: &mut Problems) -> Option<Vec<f64>> {
    let Some(tensor) = given else { return Some(Vec::new()) };
    if let Some(bad) = tensor.data().iter().find(|x| !x.is_finite()) {
        problems.finite(name, *bad);
        return None;
    }
    match tensor.shape() {
        [count] if *count <= MAX_ORDER => Some(tensor.data().to_vec()),
        found => {
            let rule =
                format_args!("must be at most {MAX_ORDER} numbers, one per lag, found shape {found:?}");
            problems.add(name, rule);
            None
        }
    }
}

/// The largest root whose memory of the beginning is waited for.
const LARGEST_ROOT: f64 = 0.9995;

/// What is left of the beginning.
const FORGOTTEN: f64 = 1e-16;

/// Steps until the beginning is forgotten.
fn burn(phi: &[f64], problems: &mut Problems) -> Option<usize> {
    let order = phi.len();
    if order == 0 {
        return Some(0);
    }
    let mut companion = vec![0.0; order * order];
    companion[..order].copy_from_slice(phi);
    (1..order).for_each(|i| companion[i * order + i - 1] = 1.0);
    let root = spectral_radius(&companion, order);
    let found = format_args!("a largest root of {root}");
    problems.require("phi", root <= LARGEST_ROOT, "have characteristic roots of at most 0.9995", found);
    if root <= LARGEST_ROOT {
        let steps = if root > 0.0 { (math::ln(FORGOTTEN) / math::ln(root)).ceil() as usize } else { 0 };
        Some(steps + order)
    } else {
        None
    }
}

#[derive(Clone, Debug)]
struct Filter {
    phi: Vec<f64>,
    theta: Vec<f64>,
}

impl Filter {
    /// x_t = Σ φ_i x_{t-i} + u_t + Σ θ_j u_{t-j}; nothing was before the first.
    fn run(&self, u: &[f64], x: &mut [f64]) {
        if self.phi.is_empty() && self.theta.is_empty() {
            return x.copy_from_slice(u);
        }
        for t in 0..x.len() {
            let mut sum = u[t];
            for (theta, u) in self.theta.iter().zip(u[..t].iter().rev()) {
                sum += theta * u;
            }
            for (phi, x) in self.phi.iter().zip(x[..t].iter().rev()) {
                sum += phi * x;
            }
            x[t] = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fraction_has_a_circle() {
        for d in [-0.499_999, -0.3, 0.0, 0.2, 0.45, 0.499_999] {
            for steps in [1, 2, 3, 100, 5000, 1 << 17] {
                let params = Params { d: d.into(), ..Params::default() };
                let model = Arfima::new(params, Shape::of(1, steps, 1), &mut Problems::default()).unwrap();
                model.draw(&mut Rng::from_seed(0_u64));
            }
        }
    }

    #[test]
    fn what_is_not_stationary_is_refused() {
        let shape = Shape::of(2, 10, 1);
        for (params, words) in [
            (
                Params { d: 0.5.into(), ..Params::default() },
                "parameter \"d\" must lie strictly between -0.5 and 0.5, found 0.5",
            ),
            (
                Params { phi: Some(vec![1.0].into()), ..Params::default() },
                "parameter \"phi\" must have characteristic roots of at most 0.9995, found a largest root of 1",
            ),
            (
                Params { theta: Tensor::new(vec![1, 1], vec![0.5]), ..Params::default() },
                "parameter \"theta\" must be at most 512 numbers, one per lag, found shape [1, 1]",
            ),
        ] {
            let mut problems = Problems::default();
            assert!(Arfima::new(params, shape, &mut problems).is_none());
            assert_eq!(problems.to_string(), words);
        }
    }
}
