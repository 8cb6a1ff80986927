//! Vector autoregression.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("var").expect("compiled in");
//! let params = serde_json::json!({ "Phi": [[0.5, 0.1], [-0.2, 0.4]] });
//! let model = entry.build(params, Shape::new(2, 15, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(19_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[2..5], [-0.3700247693240037, 0.994078692032213, 0.3302529651875396]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Array, Facts, Model, Problems, Process, Shape, Tensor, TimeAxis, Truth, Value};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ar::stabilised;
use super::history::{Continued, First, Reading};
use super::recursion::{Noise, Recursion, by_source, companion_fits, influence, stabilise, stabilise_cost};

/// Vector autoregression of order p: every channel may depend on the past of every other one.
///
/// x_t = Φ₁ x_{t-1} + … + Φ_p x_{t-p} + L Z with L Lᵀ = Σ. The first p values are the history (0
/// unless given); then one draw per value. Without `Phi`, the coefficients are drawn first: 0.25
/// times standard normals.
///
/// Coefficients, drawn or given, whose companion matrix has a spectral radius ρ of 0.95 or more are
/// made stationary: lag k is scaled by c^k with c = 0.95 / ρ, which scales every eigenvalue by c, so
/// that the radius becomes 0.95. The truth holds the coefficients that were used, as a matrix per lag
/// and as edges, and both radii.
///
/// Reference: C. A. Sims (1980), doi:10.2307/1912017; H. Lütkepohl (2005), New Introduction to
/// Multiple Time Series Analysis, doi:10.1007/978-3-540-27752-1.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Order: the number of lags, at least 1.
    #[schemars(range(min = 1))]
    pub p: usize,
    /// Coefficients Φ as (lag, channel, channel): row = channel that is acted on, column = channel
    /// that acts. For p = 1, one matrix will do. Drawn where not given.
    #[serde(rename = "Phi")]
    pub phi: Option<Tensor>,
    /// Covariance Σ of the noise, positive semidefinite; its lower triangle is read.
    /// noise_scale² times the identity where not given.
    #[serde(rename = "Sigma")]
    pub sigma: Option<Tensor>,
    /// Standard deviation of the noise where `Sigma` is not given, at least 0.
    #[schemars(range(min = 0.0))]
    pub noise_scale: f64,
    /// History, the oldest first: one number per channel (the same at every lag); (lag, channel),
    /// (channel, lag) or (channel, realization); (lag, channel, realization) or (channel, lag,
    /// realization). The first reading that fits is taken; 0 where not given.
    pub x0: Option<Tensor>,
}

