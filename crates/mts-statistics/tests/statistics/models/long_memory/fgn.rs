//! Fractional Gaussian noise: autocovariance, law, and independence of what is made together.

use mts_rng::math::pow;
use mts_statistics::{Uniformity, mean_of_known_error, variance};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use super::covariance;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "fgn";
const HURST: [f64; 4] = [0.1, 0.5, 0.7, 0.9];
const SIGMA: f64 = 2.0;

/// Mandelbrot & Van Ness 1968, doi:10.1137/1010093.
fn autocovariance(h: f64, lag: usize) -> f64 {
    let power = |x: f64| pow(x.abs(), 2.0 * h);
    let k = lag as f64;
    SIGMA * SIGMA / 2.0 * (power(k + 1.0) - 2.0 * power(k) + power(k - 1.0))
}

#[test]
fn has_its_autocovariance() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "H": HURST, "sigma": SIGMA }), (4, 300, 1500), 61, streams);
        for (channel, h) in HURST.into_iter().enumerate() {
            for lag in [0, 1, 2, 3, 5, 10, 50, 200] {
                covariance::check(&paths, channel, lag, autocovariance(h, lag));
            }
        }
    }
}

#[test]
fn is_normal_at_both_ends_and_in_sum() {
    let law = Normal::new(0.0, SIGMA).unwrap();
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "H": HURST, "sigma": SIGMA }), (4, 128, 20_000), 62, streams);
        for (channel, h) in HURST.into_iter().enumerate() {
            for step in [0, 127] {
                let values = paths.across(step, channel).iter();
                accept("law", Uniformity::of(values.map(|x| law.cdf(*x))).p());
            }
            // The sum of all 128 steps has the variance σ²·128²ᴴ.
            let sums = (0..20_000).map(|r| (0..128).map(|step| paths.at(step, channel, r)).sum::<f64>());
            let sums: Vec<f64> = sums.collect();
            accept("sum", variance(sums.iter().copied(), 0.0, SIGMA * SIGMA * pow(128.0, 2.0 * h)));
            let pairs = sums.chunks_exact(2).map(|pair| pair[0] * pair[1]);
            let scale = SIGMA * SIGMA * pow(128.0, 2.0 * h);
            accept("sums of a pair", mean_of_known_error(pairs, 0.0, scale));
        }
        for (a, b) in [(0, 1), (2, 3)] {
            let pairs = paths.across(64, a).iter().zip(paths.across(64, b)).map(|(x, y)| x * y);
            accept("channels", mean_of_known_error(pairs, 0.0, SIGMA * SIGMA));
        }
    }
}
