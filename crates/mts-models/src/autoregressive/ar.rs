//! Autoregressive channels.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("ar").expect("compiled in");
//! let params = serde_json::json!({ "p": 2, "phi": [0.6, -0.2], "noise_std": 0.1 });
//! let model = entry.build(params, Shape::new(3, 15, 2)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(5_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[12..15], [-0.08019314252534475, -0.1324358995628145, -0.024836162209524854]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::linalg::spectral_radius;
use mts_core::{Edge, Facts, Graph, Held, Map, Model, Problems, Process, Shape, Tensor, TimeAxis, Truth};
use mts_rng::{Rng, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::history::{Continued, First, History, Reading, Step};

/// Independent autoregressive channels of order p.
///
/// x_t = φ₁ x_{t-1} + … + φ_p x_{t-p} + σ Z. The first p values are the history (0 unless given);
/// then one draw per value. Without `phi`, each channel draws its own coefficients, 0.5 times
/// standard normals, before anything else.
///
/// A channel whose characteristic roots reach 0.98 is made stationary, whether its coefficients were
/// drawn or given: they are divided by (largest root + 0.05) until the largest root is below 0.98.
/// Where 20 rounds of that do not end, as happens for long lags, lag k is scaled by c^k instead, which
/// brings the largest root to 0.95.
/// The truth says which coefficients were used and what they were made from.
///
/// Reference: G. E. P. Box, G. M. Jenkins (1970), Time Series Analysis: Forecasting and Control.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Order: the number of lags, at least 1.
    #[schemars(range(min = 1))]
    pub p: usize,
    /// Coefficients: one per lag for all channels, a (channel, lag) matrix, or a (lag, channel)
    /// matrix. Drawn where not given.
    pub phi: Option<Tensor>,
    /// Standard deviation σ of the noise, at least 0.
    #[schemars(range(min = 0.0))]
    pub noise_std: f64,
    /// History, the oldest first: one number per lag; (lag, channel), (channel, lag) or (lag,
    /// realization); (lag, channel, realization), (channel, lag, realization) or (lag, realization,
    /// channel). The first reading that fits is taken; 0 where not given.
    pub x0: Option<Tensor>,
}

