//! Kuramoto's phase oscillators.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("kuramoto").expect("compiled in");
//! let model = entry.build(serde_json::json!({ "K": 1.0 }), Shape::new(4, 20, 2)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(123_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[..3], [1.1052493731436484, 5.1025402722608115, 5.801547725061365]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::f64::consts::TAU;
use std::ops::Range;
use std::sync::Arc;

use mts_core::{Facts, Model, Problems, Process, Saved, Shape, State, StateError, Tensor, TimeAxis, Truth};
use mts_rng::math::kernel;
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::graph::{GraphParams, Kind, Network, Topology};
use crate::initial::{self, Initial, Reading};

/// Kuramoto's coupled phase oscillators, which synchronise when their coupling is strong enough.
///
/// dθ_m = (ω_m + K/M Σ_n A_mn sin(θ_n - θ_m)) dt + η dW. The first value is the initial phase; phases
/// are not wrapped. By `rk4`, the drift is integrated by the classical Runge–Kutta method of order 4,
/// by `euler` by Euler's; the noise η √dt Z is added after each step. For large complete
/// graphs whose frequencies have a density g with one symmetric peak, part of the phases lock above
/// K_c = 2 / (π g(peak)).
///
/// Draws: the graph (for `erdos_renyi` and `sbm`, M·M uniforms), M frequencies, the initial phases
/// (uniform on [0, 2π), unless given), then one normal per value if η > 0.
///
/// References: Y. Kuramoto (1975), doi:10.1007/BFb0013365; J. A. Acebrón et al. (2005),
/// doi:10.1103/RevModPhys.77.137.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Coupling strength K.
    #[serde(rename = "K")]
    pub coupling: f64,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Integration of the drift.
    pub method: Method,
    /// Law of the frequencies ω.
    pub omega_dist: FrequencyLaw,
    /// Mean of normal frequencies, radians per second.
    pub omega_mu: f64,
    /// Standard deviation of normal frequencies, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub omega_sigma: f64,
    /// Least uniform frequency.
    pub omega_low: f64,
    /// Bound of uniform frequencies, above `omega_low`.
    pub omega_high: f64,
    /// Noise η per square root of a second, at least 0.
    #[schemars(range(min = 0.0))]
    pub noise_std: f64,
    /// Who is coupled to whom.
    pub topology: Kind,
    /// Probability of an edge in `erdos_renyi`, strictly between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
    pub p: Option<f64>,
    /// Sizes of the blocks of `sbm`, which add up to M.
    pub block_sizes: Option<Vec<usize>>,
    /// Probability of an edge within a block of `sbm`, strictly between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
    pub p_intra: Option<f64>,
    /// Probability of an edge between blocks of `sbm`, strictly between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))]
    pub p_inter: Option<f64>,
    /// Own weights A (M × M) instead of a topology; made symmetric as (A + Aᵀ) / 2, without diagonal.
    #[serde(rename = "A")]
    pub weights: Option<Tensor>,
    /// Initial phases: one per channel, or a matrix, read as (realization, channel) where that fits,
    /// else as (channel, realization). Drawn where not given.
    pub theta0: Option<Tensor>,
}

/// Integration of the drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Classical Runge–Kutta, order 4.
    Rk4,
    /// Euler, order 1.
    Euler,
}

/// Law of the natural frequencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FrequencyLaw {
    /// Normal with mean `omega_mu` and standard deviation `omega_sigma`.
    Normal,
    /// Uniform on [`omega_low`, `omega_high`).
    Uniform,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            coupling: 1.0,
            dt: 0.05,
            method: Method::Rk4,
            omega_dist: FrequencyLaw::Normal,
            omega_mu: 0.0,
            omega_sigma: 1.0,
            omega_low: -1.0,
            omega_high: 1.0,
            noise_std: 0.0,
            topology: Kind::Complete,
            p: Some(0.1),
            block_sizes: None,
            p_intra: None,
            p_inter: None,
            weights: None,
            theta0: None,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Kuramoto {
    params: Params,
    topology: Topology,
    initial: Option<Initial>,
    shape: Shape,
}

const STATE: [Reading; 3] = [Reading::Channels, Reading::Transposed, Reading::Matrix];

