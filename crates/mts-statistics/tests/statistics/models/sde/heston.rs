//! Heston's model from its stationary law, with `e = exp(-κt)`: the mean of the log-price is `(μ - θ/2)t`, its
//! variance `θt - ρξθ/κ·(t - (1 - e)/κ) + θξ²/4κ²·(t - (1 - e)/κ)`, its covariance with the variance at the end
//! `(ρξθ/κ - θξ²/4κ²)(1 - e)`; the price grows by `exp(μt)`.
//!
//! By Itô's formula: `ln S = μt - I/2 + M` with `I = ∫v` and `M = ∫√v dW`; `d E[vM] = (ρξθ - κ E[vM]) dt`, and v has
//! autocovariance `θξ²/2κ·exp(-κτ)`.

use mts_rng::math::{exp, exp_m1, ln};
use mts_statistics::{Uniformity, mean_of_estimated_error, mean_of_known_error};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Gamma};

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "heston";

const MU: f64 = 0.1;
const THETA: f64 = 0.09;

/// (κ, ξ, ρ): Feller numbers 1.44 and 0.36; steps short enough that their error is below what is seen.
const CASES: [(f64, f64, f64); 2] = [(2.0, 0.5, -0.7), (1.0, 0.7, 0.5)];

#[test]
fn has_the_moments_of_its_stationary_law() {
    for (kappa, xi, rho) in CASES {
        for streams in STREAMS {
            let params = json!({
                "mu": MU, "kappa": kappa, "theta": THETA, "xi": xi, "rho": rho, "S0": 1.0, "dt": 0.25,
                "substeps": 10,
            });
            let paths = run(MODEL, params, (2, 5, 60_000), 65, streams);
            let law = Gamma::new(2.0 * kappa * THETA / (xi * xi), 2.0 * kappa / (xi * xi)).unwrap();
            for step in [1, 4] {
                let t = 0.25 * step as f64;
                let gone = -exp_m1(-kappa * t);
                let lasting = t - gone / kappa;
                let power = THETA * xi * xi / (4.0 * kappa * kappa);
                let mean = (MU - 0.5 * THETA) * t;
                let variance = THETA * t + (power - rho * xi * THETA / kappa) * lasting;
                let what = |of: &str| format!("{of} of κ = {kappa} at {t}");
                let logs: Vec<f64> = paths.across(step, 0).iter().map(|s| ln(*s)).collect();
                let variances = paths.across(step, 1);
                let judged = Uniformity::of(variances.iter().map(|v| law.cdf(*v)));
                accept(format_args!("{}: {judged:?}", what("variance")), judged.p());
                accept(what("mean log"), mean_of_known_error(logs.iter().copied(), mean, variance.sqrt()));
                let squares: Vec<f64> = logs.iter().map(|x| (x - mean) * (x - mean)).collect();
                accept(what("variance of the log"), mean_of_estimated_error(&squares, variance));
                let pairs = logs.iter().zip(variances);
                let products: Vec<f64> = pairs.map(|(x, v)| (x - mean) * (v - THETA)).collect();
                let covariance = (rho * xi * THETA / kappa - power) * gone;
                accept(what("covariance"), mean_of_estimated_error(&products, covariance));
                accept(what("mean"), mean_of_estimated_error(paths.across(step, 0), exp(MU * t)));
            }
        }
    }
}

#[test]
fn relaxes_from_its_initial_variance() {
    let (kappa, xi, first) = (2.0, 0.5, 0.4);
    let params = json!({
        "mu": MU, "kappa": kappa, "theta": THETA, "xi": xi, "v0": first, "S0": 1.0, "dt": 0.02,
    });
    let paths = run(MODEL, params, (2, 31, 40_000), 66, STREAMS[0]);
    let e = exp(-kappa * 0.6);
    let mean = THETA + (first - THETA) * e;
    accept("variance", mean_of_estimated_error(paths.across(30, 1), mean));
    // E I = θt + (v₀ - θ)(1 - e)/κ.
    let logs: Vec<f64> = paths.across(30, 0).iter().map(|s| ln(*s)).collect();
    let integral = THETA * 0.6 + (first - THETA) * (1.0 - e) / kappa;
    accept("mean log", mean_of_estimated_error(&logs, MU * 0.6 - 0.5 * integral));
}
