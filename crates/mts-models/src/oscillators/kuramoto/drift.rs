//! What turns the phases, but for noise.

use std::sync::Arc;

use mts_rng::math::{self, kernel};

use super::Drawn;
use crate::each::repeated;

/// The right-hand side without noise.
pub(super) struct Drift {
    drawn: Arc<Drawn>,
    /// K / M
    coupling: f64,
    /// sin α and cos α, where there is a lag.
    lag: Option<(f64, f64)>,
    /// One per value of a slab.
    pub(super) omega: Vec<f64>,
    sin: Vec<f64>,
    cos: Vec<f64>,
    sin_sums: Vec<f64>,
    cos_sums: Vec<f64>,
    totals: Vec<f64>,
}

impl Drift {
    pub(super) fn new(drawn: &Arc<Drawn>, coupling: f64, alpha: f64, realizations: usize) -> Self {
        let zeros = vec![0.0; drawn.omega.len() * realizations];
        Drift {
            coupling: coupling / drawn.omega.len() as f64,
            lag: (alpha != 0.0).then(|| math::sin_cos(alpha)),
            omega: repeated(&drawn.omega, realizations),
            drawn: drawn.clone(),
            sin: zeros.clone(),
            cos: zeros.clone(),
            sin_sums: zeros.clone(),
            cos_sums: zeros,
            totals: vec![0.0; realizations],
        }
    }

    /// ω_m + K/M Σ A_mn sin(θ_n - θ_m - α), by the addition theorem: one sine and cosine per node
    /// instead of one per edge, and for the complete graph two sums for all nodes (the mean field).
    #[inline(always)]
    pub(super) fn slope(&mut self, theta: &[f64], slope: &mut [f64]) {
        self.waves(theta);
        self.sum();
        self.turn(slope);
    }

    /// The same, where neighbours are seen as they were at the last [`see`](Self::see).
    #[inline(always)]
    pub(super) fn slope_of_seen(&mut self, theta: &[f64], slope: &mut [f64]) {
        self.waves(theta);
        self.turn(slope);
    }

    /// Sums over neighbours with these phases.
    #[inline(always)]
    pub(super) fn see(&mut self, theta: &[f64]) {
        self.waves(theta);
        self.sum();
    }

    #[inline(always)]
    fn waves(&mut self, theta: &[f64]) {
        kernel::sin_cos_into(theta, &mut self.sin, &mut self.cos);
    }

    #[inline(always)]
    fn sum(&mut self) {
        let network = &self.drawn.network;
        for (wave, sums) in [(&self.sin, &mut self.sin_sums), (&self.cos, &mut self.cos_sums)] {
            network.sum_neighbours(wave, &mut self.totals, sums);
        }
    }

    #[inline(always)]
    fn turn(&self, slope: &mut [f64]) {
        let sums = self.sin_sums.iter().zip(&self.cos_sums);
        let waves = self.sin.iter().zip(&self.cos);
        let each = slope.iter_mut().zip(&self.omega).zip(sums).zip(waves);
        match self.lag {
            None => {
                for (((slope, omega), (sin_sum, cos_sum)), (sin, cos)) in each {
                    *slope = self.coupling * (cos * sin_sum - sin * cos_sum) + omega;
                }
            }
            Some((sin_alpha, cos_alpha)) => {
                for (((slope, omega), (sin_sum, cos_sum)), (sin, cos)) in each {
                    let (odd, even) = (cos * sin_sum - sin * cos_sum, cos * cos_sum + sin * sin_sum);
                    *slope = self.coupling * (cos_alpha * odd - sin_alpha * even) + omega;
                }
            }
        }
    }
}