impl Default for Params {
    fn default() -> Self {
        Params { p: 1, phi: None, noise_std: 1.0, x0: None }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Ar {
    order: usize,
    /// (channel, lag)
    phi: Option<Vec<f64>>,
    noise_std: f64,
    history: First,
    shape: Shape,
}

/// The coefficients of a dataset.
pub struct Coefficients {
    /// (channel, lag)
    phi: Vec<f64>,
    radius_before: Vec<f64>,
    radius_after: Vec<f64>,
}

const HISTORY: [Reading; 7] = [
    Reading::Lags,
    Reading::LagsChannels,
    Reading::ChannelsLags,
    Reading::LagsRealizations,
    Reading::Full,
    Reading::ChannelsFirst,
    Reading::ChannelsLast,
];

impl Model for Ar {
    const NAME: &'static str = "ar";
    const FAMILY: &'static str = "autoregressive";
    type Params = Params;
    type Drawn = Coefficients;

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        let order = super::history::order(params.p, shape, problems)?;
        problems.non_negative("noise_std", params.noise_std);
        let work = (shape.channels() as f64) * (order * order * order) as f64;
        problems.require(
            "p",
            work <= MAX_WORK,
            "be less: M·p³ is at most 10^11 (roots of all channels)",
            order,
        );
        let phi = params.phi.as_ref().map(|phi| coefficients("phi", phi, order, shape.channels(), problems));
        let history = First::new(&HISTORY, params.x0.as_ref(), order, shape, problems);
        let (phi, history) = (phi.map_or(Some(None), |phi| phi.map(Some))?, history?);
        problems.is_empty().then_some(Ar { order, phi, noise_std: params.noise_std, history, shape })
    }

    fn facts(&self) -> Facts {
        Facts::new(TimeAxis::Steps)
            .attribute("p", self.order)
            .attribute("noise_std", self.noise_std)
            .state_bytes(16 * self.order * self.shape.slab())
            .cost(self.cost())
    }

    fn draw(&self, rng: &mut Rng) -> Coefficients {
        let mut phi = self.phi.clone().unwrap_or_else(|| {
            let mut drawn = vec![0.0; self.shape.channels() * self.order];
            rng.fill_standard_normal(&mut drawn);
            drawn.iter_mut().for_each(|phi| *phi *= 0.5);
            drawn
        });
        let (radius_before, radius_after) = phi.chunks_exact_mut(self.order).map(stabilise).unzip();
        Coefficients { phi, radius_before, radius_after }
    }

    fn start(&self, drawn: &Arc<Coefficients>, realizations: Range<usize>, rng: Rng) -> Box<dyn Process> {
        let width = self.shape.channels() * realizations.len();
        let phi = (0..self.order * width).map(|at| {
            let (lag, channel) = (at / width, at % width / realizations.len());
            drawn.phi[channel * self.order + lag]
        });
        let step = Recursion { phi: phi.collect(), noise_std: self.noise_std, rng };
        Box::new(Continued::new(step, &self.history, realizations))
    }

    fn truth(&self, drawn: &Coefficients) -> Truth {
        let channels = self.shape.channels();
        let mut truth = Truth::default();
        truth.array("phi", &[channels, self.order], drawn.phi.clone());
        truth.array("radius_before", &[channels], drawn.radius_before.clone());
        truth.array("radius_after", &[channels], drawn.radius_after.clone());
        truth.scalar("stabilised", stabilised(&drawn.radius_before, &drawn.radius_after));
        let edges = drawn.phi.iter().enumerate().filter(|(_, weight)| **weight != 0.0);
        let edges = edges.map(|(at, &weight)| {
            let channel = at / self.order;
            Edge { from: channel, to: channel, lag: at % self.order + 1, weight }
        });
        truth.graph("influence", Graph::Edges { nodes: channels, edges: edges.collect() });
        truth
    }
}

impl Ar {
    /// A narrow slab waits for one addition after the other; a long history comes from beyond the cache.
    fn cost(&self) -> f64 {
        let (order, slab) = (self.order as f64, self.shape.slab() as f64);
        let lag = if 16.0 * order * slab > 1e6 { 0.3 } else { 0.15 };
        2.6 + lag * order + (8.0 + order) / slab
    }
}

/// What stabilisation did, in short: the largest radii over the channels.
pub(super) fn stabilised(before: &[f64], after: &[f64]) -> Map {
    let largest = |radii: &[f64]| radii.iter().copied().fold(0.0, f64::max);
    let mut map = Map::new();
    map.insert("applied", before != after);
    map.insert("radius_before", largest(before));
    map.insert("radius_after", largest(after));
    map
}

/// (channel, lag) coefficients from those given.
pub(super) fn coefficients(
    name: &str,
    phi: &Tensor,
    order: usize,
    channels: usize,
    problems: &mut Problems,
) -> Option<Vec<f64>> {
    if let Some(bad) = phi.data().iter().find(|x| !x.is_finite()) {
        problems.finite(name, *bad);
        return None;
    }
    let data = phi.data();
    match phi.shape() {
        [lags] if *lags == order => Some(data.repeat(channels)),
        [rows, lags] if (*rows, *lags) == (channels, order) => Some(data.to_vec()),
        [lags, columns] if (*lags, *columns) == (order, channels) => {
            Some((0..channels * order).map(|at| data[at % order * channels + at / order]).collect())
        }
        found => {
            let rule = format!(
                "must be {order} numbers (one per lag) or a {channels} × {order} matrix, found shape {found:?}"
            );
            problems.add(name, rule);
            None
        }
    }
}

/// M·p³ at most: roots then take minutes.
const MAX_WORK: f64 = 1e11;

/// Radius that counts as stable, and what is added to the divisor of one that is not.
const STABLE: f64 = 0.98;
const MARGIN: f64 = 0.05;
const NEGLIGIBLE: f64 = 1e-8;
const ROUNDS: usize = 20;

/// Makes one channel stationary; returns the radius before and after.
fn stabilise(phi: &mut [f64]) -> (f64, f64) {
    let before = radius(phi);
    if phi.iter().all(|phi| phi.abs() <= NEGLIGIBLE) {
        return (before, before);
    }
    let given = phi.to_vec();
    let mut radius_now = before;
    for _ in 0..ROUNDS {
        if radius_now < STABLE {
            return (before, radius_now);
        }
        phi.iter_mut().for_each(|phi| *phi /= radius_now + MARGIN);
        radius_now = radius(phi);
    }
    phi.copy_from_slice(&given);
    scale_lags(phi, 1, TARGET / before);
    (before, radius(phi))
}

/// Scales lag k by `factor`^k, which scales every root, or eigenvalue of the companion matrix, by
/// `factor`. `size` numbers belong to each lag.
pub(super) fn scale_lags(phi: &mut [f64], size: usize, factor: f64) {
    let mut power = 1.0;
    for lag in phi.chunks_exact_mut(size) {
        power *= factor;
        lag.iter_mut().for_each(|phi| *phi *= power);
    }
}

/// The radius of what is scaled.
pub(super) const TARGET: f64 = 0.95;

/// The largest root of z^p - φ₁ z^(p-1) - … - φ_p.
pub(super) fn radius(phi: &[f64]) -> f64 {
    let order = phi.len();
    let mut companion = vec![0.0; order * order];
    companion[..order].copy_from_slice(phi);
    (1..order).for_each(|i| companion[i * order + i - 1] = 1.0);
    spectral_radius(&companion, order)
}

struct Recursion {
    /// (lag, channel, realization)
    phi: Vec<f64>,
    noise_std: f64,
    rng: Rng,
}

impl Step for Recursion {
    fn noise(&mut self, slabs: &mut [f64]) {
        self.rng.fill_standard_normal(slabs);
        slabs.iter_mut().for_each(|z| *z *= self.noise_std);
    }

