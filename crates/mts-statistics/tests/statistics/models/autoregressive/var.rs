//! Vector autoregressions: the stationary covariance `S = A·S·Aᵀ + Q` of the companion form, `E x_t·x_{t+k}ᵀ` from
//! it, and the radius after stabilisation.

use mts_core::{Graph, Intervention, Truth};
use mts_rng::math::pow;
use mts_statistics::Uniformity;
use nalgebra::DMatrix;
use serde_json::{Value, json};
use statrs::distribution::{ContinuousCDF, Normal};

use super::autocovariance::{check, companion, lyapunov, radius};
use super::intervention::{both, check_linear_effect};
use crate::models::run::{Paths, STREAMS, accept, after, run};

pub const MODEL: &str = "var";

/// Checks the covariances at lags 0 to 3 against those that follow from the truth.
fn check_covariances(paths: &Paths) {
    let channels = paths.channels;
    let matrix = companion(paths.array("Phi"), channels);
    let noise = paths.array("noise_covariance");
    let noise = DMatrix::from_fn(matrix.nrows(), matrix.nrows(), |i, j| {
        if i < channels && j < channels { noise[i * channels + j] } else { 0.0 }
    });
    let mut covariance = lyapunov(&matrix, &noise);
    for lag in 0..=3 {
        for (x, y) in (0..channels).flat_map(|x| (0..channels).map(move |y| (x, y))) {
            check(paths, (x, y), lag, covariance[(y, x)]);
        }
        covariance = &matrix * covariance;
    }
}

#[test]
fn has_the_stationary_covariance_of_its_coefficients() {
    let phi = [
        [[0.4, 0.2, 0.0], [-0.3, 0.3, 0.1], [0.0, 0.5, -0.2]],
        [[-0.2, 0.0, 0.1], [0.0, 0.2, 0.0], [0.3, 0.0, 0.1]],
    ];
    let sigma = [[1.0, 0.6, -0.2], [0.6, 2.0, 0.3], [-0.2, 0.3, 0.5]];
    for streams in STREAMS {
        let params = json!({ "p": 2, "Phi": phi, "Sigma": sigma });
        let paths = after(300, MODEL, params, (3, 200, 2000), 25, streams);
        assert_eq!(paths.array("Phi"), phi.as_flattened().as_flattened());
        // 0.85^300 = 10⁻²¹ of the initial state is left.
        assert!(radius(&companion(paths.array("Phi"), 3)) < 0.85);
        check_covariances(&paths);
    }
}

#[test]
fn drawn_coefficients_rule() {
    let paths = after(600, MODEL, json!({ "p": 2, "noise_scale": 0.5 }), (4, 200, 1500), 26, STREAMS[0]);
    check_covariances(&paths);
}

fn stabilised<'a>(truth: &'a Truth, name: &str) -> &'a mts_hash::Value {
    truth.scalars.get("stabilised").and_then(|map| map.as_map()?.get(name)).unwrap()
}

fn applied(truth: &Truth) -> bool {
    *stabilised(truth, "applied") == true.into()
}

/// What was drawn, from what was made of it: lag k was scaled by `(0.95/radius before)^k`.
#[test]
fn drawn_coefficients_are_normal() {
    let (channels, lags) = (60, 3);
    let law = Normal::new(0.0, 0.25).unwrap();
    let mut drawn = Vec::new();
    for seed in 0..8 {
        let paths = run(MODEL, json!({ "p": lags }), (channels, 1, 1), 42 + seed, STREAMS[0]);
        let before = stabilised(&paths.truth, "radius_before").as_f64().unwrap();
        assert!(applied(&paths.truth));
        for (lag, phi) in (1_u32..).zip(paths.array("Phi").chunks_exact(channels * channels)) {
            let factor = pow(0.95 / before, f64::from(lag));
            drawn.extend(phi.iter().map(|phi| law.cdf(phi / factor)));
        }
    }
    accept("law", Uniformity::of(drawn).p());
}

#[test]
fn unstable_coefficients_end_at_a_radius_of_95_percent() {
    let explosive = json!({ "Phi": [[1.4, 0.5], [-0.5, 0.2]] });
    let drawn = |p: usize| json!({ "p": p });
    let configurations: [(Value, usize); 4] = [(explosive, 2), (drawn(1), 30), (drawn(3), 8), (drawn(5), 6)];
    for (params, channels) in configurations {
        for seed in 0..4 {
            let paths = run(MODEL, params.clone(), (channels, 10, 1), seed, STREAMS[0]);
            let modulus = radius(&companion(paths.array("Phi"), channels));
            if applied(&paths.truth) {
                // Ten digits: eigenvalues of a matrix of these sizes lose some to rounding.
                assert!((modulus - 0.95).abs() < 1e-10, "{modulus}");
            } else {
                assert!(modulus < 0.95, "{modulus}");
            }
            if channels >= 8 || channels == 2 {
                assert!(applied(&paths.truth), "{channels} channels, seed {seed}");
            }
            let Some(Graph::Edges { edges, .. }) = paths.truth.graphs.get("influence") else {
                panic!("no graph")
            };
            assert!(edges.iter().all(|edge| {
                let at = ((edge.lag - 1) * channels + edge.to) * channels + edge.from;
                paths.array("Phi")[at] == edge.weight
            }));
        }
    }
}

#[test]
fn interventions_have_the_effect_of_an_impulse_response() {
    let phi = [[[0.4, 0.2], [-0.3, 0.3]], [[0.1, -0.2], [0.5, 0.1]]];
    let params = json!({ "p": 2, "Phi": phi, "Sigma": [[1, 0.5], [0.5, 2]] });
    // In the history, too.
    for steps in [1..2, 12..15] {
        let held = Intervention { channel: 0, steps, value: -2.0 };
        let paths = both(MODEL, &params, (2, 40, 3), 64, &held);
        check_linear_effect(&paths, paths[0].array("Phi"), &held);
    }
}
