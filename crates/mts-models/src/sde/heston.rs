//! Heston's price with stochastic variance.
//!
//! ```
//! use mts_core::{Dataset, Series, Shape, Streams};
//! use mts_hash::SeedSequence;
//!
//! let registry = mts_models::registry();
//! let entry = registry.get("heston").expect("compiled in");
//! let params = serde_json::json!({ "rho": -0.5, "xi": 0.4 });
//! let model = entry.build(params, Shape::new(2, 16, 3)?)?;
//! let dataset = Dataset::collect(&mut Series::new(model, SeedSequence::new(7_u64), Streams::Shared))?;
//! assert_eq!(dataset.values()[6..9], [100.74421513608544, 98.9622971331616, 99.76619723636637]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```

use std::ops::Range;
use std::sync::Arc;

use mts_core::{Channels, Facts, Model, Problems, Process, Saved, Shape, State, StateError, TimeAxis, Truth};
use mts_rng::{Rng, math, simd};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::square_root::SquareRoot;

/// Heston's model: a price whose variance is itself random, falls back to a mean, and rises as prices fall.
///
/// dS = μ S dt + √V S dW₁, dV = κ (θ - V) dt + ξ √V dW₂, dW₁ dW₂ = ρ dt (Itô). The variance steps exactly, by
/// its noncentral chi-square law (see `cir`). Given both ends of a step of length h = dt / substeps, with I
/// in place of the integral of V over it,
/// ln S_{t+h} = ln S_t + μ h - I/2 + (ρ/ξ) (V_{t+h} - V_t - κ θ h + κ I) + √((1 - ρ²) I) Z.
/// The exact integral would make this exact (Broadie and Kaya 2006); the trapezoidal rule in its place,
/// I = h (V_t + V_{t+h}) / 2, is of second order in h for expectations and keeps the mean of ln S exactly
/// where V starts in its stationary law.
///
/// The first value is the initial state; the variance is a gamma per node and realization where `v0` is not
/// given. Then for each step of length h: a chi-square for each variance, a normal for each (a Poisson count
/// and a chi-square where 4κθ/ξ² <= 1), and a normal for each price. E S_t = S₀ exp(μ t), which the rule keeps to second order. The Feller number
/// 2κθ/ξ², which the truth holds, may be below 1: the variance then comes close to 0.
///
/// Channels: the prices s of all nodes, which are independent, then their variances v, per second. In the defaults a second stands for
/// a year, and a step for a day of trading.
///
/// References: S. L. Heston (1993), doi:10.1093/rfs/6.2.327; M. Broadie, Ö. Kaya (2006),
/// doi:10.1287/opre.1050.0247; the rule for the integral: L. Andersen (2008), doi:10.21314/JCF.2008.189.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Drift μ of prices per second.
    pub mu: f64,
    /// Rate κ at which the variance returns, per second, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub kappa: f64,
    /// Mean θ of the variance, per second, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub theta: f64,
    /// Noise ξ of the variance (volatility of volatility), above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub xi: f64,
    /// Correlation ρ of both noises, in [-1, 1].
    #[schemars(range(min = -1.0, max = 1.0))]
    pub rho: f64,
    /// Initial variance, at least 0. Drawn from its stationary law where not given.
    #[schemars(range(min = 0.0))]
    pub v0: Option<f64>,
    /// Initial price, above 0.
    #[serde(rename = "S0")]
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub price: f64,
    /// Seconds per step, above 0.
    #[schemars(extend("exclusiveMinimum" = 0.0))]
    pub dt: f64,
    /// Steps of the scheme within a step, at least 1.
    #[schemars(range(min = 1))]
    pub substeps: u32,
}

impl Default for Params {
    fn default() -> Self {
        Params {
            mu: 0.05,
            kappa: 2.0,
            theta: 0.04,
            xi: 0.3,
            rho: -0.7,
            v0: None,
            price: 100.0,
            dt: 0.004,
            substeps: 1,
        }
    }
}

/// A validated configuration, see [`Params`].
#[derive(Clone, Debug)]
pub struct Heston {
    params: Params,
    variance: SquareRoot,
    shape: Shape,
}

impl Model for Heston {
    const NAME: &'static str = "heston";
    const FAMILY: &'static str = "sde";
    const CHANNELS: Channels = Channels::PerNode(&["s", "v"]);
    const SHAPE: Shape = Shape::of(2, 1000, 1);
    type Params = Params;
    type Drawn = ();

    fn new(params: Params, shape: Shape, problems: &mut Problems) -> Option<Self> {
        problems.positive("dt", params.dt);
        problems.require("substeps", params.substeps >= 1, "be at least 1", params.substeps);
        problems.finite("mu", params.mu);
        problems.within("rho", params.rho, -1.0, 1.0);
        problems.positive("S0", params.price);
        problems.non_negative("v0", params.v0.unwrap_or_default());
        let (names, numbers) = (["kappa", "theta", "xi"], [params.kappa, params.theta, params.xi]);
        if !problems.is_empty() {
            return None;
        }
        let h = params.dt / f64::from(params.substeps);
        let variance = SquareRoot::new(names, numbers, h, problems)?;
        Some(Heston { params, variance, shape })
    }

    fn facts(&self) -> Facts {
        let each = if self.variance.feller() <= 0.5 { 35.0 } else { 12.0 };
        Facts::new(TimeAxis::Seconds { dt: self.params.dt })
            .attribute("dt", self.params.dt)
            .attribute("mu", self.params.mu)
            .attribute("kappa", self.params.kappa)
            .attribute("theta", self.params.theta)
            .attribute("xi", self.params.xi)
            .attribute("rho", self.params.rho)
            .state_bytes(20 * self.shape.slab())
            .cost(each * f64::from(self.params.substeps))
    }

