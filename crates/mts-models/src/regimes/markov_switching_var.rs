//! Vector autoregression whose coefficients switch with a hidden Markov chain.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("markov_switching_var").expect("compiled in");
//! let params = serde_json::json!({ "transition": [[0.9, 0.1], [0.2, 0.8]], "sigma": [0.5, 2] });
//! let model = entry.build(params, Shape::new(2, 15, 1)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(5_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[12..15], [-2.1799519784553376, 3.527775528107737, -2.3206177781782893]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{
    Facts, Held, Label, Model, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis, Truth,
};
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::chain::Chain;
use super::coefficients::{coefficients, norm, per_regime};
use super::spells::Spells;

/// Vector autoregression of order 1 whose mean, coefficients and noise depend on a regime that switches as a Markov chain.
///
/// x_t = μ(s_t) + Φ(s_t) (x_{t-1} - μ(s_{t-1})) + σ(s_t) Z, where each realization has a chain s of its own that is in
/// regime j after i with probability `transition`[i, j]. The chain starts in its stationary law (the one reached from
/// regime 0, where there are several), x - μ at 0; both run for `burn_in` steps before the first value. Per step, one draw
/// for each value, then one for each realization.
///
/// Without `Phi` the coefficients are drawn first: the diagonal uniform on [-0.2, 0.8], the others normal with standard
/// deviation 0.2, and then a regime in which a row has absolute values that add up to more than 0.9 is scaled to 0.9: any
/// way to switch is then stable. Without `mu`, means are drawn after that: 2 times standard normals per regime and channel. Given `Phi`
/// with larger rows is refused where second moments do not stay finite: the matrix of blocks
/// `transition`[j, i] Φ(i) ⊗ Φ(i) must have a spectral radius below 1.
///
/// Labels `regime` say which regime each realization is in, for all channels; the truth has all coefficients, the
/// transition matrix, and its stationary law.
///
/// References: J. D. Hamilton (1989), doi:10.2307/1912559; O. L. V. Costa, M. D. Fragoso, R. P. Marques (2005),
/// Discrete-Time Markov Jump Linear Systems.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Number of regimes K, from 1 to 64.
    #[schemars(range(min = 1, max = 64))]
    pub regimes: usize,
    /// Probability of each regime (column) after each one (row).
    pub transition: Option<Tensor>,
    /// Probability to stay in a regime where `transition` is not given, from 0 to 1; the others are equally likely.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub stay: f64,
    /// Coefficients Φ as (regime, channel, channel): row = channel that is acted on. Drawn where not given.
    #[serde(rename = "Phi")]
    pub phi: Option<Tensor>,
    /// Means μ: one number per regime, or (regime, channel). Drawn where not given.
    pub mu: Option<Tensor>,
    /// Standard deviations σ of the noise, at least 0: one number per regime, or (regime, channel). 1 where not given.
    pub sigma: Option<Tensor>,
    /// Steps before the first value.
    #[schemars(range(max = 1_000_000))]
    pub burn_in: usize,
}

