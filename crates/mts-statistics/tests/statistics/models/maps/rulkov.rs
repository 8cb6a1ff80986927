//! Rulkov's map: its branches, its rest, and the threshold of its spikes.

use mts_statistics::Uniformity;
use serde_json::json;

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "rulkov";

#[test]
fn initial_states_are_uniform() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "transient": 0 }), (2, 1, 20_000), 48, streams);
        accept("law", Uniformity::of(paths.across(0, 0).iter().map(|x| (x + 2.0) / 2.0)).p());
        assert!(paths.across(0, 1).iter().all(|y| (y - (0.14 - 1.0 - 4.5 / 1.86)).abs() < 1e-15));
        assert_eq!(paths.array("initial_state"), paths.slab(0));
    }
}

/// Along a bursting orbit, which takes all three branches.
#[test]
fn steps_are_those_of_the_equation() {
    let (alpha, sigma, mu) = (4.6, 0.16, 0.002);
    let params = json!({ "alpha": alpha, "sigma": sigma, "mu": mu });
    let paths = run(MODEL, params, (6, 5000, 2), 49, STREAMS[0]);
    let mut branches = [0; 3];
    for (step, node, r) in (0..4999).flat_map(|t| (0..3).flat_map(move |n| (0..2).map(move |r| (t, n, r)))) {
        let (x, y) = (paths.at(step, node, r), paths.at(step, node + 3, r));
        let (branch, next) = match x {
            _ if x <= 0.0 => (0, alpha / (1.0 - x) + y),
            _ if x < alpha + y => (1, alpha + y),
            _ => (2, -1.0),
        };
        branches[branch] += 1;
        assert!((paths.at(step + 1, node, r) - next).abs() < 1e-14, "branch {branch}");
        let slow = y - mu * (x + 1.0) + mu * sigma;
        assert!((paths.at(step + 1, node + 3, r) - slow).abs() < 1e-14);
    }
    assert!(branches.iter().all(|count| *count > 500), "{branches:?}");
}

/// At rest `x = σ - 1`, `y = x - α/(1 - x)`; it is stable for `σ < 2 - √(α/(1 - μ))`, where the determinant
/// `α/(1 - x)² + μ` of the derivative passes 1 (Rulkov 2002).
#[test]
fn spikes_start_at_the_threshold_of_the_paper() {
    for (alpha, mu) in [(4.0, 0.001), (5.0, 0.01), (3.0, 0.02)] {
        let threshold = 2.0 - f64::sqrt(alpha / (1.0 - mu));
        for (distance, spikes) in [(-0.02, false), (0.02, true)] {
            let sigma = threshold + distance;
            let rest = (sigma - 1.0, sigma - 1.0 - alpha / (2.0 - sigma));
            let params = json!({
                "alpha": alpha, "mu": mu, "sigma": sigma, "transient": 100_000, "x0": [rest.0 + 1e-3, rest.1],
            });
            let paths = run(MODEL, params, (2, 5000, 1), 50, STREAMS[0]);
            let path = paths.path(0, 0);
            assert_eq!(path.iter().any(|x| *x > 0.0), spikes, "{alpha} {mu} {sigma}");
            if !spikes {
                assert!(path.iter().all(|x| (x - rest.0).abs() < 1e-6), "{alpha} {mu} {sigma}");
            }
        }
    }
}
