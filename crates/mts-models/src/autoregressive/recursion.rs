//! Linear recursions over all channels: x_t = Φ₁ x_{t-1} + … + Φ_p x_{t-p} + noise.

use std::sync::Arc;

use mts_core::linalg::{cholesky, spectral_radius};
use mts_core::{Edge, Graph, Held, Problems, Tensor};
use mts_rng::{Rng, simd};

use super::ar::{TARGET, scale_lags};
use super::history::{History, Step};
use super::products::{Correlate, Multiply};

/// How the noise of the channels is correlated.
#[derive(Clone, Debug)]
pub(super) enum Noise {
    /// Independent channels of one standard deviation.
    Scaled(f64),
    /// Σ as given, and the lower triangle L.
    Correlated { sigma: Vec<f64>, lower: Arc<Vec<f64>> },
}

impl Noise {
    /// From a covariance matrix.
    pub(super) fn correlated(sigma: &Tensor, channels: usize, problems: &mut Problems) -> Option<Self> {
        if sigma.shape() != [channels, channels] {
            problems.add(
                "Sigma",
                format_args!("must have shape [{channels}, {channels}], found {:?}", sigma.shape()),
            );
            return None;
        }
        let Some(lower) = cholesky(sigma.data(), channels) else {
            problems.add("Sigma", "must be positive semidefinite");
            return None;
        };
        Some(Noise::Correlated { sigma: sigma.data().to_vec(), lower: lower.into() })
    }

    /// Σ as it acts: symmetric, from the lower triangle.
    pub(super) fn covariance(&self, channels: usize) -> Vec<f64> {
        let at = |i: usize, j: usize| match self {
            Noise::Correlated { sigma, .. } => sigma[i.max(j) * channels + i.min(j)],
            Noise::Scaled(scale) if i == j => scale * scale,
            Noise::Scaled(_) => 0.0,
        };
        (0..channels * channels).map(|flat| at(flat / channels, flat % channels)).collect()
    }
}

/// Rows of the companion matrix: beyond this, its eigenvalues take too long.
const MAX_COMPANION: usize = 2048;

/// Checks that the companion matrix is not too large.
pub(super) fn companion_fits(order: usize, channels: usize, problems: &mut Problems) -> Option<()> {
    let fits = order.checked_mul(channels).is_some_and(|rows| rows <= MAX_COMPANION);
    if !fits {
        problems
            .add("M", format_args!("times p must be at most {MAX_COMPANION}, found {channels} × {order}"));
    }
    fits.then_some(())
}

/// Nanoseconds to find the radius of a companion matrix before and after it is scaled.
pub(super) fn stabilise_cost(order: usize, channels: usize) -> f64 {
    let rows = (order * channels) as f64;
    10.0 * rows * rows * rows
}

/// Scales lag k by c^k where the companion's radius reaches the target; returns the radius before
/// and after.
pub(super) fn stabilise(phi: &mut [f64], order: usize, channels: usize) -> (f64, f64) {
    bring_below(TARGET, phi, order, channels)
}

/// Scales lag k by c^k where the companion's radius reaches `target`; returns the radius before and after.
pub(super) fn bring_below(target: f64, phi: &mut [f64], order: usize, channels: usize) -> (f64, f64) {
    let before = companion_radius(phi, order, channels);
    if before < target {
        return (before, before);
    }
    scale_lags(phi, channels * channels, target / before);
    (before, companion_radius(phi, order, channels))
}

/// The largest modulus of the companion matrix of coefficients (lag, to, from).
pub(super) fn companion_radius(phi: &[f64], order: usize, channels: usize) -> f64 {
    let rows = order * channels;
    let mut companion = vec![0.0; rows * rows];
    for (lag, matrix) in phi.chunks_exact(channels * channels).enumerate() {
        for (to, row) in matrix.chunks_exact(channels).enumerate() {
            companion[to * rows + lag * channels..][..channels].copy_from_slice(row);
        }
    }
    (channels..rows).for_each(|i| companion[i * rows + i - channels] = 1.0);
    spectral_radius(&companion, rows)
}

/// (lag, from, to) from (lag, to, from): the order in which the kernel walks.
pub(super) fn by_source(phi: &[f64], channels: usize) -> Arc<Vec<f64>> {
    let matrices = phi.chunks_exact(channels * channels);
    let transpose = |matrix: &[f64]| -> Vec<f64> {
        (0..channels * channels).map(|at| matrix[at % channels * channels + at / channels]).collect()
    };
    Arc::new(matrices.flat_map(transpose).collect())
}

/// The graph of coefficients (lag, to, from) that are not 0.
pub(super) fn influence(phi: &[f64], channels: usize) -> Graph {
    let nonzero = phi.iter().enumerate().filter(|(_, weight)| **weight != 0.0);
    let mut edges: Vec<Edge> = nonzero
        .map(|(at, &weight)| Edge {
            from: at % channels,
            to: at / channels % channels,
            lag: at / (channels * channels) + 1,
            weight,
        })
        .collect();
    edges.sort_by_key(|edge| (edge.from, edge.to, edge.lag));
    Graph::Edges { nodes: channels, edges }
}

/// The recursion as a step of a process.
pub(super) struct Recursion {
    /// (lag, from, to)
    by_source: Arc<Vec<f64>>,
    noise: Noise,
    channels: usize,
    slab: usize,
    order: usize,
    rng: Rng,
}

impl Recursion {
    /// Of coefficients (lag, from, to).
    pub(super) fn new(
        by_source: Arc<Vec<f64>>,
        noise: Noise,
        channels: usize,
        slab: usize,
        rng: Rng,
    ) -> Self {
        let order = by_source.len() / (channels * channels);
        Recursion { by_source, noise, channels, slab, order, rng }
    }
}

impl Step for Recursion {
    fn noise(&mut self, slabs: &mut [f64]) {
        self.rng.fill_standard_normal(slabs);
        match &self.noise {
            Noise::Scaled(scale) => slabs.iter_mut().for_each(|z| *z *= scale),
            Noise::Correlated { lower, .. } => {
                simd::dispatch(Correlate { lower, channels: self.channels, slab: self.slab, slabs });
            }
        }
    }

    fn step(&mut self, history: &History, slab: &mut [f64], _: &[Held]) {
        for lag in 1..=self.order {
            let size = self.channels * self.channels;
            let by_source = &self.by_source[(lag - 1) * size..][..size];
            simd::dispatch(Multiply { by_source, channels: self.channels, past: history.lag(lag), slab });
        }
    }

    fn rng(&self) -> &Rng {
        &self.rng
    }

    fn rng_mut(&mut self) -> &mut Rng {
        &mut self.rng
    }
}
