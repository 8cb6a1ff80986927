//! Intermittent demand: a share `1 - 1/p` of zeros, mean `μ/p`, variance `(v + μ²)/p - (μ/p)²`; intervals are
//! geometric, sizes have their law.

use mts_rng::math::{ln, ln_1p};
use mts_statistics::{Uniformity, goodness_of_fit_counts, mean_of_estimated_error, mean_of_known_error};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Discrete, NegativeBinomial, Normal, Poisson};

use crate::models::run::{Paths, STREAMS, accept, run};

pub const MODEL: &str = "intermittent_demand";

const INTERVAL: [f64; 2] = [3.0, 8.0];
const SIZE: [f64; 2] = [4.0, 12.0];
const DISPERSION: f64 = 0.6;

/// Runs a law, checks moments, and hands back the values of each channel.
fn check(law: &str, variance: fn(f64) -> f64) -> [Vec<f64>; 2] {
    let params = json!({ "law": law, "interval": INTERVAL, "size": SIZE, "dispersion": DISPERSION });
    let run = |streams| run(MODEL, params.clone(), (2, 2000, 100), 61, streams);
    let of = |paths: &Paths, channel: usize| -> Vec<f64> {
        (0..100).flat_map(|r| paths.path(channel, r)).collect()
    };
    for streams in STREAMS {
        let paths = run(streams);
        for channel in 0..2 {
            let (interval, size) = (INTERVAL[channel], SIZE[channel]);
            let (mean, values) = (size / interval, of(&paths, channel));
            let power = (variance(size) + size * size) / interval - mean * mean;
            assert!((paths.array("mean")[channel] - mean).abs() < 1e-12);
            accept("mean", mean_of_known_error(values.iter().copied(), mean, power.sqrt()));
            let squares: Vec<f64> = values.iter().map(|x| (x - mean) * (x - mean)).collect();
            accept("variance", mean_of_estimated_error(&squares, power));
            let share = 1.0 - 1.0 / interval;
            assert!((paths.array("zero_share")[channel] - share).abs() < 1e-15);
            let zeros = values.iter().map(|x| f64::from(*x == 0.0));
            accept("zeros", mean_of_known_error(zeros, share, (share / interval).sqrt()));
            let places: Vec<u64> = (0..).zip(&values).filter(|(_, x)| **x > 0.0).map(|(at, _)| at).collect();
            let intervals: Vec<u64> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let mass = |k: u64| (1..k).fold(1.0 / interval, |mass, _| mass * share);
            accept("intervals", goodness_of_fit_counts(&intervals, 1..=60, mass));
            let sizes: Vec<f64> = values.into_iter().filter(|x| *x > 0.0).collect();
            let scale = variance(size);
            let neighbours = sizes.windows(2).map(|pair| (pair[0] - size) * (pair[1] - size) / scale);
            accept("the next size", mean_of_known_error(neighbours, 0.0, 1.0));
        }
    }
    let paths = run(STREAMS[0]);
    [of(&paths, 0), of(&paths, 1)].map(|values| values.into_iter().filter(|x| *x > 0.0).collect())
}

#[test]
fn poisson_sizes() {
    for (sizes, mean) in check("poisson", |size| size - 1.0).into_iter().zip(SIZE) {
        let law = Poisson::new(mean - 1.0).unwrap();
        let sizes: Vec<u64> = sizes.into_iter().map(|x| x as u64).collect();
        accept("sizes", goodness_of_fit_counts(&sizes, 1..=60, |k| law.pmf(k - 1)));
    }
}

#[test]
fn negative_binomial_sizes() {
    let variance = |size: f64| (size - 1.0) * (1.0 + (size - 1.0) * DISPERSION);
    for (sizes, mean) in check("negative_binomial", variance).into_iter().zip(SIZE) {
        let law = NegativeBinomial::new(1.0 / DISPERSION, 1.0 / (1.0 + (mean - 1.0) * DISPERSION)).unwrap();
        let sizes: Vec<u64> = sizes.into_iter().map(|x| x as u64).collect();
        accept("sizes", goodness_of_fit_counts(&sizes, 1..=150, |k| law.pmf(k - 1)));
    }
}

#[test]
fn lognormal_sizes() {
    for (sizes, mean) in check("lognormal", |size| DISPERSION * size * size).into_iter().zip(SIZE) {
        let variance = ln_1p(DISPERSION);
        let law = Normal::new(ln(mean) - variance / 2.0, variance.sqrt()).unwrap();
        accept("sizes", Uniformity::of(sizes.into_iter().map(|x| law.cdf(ln(x)))).p());
    }
}
