//! Vector error correction: channels that wander together.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("vecm").expect("compiled in");
//! let params = serde_json::json!({ "alpha": [[-0.2], [0.3]], "beta": [[1], [-1]] });
//! let model = entry.build(params, Shape::new(2, 15, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(5_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[12..15], [0.3513310976177621, -0.8725989143078902, -0.8517201102034571]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::linalg::{cholesky, spectral_radius};
use mts_core::{Array, Facts, Model, Problems, Process, Shape, Tensor, TimeAxis, Truth};
use mts_rng::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::history::{Continued, First, Reading};
use super::recursion::{Noise, Recursion, by_source, companion_fits, influence};

/// Cointegrated channels: each wanders, but r combinations of them are stationary and correct the errors.
///
/// Δx_t = α βᵀ x_{t-1} + Γ₁ Δx_{t-1} + … + Γ_k Δx_{t-k} + L Z with L Lᵀ = Σ, made as the autoregression of order
/// k + 1 that it is. The first k + 1 values are the history (0 unless given); then one draw per value. The columns of
/// β are the cointegration vectors: βᵀx is stationary, while M - r combinations are random walks.
///
/// Without `beta` it is drawn: the identity above normalised rows, whose numbers have sizes uniform on [0.5, 1.5] and either
/// sign. Without `alpha` it is -speed β (βᵀβ)⁻¹, so that all errors decay by 1 - speed per step. With `Gamma`, both must
/// be given.
///
/// Refused where the roots beside the M - r that are 1 do not lie within the unit circle: the matrix that
/// carries (Δx_t, …, Δx_{t-k+1}, βᵀx_t) on has exactly those, and a spectral radius of 1 or more. The truth has α, β, Γ, that
/// radius, and the coefficients of the levels as `Phi` and as a graph.
///
/// Reference: R. F. Engle, C. W. J. Granger (1987), doi:10.2307/1913236.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Number r of cointegration vectors that are drawn, from 1 to M.
    #[schemars(range(min = 1))]
    pub rank: usize,
    /// Speeds of adjustment α, as (channel, vector).
    pub alpha: Option<Tensor>,
    /// Cointegration vectors β, as (channel, vector). Drawn where not given.
    pub beta: Option<Tensor>,
    /// By which part errors decay per step where α is not given, strictly between 0 and 2.
    #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 2.0))]
    pub speed: f64,
    /// Coefficients Γ of earlier differences as (lag, channel, channel): row = channel that is acted on. For k = 1, one
    /// matrix will do. None where not given.
    #[serde(rename = "Gamma")]
    pub gamma: Option<Tensor>,
    /// Covariance Σ of the noise, positive semidefinite; its lower triangle is read.
    /// noise_scale² times the identity where not given.
    #[serde(rename = "Sigma")]
    pub sigma: Option<Tensor>,
    /// Standard deviation of the noise where `Sigma` is not given, at least 0.
    #[schemars(range(min = 0.0))]
    pub noise_scale: f64,
    /// The first k + 1 values, the oldest first: one number per channel (the same at every lag), (lag, channel), or
    /// (lag, channel, realization). 0 where not given.
    pub x0: Option<Tensor>,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            rank: 1,
            alpha: None,
            beta: None,
            speed: 0.3,
            gamma: None,
            sigma: None,
            noise_scale: 1.0,
            x0: None,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Vecm {
    rank: usize,
    speed: f64,
    alpha: Option<Vec<f64>>,
    beta: Option<Vec<f64>>,
    /// (lag, to, from)
    gamma: Vec<f64>,
    noise: Noise,
    history: First,
    shape: Shape,
}

/// The coefficients of a dataset.
pub struct Coefficients {
    alpha: Vec<f64>,
    beta: Vec<f64>,
    /// Of the levels: (lag, to, from).
    phi: Vec<f64>,
    by_source: Arc<Vec<f64>>,
    radius: f64,
}

const HISTORY: [Reading; 3] = [Reading::Channels, Reading::LagsChannels, Reading::Full];

/// The square is a covariance and must be finite.
const MAX_SCALE: f64 = 1e150;

