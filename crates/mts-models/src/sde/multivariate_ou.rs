//! The Ornstein–Uhlenbeck process of several coupled channels.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("multivariate_ou").expect("compiled in");
//! let params = serde_json::json!({ "A": [[-1.0, 0.4], [-0.8, -0.5]], "dt": 0.1 });
//! let model = entry.build(params, Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[6..9], [-0.014147600220516856, 0.5773447603134794, -0.3600412325250114]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Edge, Facts, Graph, Law, Model, Numbers, Problems, Process, Saved, Shape, State, StateError, Tensor,
    TimeAxis, Truth,
};
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::moments::{Moments, largest_real_part};
use super::walk;
use crate::cached;
use crate::each::{each, repeated};
use crate::initial::Initial;
use crate::mix::{add_product, root, square, transpose};

/// The multivariate Ornstein–Uhlenbeck process: coupled channels in continuous time whose causes, covariances
/// and lags are all known.
///
/// dX = A (X - μ) dt + dB, where B has the covariance Σ per second. The step
/// X_{t+dt} = μ + E (X_t - μ) + L Z with E = exp(A dt) and L Lᵀ = ∫₀^dt exp(A s) Σ exp(Aᵀ s) ds is exact; both
/// matrices come from series over a part of dt that is doubled (Van Loan 1978). Stationary law: normal with
/// mean μ and the covariance P that solves A P + P Aᵀ + Σ = 0; covariance exp(A τ) P between X_{t+τ} and X_t.
///
/// A must be stable: the largest real part of its eigenvalues below 0, unless `unstable` allows others. Without
/// `A`, each channel returns with rate 1 and is driven by the one before it: A_ii = -1, A_{i,i-1} = 0.5.
///
/// The first value is the initial state, drawn from the stationary law where `x0` is not given, a normal per
/// value (μ where A is not stable). Then one draw per value.
///
/// The truth holds A, Σ, E, the covariance of a step, P, and the graph of what acts on what, the entries of A
/// off its diagonal, at lag 1: within a step of any length, influence also travels along paths, as E shows.
///
/// References: C. Gardiner (2009), Stochastic Methods, Springer, chapter 4; C. F. Van Loan (1978),
/// doi:10.1109/TAC.1978.1101743.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Drift A per second, an M × M matrix: row = channel that is acted on, column = channel that acts.
    #[serde(rename = "A")]
    pub drift: Option<Tensor>,
    /// Covariance Σ of the noise per second, an M × M matrix, symmetric and positive semidefinite. The
    /// identity where not given.
    #[serde(rename = "Sigma")]
    pub sigma: Option<Tensor>,
    /// Mean μ: one number, or one per channel.
    pub mu: Numbers,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Initial state: one number, one per channel, else one per realization, or a (channel, realization)
    /// matrix. Drawn from the stationary law where not given.
    pub x0: Option<Numbers>,
    /// Whether A may have eigenvalues whose real part is not below 0: values then grow without bounds.
    pub unstable: bool,
}

