//! The Ornstein–Uhlenbeck process: from `x₀`, normal with mean `μ + (x₀ - μ)·exp(-θt)` and variance
//! `σ²/2θ·(1 - exp(-2θt))`; in the long run, mean `μ`, variance `σ²/2θ` and autocorrelation `exp(-θτ)`.

use mts_rng::math::{exp, exp_m1};
use mts_statistics::{Uniformity, mean_of_known_error, variance};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use super::walk;
use crate::models::run::{STREAMS, accept, after, run};

pub const MODEL: &str = "ou";

/// (θ, μ, σ) of each channel.
const CHANNELS: [(f64, f64, f64); 3] = [(0.7, 1.0, 0.5), (0.1, -2.0, 1.0), (2.5, 0.0, 2.0)];
const DT: f64 = 0.2;

fn params() -> serde_json::Value {
    json!({
        "theta": CHANNELS.map(|(theta, _, _)| theta), "mu": CHANNELS.map(|(_, mu, _)| mu),
        "sigma": CHANNELS.map(|(_, _, sigma)| sigma), "dt": DT, "x0": [4.0, 0.0, -1.0],
    })
}

#[test]
fn relaxes_from_its_initial_state() {
    for streams in STREAMS {
        let paths = run(MODEL, params(), (3, 21, 20_000), 14, streams);
        for (channel, (theta, mu, sigma)) in CHANNELS.into_iter().enumerate() {
            for step in [1, 3, 20] {
                let t = DT * step as f64;
                let mean = mu + (paths.at(0, channel, 0) - mu) * exp(-theta * t);
                let spread = -sigma * sigma / (2.0 * theta) * exp_m1(-2.0 * theta * t);
                let values = || paths.across(step, channel).iter().copied();
                accept("mean", mean_of_known_error(values(), mean, spread.sqrt()));
                accept("variance", variance(values(), mean, spread));
            }
        }
    }
}

#[test]
fn has_its_stationary_law_and_memory() {
    // The slowest channel has forgotten its initial state to exp(-0.1·300) = 10⁻¹³.
    for streams in STREAMS {
        let paths = after(1500, MODEL, params(), (3, 41, 5000), 15, streams);
        for (channel, (theta, mu, sigma)) in CHANNELS.into_iter().enumerate() {
            let power = sigma * sigma / (2.0 * theta);
            let law = Normal::new(mu, power.sqrt()).unwrap();
            let values = || paths.across(0, channel).iter().copied();
            accept("law", Uniformity::of(values().map(|x| law.cdf(x))).p());
            accept("mean", mean_of_known_error(values(), mu, power.sqrt()));
            accept("variance", variance(values(), mu, power));
            for lag in [1, 2, 5, 10, 40] {
                // E xy = ρ·power; Var xy = power²(1 + ρ²) of two normals.
                let correlation = exp(-theta * DT * lag as f64);
                let later = paths.across(lag, channel);
                let products = values().zip(later).map(|(x, y)| (x - mu) * (y - mu) / power);
                let sd = (1.0 + correlation * correlation).sqrt();
                let p = mean_of_known_error(products, correlation, sd);
                accept(format_args!("autocorrelation of channel {channel} at lag {lag}"), p);
            }
            let innovations = (1..paths.steps()).flat_map(|step| {
                let pairs = paths.across(step - 1, channel).iter().zip(paths.across(step, channel));
                pairs.map(move |(x, y)| y - mu - (x - mu) * exp(-theta * DT))
            });
            let sd = (-power * exp_m1(-2.0 * theta * DT)).sqrt();
            let law = Normal::new(0.0, sd).unwrap();
            accept("innovations", Uniformity::of(innovations.map(|x| law.cdf(x))).p());
        }
    }
}

#[test]
fn without_a_pull_it_is_brownian() {
    let params = json!({ "theta": 0.0, "mu": 5.0, "sigma": 2.0, "dt": 0.25 });
    walk::check(&run(MODEL, params, (2, 41, 1000), 16, STREAMS[0]), 0.0, 0.0, 1.0);
}
