//! How neighbouring orbits part: through the registry, of every model that takes its initial state as `x0`.

use mts_core::{Registry, Series, Shape, SlabSource, Streams};
use mts_hash::SeedSequence;
use mts_rng::math::ln;
use nalgebra::DMatrix;
use serde_json::Value;

/// A model whose orbits are followed; its noise and its transient must be off.
pub struct Orbits {
    registry: Registry,
    model: &'static str,
    params: Value,
    channels: usize,
}

/// The distance that pairs are brought back to: far above rounding, far below the size of an attractor.
const NEAR: f64 = 1e-8;

impl Orbits {
    pub fn new(model: &'static str, params: Value, channels: usize) -> Self {
        Orbits { registry: mts_models::registry(), model, params, channels }
    }

    /// The states, `steps` steps after those of `x0`: both as (channel, realization).
    fn after(&self, x0: &[f64], steps: usize) -> Vec<f64> {
        let realizations = x0.len() / self.channels;
        let mut params = self.params.clone();
        params["x0"] = x0.chunks_exact(realizations).map(|row| row.to_vec()).collect::<Vec<_>>().into();
        let shape = Shape::of(self.channels, steps + 1, realizations);
        let model = self.registry.get(self.model).unwrap().build(params, shape).unwrap();
        let mut series = Series::new(model, SeedSequence::new(1_u64), Streams::Shared);
        let mut slab = vec![0.0; shape.slab()];
        for _ in 0..=steps {
            assert_eq!(series.next(&mut slab).unwrap(), 1);
        }
        slab
    }

    /// The largest Lyapunov exponent per step, once for each of the `starts` (channel, orbit): the mean rate at which a
    /// second orbit leaves the first, which is brought back to the distance 10⁻⁸ every `steps` steps, `rounds` times.
    /// The first twentieth of them, while it turns into the fastest direction, does not count.
    ///
    /// The distance is wrong by rounding, some 10⁻¹⁵ of 10⁻⁸ in each round, and by the curvature of the flow, some
    /// 10⁻⁸ e^(λ steps) of it: both are far below the spread between orbits.
    ///
    /// G. Benettin et al. 1980, doi:10.1007/BF02128236.
    pub fn exponents(&self, starts: &[f64], steps: usize, rounds: usize) -> Vec<f64> {
        let orbits = starts.len() / self.channels;
        let mut first = starts.to_vec();
        let mut second: Vec<f64> = starts.iter().map(|x| x + NEAR / (self.channels as f64).sqrt()).collect();
        let mut sums = vec![0.0; orbits];
        let skipped = rounds / 20;
        for round in 0..rounds {
            let rows = first.chunks_exact(orbits).zip(second.chunks_exact(orbits));
            let both: Vec<f64> = rows.flat_map(|(a, b)| a.iter().chain(b).copied()).collect();
            let both = self.after(&both, steps);
            for (row, pair) in both.chunks_exact(2 * orbits).enumerate() {
                first[row * orbits..][..orbits].copy_from_slice(&pair[..orbits]);
                second[row * orbits..][..orbits].copy_from_slice(&pair[orbits..]);
            }
            for (orbit, sum) in sums.iter_mut().enumerate() {
                let places = || (orbit..first.len()).step_by(orbits);
                let squares = places().map(|at| (second[at] - first[at]) * (second[at] - first[at]));
                let distance = squares.sum::<f64>().sqrt();
                places().for_each(|at| second[at] = first[at] + (second[at] - first[at]) * (NEAR / distance));
                if round >= skipped {
                    *sum += ln(distance / NEAR);
                }
            }
        }
        sums.iter().map(|sum| sum / ((rounds - skipped) * steps) as f64).collect()
    }

    /// The derivative of the state after `steps` steps by the state `x0`, by central differences of `width`: its error
    /// is of the order width² and 10⁻¹⁶/width.
    pub fn derivative(&self, x0: &[f64], steps: usize, width: f64) -> DMatrix<f64> {
        let n = self.channels;
        let mut both = vec![0.0; 2 * n * n];
        for (m, row) in both.chunks_exact_mut(2 * n).enumerate() {
            row.fill(x0[m]);
            row[2 * m] += width;
            row[2 * m + 1] -= width;
        }
        let both = self.after(&both, steps);
        DMatrix::from_fn(n, n, |to, from| {
            (both[to * 2 * n + 2 * from] - both[to * 2 * n + 2 * from + 1]) / (2.0 * width)
        })
    }

    /// Refuses a flow whose derivative at a fixed point `x0` is not `exp(A t)` of the matrix A, row by row, after `steps` steps that take `t`
    /// seconds in all: with that, each coefficient of `A` is right to about 10⁻⁵.
    pub fn assert_linear_at(&self, x0: &[f64], steps: usize, t: f64, a: &[f64]) {
        let moved = self.after(x0, steps);
        let drift = moved.iter().zip(x0).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(drift < 1e-9, "the fixed point {x0:?} moves by {drift:e}");
        let a = DMatrix::from_row_slice(self.channels, self.channels, a);
        let (found, expected) = (self.derivative(x0, steps, 1e-5), (a * t).exp());
        let error = (&found - &expected).amax() / expected.amax();
        assert!(error < 1e-5, "derivative {found} for {expected}");
    }
}