impl Model for Vecm {
    const NAME: &'static str = "vecm";
    const FAMILY: &'static str = "autoregressive";
    type Params = Params;
    type Drawn = Coefficients;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let channels = shape.channels();
        problems.between("speed", params.speed, 0.0, 2.0);
        problems.within("noise_scale", params.noise_scale, 0.0, MAX_SCALE);
        let gamma = differences(params.gamma.as_ref(), channels, problems);
        let alpha = params.alpha.as_ref().map(|alpha| vectors("alpha", alpha, channels, problems));
        let beta = params.beta.as_ref().map(|beta| vectors("beta", beta, channels, problems));
        let noise = match &params.sigma {
            None => Some(Noise::Scaled(params.noise_scale)),
            Some(sigma) => Noise::correlated(sigma, channels, problems),
        };
        let (gamma, noise) = (gamma?, noise?);
        let (alpha, beta) =
            (alpha.map_or(Some(None), |a| a.map(Some))?, beta.map_or(Some(None), |b| b.map(Some))?);
        let (given, drawn) = (beta.as_ref().map(|beta| beta.len() / channels), params.rank);
        let rank = given.unwrap_or(drawn);
        problems.require(
            "rank",
            (1..=channels).contains(&rank),
            format_args!("lie in 1..={channels} = M"),
            rank,
        );
        if alpha.is_some() && beta.is_none() {
            problems.add("beta", "is required beside alpha");
        }
        if !gamma.is_empty() && alpha.is_none() {
            problems.add("alpha", "is required beside Gamma");
        }
        let order = gamma.len() / (channels * channels) + 1;
        super::history::order(order, shape, problems)?;
        companion_fits(order, channels, problems)?;
        let history = First::new(&HISTORY, params.x0.as_ref(), order, shape, problems)?;
        if let (Some(alpha), Some(beta)) = (&alpha, &beta) {
            if alpha.len() != beta.len() {
                let shapes = (alpha.len() / channels, rank);
                problems.add(
                    "alpha",
                    format_args!("must have as many columns as beta: {}, found {}", shapes.1, shapes.0),
                );
                return None;
            }
            let radius = radius(alpha, beta, &gamma, channels);
            let rule = format_args!(
                "have roots within the unit circle beside the M - r = {} that are 1: spectral radius below 1",
                channels - rank
            );
            problems.require("alpha", radius < 1.0, rule, radius);
        }
        if let Some(beta) = &beta
            && alpha.is_none()
            && inverse_gram(beta, channels).is_none()
        {
            problems.add("beta", "must have independent columns");
        }
        let speed = params.speed;
        problems.is_empty().then_some(Vecm { rank, speed, alpha, beta, gamma, noise, history, shape })
    }

    fn facts(&self) -> Facts {
        let (channels, order) = (self.shape.channels(), self.order());
        let product = if self.shape.realizations() < 4 { 0.1 } else { 0.04 };
        Facts::new(TimeAxis::Steps)
            .attribute("rank", self.rank)
            .attribute("p", order)
            .attribute("Sigma", Array::floats(vec![channels, channels], self.noise.covariance(channels)))
            .state_bytes(8 * order * self.shape.slab() + 16 * order * channels * channels)
            .cost(2.5 + (product * channels as f64 + 25.0 / self.shape.slab() as f64) * order as f64)
            .interventions()
    }

    fn draw(&self, rng: &mut Rng) -> Coefficients {
        let (channels, rank) = (self.shape.channels(), self.rank);
        let beta = self.beta.clone().unwrap_or_else(|| {
            let mut beta = vec![0.0; channels * rank];
            (0..rank).for_each(|i| beta[i * rank + i] = 1.0);
            for x in &mut beta[rank * rank..] {
                let size = rng.uniform(0.5, 1.5);
                *x = if rng.random() < 0.5 { -size } else { size };
            }
            beta
        });
        let alpha = self.alpha.clone().unwrap_or_else(|| {
            // Independent columns: checked, or below an identity.
            let inverse = inverse_gram(&beta, channels).unwrap_or_else(|| vec![0.0; rank * rank]);
            let at = |m: usize, j: usize| {
                (0..rank).map(|i| beta[m * rank + i] * inverse[i * rank + j]).sum::<f64>()
            };
            (0..channels * rank).map(|flat| -self.speed * at(flat / rank, flat % rank)).collect()
        });
        let phi = self.levels(&alpha, &beta);
        let radius = radius(&alpha, &beta, &self.gamma, channels);
        Coefficients { by_source: by_source(&phi, channels), alpha, beta, phi, radius }
    }

    fn start(&self, drawn: &Arc<Coefficients>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let (channels, slab) = (self.shape.channels(), self.shape.channels() * realizations.len());
        let step = Recursion::new(drawn.by_source.clone(), self.noise.clone(), channels, slab, rng);
        Box::new(Continued::new(step, &self.history, realizations))
    }

    fn truth(&self, drawn: &Coefficients) -> Truth {
        let (channels, order) = (self.shape.channels(), self.order());
        let mut truth = Truth::default();
        truth.array("alpha", &[channels, self.rank], drawn.alpha.clone());
        truth.array("beta", &[channels, self.rank], drawn.beta.clone());
        if order > 1 {
            truth.array("Gamma", &[order - 1, channels, channels], self.gamma.clone());
        }
        truth.array("Phi", &[order, channels, channels], drawn.phi.clone());
        truth.array("noise_covariance", &[channels, channels], self.noise.covariance(channels));
        truth.scalar("radius", drawn.radius);
        truth.graph("influence", influence(&drawn.phi, channels));
        truth
    }
}

