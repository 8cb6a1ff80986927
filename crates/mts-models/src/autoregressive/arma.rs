//! Autoregressive moving averages.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("arma").expect("compiled in");
//! let params = serde_json::json!({ "phi": [0.6, -0.2], "theta": [0.5], "sigma": 0.1 });
//! let model = entry.build(params, Shape::new(3, 15, 2)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(5_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[12..15], [-0.07955632661837922, 0.092142715683091, -0.22734384596473325]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::linalg::cholesky;
use mts_core::{
    Array, Facts, Law, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis,
    Truth,
};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ar::{coefficients, radius};
use super::filter::{Filter, stationary};
use crate::cached;
use crate::each::each_non_negative;
use crate::each::repeated as per_value;

/// Independent channels, each an autoregressive moving average that starts in its stationary law.
///
/// x_t = φ₁ x_{t-1} + … + φ_p x_{t-p} + ε_t + θ₁ ε_{t-1} + … + θ_q ε_{t-q} with ε = σ Z. A moving average has
/// `phi: null`, an autoregression `theta: null`.
///
/// The first values are drawn from the stationary law: max(p, q) normals per channel and realization for the state
/// (what the past adds to the values to come), then one draw per value. Stationary variance and autocovariances
/// follow from the covariance of the state, P = A P Aᵀ + r rᵀ with r = φ + θ: γ₀ = σ² (P₁₁ + 1).
///
/// Coefficients φ whose companion matrix has a spectral radius of 0.999999 or more are refused, unless
/// `allow_unstable`: such a channel starts from a state of zeros.
///
/// Reference: G. E. P. Box, G. M. Jenkins (1970), Time Series Analysis: Forecasting and Control.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Autoregressive coefficients φ: one per lag for all channels, or a (channel, lag) matrix; none where null.
    pub phi: Option<Tensor>,
    /// Coefficients θ of the moving average: one per lag for all channels, or a (channel, lag) matrix; none where
    /// null.
    pub theta: Option<Tensor>,
    /// Standard deviation σ of the innovations, at least 0: one number, or one per channel.
    pub sigma: Numbers,
    /// Takes coefficients that are not stationary, too.
    pub allow_unstable: bool,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            phi: Some(vec![0.7].into()),
            theta: Some(vec![0.4].into()),
            sigma: 1.0.into(),
            allow_unstable: false,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Arma {
    /// p and q
    orders: (usize, usize),
    /// max(p, q), at least 1
    lags: usize,
    channels: Vec<Channel>,
    shape: Shape,
}

/// One channel; coefficients are filled up with zeros to as many lags.
#[derive(Clone, Debug)]
struct Channel {
    ar: Vec<f64>,
    ma: Vec<f64>,
    sigma: f64,
    radius: f64,
    stationary: Option<Stationary>,
}

/// For innovations of variance 1.
#[derive(Clone, Debug)]
struct Stationary {
    variance: f64,
    /// The factor of the state's covariance.
    lower: Arc<Vec<f64>>,
}

/// Radii from here on cannot be told from 1: a double root of 1 is found 10⁻⁸ beside it.
const STATIONARY: f64 = 0.999_999;

/// The longest memory: its covariance takes a second.
const MAX_LAGS: usize = 128;

/// The cubes of the lags over channels of different coefficients.
const MAX_WORK: usize = 1 << 24;