impl Default for Params {
    fn default() -> Self {
        Params { drift: None, sigma: None, mu: 0.0.into(), dt: 0.1, x0: None, unstable: false }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct MultivariateOu {
    dt: f64,
    /// (to, from)
    drift: Vec<f64>,
    sigma: Vec<f64>,
    mu: Vec<f64>,
    decay: Vec<f64>,
    covariance: Vec<f64>,
    step: Arc<Step>,
    /// Where A is stable.
    stationary: Option<Stationary>,
    initial: Option<Initial>,
    shape: Shape,
}

#[derive(Clone, Debug)]
struct Stationary {
    covariance: Vec<f64>,
    /// (from, to): the columns of the lower triangle.
    by_source: Vec<f64>,
}

/// What a step needs, as (from, to).
#[derive(Debug)]
struct Step {
    decay: Vec<f64>,
    noise: Vec<f64>,
}

/// Channels, at most: beyond, the matrices of a step take too long.
const MAX_CHANNELS: usize = 256;

impl Model for MultivariateOu {
    const NAME: &'static str = "multivariate_ou";
    const FAMILY: &'static str = "sde";
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let (dt, n) = (params.dt, shape.channels());
        problems.positive("dt", dt);
        if n > MAX_CHANNELS {
            problems.require("M", false, format_args!("be at most {MAX_CHANNELS}"), n);
            return None;
        }
        let mu = each("mu", &params.mu, shape.channels(), problems);
        let initial = match &params.x0 {
            None => None,
            Some(x0) => Some(walk::initial("x0", x0, shape, problems)?),
        };
        let drift = match &params.drift {
            Some(drift) => square("A", drift, n, problems)?.to_vec(),
            None => cascade(n),
        };
        let sigma = match &params.sigma {
            Some(sigma) => square("Sigma", sigma, n, problems)?.to_vec(),
            None => (0..n * n).map(|at| if at / n == at % n { 1.0 } else { 0.0 }).collect(),
        };
        root("Sigma", &sigma, n, problems)?;
        let mu = mu?;
        if !problems.is_empty() {
            return None;
        }
        let fastest = drift.iter().fold(0.0, |most: f64, x| most.max(x.abs())) * dt;
        problems.require("A", fastest <= 1e6, "times dt have entries of at most 1e6", fastest);
        let real = largest_real_part(&drift, n);
        // An eigenvalue of 0 is found up to rounding.
        let stable = real * dt < -1e-13 * fastest;
        let rule = "have eigenvalues with real parts below 0 unless unstable is true; the largest";
        problems.require("A", stable || params.unstable, rule, format_args!("{real:.6}"));
        if !problems.is_empty() {
            return None;
        }
        let moments = Moments::over(&drift, &sigma, n, dt);
        let finite = moments.decay.iter().chain(&moments.covariance).all(|x| x.is_finite());
        problems.require("A", finite, "keep values finite over dt; the largest real part", real);
        let noise = finite.then(|| root("Sigma", &moments.covariance, n, problems)).flatten()?;
        let stationary = if stable {
            let covariance = moments.stationary(n);
            let lower = root("A", &covariance, n, problems)?;
            Some(Stationary { by_source: transpose(&lower, n), covariance })
        } else {
            None
        };
        let Moments { decay, covariance } = moments;
        let step = Arc::new(Step { decay: transpose(&decay, n), noise: transpose(&noise, n) });
        Some(MultivariateOu { dt, drift, sigma, mu, decay, covariance, step, stationary, initial, shape })
    }

    fn facts(&self) -> Facts {
        let n = self.shape.channels();
        let law = |m: usize| {
            let variance = self.stationary.as_ref()?.covariance[m * n + m];
            (variance > 0.0).then_some(Law::Normal { mean: self.mu[m], variance })
        };
        Facts::new(TimeAxis::Seconds { dt: self.dt })
            .attribute("dt", self.dt)
            .state_bytes(64 * n * n + 16 * self.shape.slab())
            .cost(3.5 + 0.15 * n as f64 + 15.0 / self.shape.slab() as f64)
            .laws((0..n).map(law))
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let n = self.shape.channels();
        let mu = repeated(&self.mu, realizations.len());
        let mut away = vec![0.0; mu.len()];
        if let Some(initial) = &self.initial {
            let first = initial.columns(realizations.clone());
            away.iter_mut().zip(first).zip(&mu).for_each(|((away, x), mu)| *away = x - mu);
        } else if let Some(stationary) = &self.stationary {
            let mut normals = vec![0.0; mu.len()];
            rng.fill_standard_normal(&mut normals);
            add_product(&stationary.by_source, n, &normals, &mut away);
        }
        let room = vec![0.0; mu.len()];
        let (step, total) = (self.step.clone(), self.shape.realizations());
        Box::new(Coupled { step, channels: n, mu, away, room, started: false, realizations, total, rng })
    }

    fn truth(&self, (): &()) -> Truth {
        let n = self.shape.channels();
        let mut truth = Truth::default();
        truth.array("A", &[n, n], self.drift.clone());
        truth.array("Sigma", &[n, n], self.sigma.clone());
        truth.array("step_matrix", &[n, n], self.decay.clone());
        truth.array("step_covariance", &[n, n], self.covariance.clone());
        if let Some(stationary) = &self.stationary {
            truth.array("stationary_covariance", &[n, n], stationary.covariance.clone());
        }
        let pairs = (0..n).flat_map(|from| (0..n).map(move |to| (from, to)));
        let acting = pairs.filter(|(from, to)| from != to && self.drift[to * n + from] != 0.0);
        let edge = |(from, to)| Edge { from, to, lag: 1, weight: self.drift[to * n + from] };
        truth.graph("influence", Graph::Edges { nodes: n, edges: acting.map(edge).collect() });
        truth
    }
}

/// Each channel is driven by the one before it.
fn cascade(n: usize) -> Vec<f64> {
    let entry = |to: usize, from: usize| match to.checked_sub(from) {
        Some(0) => -1.0,
        Some(1) => 0.5,
        _ => 0.0,
    };
    (0..n * n).map(|at| entry(at / n, at % n)).collect()
}

struct Coupled {
    step: Arc<Step>,
    channels: usize,
    mu: Vec<f64>,
    /// X - μ of the last step.
    away: Vec<f64>,
    room: Vec<f64>,
    started: bool,
    realizations: Range<usize>,
    total: usize,
    rng: Rng,
}

/// Turns normals into the slabs that follow.
struct Advance<'a> {
    step: &'a Step,
    channels: usize,
    mu: &'a [f64],
    away: &'a mut [f64],
    room: &'a mut [f64],
    slabs: &'a mut [f64],
}