impl Default for Params {
    fn default() -> Self {
        Params { p: 1, phi: None, sigma: None, noise_scale: 1.0, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Var {
    order: usize,
    /// (lag, to, from)
    phi: Option<Vec<f64>>,
    noise_scale: f64,
    noise: Noise,
    history: First,
    shape: Shape,
}

/// The coefficients of a dataset.
pub struct Coefficients {
    /// (lag, to, from)
    phi: Vec<f64>,
    /// (lag, from, to): the order in which the kernel walks.
    by_source: Arc<Vec<f64>>,
    radius_before: f64,
    radius_after: f64,
}

const HISTORY: [Reading; 6] = [
    Reading::Channels,
    Reading::LagsChannels,
    Reading::ChannelsLags,
    Reading::ChannelsRealizations,
    Reading::Full,
    Reading::ChannelsFirst,
];

/// The square is a covariance and must be finite.
const MAX_SCALE: f64 = 1e150;

impl Model for Var {
    const NAME: &'static str = "var";
    const FAMILY: &'static str = "autoregressive";
    type Params = Params;
    type Drawn = Coefficients;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let order = super::history::order(params.p, shape, problems)?;
        let channels = shape.channels();
        companion_fits(order, channels, problems)?;
        problems.within("noise_scale", params.noise_scale, 0.0, MAX_SCALE);
        let phi = params.phi.as_ref().map(|phi| coefficients(phi, order, channels, problems));
        let noise = match &params.sigma {
            None => Some(Noise::Scaled(params.noise_scale)),
            Some(sigma) => Noise::correlated(sigma, channels, problems),
        };
        let history = First::new(&HISTORY, params.x0.as_ref(), order, shape, problems);
        let (phi, noise, history) = (phi.map_or(Some(None), |phi| phi.map(Some))?, noise?, history?);
        let noise_scale = params.noise_scale;
        problems.is_empty().then_some(Var { order, phi, noise_scale, noise, history, shape })
    }

    fn facts(&self) -> Facts {
        let channels = self.shape.channels();
        Facts::new(TimeAxis::Steps)
            .attribute("p", self.order)
            .attribute("noise_scale", self.noise_scale)
            .attribute("Sigma", self.sigma())
            .state_bytes(8 * self.order * self.shape.slab() + 80 * self.order * channels * channels)
            .cost(self.cost())
            .draw_cost(stabilise_cost(self.order, channels))
            .interventions()
    }

    fn draw(&self, rng: &mut Rng) -> Coefficients {
        let channels = self.shape.channels();
        let mut phi = self.phi.clone().unwrap_or_else(|| {
            let mut drawn = vec![0.0; self.order * channels * channels];
            rng.fill_standard_normal(&mut drawn);
            drawn.iter_mut().for_each(|phi| *phi *= 0.25);
            drawn
        });
        let (radius_before, radius_after) = stabilise(&mut phi, self.order, channels);
        let by_source = by_source(&phi, channels);
        Coefficients { phi, by_source, radius_before, radius_after }
    }

    fn start(&self, drawn: &Arc<Coefficients>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let (channels, slab) = (self.shape.channels(), self.shape.channels() * realizations.len());
        let step = Recursion::new(drawn.by_source.clone(), self.noise.clone(), channels, slab, rng);
        Box::new(Continued::new(step, &self.history, realizations))
    }

    fn truth(&self, drawn: &Coefficients) -> Truth {
        let channels = self.shape.channels();
        let mut truth = Truth::default();
        truth.array("Phi", &[self.order, channels, channels], drawn.phi.clone());
        truth.array("noise_covariance", &[channels, channels], self.noise.covariance(channels));
        truth.scalar("stabilised", stabilised(&[drawn.radius_before], &[drawn.radius_after]));
        truth.graph("influence", influence(&drawn.phi, channels));
        truth
    }
}

impl Var {
    /// Few realizations read all coefficients for few values each.
    fn cost(&self) -> f64 {
        let (order, channels) = (self.order as f64, self.shape.channels() as f64);
        let product = if self.shape.realizations() < 4 { 0.1 } else { 0.04 };
        let correlation = if matches!(self.noise, Noise::Correlated { .. }) { 0.7 } else { 0.0 };
        2.5 + product * channels * (order + correlation) + 25.0 * order / self.shape.slab() as f64
    }

    /// Σ as it was given, or as it follows from the scale.
    fn sigma(&self) -> Value {
        let channels = self.shape.channels();
        let flat = match &self.noise {
            Noise::Correlated { sigma, .. } => sigma.clone(),
            Noise::Scaled(_) => self.noise.covariance(channels),
        };
        Array::floats(vec![channels, channels], flat).into()
    }
}

/// (lag, to, from) coefficients from those given.
fn coefficients(phi: &Tensor, order: usize, channels: usize, problems: &mut Problems) -> Option<Vec<f64>> {
    if let Some(bad) = phi.data().iter().find(|x| !x.is_finite()) {
        problems.finite("Phi", *bad);
        return None;
    }
    let per_lag = phi.shape() == [order, channels, channels];
    let single = order == 1 && phi.shape() == [channels, channels];
    if !per_lag && !single {
        let rule = format!("must have shape [{order}, {channels}, {channels}], found {:?}", phi.shape());
        problems.add("Phi", rule);
        return None;
    }
    Some(phi.data().to_vec())
}