impl Vecm {
    fn order(&self) -> usize {
        self.gamma.len() / (self.shape.channels() * self.shape.channels()) + 1
    }

    /// Φ₁ = I + αβᵀ + Γ₁, Φ_i = Γ_i - Γ_{i-1}, and -Γ_k last.
    fn levels(&self, alpha: &[f64], beta: &[f64]) -> Vec<f64> {
        let (channels, rank) = (self.shape.channels(), self.rank);
        let size = channels * channels;
        let mut phi = vec![0.0; self.order() * size];
        for to in 0..channels {
            for from in 0..channels {
                let terms = alpha[to * rank..][..rank].iter().zip(&beta[from * rank..][..rank]);
                let pull: f64 = terms.map(|(a, b)| a * b).sum();
                phi[to * channels + from] = pull + f64::from(u8::from(to == from));
            }
        }
        for (at, gamma) in self.gamma.iter().enumerate() {
            phi[at] += gamma;
            phi[at + size] -= gamma;
        }
        phi
    }
}

/// (channel, vector), as they lie.
fn vectors(name: &str, given: &Tensor, channels: usize, problems: &mut Problems) -> Option<Vec<f64>> {
    if let Some(bad) = given.data().iter().find(|x| !x.is_finite()) {
        problems.finite(name, *bad);
        return None;
    }
    match given.shape() {
        [rows, columns] if *rows == channels && *columns <= channels => Some(given.data().to_vec()),
        found => {
            let rule =
                format!("must have shape [{channels}, r] with r of at most {channels}, found {found:?}");
            problems.add(name, rule);
            None
        }
    }
}

/// (lag, to, from)
fn differences(gamma: Option<&Tensor>, channels: usize, problems: &mut Problems) -> Option<Vec<f64>> {
    let Some(gamma) = gamma else { return Some(Vec::new()) };
    if let Some(bad) = gamma.data().iter().find(|x| !x.is_finite()) {
        problems.finite("Gamma", *bad);
        return None;
    }
    match gamma.shape() {
        [rows, columns] | [_, rows, columns] if (*rows, *columns) == (channels, channels) => {
            Some(gamma.data().to_vec())
        }
        found => {
            let rule = format!("must have shape [k, {channels}, {channels}], found {found:?}");
            problems.add("Gamma", rule);
            None
        }
    }
}

/// The spectral radius of what carries (Δx_t, …, Δx_{t-k+1}, βᵀx_t) on: all roots but M - r that are 1.
fn radius(alpha: &[f64], beta: &[f64], gamma: &[f64], channels: usize) -> f64 {
    let (rank, lagged) = (beta.len() / channels, gamma.len() / channels);
    let rows = lagged + rank;
    let mut matrix = vec![0.0; rows * rows];
    // Δx_t from all that was, row by row; βᵀ of it is what the errors change by.
    let difference = |to: usize, column: usize| match column.checked_sub(lagged) {
        None => gamma[(column / channels * channels + to) * channels + column % channels],
        Some(vector) => alpha[to * rank + vector],
    };
    for column in 0..rows {
        for to in 0..channels.min(lagged) {
            matrix[to * rows + column] = difference(to, column);
        }
        for vector in 0..rank {
            let change: f64 = (0..channels).map(|m| beta[m * rank + vector] * difference(m, column)).sum();
            let stays = f64::from(u8::from(column == lagged + vector));
            matrix[(lagged + vector) * rows + column] = change + stays;
        }
    }
    (channels..lagged).for_each(|row| matrix[row * rows + row - channels] = 1.0);
    spectral_radius(&matrix, rows)
}

/// (βᵀβ)⁻¹; `None` where columns depend on each other.
fn inverse_gram(beta: &[f64], channels: usize) -> Option<Vec<f64>> {
    let rank = beta.len() / channels;
    let gram: Vec<f64> = (0..rank * rank)
        .map(|at| (0..channels).map(|m| beta[m * rank + at / rank] * beta[m * rank + at % rank]).sum())
        .collect();
    let lower = cholesky(&gram, rank)?;
    let mut inverse = vec![0.0; rank * rank];
    for column in 0..rank {
        let mut x = vec![0.0; rank];
        for i in 0..rank {
            let known: f64 = (0..i).map(|k| lower[i * rank + k] * x[k]).sum();
            x[i] = (f64::from(u8::from(i == column)) - known) / lower[i * rank + i];
        }
        for i in (0..rank).rev() {
            let known: f64 = (i + 1..rank).map(|k| lower[k * rank + i] * x[k]).sum();
            x[i] = (x[i] - known) / lower[i * rank + i];
        }
        (0..rank).for_each(|i| inverse[i * rank + column] = x[i]);
    }
    inverse.iter().all(|x| x.is_finite()).then_some(inverse)
}
