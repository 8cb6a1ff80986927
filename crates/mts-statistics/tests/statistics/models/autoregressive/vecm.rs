//! Error correction: βᵀx and Δx are stationary with the covariance of `(Δx_t, βᵀx_t)`, which is a vector autoregression;
//! what is orthogonal to α is a random walk.

use mts_statistics::variance;
use nalgebra::DMatrix;
use serde_json::json;

use super::autocovariance::{check, lyapunov, radius};
use crate::models::run::{Paths, STREAMS, accept, after, run};

pub const MODEL: &str = "vecm";

/// βᵀx and Δx as channels.
fn errors_and_differences(paths: &Paths) -> Paths {
    let (channels, realizations) = (paths.channels, paths.realizations);
    let beta = paths.array("beta");
    let rank = beta.len() / channels;
    let mut values = Vec::new();
    for step in 1..paths.steps() {
        for (channel, r) in (0..channels).flat_map(|m| (0..realizations).map(move |r| (m, r))) {
            values.push(paths.at(step, channel, r) - paths.at(step - 1, channel, r));
        }
        for (vector, r) in (0..rank).flat_map(|i| (0..realizations).map(move |r| (i, r))) {
            values.push((0..channels).map(|m| beta[m * rank + vector] * paths.at(step, m, r)).sum());
        }
    }
    Paths::of(channels + rank, realizations, paths.truth.clone(), values)
}

/// The autoregression of (Δx_t, βᵀx_t): its matrix and the covariance of its noise.
fn joint(paths: &Paths, gamma: &[f64]) -> (DMatrix<f64>, DMatrix<f64>) {
    let channels = paths.channels;
    let rank = paths.array("beta").len() / channels;
    let alpha = DMatrix::from_row_slice(channels, rank, paths.array("alpha"));
    let beta = DMatrix::from_row_slice(channels, rank, paths.array("beta"));
    let gamma = DMatrix::from_row_slice(channels, channels, gamma);
    let noise = DMatrix::from_row_slice(channels, channels, paths.array("noise_covariance"));
    let mut matrix = DMatrix::zeros(channels + rank, channels + rank);
    matrix.view_mut((0, 0), (channels, channels)).copy_from(&gamma);
    matrix.view_mut((0, channels), (channels, rank)).copy_from(&alpha);
    matrix.view_mut((channels, 0), (rank, channels)).copy_from(&(beta.transpose() * &gamma));
    let pull = DMatrix::identity(rank, rank) + beta.transpose() * &alpha;
    matrix.view_mut((channels, channels), (rank, rank)).copy_from(&pull);
    let mut load = DMatrix::zeros(channels + rank, channels);
    load.view_mut((0, 0), (channels, channels)).copy_from(&DMatrix::identity(channels, channels));
    load.view_mut((channels, 0), (rank, channels)).copy_from(&beta.transpose());
    (matrix, &load * noise * load.transpose())
}

fn check_joint(paths: &Paths, gamma: &[f64]) {
    let (matrix, noise) = joint(paths, gamma);
    let modulus = radius(&matrix);
    let known = paths.truth.scalars.get("radius").and_then(|radius| radius.as_f64()).unwrap();
    assert!((modulus - known).abs() < 1e-9 && modulus < 0.9, "{modulus} and {known}");
    let mut covariance = lyapunov(&matrix, &noise);
    let joint = errors_and_differences(paths);
    for lag in 0..=2 {
        for (x, y) in (0..joint.channels).flat_map(|x| (0..joint.channels).map(move |y| (x, y))) {
            check(&joint, (x, y), lag, covariance[(y, x)]);
        }
        covariance = &matrix * covariance;
    }
}

#[test]
fn errors_and_differences_are_stationary() {
    let gamma = [[0.2, 0.1, 0.0], [0.0, -0.3, 0.2], [0.1, 0.0, 0.1]];
    for streams in STREAMS {
        let params = json!({
            "alpha": [[-0.3], [0.2], [0.1]], "beta": [[1], [-1], [0.5]], "Gamma": gamma,
            "Sigma": [[1, 0.3, 0], [0.3, 0.5, 0.1], [0, 0.1, 2]],
        });
        // 0.9^300 = 10⁻¹⁴ of the zeros is left.
        let paths = after(300, MODEL, params, (3, 101, 2500), 71, streams);
        check_joint(&paths, gamma.as_flattened());
    }
    let drawn = after(300, MODEL, json!({ "rank": 2, "speed": 0.4 }), (4, 101, 2000), 72, STREAMS[0]);
    check_joint(&drawn, &[0.0; 16]);
}

/// βᵀα = -speed: each error decays by the same part.
#[test]
fn drawn_speeds_are_those_asked_for() {
    let paths = run(MODEL, json!({ "rank": 3, "speed": 0.25 }), (6, 1, 1), 73, STREAMS[0]);
    let alpha = DMatrix::from_row_slice(6, 3, paths.array("alpha"));
    let beta = DMatrix::from_row_slice(6, 3, paths.array("beta"));
    let pull = beta.transpose() * alpha + 0.25 * DMatrix::<f64>::identity(3, 3);
    assert!(pull.amax() < 1e-13, "{pull}");
}

/// (0.2, 0.3)ᵀ is orthogonal to α: that combination is a random walk, whose variance grows by 0.13·σ² per step.
#[test]
fn what_no_error_corrects_is_a_random_walk() {
    let params = json!({ "alpha": [[-0.3], [0.2]], "beta": [[1], [-1]], "noise_scale": 2 });
    let paths = run(MODEL, params, (2, 401, 4000), 74, STREAMS[0]);
    let common = |step: usize| -> Vec<f64> {
        let pairs = paths.across(step, 0).iter().zip(paths.across(step, 1));
        pairs.map(|(x, y)| 0.2 * x + 0.3 * y).collect()
    };
    for step in [1, 100, 400] {
        let expected = 0.13 * 4.0 * f64::from(step);
        accept(format_args!("step {step}"), variance(common(step as usize), 0.0, expected));
    }
}
