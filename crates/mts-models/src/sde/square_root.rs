//! The square-root process, which interest rates and variances share: dX = κ (θ - X) dt + σ √X dW.

use mts_core::Problems;
use mts_rng::laws::{Chisquare, Gamma, Law, NoncentralChisquare};
use mts_rng::{Rng, math};

/// Its exact law over a time: X_{t+h} is c times a noncentral chi-square of d degrees of freedom and
/// noncentrality X_t exp(-κ h) / c.
#[derive(Clone, Copy, Debug)]
pub(super) struct SquareRoot {
    /// c = σ² (1 - exp(-κ h)) / 4κ
    scale: f64,
    /// d = 4κθ/σ²
    degrees: f64,
    /// exp(-κ h) / c
    pull: f64,
    /// Of d - 1 degrees, where d > 1: with a squared normal it makes the noncentral law.
    rest: Option<Chisquare>,
    stationary: Gamma,
}

impl SquareRoot {
    /// Requires rates above 0; `names` are those of κ, θ and σ.
    pub(super) fn new(
        names: [&str; 3],
        [kappa, theta, sigma]: [f64; 3],
        h: f64,
        problems: &mut Problems,
    ) -> Option<Self> {
        let before = problems.len();
        for (name, value) in names.into_iter().zip([kappa, theta, sigma]) {
            problems.positive(name, value);
        }
        if problems.len() > before {
            return None;
        }
        let scale = -sigma * sigma * math::exp_m1(-kappa * h) / (4.0 * kappa);
        let degrees = 4.0 * kappa * theta / (sigma * sigma);
        let pull = math::exp(-kappa * h) / scale;
        let stationary = Gamma::new(0.5 * degrees, sigma * sigma / (2.0 * kappa));
        let rest = Chisquare::new(degrees - 1.0).ok();
        let usable = scale > 0.0 && degrees > 0.0 && degrees.is_finite() && pull.is_finite();
        let Some(stationary) = stationary.ok().filter(|_| usable) else {
            let found = format_args!("4κθ/σ² = {degrees:e}");
            problems.require(names[2], false, "be comparable with κ, θ and dt", found);
            return None;
        };
        Some(SquareRoot { scale, degrees, pull, rest, stationary })
    }

    /// The Feller number 2κθ/σ²: from 1 on, values never reach 0.
    pub(super) fn feller(&self) -> f64 {
        0.5 * self.degrees
    }

    /// Draws from the stationary gamma law.
    pub(super) fn stationary(&self, rng: &mut Rng, values: &mut [f64]) {
        self.stationary.fill(rng, values);
    }

    /// Draws what follows `last`: a chi-square for all, then a normal for all; for d <= 1, a Poisson count and
    /// a chi-square for each. `room` is as long as they are.
    pub(super) fn step(&self, rng: &mut Rng, last: &[f64], next: &mut [f64], room: &mut [f64]) {
        let Some(rest) = &self.rest else {
            for (next, last) in next.iter_mut().zip(last) {
                // A damaged state can hold anything.
                let law = NoncentralChisquare::new(self.degrees, last * self.pull);
                *next = law.map_or(f64::NAN, |law| self.scale * law.sample(rng));
            }
            return;
        };
        rest.fill(rng, next);
        rng.fill_standard_normal(room);
        for ((next, last), normal) in next.iter_mut().zip(last).zip(&*room) {
            let one = normal + (last * self.pull).sqrt();
            *next = self.scale * (*next + one * one);
        }
    }
}