    fn draw(&self, _: &mut Rng) {}

    fn start(&self, _: &Arc<()>, realizations: Range<usize>, mut rng: Rng) -> Box<dyn Process> {
        let width = self.shape.channels() / 2 * realizations.len();
        let mut variances = vec![self.params.v0.unwrap_or_default(); width];
        if self.params.v0.is_none() {
            self.variance.stationary(&mut rng, &mut variances);
        }
        let Params { mu, kappa, theta, xi, rho, dt, substeps, price, .. } = self.params;
        let h = dt / f64::from(substeps);
        let log = Log {
            drift: mu * h - rho * kappa * theta * h / xi,
            half: 0.5 * h,
            integral: rho * kappa / xi - 0.5,
            ends: rho / xi,
            noise: 1.0 - rho * rho,
        };
        Box::new(Prices {
            variance: self.variance,
            log,
            substeps,
            price,
            logs: vec![math::ln(price); width],
            variances,
            next: vec![0.0; width],
            normals: vec![0.0; width],
            started: false,
            realizations,
            total: self.shape.realizations(),
            rng,
        })
    }

    fn truth(&self, (): &()) -> Truth {
        let Params { kappa, theta, xi, .. } = self.params;
        let mut truth = Truth::default();
        truth.scalar("feller", self.variance.feller());
        truth.scalar("stationary_mean", theta);
        truth.scalar("stationary_variance", theta * xi * xi / (2.0 * kappa));
        truth
    }
}

/// How the logarithm of a price moves between two variances.
#[derive(Clone, Copy)]
struct Log {
    /// μ h - ρ κ θ h / ξ
    drift: f64,
    /// h/2
    half: f64,
    /// ρκ/ξ - 1/2
    integral: f64,
    /// ρ/ξ
    ends: f64,
    /// 1 - ρ²
    noise: f64,
}

struct Move<'a> {
    log: Log,
    logs: &'a mut [f64],
    variances: &'a mut [f64],
    next: &'a [f64],
    normals: &'a [f64],
}

impl simd::Kernel for Move<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Move { log, logs, variances, next, normals } = self;
        for (((x, v), next), z) in logs.iter_mut().zip(variances).zip(next).zip(normals) {
            let integral = log.half * (*v + next);
            let seen = log.integral.mul_add(integral, log.ends.mul_add(next - *v, log.drift));
            *x += (log.noise * integral).sqrt().mul_add(*z, seen);
            *v = *next;
        }
    }
}

struct Prices {
    variance: SquareRoot,
    log: Log,
    substeps: u32,
    price: f64,
    logs: Vec<f64>,
    variances: Vec<f64>,
    /// Variances after a step.
    next: Vec<f64>,
    normals: Vec<f64>,
    started: bool,
    realizations: Range<usize>,
    total: usize,
    rng: Rng,
}

impl Process for Prices {
    fn fill(&mut self, steps: &mut [f64]) {
        let width = self.logs.len();
        for slab in steps.chunks_exact_mut(2 * width) {
            let (prices, variances) = slab.split_at_mut(width);
            if self.started {
                for _ in 0..self.substeps {
                    self.variance.step(&mut self.rng, &self.variances, &mut self.next, &mut self.normals);
                    self.rng.fill_standard_normal(&mut self.normals);
                    simd::dispatch(Move {
                        log: self.log,
                        logs: &mut self.logs,
                        variances: &mut self.variances,
                        next: &self.next,
                        normals: &self.normals,
                    });
                }
                prices.copy_from_slice(&self.logs);
                math::exp_in_place(prices);
            } else {
                self.started = true;
                prices.fill(self.price);
            }
            variances.copy_from_slice(&self.variances);
        }
    }

    fn save(&self, state: &mut State) {
        state.rng(&self.rng);
        state.f64s(&self.logs);
        state.f64s(&self.variances);
        state.flag(self.started);
    }

    fn restore(&mut self, saved: &mut Saved<'_>) -> Result<(), StateError> {
        saved.rng(&mut self.rng)?;
        saved.f64s(&mut self.logs)?;
        saved.f64s(&mut self.variances)?;
        self.started = saved.flag()?;
        Ok(())
    }

    fn truth(&self, truth: &mut Truth) {
        let nodes = self.logs.len() / self.realizations.len();
        let state = [vec![self.price; self.logs.len()], self.variances.clone()].concat();
        truth.columns("initial_state", &[2 * nodes], self.total, self.realizations.clone(), &state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_price_is_refused() {
        for (params, rule) in [
            (serde_json::json!({ "rho": -1.5 }), "[-1, 1], found -1.5"),
            (serde_json::json!({ "xi": 0 }), "\"xi\" must be > 0"),
            (serde_json::json!({ "v0": -0.1 }), "\"v0\" must be >= 0"),
            (serde_json::json!({ "S0": 0 }), "\"S0\" must be > 0"),
            (serde_json::json!({ "substeps": 0 }), "at least 1"),
        ] {
            let mut problems = Problems::default();
            let params = serde_json::from_value(params).unwrap();
            assert!(Heston::new(params, Shape::of(2, 1, 1), &mut problems).is_none());
            assert!(problems.to_string().contains(rule), "{problems}");
        }
    }
}
