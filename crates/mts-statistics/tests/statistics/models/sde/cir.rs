//! The square-root process: from `x₀`, mean `θ + (x₀ - θ)e` and variance `x₀σ²/κ·(e - e²) + θσ²/2κ·(1 - e)²` with
//! `e = exp(-κt)`; in the long run a gamma law of shape `2κθ/σ²` and scale `σ²/2κ`, autocorrelation `exp(-κτ)`
//! (Cox, Ingersoll & Ross 1985, doi:10.2307/1911242).

use mts_rng::math::exp;
use mts_statistics::{Uniformity, mean_of_estimated_error, mean_of_known_error};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Gamma};

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "cir";

/// (κ, θ, σ) of each channel: Feller numbers 8, 1.2 and 0.3, of which the last is below 1/2.
const CHANNELS: [(f64, f64, f64); 3] = [(1.0, 1.0, 0.5), (2.0, 0.3, 1.0), (0.6, 0.25, 1.0)];
const DT: f64 = 0.2;

fn params() -> serde_json::Value {
    json!({
        "kappa": CHANNELS.map(|(kappa, _, _)| kappa), "theta": CHANNELS.map(|(_, theta, _)| theta),
        "sigma": CHANNELS.map(|(_, _, sigma)| sigma), "dt": DT,
    })
}

#[test]
fn relaxes_from_its_initial_state() {
    for streams in STREAMS {
        let mut params = params();
        params["x0"] = json!([3.0, 0.0, 0.5]);
        let paths = run(MODEL, params, (3, 11, 30_000), 60, streams);
        for (channel, (kappa, theta, sigma)) in CHANNELS.into_iter().enumerate() {
            let first = paths.at(0, channel, 0);
            for step in [1, 3, 10] {
                let e = exp(-kappa * DT * step as f64);
                let mean = theta + (first - theta) * e;
                let power = sigma * sigma / kappa;
                let variance = first * power * (e - e * e) + 0.5 * theta * power * (1.0 - e) * (1.0 - e);
                let values = paths.across(step, channel);
                let what = format!("channel {channel}, step {step}");
                accept(&what, mean_of_known_error(values.iter().copied(), mean, variance.sqrt()));
                let squares: Vec<f64> = values.iter().map(|x| (x - mean) * (x - mean)).collect();
                accept(format_args!("variance, {what}"), mean_of_estimated_error(&squares, variance));
            }
        }
    }
}

#[test]
fn has_its_stationary_law_and_memory() {
    for streams in STREAMS {
        let paths = run(MODEL, params(), (3, 21, 30_000), 61, streams);
        for (channel, (kappa, theta, sigma)) in CHANNELS.into_iter().enumerate() {
            let shape = 2.0 * kappa * theta / (sigma * sigma);
            assert!((paths.array("feller")[channel] - shape).abs() < 1e-12);
            let law = Gamma::new(shape, 2.0 * kappa / (sigma * sigma)).unwrap();
            for step in [0, 1, 20] {
                let judged = Uniformity::of(paths.across(step, channel).iter().map(|x| law.cdf(*x)));
                accept(format_args!("channel {channel}, step {step}: {judged:?}"), judged.p());
            }
            let power = theta * sigma * sigma / (2.0 * kappa);
            for lag in [1, 5, 20] {
                let pairs = paths.across(0, channel).iter().zip(paths.across(lag, channel));
                let products: Vec<f64> = pairs.map(|(x, y)| (x - theta) * (y - theta) / power).collect();
                let expected = exp(-kappa * DT * lag as f64);
                let p = mean_of_estimated_error(&products, expected);
                accept(format_args!("autocorrelation of channel {channel} at lag {lag}"), p);
            }
        }
    }
}
