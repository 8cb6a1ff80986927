//! Autoregressions: autocovariances by Yule and Walker, the spectral density `σ²/|1 - Σ φ_k·exp(-2πi·kf)|²`.

use std::f64::consts::TAU;

use mts_rng::math::sin_cos;
use mts_statistics::{Uniformity, band, periodogram};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use super::autocovariance::{check, companion, radius, yule_walker};
use crate::models::run::{STREAMS, accept, after, run};

pub const MODEL: &str = "ar";

#[test]
fn has_the_autocovariances_of_its_coefficients() {
    let phi = [[0.5, -0.3, 0.4], [-0.2, 0.1, -0.5]];
    for streams in STREAMS {
        // Roots below 0.95: 0.95^400 = 10⁻⁹ of the initial state is left.
        let params = json!({ "p": 3, "phi": phi, "noise_std": 0.7 });
        let paths = after(400, MODEL, params, (2, 200, 2000), 21, streams);
        for (channel, phi) in phi.iter().enumerate() {
            assert!(radius(&companion(phi, 1)) < 0.95);
            for (lag, gamma) in yule_walker(phi, 0.7, 12).into_iter().enumerate() {
                check(&paths, (channel, channel), lag, gamma);
            }
        }
        check(&paths, (0, 1), 0, 0.0);
        check(&paths, (0, 1), 1, 0.0);
    }
}

#[test]
fn drawn_coefficients_are_stationary_and_rule() {
    // Radii up to 0.98: 0.98^1400 = 10⁻¹² of the initial state is left.
    let paths = after(1400, MODEL, json!({ "p": 4 }), (5, 200, 1500), 22, STREAMS[0]);
    for (channel, phi) in paths.array("phi").chunks_exact(4).enumerate() {
        let modulus = radius(&companion(phi, 1));
        assert!((modulus - paths.array("radius_after")[channel]).abs() < 1e-9 && modulus < 0.98);
        for (lag, gamma) in yule_walker(phi, 1.0, 6).into_iter().enumerate() {
            check(&paths, (channel, channel), lag, gamma);
        }
    }
    assert!(paths.array("radius_before").iter().any(|radius| *radius > 1.0), "nothing was made stationary");
}

/// With one lag, the radius before stabilisation is the size of what was drawn.
#[test]
fn drawn_coefficients_are_normal() {
    let law = Normal::new(0.0, 0.5).unwrap();
    let paths = run(MODEL, json!({}), (200_000, 1, 1), 41, STREAMS[0]);
    let (phi, before) = (paths.array("phi"), paths.array("radius_before"));
    let drawn = phi.iter().zip(before).map(|(phi, radius)| radius.copysign(*phi));
    accept("law", Uniformity::of(drawn.map(|phi| law.cdf(phi))).p());
}

#[test]
fn innovations_are_normal_and_new() {
    let normal = Normal::new(0.0, 0.7).unwrap();
    for streams in STREAMS {
        let params = json!({ "p": 2, "phi": [0.6, -0.2], "noise_std": 0.7 });
        let paths = run(MODEL, params, (2, 1002, 100), 23, streams);
        let mut innovations = Vec::new();
        for (channel, realization) in (0..200).map(|at| (at / 100, at % 100)) {
            let path = paths.path(channel, realization);
            innovations.extend(path.windows(3).map(|w| normal.cdf(w[2] - 0.6 * w[1] + 0.2 * w[0])));
        }
        accept("innovations", Uniformity::of(innovations).p());
    }
}

#[test]
fn has_the_spectral_density_of_its_coefficients() {
    // A peak at f = 0.15 and a trough; leakage is of order 1/n = 10⁻⁵, the standard error of a band 10⁻².
    let (phi, n) = ([1.05, -0.8], 65_536);
    let density = |f: f64| {
        let waves = (1..).zip(phi).map(|(k, phi)| (sin_cos(TAU * f64::from(k) * f), phi));
        let (re, im) = waves.fold((1.0, 0.0), |(re, im), ((sin, cos), phi)| (re - phi * cos, im + phi * sin));
        0.25 / (re * re + im * im)
    };
    let paths =
        after(1000, MODEL, json!({ "p": 2, "phi": phi, "noise_std": 0.5 }), (3, n, 1), 24, STREAMS[0]);
    let power: Vec<Vec<f64>> = (0..3).map(|channel| periodogram(&paths.path(channel, 0)).unwrap()).collect();
    for first in (1..n / 2 - 4096).step_by(4096) {
        let ratios = power
            .iter()
            .flat_map(|power| (first..first + 4096).map(|j| power[j] / density(j as f64 / n as f64)));
        accept(format_args!("band from {first}"), band(ratios));
    }
}
