//! Geometric Brownian motion: `E S_t = S₀·exp(μt)`, `log S_t` normal with mean `log S₀ + (μ - σ²/2)t` and variance
//! `σ²t`.

use mts_rng::math::{exp, exp_m1, ln};
use mts_statistics::mean_of_known_error;
use serde_json::json;

use super::walk;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "gbm";

#[test]
fn the_logarithm_walks_and_the_mean_grows() {
    let (dt, mu, sigma, first) = (0.02, 0.3, 0.25, 3.0);
    for streams in STREAMS {
        let params = json!({ "dt": dt, "mu": mu, "sigma": sigma, "S0": first });
        let paths = run(MODEL, params, (3, 81, 1500), 13, streams);
        for step in [1, 20, 80] {
            let t = dt * step as f64;
            let mean = first * exp(mu * t);
            let sd = mean * exp_m1(sigma * sigma * t).sqrt();
            let values = paths.slab(step).iter().copied();
            accept(format_args!("mean at step {step}"), mean_of_known_error(values, mean, sd));
        }
        let drift = (mu - 0.5 * sigma * sigma) * dt;
        walk::check(&paths.map(ln), ln(first), drift, sigma * dt.sqrt());
    }
}
