//! ARFIMA: the autocovariance of its fractional noise, and of what its filter leaves of it.

use mts_rng::math::{exp, lgamma, pow};
use mts_statistics::variance;
use serde_json::json;

use super::covariance;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "arfima";
const D: [f64; 4] = [-0.4, -0.2, 0.2, 0.4];
const SIGMA: f64 = 0.5;

/// `σ² Γ(1-2d)·Γ(k+d) / (Γ(d)·Γ(1-d)·Γ(k+1-d))`, d not 0. Hosking 1981, doi:10.1093/biomet/68.1.165, theorem 1.
fn autocovariance(d: f64, lag: usize) -> f64 {
    let k = lag as f64;
    // Γ(d) and Γ(k+d) have equal signs at lag 0; beyond, Γ(d) alone is negative below d = 0.
    let sign = if d < 0.0 && lag > 0 { -1.0 } else { 1.0 };
    let ln = lgamma(1.0 - 2.0 * d) + lgamma(k + d) - lgamma(d) - lgamma(1.0 - d) - lgamma(k + 1.0 - d);
    SIGMA * SIGMA * sign * exp(ln)
}

#[test]
fn fractional_noise_has_its_autocovariance() {
    for d in D {
        let ratio = autocovariance(d, 1) / autocovariance(d, 0);
        assert!((ratio - d / (1.0 - d)).abs() < 1e-12, "{d}: {ratio}");
    }
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "d": D, "sigma": SIGMA }), (4, 300, 1500), 64, streams);
        for (channel, d) in D.into_iter().enumerate() {
            for lag in [0, 1, 2, 5, 20, 100] {
                covariance::check(&paths, channel, lag, autocovariance(d, lag));
            }
        }
    }
}

/// `w_t = x_t - φ₁x_{t-1} - φ₂x_{t-2} = u_t + θu_{t-1}` has the autocovariance `(1 + θ²)γ_k + θ(γ_{k-1} + γ_{k+1})`.
#[test]
fn filtered_noise_has_its_autocovariance() {
    let (phi, theta) = ([0.5, -0.3], 0.6);
    for streams in STREAMS {
        let params = json!({ "d": D, "sigma": SIGMA, "phi": phi, "theta": [theta] });
        let paths = run(MODEL, params, (4, 300, 1500), 65, streams);
        let left = |channel: usize, step: usize, r: usize| {
            let x = |back: usize| paths.at(step - back, channel, r);
            x(0) - phi[0] * x(1) - phi[1] * x(2)
        };
        for (channel, d) in D.into_iter().enumerate() {
            for lag in [0, 1, 2, 5] {
                let expected = (1.0 + theta * theta) * autocovariance(d, lag)
                    + theta * (autocovariance(d, lag.abs_diff(1)) + autocovariance(d, lag + 1));
                let averages: Vec<f64> = (0..paths.realizations)
                    .map(|r| {
                        let w: Vec<f64> = (2..300).map(|step| left(channel, step, r)).collect();
                        w.iter().zip(&w[lag..]).map(|(x, y)| x * y).sum::<f64>() / (w.len() - lag) as f64
                    })
                    .collect();
                let p = mts_statistics::mean_of_estimated_error(&averages, expected);
                accept(format_args!("d = {d}, lag {lag}, {expected}"), p);
            }
        }
    }
}

/// `γ_x(0) = Σ φ^|k|·γ_k / (1 - φ²)`, from the first step on.
#[test]
fn begins_in_its_stationary_law() {
    let phi = 0.9;
    for streams in STREAMS {
        let params = json!({ "d": D, "sigma": SIGMA, "phi": [phi] });
        let paths = run(MODEL, params, (4, 3, 10_000), 66, streams);
        for (channel, d) in D.into_iter().enumerate() {
            let terms = (1..400).map(|k| pow(phi, k as f64) * autocovariance(d, k));
            let power = (autocovariance(d, 0) + 2.0 * terms.sum::<f64>()) / (1.0 - phi * phi);
            for step in [0, 2] {
                let values = paths.across(step, channel).iter().copied();
                accept(format_args!("d = {d}, step {step}"), variance(values, 0.0, power));
            }
        }
    }
}