impl simd::Kernel for Advance<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Advance { step, channels, mu, away, room, slabs } = self;
        for slab in slabs.chunks_exact_mut(mu.len()) {
            room.fill(0.0);
            add_product(&step.noise, channels, slab, room);
            add_product(&step.decay, channels, away, room);
            away.copy_from_slice(room);
            for ((x, away), mu) in slab.iter_mut().zip(&*away).zip(mu) {
                *x = mu + away;
            }
        }
    }
}

impl Process for Coupled {
    fn fill(&mut self, steps: &mut [f64]) {
        let width = self.mu.len();
        let mut steps = steps;
        if !self.started && !steps.is_empty() {
            self.started = true;
            let (first, rest) = steps.split_at_mut(width);
            first.iter_mut().zip(&self.away).zip(&self.mu).for_each(|((x, away), mu)| *x = mu + away);
            steps = rest;
        }
        for slabs in steps.chunks_mut(cached(width)) {
            self.rng.fill_standard_normal(slabs);
            let Coupled { step, channels, mu, away, room, .. } = self;
            simd::dispatch(Advance { step, channels: *channels, mu, away, room, slabs });
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.away);
        state.flag(self.started);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.away)?;
        self.started = saved.flag()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        let first: Vec<f64> = self.mu.iter().zip(&self.away).map(|(mu, away)| mu + away).collect();
        truth.columns("initial_state", &[self.channels], self.total, self.realizations.clone(), &first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drifts_that_explode_are_refused() {
        for (params, rule) in [
            (serde_json::json!({ "A": [[0.25, 0.0], [1.0, -1.0]] }), "the largest, found 0.250000"),
            (serde_json::json!({ "A": [[-1.0]] }), "shape [2, 2], found [1, 1]"),
            (serde_json::json!({ "Sigma": [[1.0, 2.0], [2.0, 1.0]] }), "channel 1 would have variance -3"),
            (serde_json::json!({ "dt": 0 }), "\"dt\" must be > 0"),
        ] {
            let mut problems = Problems::default();
            let params = serde_json::from_value(params).unwrap();
            assert!(MultivariateOu::new(params, Shape::of(2, 1, 1), &mut problems).is_none());
            assert!(problems.to_string().contains(rule), "{problems}");
        }
    }
}
