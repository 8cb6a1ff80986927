//! Van der Pol oscillators: the equation, periods and amplitudes.

use mts_rng::math::exp;
use mts_statistics::variance;
use serde_json::json;

use super::slopes;
use crate::models::run::{STREAMS, accept, after};

pub const MODEL: &str = "van_der_pol";

#[test]
fn the_drift_is_that_of_the_equation() {
    let params = json!({ "mu": [0.1, 0.2, 0.3, 1, 2, 3, 0], "G": 0.7 });
    slopes::check(MODEL, params, 2, |paths, pull, state, node| {
        let (x, v) = (state(0), state(1));
        vec![v, paths.array("mu")[node] * (1.0 - x * x) * v - x + 0.7 * pull(0)]
    });
}

/// Periods and amplitudes of the limit cycle: Andersen & Geer 1982, doi:10.1137/0142047.
#[test]
fn cycles_have_their_periods_and_amplitudes() {
    let dt = 0.02;
    for (mu, period, amplitude) in [(1.0, 6.663_29, 2.008_62), (5.0, 11.612_23, 2.021_51)] {
        let params = json!({ "mu": mu, "dt": dt, "G": 0, "substeps": 2 });
        let paths = after(5000, MODEL, params, (2, 10_000, 1), 55, STREAMS[0]);
        let x = paths.path(0, 0);
        let rises: Vec<f64> = x
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| pair[0] < 0.0 && pair[1] >= 0.0)
            .map(|(step, pair)| dt * (step as f64 + pair[0] / (pair[0] - pair[1])))
            .collect();
        let found = (rises[rises.len() - 1] - rises[0]) / (rises.len() - 1) as f64;
        assert!((found - period).abs() < 1e-4, "μ = {mu}: {found} for {period}");
        let greatest = x.iter().fold(0.0_f64, |greatest, x| greatest.max(*x));
        assert!((greatest - amplitude).abs() < 1e-4, "μ = {mu}: {greatest} for {amplitude}");
    }
}

/// For μ = 0 without coupling, noise in v excites both components alike: `E x² = E v² = E₀ + σ²t/2` from rest, but for a
/// part that turns twice as fast, which is nothing after whole half turns.
#[test]
fn noise_excites_undamped_nodes() {
    let (sigma, dt) = (0.4, std::f64::consts::PI / 100.0);
    let params = json!({ "mu": 0, "G": 0, "noise_std": sigma, "dt": dt, "substeps": 1, "x0": vec![0.0; 20] });
    for streams in STREAMS {
        let paths = after(300, MODEL, params.clone(), (20, 1, 1000), 56, streams);
        let expected = 0.5 * sigma * sigma * 300.0 * dt;
        for component in [0, 1] {
            let values = (10 * component..10 * component + 10).flat_map(|c| paths.across(0, c).to_vec());
            accept(format_args!("component {component}"), variance(values, 0.0, expected));
        }
    }
    // With weak damping and small noise, the amplitude of 2 is reached like 1 / √(1 + (4/r² - 1)·exp(-μt)).
    let params = json!({ "mu": 0.01, "G": 0, "dt": 0.05, "x0": [0.5, 0.0] });
    let paths = after(2000, MODEL, params, (2, 1, 1), 57, STREAMS[0]);
    let (x, v) = (paths.at(0, 0, 0), paths.at(0, 1, 0));
    let expected = 2.0 / (1.0 + 15.0 * exp(-1.0)).sqrt();
    assert!(((x * x + v * v).sqrt() - expected).abs() < 0.02);
}
