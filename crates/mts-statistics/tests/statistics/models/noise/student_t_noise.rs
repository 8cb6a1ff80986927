//! White noise of Student's law: its distribution function where it has moments and where it has none, and the
//! variance that the truth tells.

use mts_statistics::mean_of_known_error;
use serde_json::json;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::white;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "student_t_noise";

#[test]
fn has_the_law_and_is_white() {
    for (nu, scale) in [(1.0, 0.5), (2.5, 2.0), (30.0, 1.0)] {
        let law = StudentsT::new(0.0, scale, nu).unwrap();
        white::check(MODEL, &json!({ "nu": nu, "scale": scale }), 33, |x| law.cdf(x));
    }
}

#[test]
fn has_the_variance_of_its_truth() {
    let (nu, scale) = (10.0, 0.7);
    let paths = run(MODEL, json!({ "nu": nu, "scale": scale }), (4, 10_000, 10), 34, STREAMS[0]);
    let variance = paths.truth.scalars.get("variance").and_then(mts_core::Value::as_f64).unwrap();
    assert!((variance - scale * scale * 1.25).abs() < 1e-15);
    let kurtosis = 3.0 + 6.0 / (nu - 4.0);
    let sd = variance * (kurtosis - 1.0_f64).sqrt();
    accept("variance", mean_of_known_error(paths.values().iter().map(|x| x * x), variance, sd));
}