    fn step(&mut self, history: &History, slab: &mut [f64], _: &[Held]) {
        simd::dispatch(Lags { phi: &self.phi, history, slab });
    }

    fn rng(&self) -> &Rng {
        &self.rng
    }

    fn rng_mut(&mut self) -> &mut Rng {
        &mut self.rng
    }
}

/// slab += Σ φ_k x_{t-k}. Sums over the lags before it adds the noise, without fused multiply-adds, so that the
/// values equal the reference's.
struct Lags<'a> {
    phi: &'a [f64],
    history: &'a History,
    slab: &'a mut [f64],
}

impl simd::Kernel for Lags<'_> {
    type Output = ();

    #[inline(always)]
    fn run(mut self) {
        let wide = self.slab.len() - self.slab.len() % 16;
        let whole = self.slab.len() - self.slab.len() % 4;
        for at in (0..wide).step_by(16) {
            self.add::<16>(at);
        }
        for at in (wide..whole).step_by(4) {
            self.add::<4>(at);
        }
        for at in whole..self.slab.len() {
            self.add::<1>(at);
        }
    }
}

impl Lags<'_> {
    /// The sums of COUNT values stay in registers.
    #[inline(always)]
    fn add<const COUNT: usize>(&mut self, at: usize) {
        let mut sums = [0.0; COUNT];
        for (lag, phi) in (1..).zip(self.phi.chunks_exact(self.slab.len())) {
            let terms = phi[at..][..COUNT].iter().zip(&self.history.lag(lag)[at..][..COUNT]);
            for (sum, (phi, x)) in sums.iter_mut().zip(terms) {
                *sum += phi * x;
            }
        }
        for (value, sum) in self.slab[at..][..COUNT].iter_mut().zip(&sums) {
            *value += sum;
        }
    }
}