/// What all realizations share.
pub struct Drawn {
    network: Network,
    omega: Vec<f64>,
}

impl Model for Kuramoto {
    const NAME: &'static str = "kuramoto";
    const FAMILY: &'static str = "oscillators";
    type Params = Params;
    type Drawn = Drawn;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.finite("K", params.coupling);
        problems.positive("dt", params.dt);
        problems.finite("omega_mu", params.omega_mu);
        problems.positive("omega_sigma", params.omega_sigma);
        problems.finite("omega_low", params.omega_low);
        let range = params.omega_low..params.omega_high;
        problems.require(
            "omega_high",
            params.omega_high.is_finite() && !range.is_empty(),
            format_args!("be finite and above omega_low = {}", params.omega_low),
            params.omega_high,
        );
        problems.non_negative("noise_std", params.noise_std);
        let graph = GraphParams {
            kind: params.topology,
            p: params.p,
            block_sizes: params.block_sizes.as_deref(),
            p_intra: params.p_intra,
            p_inter: params.p_inter,
            weights: params.weights.as_ref(),
        };
        let topology = Topology::new(&graph, shape.channels(), problems);
        let initial = match &params.theta0 {
            None => Some(None),
            Some(theta0) => {
                Initial::new("theta0", (theta0.shape(), theta0.data()), &STATE, shape, problems).map(Some)
            }
        };
        let (topology, initial) = (topology?, initial?);
        problems.is_empty().then_some(Kuramoto { params, topology, initial, shape })
    }

    fn facts(&self) -> Facts {
        let method = match self.params.method {
            Method::Rk4 => "rk4",
            Method::Euler => "euler",
        };
        // A stage sums both sines and cosines over neighbours.
        let stage =
            2.0 + 30.0 / self.shape.slab() as f64 + 2.0 * self.topology.cost(self.shape.realizations());
        let stages = if self.params.method == Method::Rk4 { 4.0 } else { 1.0 };
        let noise = if self.params.noise_std > 0.0 { 2.5 } else { 0.0 };
        let topology = if self.params.weights.is_some() { "own" } else { self.params.topology.name() };
        Facts::new(TimeAxis::Seconds { dt: self.params.dt })
            .attribute("dt", self.params.dt)
            .attribute("method", method)
            .attribute("topology", topology)
            .state_bytes(72 * self.shape.slab() + self.topology.bytes())
            .cost(stages * stage + noise)
            .angles()
    }

    fn draw(&self, rng: &mut Rng) -> Drawn {
        let network = self.topology.draw(rng);
        let mut omega = vec![0.0; self.shape.channels()];
        match self.params.omega_dist {
            FrequencyLaw::Normal => {
                rng.fill_normal(self.params.omega_mu, self.params.omega_sigma, &mut omega)
            }
            FrequencyLaw::Uniform => {
                rng.fill_uniform(self.params.omega_low, self.params.omega_high, &mut omega)
            }
        }
        Drawn { network, omega }
    }

    fn start(&self, drawn: &Arc<Drawn>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let (channels, total) = (self.shape.channels(), self.shape.realizations());
        let width = channels * realizations.len();
        let theta = match &self.initial {
            Some(initial) => initial.columns(realizations.clone()),
            None => {
                let mut drawn = vec![0.0; width];
                rng.fill_uniform(0.0, TAU, &mut drawn);
                drawn
            }
        };
        let zeros = vec![0.0; width];
        Box::new(Phases {
            drift: Drift {
                drawn: drawn.clone(),
                coupling: self.params.coupling / channels as f64,
                omega: initial::per_channel(&drawn.omega, realizations.len()),
                sin: zeros.clone(),
                cos: zeros.clone(),
                sin_sums: zeros.clone(),
                cos_sums: zeros.clone(),
                totals: vec![0.0; realizations.len()],
            },
            method: self.params.method,
            dt: self.params.dt,
            noise: self.params.noise_std * self.params.dt.sqrt(),
            rng,
            theta,
            stage: zeros.clone(),
            slope: zeros.clone(),
            slopes: zeros,
            started: false,
            realizations,
            total,
        })
    }

    fn truth(&self, drawn: &Drawn) -> Truth {
        let mut truth = Truth::default();
        truth.graph("adjacency", drawn.network.truth(0));
        truth.array("omega", &[self.shape.channels()], drawn.omega.clone());
        truth
    }
}

