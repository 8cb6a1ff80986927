//! Seasonal models: after the differences are taken, the autocovariances of the airline model (Box & Jenkins 1970,
//! section 9.2); innovations by undoing all polynomials; a path without noise from its history.

use mts_statistics::Uniformity;
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use super::autocovariance::check;
use crate::models::run::{Paths, STREAMS, accept, run};

pub const MODEL: &str = "sarima";

/// x_t - x_{t-lag} of a series.
fn difference(path: &[f64], lag: usize) -> Vec<f64> {
    path[lag..].iter().zip(path).map(|(x, before)| x - before).collect()
}

#[test]
fn differences_of_the_airline_model_have_its_autocovariances() {
    let (theta, seasonal, sigma) = (-0.4_f64, -0.6_f64, 0.5);
    for streams in STREAMS {
        let params = json!({ "theta": [theta], "Theta": [seasonal], "sigma": sigma });
        let paths = run(MODEL, params, (1, 213, 2000), 53, streams);
        // The same realizations, as their differences.
        let differences: Vec<Vec<f64>> =
            (0..2000).map(|r| difference(&difference(&paths.path(0, r), 1), 12)).collect();
        let values = (0..200).flat_map(|step| differences.iter().map(move |path| path[step])).collect();
        let differences = Paths::of(1, 2000, paths.truth.clone(), values);
        let (once, many) = (1.0 + theta * theta, 1.0 + seasonal * seasonal);
        let gamma = |lag: usize| match lag {
            0 => once * many,
            1 => theta * many,
            11 | 13 => theta * seasonal,
            12 => once * seasonal,
            _ => 0.0,
        };
        for lag in [0, 1, 2, 10, 11, 12, 13, 14, 24] {
            check(&differences, (0, 0), lag, sigma * sigma * gamma(lag));
        }
    }
}

#[test]
fn innovations_are_normal_under_all_polynomials() {
    let params = json!({
        "phi": [0.5, -0.3], "Phi": [0.4], "s": 4, "theta": null, "Theta": null, "sigma": 0.7, "d": 2, "D": 1,
    });
    let paths = run(MODEL, params, (2, 300, 50), 54, STREAMS[0]);
    let normal = Normal::new(0.0, 0.7).unwrap();
    let mut innovations = Vec::new();
    for (channel, r) in (0..100).map(|at| (at / 50, at % 50)) {
        let w = difference(&difference(&difference(&paths.path(channel, r), 1), 1), 4);
        let u: Vec<f64> = w.windows(5).map(|w| w[4] - 0.4 * w[0]).collect();
        innovations.extend(u.windows(3).map(|u| normal.cdf(u[2] - 0.5 * u[1] + 0.3 * u[0])));
    }
    accept("innovations", Uniformity::of(innovations).p());
}

#[test]
fn differences_without_summation_start_in_their_law() {
    // 200 steps of burn-in leave 0.9^50 of what was there, four steps a season.
    let params =
        json!({ "Phi": [0.9], "s": 4, "theta": null, "Theta": null, "d": 0, "D": 0, "burn_in": 200 });
    let paths = run(MODEL, params, (1, 40, 8000), 55, STREAMS[0]);
    for lag in [0, 1, 4, 8] {
        let power = [1.0, 0.0, 0.9, 0.81][[0, 1, 4, 8].iter().position(|l| *l == lag).unwrap()];
        check(&paths, (0, 0), lag, power / (1.0 - 0.81));
    }
}

/// Without noise, (1 - B)(1 - B⁴) x = 0 continues any line with a season of four steps.
#[test]
fn without_noise_a_line_and_its_season_go_on() {
    let season = [3.0, -1.0, 4.0, -2.0];
    let line = |t: f64| 10.0 + 0.5 * t + season[t.rem_euclid(4.0) as usize];
    let history: Vec<f64> = (-5..0).map(|t| line(f64::from(t))).collect();
    let params = json!({ "s": 4, "sigma": 0, "x0": history });
    let paths = run(MODEL, params, (2, 100, 2), 56, STREAMS[1]);
    for step in 0..100 {
        assert!(paths.slab(step).iter().all(|x| (x - line(step as f64)).abs() < 1e-9), "step {step}");
    }
}