impl Model for Arma {
    const NAME: &'static str = "arma";
    const FAMILY: &'static str = "autoregressive";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let channels = shape.channels();
        let mut read = |name: &str, given: Option<&Tensor>| match given {
            None => Some((0, Vec::new())),
            Some(given) => {
                let order = given.shape().last().copied().unwrap_or(1);
                problems.require(
                    name,
                    order <= MAX_LAGS,
                    format_args!("have at most {MAX_LAGS} lags"),
                    order,
                );
                let each = coefficients(name, given, order, channels, problems)?;
                problems.is_empty().then_some((order, each))
            }
        };
        let (phi, theta) = (read("phi", params.phi.as_ref()), read("theta", params.theta.as_ref()));
        let sigma = each_non_negative("sigma", &params.sigma, channels, problems);
        let ((p, phi), (q, theta), sigma) = (phi?, theta?, sigma?);
        let lags = p.max(q).max(1);
        let each = |of: &[f64], order: usize, channel: usize| {
            let mut padded = vec![0.0; lags];
            padded[..order].copy_from_slice(&of[channel * order..][..order]);
            padded
        };
        let (mut made, mut work): (Vec<Channel>, usize) = (Vec::with_capacity(channels), 0);
        for (m, &sigma) in sigma.iter().enumerate() {
            let (ar, ma) = (each(&phi, p, m), each(&theta, q, m));
            let channel = match made.last() {
                Some(last) if (&last.ar, &last.ma) == (&ar, &ma) => Channel { sigma, ..last.clone() },
                _ => {
                    work += lags * lags * lags;
                    if work > MAX_WORK {
                        let rule = format_args!(
                            "must have fewer lags: {lags}³ for each of so many channels is more than {MAX_WORK}"
                        );
                        problems.add("phi", rule);
                        return None;
                    }
                    Channel::new(m, ar, ma, sigma, params.allow_unstable, problems)?
                }
            };
            made.push(channel);
        }
        problems.is_empty().then_some(Arma { orders: (p, q), lags, channels: made, shape })
    }

    fn facts(&self) -> Facts {
        let slab = self.shape.slab();
        let sigma: Vec<f64> = self.channels.iter().map(|channel| channel.sigma).collect();
        Facts::new(TimeAxis::Steps)
            .attribute("p", self.orders.0)
            .attribute("q", self.orders.1)
            .attribute("sigma", Array::from(sigma))
            .state_bytes(8 * (3 * self.lags + 2) * slab)
            .cost(3.0 + 0.25 * self.lags as f64 + (8.0 + 4.0 * self.lags as f64) / slab as f64)
            .laws(self.channels.iter().map(Channel::law))
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let width = self.shape.channels() * realizations.len();
        let spread = |of: fn(&Channel) -> &[f64]| -> Vec<f64> {
            (0..self.lags * width)
                .map(|at| of(&self.channels[at % width / realizations.len()])[at / width])
                .collect()
        };
        let mut normals = vec![0.0; self.lags * width];
        rng.fill_standard_normal(&mut normals);
        let state = (0..self.lags * width).map(|at| {
            let (lag, series) = (at / width, at % width);
            let channel = &self.channels[series / realizations.len()];
            let Some(Stationary { lower, .. }) = &channel.stationary else { return 0.0 };
            let row = &lower[lag * self.lags..][..=lag];
            let sum: f64 =
                (0..).zip(row).map(|(k, factor): (usize, _)| factor * normals[k * width + series]).sum();
            channel.sigma * sum
        });
        let state = state.collect();
        let sigma: Vec<f64> = self.channels.iter().map(|channel| channel.sigma).collect();
        Box::new(Mixed {
            filter: Filter::new(spread(|channel| &channel.ar), spread(|channel| &channel.ma), state, width),
            sigma: per_value(&sigma, realizations.len()),
            rng,
            lags: self.lags,
            total: self.shape.realizations(),
            realizations,
        })
    }

    fn truth(&self, _: &()) -> Truth {
        let channels = self.shape.channels();
        let mut truth = Truth::default();
        let each = |order: usize, of: fn(&Channel) -> &[f64]| -> Vec<f64> {
            self.channels.iter().flat_map(|channel| of(channel)[..order].to_vec()).collect()
        };
        let (p, q) = self.orders;
        if p > 0 {
            truth.array("phi", &[channels, p], each(p, |channel| &channel.ar));
        }
        if q > 0 {
            truth.array("theta", &[channels, q], each(q, |channel| &channel.ma));
        }
        truth.array("radius", &[channels], self.channels.iter().map(|channel| channel.radius).collect());
        truth
    }
}

impl Channel {
    fn new(
        m: usize,
        ar: Vec<f64>,
        ma: Vec<f64>,
        sigma: f64,
        allow_unstable: bool,
        problems: &mut Problems,
    ) -> Option<Self> {
        let radius = radius(&ar);
        if radius < STATIONARY {
            let covariance = stationary(&ar, &ma);
            let variance = covariance[0] + 1.0;
            if !covariance.iter().all(|x| x.is_finite()) {
                problems.add(
                    "theta",
                    format_args!("must be of finite variance, found {variance} in channel {m}"),
                );
                return None;
            }
            let stationary = Stationary { variance, lower: factor(covariance, ar.len()) };
            return Some(Channel { ar, ma, sigma, radius, stationary: Some(stationary) });
        }
        if !allow_unstable {
            let rule = format_args!(
                "must be stationary: the companion matrix of channel {m} has spectral radius {radius}, not < {STATIONARY}; \
                 allow_unstable: true takes it"
            );
            problems.add("phi", rule);
            return None;
        }
        Some(Channel { ar, ma, sigma, radius, stationary: None })
    }

    fn law(&self) -> Option<Law> {
        let variance = self.sigma * self.sigma * self.stationary.as_ref()?.variance;
        (variance > 0.0 && variance.is_finite()).then_some(Law::Normal { mean: 0.0, variance })
    }
}

/// The factor of a covariance that rounding may have left a little indefinite.
fn factor(mut covariance: Vec<f64>, n: usize) -> Arc<Vec<f64>> {
    let largest = (0..n).map(|i| covariance[i * n + i]).fold(0.0, f64::max);
    let mut ridge = f64::EPSILON * largest;
    loop {
        if let Some(lower) = cholesky(&covariance, n) {
            return lower.into();
        }
        ridge *= 16.0;
        (0..n).for_each(|i| covariance[i * n + i] += ridge);
    }
}

struct Mixed {
    filter: Filter,
    /// One per value of a slab.
    sigma: Vec<f64>,
    rng: Rng,
    lags: usize,
    realizations: Range<usize>,
    total: usize,
}

impl Process for Mixed {
    fn fill(&mut self, steps: &mut [f64]) {
        let width = self.sigma.len();
        for piece in steps.chunks_mut(cached(width)) {
            self.rng.fill_standard_normal(piece);
            for slab in piece.chunks_exact_mut(width) {
                slab.iter_mut().zip(&self.sigma).for_each(|(z, sigma)| *z *= sigma);
            }
            self.filter.run(piece);
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        self.filter.save(state);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        self.filter.restore(saved)
    }

    fn truth(&self, truth: &mut Truth) {
        let channels = self.sigma.len() / self.realizations.len();
        let lead = [self.lags, channels];
        truth.columns("initial_state", &lead, self.total, self.realizations.clone(), self.filter.state());
    }
}