/// The right-hand side without noise.
struct Drift {
    drawn: Arc<Drawn>,
    /// K / M
    coupling: f64,
    /// One per value of a slab.
    omega: Vec<f64>,
    sin: Vec<f64>,
    cos: Vec<f64>,
    sin_sums: Vec<f64>,
    cos_sums: Vec<f64>,
    totals: Vec<f64>,
}

impl Drift {
    /// ω_m + K/M Σ A_mn sin(θ_n - θ_m), by the addition theorem: one sine and cosine per node
    /// instead of one per edge, and for the complete graph two sums for all nodes (the mean field).
    #[inline(always)]
    fn slope(&mut self, theta: &[f64], slope: &mut [f64]) {
        kernel::sin_cos_into(theta, &mut self.sin, &mut self.cos);
        let network = &self.drawn.network;
        for (wave, sums) in [(&self.sin, &mut self.sin_sums), (&self.cos, &mut self.cos_sums)] {
            network.sum_neighbours(wave, &mut self.totals, sums);
        }
        let sums = self.sin_sums.iter().zip(&self.cos_sums);
        let waves = self.sin.iter().zip(&self.cos);
        for (((slope, omega), (sin_sum, cos_sum)), (sin, cos)) in
            slope.iter_mut().zip(&self.omega).zip(sums).zip(waves)
        {
            *slope = self.coupling * (cos * sin_sum - sin * cos_sum) + omega;
        }
    }
}

struct Phases {
    drift: Drift,
    method: Method,
    dt: f64,
    /// η √dt
    noise: f64,
    rng: Rng,
    theta: Vec<f64>,
    stage: Vec<f64>,
    slope: Vec<f64>,
    slopes: Vec<f64>,
    started: bool,
    realizations: Range<usize>,
    total: usize,
}

/// Fills slabs, all of them in one build: a step of a few values costs less than to choose it.
struct Fill<'a> {
    phases: &'a mut Phases,
    steps: &'a mut [f64],
}

impl simd::Kernel for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Fill { phases, steps } = self;
        for slab in steps.chunks_exact_mut(phases.theta.len()) {
            if phases.started {
                phases.step();
                if phases.noise > 0.0 {
                    phases.rng.fill_standard_normal(slab);
                    add_scaled(&mut phases.theta, phases.noise, slab);
                }
            }
            phases.started = true;
            slab.copy_from_slice(&phases.theta);
        }
    }
}

impl Phases {
    #[inline(always)]
    fn step(&mut self) {
        self.drift.slope(&self.theta, &mut self.slopes);
        let distance = match self.method {
            Method::Euler => self.dt,
            Method::Rk4 => {
                self.refine();
                self.dt / 6.0
            }
        };
        add_scaled(&mut self.theta, distance, &self.slopes);
    }

    /// Adds the slopes at the three later stages to that at the first one.
    #[inline(always)]
    fn refine(&mut self) {
        self.slope.copy_from_slice(&self.slopes);
        for (distance, weight) in [(0.5, 2.0), (0.5, 2.0), (1.0, 1.0)] {
            let distance = distance * self.dt;
            for ((stage, theta), slope) in self.stage.iter_mut().zip(&self.theta).zip(&self.slope) {
                *stage = theta + distance * slope;
            }
            self.drift.slope(&self.stage, &mut self.slope);
            add_scaled(&mut self.slopes, weight, &self.slope);
        }
    }
}

#[inline(always)]
fn add_scaled(x: &mut [f64], factor: f64, y: &[f64]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x += factor * y;
    }
}

impl Process for Phases {
    fn fill(&mut self, steps: &mut [f64]) {
        simd::dispatch(Fill { phases: self, steps });
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.theta);
        state.flag(self.started);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.theta)?;
        self.started = saved.flag()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        let channels = self.drift.drawn.omega.len();
        truth.columns("initial_state", &[channels], self.total, self.realizations.clone(), &self.theta);
    }
}
