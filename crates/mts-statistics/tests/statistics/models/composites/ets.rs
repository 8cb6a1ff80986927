//! Exponential smoothing: with additive components, h steps ahead, the mean is `l + φ_h b + s` with
//! φ_h = φ + … + φ^h and the variance `σ²(1 + Σ c_j²)` over j = 1, …, h - 1 with `c_j = α + β φ_j + γ` where the period
//! divides j, else without γ (Hyndman et al. 2008, chapter 6); and whatever the components, the recursions of Hyndman's
//! table, run over the values, give back errors of their law.

use mts_rng::math::{ln, ln_1p, pow};
use mts_statistics::{Uniformity, mean_of_known_error, variance};
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::run::{Paths, STREAMS, accept, run};

pub const MODEL: &str = "ets";

#[test]
fn forecasts_are_right_for_additive_components() {
    let (alpha, beta, gamma, phi, sigma) = (0.4, 0.2, 0.3, 0.9, 2.0);
    let (level, growth, seasons) = (50.0, 1.5, [3.0, -1.0, -2.0]);
    let params = json!({
        "alpha": alpha, "beta": beta, "gamma": gamma, "phi": phi, "sigma": sigma, "level": level,
        "growth": growth, "period": 3, "seasons": seasons,
    });
    for streams in STREAMS {
        let paths = run(MODEL, params.clone(), (2, 12, 20_000), 51, streams);
        let (mut damped, mut factor, mut spread) = (0.0, 1.0, 1.0);
        for step in 0..12 {
            factor *= phi;
            damped += factor;
            let mean = level + damped * growth + seasons[step % 3];
            let sd = sigma * f64::sqrt(spread);
            for channel in 0..2 {
                let values = || paths.across(step, channel).iter().copied();
                accept(format_args!("mean of step {step}"), mean_of_known_error(values(), mean, sd));
                accept(format_args!("variance of step {step}"), variance(values(), mean, sd * sd));
            }
            let weight = alpha + beta * damped + if (step + 1) % 3 == 0 { gamma } else { 0.0 };
            spread += weight * weight;
        }
    }
}

const ALPHA: f64 = 0.4;
const BETA: f64 = 0.2;
const GAMMA: f64 = 0.3;
const PHI: f64 = 0.95;
const PERIOD: usize = 4;
const SIGMA: f64 = 0.1;

/// What the table makes of level, growth, season and a relative error: the next three.
type Form = fn(f64, f64, f64, f64) -> [f64; 3];

/// Errors that states of a form and all values say, against the law of ln(1 + ε).
fn check(paths: &Paths, mean: fn(f64, f64, f64) -> f64, form: Form) {
    let s2 = ln_1p(SIGMA * SIGMA);
    let law = Normal::new(-0.5 * s2, s2.sqrt()).unwrap();
    let mut errors = Vec::new();
    for channel in 0..paths.channels {
        for r in 0..paths.realizations {
            let number =
                |name: &str| paths.truth.arrays.contains_key(name).then(|| paths.array(name)[channel]);
            let (mut level, mut growth) = (paths.array("level")[channel], number("growth").unwrap_or(0.0));
            let mut seasons = match number("seasons") {
                Some(_) => paths.array("seasons")[channel * PERIOD..][..PERIOD].to_vec(),
                None => vec![0.0; PERIOD],
            };
            for step in 0..paths.steps() {
                let season = &mut seasons[step % PERIOD];
                let factor = paths.at(step, channel, r) / mean(level, growth, *season);
                errors.push(law.cdf(ln(factor)));
                [level, growth, *season] = form(level, growth, *season, factor - 1.0);
            }
        }
    }
    accept("errors", Uniformity::of(errors).p());
}

#[test]
fn errors_come_back_from_multiplicative_forms() {
    let run = |trend: &str, season: &str, growth: f64, scale: f64| {
        let params = json!({
            "error": "multiplicative", "trend": trend, "season": season, "alpha": ALPHA, "beta": BETA,
            "gamma": GAMMA, "phi": PHI, "period": PERIOD, "sigma": SIGMA, "level": [100, 200],
            "growth": growth, "season_scale": scale,
        });
        run(MODEL, params, (2, 50, 400), 52, STREAMS[0])
    };
    check(&run("none", "none", 0.0, 0.0), |l, _, _| l, |l, _, _, e| [l * (1.0 + ALPHA * e), 0.0, 0.0]);
    check(
        &run("additive", "none", 2.0, 0.0),
        |l, b, _| l + PHI * b,
        |l, b, _, e| [(l + PHI * b) * (1.0 + ALPHA * e), PHI * b + BETA * (l + PHI * b) * e, 0.0],
    );
    check(
        &run("none", "additive", 0.0, 5.0),
        |l, _, s| l + s,
        |l, _, s, e| [l + ALPHA * (l + s) * e, 0.0, s + GAMMA * (l + s) * e],
    );
    check(
        &run("additive", "additive", 2.0, 5.0),
        |l, b, s| l + PHI * b + s,
        |l, b, s, e| {
            let mean = l + PHI * b + s;
            [l + PHI * b + ALPHA * mean * e, PHI * b + BETA * mean * e, s + GAMMA * mean * e]
        },
    );
    check(
        &run("additive", "multiplicative", 2.0, 0.2),
        |l, b, s| (l + PHI * b) * s,
        |l, b, s, e| {
            let base = l + PHI * b;
            [base * (1.0 + ALPHA * e), PHI * b + BETA * base * e, s * (1.0 + GAMMA * e)]
        },
    );
    check(
        &run("multiplicative", "multiplicative", 1.05, 0.2),
        |l, b, s| l * pow(b, PHI) * s,
        |l, b, s, e| {
            let slope = pow(b, PHI);
            [l * slope * (1.0 + ALPHA * e), slope * (1.0 + BETA * e), s * (1.0 + GAMMA * e)]
        },
    );
}

#[test]
fn seasons_are_drawn_around_none() {
    let paths = run(MODEL, json!({ "period": 5, "season_scale": 3 }), (4000, 1, 1), 53, STREAMS[0]);
    let drawn = paths.array("seasons");
    assert!(drawn.chunks_exact(5).all(|season| season.iter().sum::<f64>().abs() < 1e-12));
    // Of five normals, less their mean: 4/5 of the variance.
    let first = drawn.iter().step_by(5).copied();
    accept("additive", variance(first, 0.0, 9.0 * 0.8));

    let params =
        json!({ "error": "multiplicative", "season": "multiplicative", "period": 5, "season_scale": 0.3 });
    let paths = run(MODEL, params, (4000, 1, 1), 54, STREAMS[0]);
    let drawn = paths.array("seasons");
    assert!(drawn.chunks_exact(5).all(|season| (season.iter().sum::<f64>() - 5.0).abs() < 1e-12));
    let ratios = drawn.chunks_exact(5).map(|season| ln(season[0] / season[1]));
    accept("multiplicative", variance(ratios, 0.0, 2.0 * 0.09));
}
