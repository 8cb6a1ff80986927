//! Kuramoto's phases with a lag, with inertia and with a delay.

use std::f64::consts::PI;

use mts_core::Streams;
use mts_rng::math::{exp, log2, sin, sin_cos};
use mts_statistics::{mean_of_known_error, variance};
use serde_json::json;

use super::kuramoto::{MODEL, adjacency};
use crate::models::run::{STREAMS, accept, after, run};

/// The difference of two phases obeys `φ' = Δω - K·cos α·sin φ`, and where it rests, both turn with the mean frequency
/// less `K/2·sin α·cos φ`: Sakaguchi & Kuramoto 1986, doi:10.1143/PTP.76.576.
#[test]
fn a_pair_with_a_lag_locks() {
    let (coupling, alpha, dt) = (2.0, 0.5, 0.05);
    for seed in 0..5 {
        let params = json!({
            "K": coupling, "alpha": alpha, "dt": dt, "omega_dist": "uniform", "omega_low": 0.5, "omega_high": 1.5,
        });
        let paths = after(2000, MODEL, params, (2, 2, 3), seed, STREAMS[0]);
        let omega = paths.array("omega");
        let (sin_alpha, cos_alpha) = sin_cos(alpha);
        let locked = (omega[1] - omega[0]) / (coupling * cos_alpha);
        let frequency =
            0.5 * (omega[0] + omega[1]) - 0.5 * coupling * sin_alpha * (1.0 - locked * locked).sqrt();
        for r in 0..3 {
            let phase = paths.at(1, 1, r) - paths.at(1, 0, r);
            assert!((sin(phase) - locked).abs() < 1e-9, "{phase}");
            for channel in 0..2 {
                let found = (paths.at(1, channel, r) - paths.at(0, channel, r)) / dt;
                assert!((found - frequency).abs() < 1e-9, "{found} for {frequency}");
            }
        }
    }
}

/// A small difference of two equal phases is a damped oscillation: `m·δ'' + δ' + K·δ = 0`.
#[test]
fn a_pair_with_inertia_comes_to_rest_like_a_spring() {
    let (mass, coupling, dt) = (0.8_f64, 1.5, 0.01);
    let params = json!({
        "K": coupling, "inertia": mass, "dt": dt, "theta0": [0.0, 1e-3],
        "omega_sigma": 0.0,
    });
    let paths = run(MODEL, params, (2, 800, 1), 42, STREAMS[0]);
    let nu = (4.0 * mass * coupling - 1.0).sqrt() / (2.0 * mass);
    for step in 0..800 {
        let t = dt * step as f64;
        let (sin, cos) = sin_cos(nu * t);
        let expected = 1e-3 * exp(-t / (2.0 * mass)) * (cos + sin / (2.0 * mass * nu));
        let found = paths.at(step, 1, 0) - paths.at(step, 0, 0);
        assert!((found - expected).abs() < 1e-9, "step {step}: {found} for {expected}");
    }
}

/// Without coupling, `θ(t) - θ(0) - ωt = η ∫ (1 - exp(-(t-s)/m)) dW(s)`.
#[test]
fn free_phases_with_inertia_walk() {
    let (mass, noise, dt, steps) = (0.7, 0.5, 0.01, 300);
    let params = json!({ "K": 0, "inertia": mass, "noise_std": noise, "dt": dt });
    for streams in STREAMS {
        let paths = run(MODEL, params.clone(), (20, steps + 1, 500), 43, streams);
        let t = dt * steps as f64;
        let (one, two) = (1.0 - exp(-t / mass), 1.0 - exp(-2.0 * t / mass));
        let expected = noise * noise * (t - 2.0 * mass * one + 0.5 * mass * two);
        let each = (0..20).flat_map(|m| (0..500).map(move |r| (m, r)));
        let walked: Vec<f64> = each
            .map(|(m, r)| paths.at(steps, m, r) - paths.at(0, m, r) - paths.array("omega")[m] * t)
            .collect();
        accept("mean", mean_of_known_error(walked.iter().copied(), 0.0, expected.sqrt()));
        accept("variance", variance(walked, 0.0, expected));
    }
}

