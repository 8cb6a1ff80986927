//! Gaussian processes: covariances of kernels, made in each of the ways that there are.

use mts_rng::math::exp;
use mts_statistics::{Uniformity, mean_of_known_error};
use serde_json::{Value, json};
use statrs::distribution::{ContinuousCDF, Normal};

use super::{check, periodic, rational_quadratic, rbf};
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "gp";
const STEPS: [usize; 7] = [0, 1, 2, 5, 9, 16, 39];

fn judge(kernel: Value, seed: u64, expected: impl Fn(usize, usize) -> f64) {
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "kernel": kernel }), (8, 40, 10_000), seed, streams);
        check(&kernel.to_string(), |step| paths.slab(step), &STEPS, &expected);
    }
}

#[test]
fn kernels_that_decay_have_their_covariances() {
    judge(json!({ "rbf": { "length": 6, "variance": 2 } }), 81, |t, s| 2.0 * rbf(t, s, 6.0));
    let x = |t: usize, s: usize, nu: f64| (2.0 * nu).sqrt() * t.abs_diff(s) as f64 / 5.0;
    let matern = |nu: f64| json!({ "matern": { "nu": nu, "length": 5 } });
    judge(matern(0.5), 82, |t, s| exp(-x(t, s, 0.5)));
    judge(matern(1.5), 83, |t, s| (1.0 + x(t, s, 1.5)) * exp(-x(t, s, 1.5)));
    judge(matern(2.5), 84, |t, s| {
        let x = x(t, s, 2.5);
        (1.0 + x + x * x / 3.0) * exp(-x)
    });
}

/// Too slow for a circle: by their dimensions.
#[test]
fn slow_kernels_have_their_covariances() {
    let slow = json!({ "rational_quadratic": { "alpha": 0.5, "length": 40 } });
    judge(slow.clone(), 85, |t, s| rational_quadratic(t, s, 0.5, 40.0));
    judge(json!({ "rbf": { "length": 500 } }), 86, |t, s| rbf(t, s, 500.0));
    let wave = json!({ "periodic": { "period": 12.5, "length": 0.7 } });
    judge(json!({ "product": [slow, wave] }), 87, |t, s| {
        rational_quadratic(t, s, 0.5, 40.0) * periodic(t, s, 12.5, 0.7)
    });
}

#[test]
fn periodic_kernels_repeat_themselves() {
    let wave = json!({ "periodic": { "period": 7, "length": 0.5, "variance": 3 } });
    judge(wave.clone(), 88, |t, s| 3.0 * periodic(t, s, 7.0, 0.5));
    let other = json!({ "periodic": { "period": 11.3, "length": 1.5 } });
    judge(json!({ "product": [wave.clone(), other] }), 89, |t, s| {
        3.0 * periodic(t, s, 7.0, 0.5) * periodic(t, s, 11.3, 1.5)
    });
    let paths = run(MODEL, json!({ "kernel": wave }), (3, 50, 2), 90, STREAMS[0]);
    for step in 0..43 {
        let repeated = paths.slab(step).iter().zip(paths.slab(step + 7)).all(|(x, y)| (x - y).abs() < 1e-12);
        assert!(repeated, "step {step}");
    }
}

#[test]
fn sums_and_products_are_those_of_covariances() {
    let kernel = json!({ "sum": [
        { "product": [
            { "sum": [{ "rbf": { "length": 4 } }, { "constant": { "variance": 0.5 } }] },
            { "periodic": { "period": 10 } },
            { "linear": { "offset": 0.5, "variance": 0.01 } },
        ] },
        { "white": { "variance": 0.2 } },
        { "product": [{ "linear": { "variance": 0.001 } }, { "linear": { "offset": 2, "variance": 0.001 } }] },
    ] });
    judge(kernel, 91, |t, s| {
        let ts = (t * s) as f64;
        let white = if t == s { 0.2 } else { 0.0 };
        (rbf(t, s, 4.0) + 0.5) * periodic(t, s, 10.0, 1.0) * (0.5 + 0.01 * ts)
            + white
            + 0.001 * ts * (2.0 + 0.001 * ts)
    });
}

#[test]
fn is_normal_around_its_mean_and_independent_elsewhere() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "mean": 3 }), (3, 30, 10_000), 92, streams);
        let law = Normal::new(3.0, 1.0).unwrap();
        for channel in 0..3 {
            accept("law", Uniformity::of(paths.across(15, channel).iter().map(|x| law.cdf(*x))).p());
        }
        let pairs = paths.across(9, 0).iter().zip(paths.across(9, 1));
        accept("channels", mean_of_known_error(pairs.map(|(x, y)| (x - 3.0) * (y - 3.0)), 0.0, 1.0));
    }
}
