//! The Kuramoto–Sivashinsky equation: growth of small waves, conservation, Galilean invariance, order, chaos.

use std::f64::consts::TAU;

use mts_rng::math::{exp, hypot, ln, sin_cos};
use serde_json::{Value, json};

use crate::models::run::{Paths, STREAMS, run};

pub const MODEL: &str = "kuramoto_sivashinsky";

fn fields(params: Value, steps: usize, realizations: usize) -> Paths {
    run(MODEL, params, (64, steps, realizations), 101, STREAMS[0])
}

/// The Fourier coefficient of mode k.
fn mode(paths: &Paths, step: usize, realization: usize, k: usize) -> (f64, f64) {
    (0..64).fold((0.0, 0.0), |(re, im), m| {
        let (sin, cos) = sin_cos(-TAU * (k * m % 64) as f64 / 64.0);
        let u = paths.at(step, m, realization);
        (re + u * cos, im + u * sin)
    })
}

/// Modes of a small field grow by exp((k² - k⁴) t), and keep their places.
#[test]
fn small_waves_grow_at_their_rates() {
    let params = json!({ "amplitude": 1e-6, "transient": 0, "dt": 0.25 });
    let paths = fields(params, 9, 3);
    for (k, realization) in (1..=5).flat_map(|k| (0..3).map(move |r| (k, r))) {
        let wave = TAU * f64::from(k) / 22.0;
        let growth = exp(2.0 * (wave * wave - wave * wave * wave * wave));
        let (before, after) =
            (mode(&paths, 0, realization, k as usize), mode(&paths, 8, realization, k as usize));
        let size = hypot(before.0, before.1) * growth;
        let error = hypot(after.0 - growth * before.0, after.1 - growth * before.1);
        assert!(error < 3e-5 * size, "mode {k}: {before:?} and {after:?}, not times {growth}");
    }
}

#[test]
fn its_mean_stays() {
    let paths = fields(json!({ "mean": 0.3, "dt": 0.5, "substeps": 2 }), 500, 3);
    for (step, realization) in (0..500).flat_map(|step| (0..3).map(move |r| (step, r))) {
        let mean = (0..64).map(|m| paths.at(step, m, realization)).sum::<f64>() / 64.0;
        assert!((mean - 0.3).abs() < 1e-13, "step {step}: {mean}");
    }
}

/// `u(x - ct, t) + c` is a solution where `u` is: the waves move by the mean. This fixes the size and sign of u·∂u/∂x
/// against the field itself.
#[test]
fn it_is_invariant_under_galilei() {
    // 10 s at c = 22/80 are an eighth of the domain.
    let c = 22.0 / 80.0;
    let params = |mean: f64| json!({ "transient": 0, "dt": 1, "substeps": 100, "mean": mean });
    let (rest, moving) = (fields(params(0.0), 11, 2), fields(params(c), 11, 2));
    for (m, realization) in (0..64).flat_map(|m| (0..2).map(move |r| (m, r))) {
        let expected = rest.at(10, m, realization) + c;
        let found = moving.at(10, (m + 8) % 64, realization);
        assert!((found - expected).abs() < 1e-5, "{m}: {found} and {expected}");
    }
}

/// Halving the step divides the error by 2⁴, where no mode decays within a step: then the order is less.
#[test]
fn it_has_order_4() {
    let after = |substeps: u32| {
        let mild = json!({ "L": 16, "grid": 16, "dt": 4, "substeps": substeps, "transient": 0 });
        fields(mild, 2, 2).slab(1).to_vec()
    };
    let exact = after(4096);
    let error = |substeps: u32| {
        let squares = after(substeps).iter().zip(&exact).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
        squares.sqrt()
    };
    let (coarse, middle, fine) = (error(128), error(256), error(512));
    for ratio in [coarse / middle, middle / fine] {
        assert!((13.5..17.0).contains(&ratio), "{coarse:e}, {middle:e}, {fine:e}");
    }
}

/// At L = 22, 0.048 per second: Cvitanović, Davidchack & Siminos 2010, doi:10.1137/070705623; over a longer time 0.043.
#[test]
fn it_is_as_chaotic_as_published() {
    let (begin, end, realizations) = (100, 300, 60);
    let run = |amplitude: f64| {
        fields(
            json!({ "transient": 0, "dt": 1, "substeps": 4, "amplitude": amplitude }),
            end + 1,
            realizations,
        )
    };
    let (one, other) = (run(1.0), run(1.0 + 1e-10));
    let distance = |step: usize, realization: usize| {
        let squares = (0..64).map(|m| one.at(step, m, realization) - other.at(step, m, realization));
        squares.map(|d| d * d).sum::<f64>().sqrt()
    };
    let growth = (0..realizations).map(|r| ln(distance(end, r) / distance(begin, r)));
    let exponent = growth.sum::<f64>() / (realizations * (end - begin)) as f64;
    assert!((0.036..0.056).contains(&exponent), "{exponent}");
}

/// Channels beside the grid are interpolated: those on it are equal, and others lie on the same waves.
#[test]
fn channels_see_one_field() {
    let at = |channels: usize| run(MODEL, json!({ "transient": 20 }), (channels, 3, 3), 102, STREAMS[0]);
    let (grid, other) = (at(64), at(96));
    for (step, m, r) in (0..3).flat_map(|s| (0..32).flat_map(move |m| (0..3).map(move |r| (s, m, r)))) {
        let (a, b) = (grid.at(step, 2 * m, r), other.at(step, 3 * m, r));
        assert!((a - b).abs() < 1e-12, "step {step}: {a} and {b}");
    }
    let initial = grid.array("initial_state");
    assert!(initial.len() == 192 && initial.iter().all(|u| u.abs() < 6.0));
}
