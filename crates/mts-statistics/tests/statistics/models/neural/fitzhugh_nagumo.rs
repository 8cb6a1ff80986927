//! FitzHugh's and Nagumo's neuron: its rest, the currents that end it, its noise, and the order of the integration.

use mts_statistics::Uniformity;
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::lyapunov::Orbits;
use crate::models::order::assert_order;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "fitzhugh_nagumo";

const A: f64 = 0.7;
const B: f64 = 0.8;
const TAU: f64 = 12.5;

/// The current whose rest is at v, as `w = (v + a)/b` there.
fn current(v: f64) -> f64 {
    (v + A) / B - v + v * v * v / 3.0
}

#[test]
fn initial_states_are_uniform() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "transient": 0.0 }), (4, 1, 10_000), 51, streams);
        accept("law", Uniformity::of(paths.slab(0).iter().map(|x| (x + 2.0) / 4.0)).p());
        assert_eq!(paths.array("initial_state"), paths.slab(0));
    }
}

#[test]
fn rest_stays_and_its_neighbours_move_as_the_linear_equation_says() {
    for v in [-1.3, -0.9, 0.0, 0.6, 1.2] {
        let params = json!({ "I": current(v), "transient": 0.0, "dt": 0.01 });
        let linear = [1.0 - v * v, -1.0, 1.0 / TAU, -B / TAU];
        Orbits::new(MODEL, params, 2).assert_linear_at(&[v, (v + A) / B], 100, 1.0, &linear);
    }
}

/// The trace `1 - v² - b/τ` changes its sign at v = ∓√(1 - b/τ): at the currents 0.331 and 1.419.
#[test]
fn rest_ends_and_returns_at_the_bifurcations() {
    let root = (1.0 - B / TAU).sqrt();
    let ends = [current(-root), current(root)];
    assert!((ends[0] - 0.331).abs() < 5e-4 && (ends[1] - 1.419).abs() < 5e-4, "{ends:?}");
    for (v, spikes) in
        [(-root - 0.02, false), (-root + 0.02, true), (root - 0.02, true), (root + 0.02, false)]
    {
        let near = [v + 1e-3, (v + A) / B];
        let params = json!({ "I": current(v), "transient": 3000.0, "x0": near });
        let path = run(MODEL, params, (2, 1000, 1), 52, STREAMS[0]).path(0, 0);
        let (low, high) =
            path.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
        if spikes {
            assert!(low < -1.5 && high > 1.5, "{v}: {low} to {high}");
        } else {
            assert!((low - v).abs() < 1e-6 && (high - v).abs() < 1e-6, "{v}: {low} to {high}");
        }
    }
}

/// A kick spikes where it is strong enough, and only there (FitzHugh 1961).
#[test]
fn rest_is_excitable() {
    let rest = -1.199_408_035_244_035;
    assert!(current(rest).abs() < 1e-12);
    for (kick, spikes) in [(0.3, false), (1.0, true)] {
        let params = json!({ "I": 0.0, "transient": 0.0, "x0": [rest + kick, (rest + A) / B] });
        let path = run(MODEL, params, (2, 500, 1), 53, STREAMS[0]).path(0, 0);
        assert_eq!(path.iter().any(|v| *v > 1.5), spikes, "{kick}");
        assert!((path[499] - rest).abs() < 0.05, "{}", path[499]);
    }
}

#[test]
fn noise_is_added_to_v_alone() {
    let (noise, dt) = (0.4, 0.05_f64);
    let law = Normal::new(0.0, noise * dt.sqrt()).unwrap();
    for streams in STREAMS {
        let with = |noise: f64| {
            let params =
                json!({ "noise_std": noise, "dt": dt, "transient": 0.0, "x0": [0.3, 0.1, 0.2, -0.4] });
            run(MODEL, params, (4, 2, 40_000), 54, streams)
        };
        let (still, moved) = (with(0.0), with(noise));
        let kicks = moved.slab(1).iter().zip(still.slab(1)).map(|(a, b)| a - b);
        let kicks: Vec<f64> = kicks.collect();
        accept("noise", Uniformity::of(kicks[..80_000].iter().map(|x| law.cdf(*x))).p());
        assert!(kicks[80_000..].iter().all(|x| *x == 0.0));
    }
}

#[test]
fn the_integration_is_of_order_4() {
    let params = json!({ "transient": 0.0, "dt": 10.0, "x0": [0.5, -0.3] });
    assert_order(MODEL, &params, (2, 4, 1), 50, 4.0);
}