/// Equal phases turn together at `Ω = ω - K·(M-1)/M·sin(Ωτ + α)`: Yeung & Strogatz 1999,
/// doi:10.1103/PhysRevLett.82.648.
#[test]
fn delayed_phases_turn_together() {
    let (coupling, alpha, dt, nodes) = (1.2, 0.2, 0.05, 10);
    for (delay, method) in [(0.37, "rk4"), (0.05, "rk4"), (1.0, "rk4"), (0.52, "euler")] {
        let params = json!({
            "K": coupling, "delay": delay, "alpha": alpha, "dt": dt, "method": method, "theta0": vec![0.4; nodes],
            "omega_mu": 1.0, "omega_sigma": 0.0,
        });
        let paths = after(4000, MODEL, params, (nodes, 2, 1), 44, STREAMS[0]);
        let strength = coupling * (nodes as f64 - 1.0) / nodes as f64;
        let (mut low, mut high) = (-1.0, 3.0);
        for _ in 0..80 {
            let middle: f64 = 0.5 * (low + high);
            let above = middle > 1.0 - strength * sin(middle * delay + alpha);
            if above { high = middle } else { low = middle }
        }
        let found = (paths.at(1, 3, 0) - paths.at(0, 3, 0)) / dt;
        assert!((found - low).abs() < 1e-9, "{method}, {delay}: {found} for {low}");
    }
}

/// One step of Euler's, from what was before the start.
#[test]
fn neighbours_are_seen_as_they_were() {
    let (coupling, delay, alpha, dt) = (1.7, 0.73, 0.3, 0.5);
    let params = json!({
        "K": coupling, "delay": delay, "alpha": alpha, "dt": dt, "method": "euler", "topology": "dag", "p": 0.6,
    });
    let paths = run(MODEL, params, (9, 2, 3), 45, STREAMS[0]);
    let (matrix, omega) = (adjacency(&paths), paths.array("omega"));
    for (m, r) in (0..9).flat_map(|m| (0..3).map(move |r| (m, r))) {
        let theta = paths.at(0, m, r);
        let seen = |n: usize| paths.at(0, n, r) - omega[n] * delay;
        let pull: f64 = (0..9).map(|n| matrix[m * 9 + n] * sin(seen(n) - theta - alpha)).sum();
        let slope = omega[m] + coupling / 9.0 * pull;
        assert!((paths.at(1, m, r) - theta - dt * slope).abs() < 1e-14);
    }
}

/// Orders of integration, as without a delay; where it is a multiple of the step, the kink of the start is never within
/// one.
#[test]
fn delayed_integrations_have_their_order() {
    for (delay, method, order) in [(0.4, "rk4", 4.0), (0.4, "euler", 1.0), (PI / 7.0, "rk4", 2.0)] {
        let end = |k: u32| {
            let steps = 20 * 2_usize.pow(k);
            let params = json!({ "K": 1.5, "dt": 4.0 / steps as f64, "method": method, "delay": delay });
            run(MODEL, params, (8, steps + 1, 2), 46, Streams::Shared).slab(steps).to_vec()
        };
        let ends: Vec<Vec<f64>> = (0..6).map(end).collect();
        let distance = |k: usize| {
            let squares = ends[k].iter().zip(&ends[k + 1]).map(|(a, b)| (a - b) * (a - b));
            squares.sum::<f64>().sqrt()
        };
        // Where the kink lies within its step differs from step to step: over four halvings that is little.
        let found = log2(distance(0) / distance(4)) / 4.0;
        let limit = if order == 2.0 { 0.7 } else { 0.2 };
        assert!((found - order).abs() < limit, "{method}, {delay}: {found} for {order}");
    }
}
