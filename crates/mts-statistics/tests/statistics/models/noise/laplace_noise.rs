//! White Laplace noise: its distribution function, mean and variance.

use mts_statistics::mean_of_known_error;
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Laplace};

use super::white;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "laplace_noise";

#[test]
fn has_the_law_and_is_white() {
    let law = Laplace::new(-2.0, 0.6).unwrap();
    white::check(MODEL, &json!({ "scale": 0.6, "loc": -2.0 }), 31, |x| law.cdf(x));
}

#[test]
fn has_the_moments_of_a_laplace_law() {
    let paths = run(MODEL, json!({ "scale": 0.6, "loc": -2.0 }), (4, 10_000, 10), 32, STREAMS[0]);
    // E X^2k = (2k)! of scale 1: 2, 24.
    let standard = || paths.values().iter().map(|x| (x + 2.0) / 0.6);
    accept("mean", mean_of_known_error(standard(), 0.0, 2_f64.sqrt()));
    accept("variance", mean_of_known_error(standard().map(|x| x * x), 2.0, 20_f64.sqrt()));
}