impl Default for Params {
    fn default() -> Self {
        Params { regimes: 2, transition: None, stay: 0.95, phi: None, mu: None, sigma: None, burn_in: 100 }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct MarkovSwitchingVar {
    chain: Chain,
    phi: Option<Vec<f64>>,
    mu: Option<Vec<f64>>,
    sigma: Vec<f64>,
    burn_in: usize,
    shape: Shape,
}

/// The coefficients of a dataset.
pub struct Coefficients {
    /// (regime, to, from)
    phi: Vec<f64>,
    /// (regime, from, to): the order in which a step walks.
    by_source: Vec<f64>,
    /// (regime, channel)
    mu: Vec<f64>,
    sigma: Vec<f64>,
    chain: Chain,
}

const MAX_BURN_IN: usize = 1_000_000;

/// Coefficients, at most: 2 GiB.
const MAX_COEFFICIENTS: usize = 1 << 28;

/// Rows of drawn coefficients.
const ROW: f64 = 0.9;

impl Model for MarkovSwitchingVar {
    const NAME: &'static str = "markov_switching_var";
    const FAMILY: &'static str = "regimes";
    type Params = Params;
    type Drawn = Coefficients;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let channels = shape.channels();
        let chain = Chain::new(params.transition.as_ref(), params.stay, params.regimes, problems)?;
        let regimes = params.regimes;
        let size = regimes.saturating_mul(channels).saturating_mul(channels);
        let few = size <= MAX_COEFFICIENTS;
        problems.require(
            "M",
            few,
            format_args!("be less: regimes × M² is at most {MAX_COEFFICIENTS}"),
            channels,
        );
        let short = params.burn_in <= MAX_BURN_IN;
        problems.require("burn_in", short, format_args!("be at most {MAX_BURN_IN}"), params.burn_in);
        let mut each = |name: &str, given: Option<&Tensor>| {
            given.map_or(Some(None), |given| per_regime(name, given, regimes, channels, problems).map(Some))
        };
        let (mu, sigma) = (each("mu", params.mu.as_ref()), each("sigma", params.sigma.as_ref()));
        let (mu, sigma) = (mu?, sigma?.unwrap_or_else(|| vec![1.0; regimes * channels]));
        if let Some(bad) = sigma.iter().find(|sigma| **sigma < 0.0) {
            problems.non_negative("sigma", *bad);
        }
        let phi = match &params.phi {
            None => None,
            Some(given) => Some(coefficients(given, &chain, channels, problems)?),
        };
        let burn_in = params.burn_in;
        problems.is_empty().then_some(MarkovSwitchingVar { chain, phi, mu, sigma, burn_in, shape })
    }

    fn facts(&self) -> Facts {
        let (channels, realizations) = (self.shape.channels(), self.shape.realizations());
        let coefficients = self.chain.regimes() * channels * channels;
        Facts::new(TimeAxis::Steps)
            .attribute("regimes", self.chain.regimes())
            .state_bytes(24 * self.shape.slab() + 40 * realizations + 16 * coefficients)
            .cost(4.0 + 0.5 * channels as f64 + 12.0 / channels as f64)
            .labelled()
            .interventions()
    }

    fn draw(&self, rng: &mut Rng) -> Coefficients {
        let (channels, regimes) = (self.shape.channels(), self.chain.regimes());
        let size = channels * channels;
        let phi = self.phi.clone().unwrap_or_else(|| {
            let mut phi = vec![0.0; regimes * size];
            rng.fill_normal(0.0, 0.2, &mut phi);
            for matrix in phi.chunks_exact_mut(size) {
                for m in 0..channels {
                    matrix[m * channels + m] = rng.uniform(-0.2, 0.8);
                }
                let largest = norm(matrix, channels);
                if largest > ROW {
                    matrix.iter_mut().for_each(|phi| *phi *= ROW / largest);
                }
            }
            phi
        });
        let mu = self.mu.clone().unwrap_or_else(|| {
            let mut mu = vec![0.0; regimes * channels];
            rng.fill_normal(0.0, 2.0, &mut mu);
            mu
        });
        let transposed = |matrix: &[f64]| -> Vec<f64> {
            (0..size).map(|at| matrix[at % channels * channels + at / channels]).collect()
        };
        let by_source = phi.chunks_exact(size).flat_map(transposed).collect();
        Coefficients { phi, by_source, mu, sigma: self.sigma.clone(), chain: self.chain.clone() }
    }

    fn start(&self, drawn: &Arc<Coefficients>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let (channels, count) = (self.shape.channels(), realizations.len());
        let first: Vec<u64> = (0..count).map(|_| self.chain.first(rng.random()) as u64).collect();
        let regimes = self.chain.regimes();
        let mut process = Switching {
            drawn: drawn.clone(),
            // Nothing is told of the burn-in, in which no step is the last.
            spells: Spells::new(first, regimes, usize::MAX, false),
            distance: vec![0.0; channels * count],
            next: vec![0.0; channels],
            uniforms: vec![0.0; count],
            done: 0,
            held: Vec::new(),
            realizations,
            total: self.shape.realizations(),
            rng,
        };
        let mut slab = vec![0.0; channels * count];
        (0..self.burn_in).for_each(|_| process.fill(&mut slab));
        let now = (0..count).map(|r| process.spells.regime(r) as u64).collect();
        process.spells = Spells::new(now, regimes, self.shape.steps(), true);
        process.done = 0;
        Box::new(process)
    }

    fn truth(&self, drawn: &Coefficients) -> Truth {
        let (channels, regimes) = (self.shape.channels(), self.chain.regimes());
        let mut truth = Truth::default();
        truth.array("Phi", &[regimes, channels, channels], drawn.phi.clone());
        truth.array("mu", &[regimes, channels], drawn.mu.clone());
        truth.array("sigma", &[regimes, channels], drawn.sigma.clone());
        truth.array("transition", &[regimes, regimes], self.chain.transition.clone());
        truth.array("stationary", &[regimes], self.chain.stationary.clone());
        truth
    }
}

struct Switching {
    drawn: Arc<Coefficients>,
    /// The regime of the step to come, of each realization.
    spells: Spells,
    /// x - μ of the last step: (realization, channel).
    distance: Vec<f64>,
    /// Room for one realization.
    next: Vec<f64>,
    uniforms: Vec<f64>,
    done: u64,
    held: Vec<Held>,
    realizations: Range<usize>,
    total: usize,
    rng: Rng,
}

impl Switching {
    #[inline(always)]
    fn step(&mut self, slab: &mut [f64], held: &[Held]) {
        let (channels, count) = (self.next.len(), self.uniforms.len());
        self.rng.fill_standard_normal(slab);
        self.rng.fill_random(&mut self.uniforms);
        for (r, last) in self.distance.chunks_exact_mut(channels).enumerate() {
            let regime = self.spells.regime(r);
            let of = |each: &'_ [f64]| regime * each.len() / self.drawn.chain.regimes();
            let (mu, sigma) =
                (&self.drawn.mu[of(&self.drawn.mu)..], &self.drawn.sigma[of(&self.drawn.sigma)..]);
            let by_source = &self.drawn.by_source[regime * channels * channels..][..channels * channels];
            for (m, next) in self.next.iter_mut().enumerate() {
                *next = sigma[m] * slab[m * count + r];
            }
            for (x, column) in last.iter().zip(by_source.chunks_exact(channels)) {
                self.next.iter_mut().zip(column).for_each(|(next, phi)| *next = phi.mul_add(*x, *next));
            }
            last.copy_from_slice(&self.next);
            for (m, last) in last.iter().enumerate() {
                slab[m * count + r] = mu[m] + last;
            }
            for Held { channel, value } in held {
                slab[channel * count + r] = *value;
                last[*channel] = value - mu[*channel];
            }
            let next = self.drawn.chain.next(regime, self.uniforms[r]);
            self.spells.turn(r, self.done, next, || (None, Some(self.realizations.start + r)));
        }
        self.done = self.done.saturating_add(1);
    }
}

struct Fill<'a> {
    process: &'a mut Switching,
    steps: &'a mut [f64],
}

impl simd::Kernel for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mut held = std::mem::take(&mut self.process.held);
        for slab in self.steps.chunks_exact_mut(self.process.distance.len()) {
            self.process.step(slab, &held);
            held.clear();
        }
    }
}

impl Process for Switching {
    fn fill(&mut self, steps: &mut [f64]) {
        simd::dispatch(Fill { process: self, steps });
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.distance);
        state.u64(self.done);
        self.spells.save(state);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.distance)?;
        self.done = saved.u64()?;
        self.spells.restore(saved)
    }

    fn truth(&self, truth: &mut Truth) {
        let count = self.uniforms.len();
        let regimes: Vec<f64> = (0..count).map(|r| self.spells.regime(r) as f64).collect();
        truth.columns("initial_regime", &[], self.total, self.realizations.clone(), &regimes);
    }

    fn labels(&mut self, labels: &mut Vec<Label>) {
        self.spells.labels(labels);
    }

    fn hold(&mut self, held: &[Held]) {
        self.held.extend_from_slice(held);
    }
}
