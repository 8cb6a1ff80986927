//! Stuart–Landau oscillators: the equation, the circle, and noise around rest.

use mts_rng::math::{atan2, exp, sin_cos};
use mts_statistics::{Uniformity, variance};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use super::slopes;
use crate::models::run::{STREAMS, accept, after, run};

pub const MODEL: &str = "stuart_landau";

#[test]
fn the_drift_is_that_of_the_equation() {
    let params = json!({ "a": [0.1, -0.2, 0.3, 1, 2, -1, 0], "omega_sigma": 0.5, "G": 0.7, "noise_std": 0 });
    slopes::check(MODEL, params, 2, |paths, pull, state, node| {
        let (a, omega) = (paths.array("a")[node], paths.array("omega")[node]);
        let (x, y) = (state(0), state(1));
        let growth = a - x * x - y * y;
        vec![growth * x - omega * y + 0.7 * pull(0), growth * y + omega * x + 0.7 * pull(1)]
    });
}

#[test]
fn what_is_drawn_has_its_law() {
    let params = json!({ "omega": 2.0, "omega_sigma": 0.3, "G": 0 });
    let paths = run(MODEL, params, (40_000, 1, 1), 52, STREAMS[0]);
    let law = Normal::new(2.0, 0.3).unwrap();
    accept("frequencies", Uniformity::of(paths.array("omega").iter().map(|x| law.cdf(*x))).p());
    let law = Normal::standard();
    accept("initial state", Uniformity::of(paths.slab(0).iter().map(|x| law.cdf(*x))).p());
}

/// The radius comes to √a, and the angle turns with ω.
#[test]
fn free_nodes_turn_on_a_circle() {
    let (a, omega, dt) = (0.49, 1.3, 0.05);
    let params = json!({ "a": a, "omega": omega, "omega_sigma": 0, "G": 0, "noise_std": 0, "dt": dt });
    let paths = after(1000, MODEL, params, (8, 2, 3), 53, STREAMS[0]);
    for (node, r) in (0..4).flat_map(|node| (0..3).map(move |r| (node, r))) {
        let (x, y) = (paths.at(0, node, r), paths.at(0, 4 + node, r));
        assert!(((x * x + y * y).sqrt() - 0.7).abs() < 1e-6);
        let (u, v) = (paths.at(1, node, r), paths.at(1, 4 + node, r));
        assert!((atan2(x * v - y * u, x * u + y * v) - omega * dt).abs() < 1e-6);
    }
}

/// Little noise around rest is linear: a mode of the graph's Laplacian with eigenvalue λ is an Ornstein–Uhlenbeck
/// process that turns. On the complete graph λ is 0 for the mean and N for differences. With c = |a| + Gλ, each
/// step of h multiplies by exp(-ch) and adds noise of variance σ²h.
#[test]
fn noise_around_rest_is_that_of_the_modes() {
    let (a, g, sigma, dt, nodes) = (-0.5, 0.2, 0.003, 0.1, 4);
    let params = json!({ "a": a, "omega_sigma": 0, "omega": 1.0, "G": g, "noise_std": sigma, "dt": dt, "x0": vec![0.0; 8] });
    for streams in STREAMS {
        let paths = after(200, MODEL, params.clone(), (2 * nodes, 11, 5000), 54, streams);
        let mut relative = Vec::new();
        for (rate, weights) in [
            (0.5, [0.5; 4]),
            (0.5 + 0.2 * 4.0, [0.5, 0.5, -0.5, -0.5]),
            (0.5 + 0.2 * 4.0, [0.5, -0.5, 0.5, -0.5]),
        ] {
            let mode = |step: usize, component: usize, r: usize| -> f64 {
                (0..nodes).map(|node| weights[node] * paths.at(step, component * nodes + node, r)).sum()
            };
            let stationary = sigma * sigma * dt / (1.0 - exp(-2.0 * rate * dt));
            let both = (0..5000).flat_map(|r| [mode(0, 0, r), mode(0, 1, r)]);
            relative.extend(both.map(|x| x / stationary.sqrt()));
            // Ten steps later: turned by 1 radian, and decayed; what came anew is independent of what was.
            let (decay, (sin, cos)) = (exp(-rate), sin_cos(1.0));
            let fresh = Normal::new(0.0, (stationary * (1.0 - decay * decay)).sqrt()).unwrap();
            let rest = (0..5000).map(|r| {
                let (x, y) = (mode(0, 0, r), mode(0, 1, r));
                fresh.cdf(mode(10, 0, r) - decay * (cos * x - sin * y))
            });
            accept("later", Uniformity::of(rest).p());
        }
        accept("variance", variance(relative, 0.0, 1.0));
    }
}
