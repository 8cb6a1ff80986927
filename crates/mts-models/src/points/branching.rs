//! Who has children where: the branching matrix of a Hawkes process.

use mts_core::linalg::spectral_radius;
use mts_core::{Edge, Graph, Problems, Tensor};
use mts_rng::Rng;
use mts_rng::laws::{Law, Poisson};

/// Mean numbers of children, and how they are drawn.
#[derive(Clone, Debug)]
pub(super) struct Branching {
    /// (to, from)
    matrix: Vec<f64>,
    channels: usize,
    radius: f64,
    /// Of each channel that acts.
    broods: Vec<Brood>,
}

/// The children of an event.
#[derive(Clone, Debug)]
struct Brood {
    count: Poisson,
    /// Channels, and the probability that a child is in this one or an earlier one.
    channels: Vec<(u32, f64)>,
}

/// Rows of the matrix: beyond this, its eigenvalues take too long.
const MAX_CHANNELS: usize = 512;

/// Rounding cannot tell radii above from 1.
const CRITICAL: f64 = 1.0 - 1e-9;

/// Mean children of an event in a channel, at most: each one waits for its time.
const MAX_CHILDREN: f64 = 1e6;

/// Children in a channel itself, and in the next one, where no matrix is given.
const PATTERN: (f64, f64) = (0.3, 0.2);

impl Branching {
    /// A matrix, one number for the diagonal, or by default a ring in which each channel excites itself and the
    /// next.
    pub(super) fn new(alpha: Option<&Tensor>, channels: usize, problems: &mut Problems) -> Option<Self> {
        if channels > MAX_CHANNELS {
            problems.add("M", format_args!("must be at most {MAX_CHANNELS}, found {channels}"));
            return None;
        }
        let mut matrix = vec![0.0; channels * channels];
        match alpha {
            None => (0..channels).for_each(|from| {
                matrix[from * channels + from] += PATTERN.0;
                matrix[(from + 1) % channels * channels + from] += PATTERN.1;
            }),
            Some(alpha) if alpha.shape() == [1] => {
                (0..channels).for_each(|channel| matrix[channel * channels + channel] = alpha.data()[0]);
            }
            Some(alpha) if alpha.shape() == [channels, channels] => matrix.copy_from_slice(alpha.data()),
            Some(alpha) => {
                let rule = format_args!(
                    "must be one number or have shape [{channels}, {channels}], found {:?}",
                    alpha.shape()
                );
                problems.add("alpha", rule);
                return None;
            }
        }
        if let Some(bad) = matrix.iter().find(|alpha| !(0.0..=MAX_CHILDREN).contains(*alpha)) {
            problems.within("alpha", *bad, 0.0, MAX_CHILDREN);
            return None;
        }
        let radius = spectral_radius(&matrix, channels);
        if radius.is_nan() || radius > CRITICAL {
            let rule = format_args!(
                "must have a spectral radius below 1, or events multiply without end; found {radius}"
            );
            problems.add("alpha", rule);
            return None;
        }
        let broods = (0..channels).map(|from| Brood::new(&matrix, from, channels)).collect();
        Some(Branching { matrix, channels, radius, broods })
    }

    pub(super) fn radius(&self) -> f64 {
        self.radius
    }

    /// The rates (I - α)⁻¹ μ. Without pivots: the matrix is a nonsingular M-matrix, whose factors exist and
    /// lose nothing.
    pub(super) fn stationary(&self, mu: &[f64]) -> Vec<f64> {
        let n = self.channels;
        let mut left: Vec<f64> = self.matrix.iter().map(|alpha| -alpha).collect();
        (0..n).for_each(|i| left[i * n + i] += 1.0);
        let mut right = mu.to_vec();
        for k in 0..n {
            let (above, below) = left.split_at_mut((k + 1) * n);
            let pivot = &above[k * n..];
            for (row, line) in below.chunks_exact_mut(n).enumerate() {
                let factor = line[k] / pivot[k];
                if factor != 0.0 {
                    line[k..].iter_mut().zip(&pivot[k..]).for_each(|(x, p)| *x -= factor * p);
                    right[k + 1 + row] -= factor * right[k];
                }
            }
        }
        for k in (0..n).rev() {
            let known: f64 = (k + 1..n).fold(0.0, |sum, j| sum + left[k * n + j] * right[j]);
            right[k] = (right[k] - known) / left[k * n + k];
        }
        right
    }

    /// Mean numbers of children as weights, within the same step.
    pub(super) fn graph(&self) -> Graph {
        let n = self.channels;
        let pairs = (0..n).flat_map(|from| (0..n).map(move |to| (from, to)));
        let edges = pairs.map(|(from, to)| Edge { from, to, lag: 0, weight: self.matrix[to * n + from] });
        Graph::Edges { nodes: n, edges: edges.filter(|edge| edge.weight > 0.0).collect() }
    }

    /// The number of children of an event in a channel.
    #[inline]
    pub(super) fn children(&self, from: usize, rng: &mut Rng) -> u64 {
        self.broods[from].count.sample(rng)
    }

    /// The channel of a child: a uniform, unless there is only one.
    #[inline]
    pub(super) fn channel(&self, from: usize, rng: &mut Rng) -> usize {
        pick(&self.broods[from].channels, rng)
    }
}

impl Brood {
    fn new(matrix: &[f64], from: usize, channels: usize) -> Self {
        let weights: Vec<f64> = (0..channels).map(|to| matrix[to * channels + from]).collect();
        let total = weights.iter().fold(0.0, |sum, alpha| sum + alpha);
        let count =
            Poisson::new(total).expect("a column of a matrix with a spectral radius below 1 is moderate");
        Brood { count, channels: shares(&weights) }
    }
}

/// Channels of positive weight, and the share of all weights up to each.
pub(super) fn shares(weights: &[f64]) -> Vec<(u32, f64)> {
    let total = weights.iter().fold(0.0, |sum, weight| sum + weight);
    let mut sum = 0.0;
    let share = |(channel, weight): (usize, &f64)| {
        sum += weight;
        (channel as u32, sum / total)
    };
    weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0).map(share).collect()
}

/// One of the channels by their shares.
#[inline]
pub(super) fn pick(shares: &[(u32, f64)], rng: &mut Rng) -> usize {
    if let [(only, _)] = shares {
        return *only as usize;
    }
    let u = rng.random();
    let at = shares.partition_point(|(_, up_to)| *up_to <= u);
    shares[at.min(shares.len() - 1)].0 as usize
}
