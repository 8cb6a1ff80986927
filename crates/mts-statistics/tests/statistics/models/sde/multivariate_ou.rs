//! Coupled Ornstein–Uhlenbeck processes against systems whose matrices are known: a rotation that decays, and a
//! cascade. In the long run, covariance P and `exp(Aτ)P` after τ; what is left of a step, white and normal.

use mts_core::Graph;
use mts_rng::math::{cos, exp, sin};
use mts_statistics::{Uniformity, mean_of_known_error};
use serde_json::{Value, json};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::run::{STREAMS, accept, after, run};

pub const MODEL: &str = "multivariate_ou";

/// `mu` is (1, -2); `decay` is exp(A t) as (to, from), `p` the covariance in the long run.
fn check(params: &Value, dt: f64, decay: impl Fn(f64) -> [[f64; 2]; 2], p: [[f64; 2]; 2], skipped: usize) {
    let mu = [1.0, -2.0];
    for streams in STREAMS {
        let paths = after(skipped, MODEL, params.clone(), (2, 8, 40_000), 71, streams);
        for (found, expected) in paths.array("stationary_covariance").iter().zip(p.as_flattened()) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        for (found, expected) in paths.array("step_matrix").iter().zip(decay(dt).as_flattened()) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        for channel in 0..2 {
            let law = Normal::new(mu[channel], p[channel][channel].sqrt()).unwrap();
            let values = paths.across(0, channel).iter();
            accept("law", Uniformity::of(values.map(|x| law.cdf(*x))).p());
        }
        for lag in [0, 1, 7] {
            let e = decay(dt * lag as f64);
            for to in 0..2 {
                for from in 0..2 {
                    let expected = e[to][0] * p[0][from] + e[to][1] * p[1][from];
                    let sd = (p[to][to] * p[from][from] + expected * expected).sqrt();
                    let pairs = paths.across(lag, to).iter().zip(paths.across(0, from));
                    let products = pairs.map(|(x, y)| (x - mu[to]) * (y - mu[from]));
                    let what = format!("{to} after {from}, lag {lag}");
                    accept(what, mean_of_known_error(products, expected, sd));
                }
            }
        }
    }
}

#[test]
fn a_rotation_decays() {
    // Σ = s·1 leaves P = s/2a·1.
    let (a, w, s) = (0.4, 1.5, 0.6);
    let params = json!({
        "A": [[-a, -w], [w, -a]], "Sigma": [[s, 0.0], [0.0, s]], "mu": [1.0, -2.0], "dt": 0.3,
    });
    let decay = |t: f64| {
        let e = exp(-a * t);
        [[e * cos(w * t), -e * sin(w * t)], [e * sin(w * t), e * cos(w * t)]]
    };
    check(&params, 0.3, decay, [[s / (2.0 * a), 0.0], [0.0, s / (2.0 * a)]], 0);
}

#[test]
fn a_cascade_is_driven_from_above() {
    // A P + P Aᵀ + Σ = 0, entry by entry.
    let (slow, fast, c) = (0.7, 2.0, 1.2);
    let (s00, s01, s11) = (1.0, 0.3, 0.5);
    let p00 = s00 / (2.0 * slow);
    let p01 = (c * p00 + s01) / (slow + fast);
    let p11 = (2.0 * c * p01 + s11) / (2.0 * fast);
    let decay = |t: f64| {
        let (one, two) = (exp(-slow * t), exp(-fast * t));
        [[one, 0.0], [c * (one - two) / (fast - slow), two]]
    };
    for (first, skipped) in [(Value::Null, 0), (json!([5.0, 5.0]), 200)] {
        let params = json!({
            "A": [[-slow, 0.0], [c, -fast]], "Sigma": [[s00, s01], [s01, s11]], "mu": [1.0, -2.0], "dt": 0.2,
            "x0": first,
        });
        check(&params, 0.2, decay, [[p00, p01], [p01, p11]], skipped);
    }
}

#[test]
fn relaxes_from_its_initial_state_and_tells_its_graph() {
    // The default: x₁ follows x₀ with c = 1/2 at equal rates, exp(At) = e·[[1, 0], [t/2, 1]].
    let paths = run(MODEL, json!({ "x0": [4.0, -1.0], "dt": 0.5 }), (2, 3, 60_000), 72, STREAMS[0]);
    let e = exp(-1.0);
    for (channel, mean) in [(0, 4.0 * e), (1, e * (2.0 - 1.0))] {
        let sd = paths.array("stationary_covariance")[channel * 3].sqrt();
        let centred: Vec<f64> = paths.across(2, channel).to_vec();
        // The spread is below the stationary one: sd bounds it.
        accept(format_args!("channel {channel}"), mean_of_known_error(centred, mean, sd));
    }
    let Graph::Edges { nodes: 2, edges } = &paths.truth.graphs["influence"] else { panic!("edges of 2") };
    let told: Vec<_> = edges.iter().map(|edge| (edge.from, edge.to, edge.lag, edge.weight)).collect();
    assert_eq!(told, [(0, 1, 1, 0.5)]);
}
