//! GARCH: its recursion, what drives it, its variance `ω/(1 - s)`, the kurtosis of its truth, and the
//! autocorrelations `ρ₁ = α(1 - αβ - β²)/(1 - 2αβ - β²)`, `ρ_k = ρ₁·s^(k-1)` of its squares, s = α + β (Bollerslev
//! 1986, doi:10.1016/0304-4076(86)90063-1).

use mts_core::Value;
use mts_rng::math::pow;
use mts_statistics::{Uniformity, mean_of_estimated_error, mean_of_known_error};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::models::run::{Paths, STREAMS, accept, run};

pub const MODEL: &str = "garch";

fn scalar(paths: &Paths, name: &str) -> Option<f64> {
    paths.truth.scalars.get(name).and_then(Value::as_f64)
}

#[test]
fn variances_follow_from_the_past() {
    let params = json!({ "omega": 0.3, "alpha": [0.1, 0.05], "beta": [0.3, 0.2, 0.1] });
    let paths = run(MODEL, params, (4, 200, 3), 50, STREAMS[0]);
    for step in 3..200 {
        for node in 0..2 {
            for realization in 0..3 {
                let square = |lag: usize| pow(paths.at(step - lag, node, realization), 2.0);
                let variance = |lag: usize| paths.at(step - lag, 2 + node, realization);
                let expected = 0.3
                    + 0.1 * square(1)
                    + 0.05 * square(2)
                    + 0.3 * variance(1)
                    + 0.2 * variance(2)
                    + 0.1 * variance(3);
                assert!((variance(0) / expected - 1.0).abs() < 1e-13);
            }
        }
    }
}

#[test]
fn what_drives_it_has_its_law() {
    let (normal, student) = (Normal::new(0.0, 1.0).unwrap(), StudentsT::new(0.0, 1.0, 5.0).unwrap());
    for streams in STREAMS {
        for innovations in ["normal", "student_t"] {
            let paths = run(MODEL, json!({ "innovations": innovations }), (2, 20_000, 5), 51, streams);
            let driven = (0..paths.steps()).flat_map(|step| {
                let pairs = paths.across(step, 0).iter().zip(paths.across(step, 1));
                pairs.map(|(r, h)| r / h.sqrt()).collect::<Vec<_>>()
            });
            let probabilities = driven.map(|z| match innovations {
                "normal" => normal.cdf(z),
                _ => student.cdf(z * (5.0_f64 / 3.0).sqrt()),
            });
            accept(innovations, Uniformity::of(probabilities).p());
        }
    }
}

#[test]
fn has_the_moments_of_its_truth() {
    let (omega, alpha, beta) = (0.2, 0.15, 0.6);
    let persistence: f64 = alpha + beta;
    for streams in STREAMS {
        let params = json!({ "omega": omega, "alpha": alpha, "beta": beta, "transient": 100 });
        let paths = run(MODEL, params, (2, 8, 50_000), 52, streams);
        let variance = omega / (1.0 - persistence);
        let rest = 1.0 - persistence * persistence;
        let kurtosis = 3.0 * rest / (rest - 2.0 * alpha * alpha);
        assert!((scalar(&paths, "unconditional_variance").unwrap() - variance).abs() < 1e-12);
        assert!((scalar(&paths, "kurtosis").unwrap() - kurtosis).abs() < 1e-12);
        let returns = || paths.across(0, 0).iter();
        let sd = variance * (kurtosis - 1.0).sqrt();
        accept("mean", mean_of_known_error(returns().copied(), 0.0, variance.sqrt()));
        accept("variance", mean_of_known_error(returns().map(|r| r * r), variance, sd));
        let fourth: Vec<f64> = paths.across(0, 1).iter().map(|h| 3.0 * h * h).collect();
        accept("kurtosis", mean_of_estimated_error(&fourth, kurtosis * variance * variance));
        let first = alpha * (1.0 - alpha * beta - beta * beta) / (1.0 - 2.0 * alpha * beta - beta * beta);
        for lag in [1, 2, 5] {
            let expected = first * pow(persistence, f64::from(lag) - 1.0) * sd * sd;
            let later = paths.across(lag as usize, 0);
            let products: Vec<f64> =
                returns().zip(later).map(|(a, b)| (a * a - variance) * (b * b - variance)).collect();
            accept(format_args!("squares at lag {lag}"), mean_of_estimated_error(&products, expected));
        }
    }
}

#[test]
fn kurtosis_is_told_where_it_exists() {
    let told = |params| scalar(&run(MODEL, params, (2, 1, 1), 53, STREAMS[0]), "kurtosis");
    // 3α² + 2αβ + β² = 1.0675 and 0.9875.
    assert_eq!(told(json!({ "alpha": 0.35, "beta": 0.6 })), None);
    assert!(told(json!({ "alpha": 0.3, "beta": 0.6 })).is_some());
    assert_eq!(told(json!({ "innovations": "student_t", "nu": 4 })), None);
    let student = told(json!({ "alpha": 0.1, "beta": 0.8, "innovations": "student_t", "nu": 10 })).unwrap();
    // κ = 4: 4·(1 - 0.81)/(1 - 0.81 - 3·0.01).
    assert!((student - 4.75).abs() < 1e-12);
}
