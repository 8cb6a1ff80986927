//! The logistic map: fixed points, cycles, Ulam's law and exponent.

use std::f64::consts::{LN_2, PI};

use mts_rng::math::{atan2, ln};
use mts_statistics::{Uniformity, mean_of_known_error};
use serde_json::json;

use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "logistic";

#[test]
fn initial_states_are_uniform_and_steps_are_those_of_the_equation() {
    for streams in STREAMS {
        let params = json!({ "r": [0.5, 1.7, 3.3, 4.0] });
        let paths = run(MODEL, params, (4, 2, 20_000), 41, streams);
        accept("law", Uniformity::of(paths.slab(0).iter().map(|x| (x - 0.001) / 0.998)).p());
        assert_eq!(paths.array("initial_state"), paths.slab(0));
        for (m, r) in [0.5, 1.7, 3.3, 4.0].into_iter().enumerate() {
            let steps = paths.across(0, m).iter().zip(paths.across(1, m));
            steps.for_each(|(x, next)| assert!((next - r * x * (1.0 - x)).abs() < 1e-15));
        }
    }
}

/// r < 1: 0. r < 3: 1 - 1/r. r < 1 + √6: two values, `(r + 1 ± √((r - 3)(r + 1)))/2r`. In the window from 1 + √8 on:
/// three (May 1976).
#[test]
fn values_go_to_the_cycles_of_the_equation() {
    let params = json!({ "r": [0.9, 2.8, 3.2, 3.84], "transient": 3000 });
    let paths = run(MODEL, params, (4, 7, 50), 42, STREAMS[0]);
    for r in 0..50 {
        assert!(paths.at(0, 0, r) < 1e-100);
        assert!((paths.at(0, 1, r) - (1.0 - 1.0 / 2.8)).abs() < 1e-14);
        let root = (0.2_f64 * 4.2).sqrt();
        let mut both = [paths.at(0, 2, r), paths.at(1, 2, r)];
        both.sort_unstable_by(f64::total_cmp);
        assert!((both[0] - (4.2 - root) / 6.4).abs() < 1e-14 && (both[1] - (4.2 + root) / 6.4).abs() < 1e-14);
        let [first, second, third] = [0, 1, 2].map(|step| paths.at(step, 3, r));
        assert!((first - second).abs() > 0.1 && (first - third).abs() > 0.1);
        assert!((0..4).all(|step| (paths.at(step, 3, r) - paths.at(step + 3, 3, r)).abs() < 1e-12));
    }
}

/// The invariant law of r = 4 has the distribution function `2/π·asin √x`, and `ln |f'(x_t)| = ln 2 + l(x_{t+1}) -
/// l(x_t)` with `l(x) = ln √(x(1-x))`, whose variance is π²/12: the average along n steps has the standard deviation
/// `π/√6/n` around ln 2. Ulam & von Neumann 1947, Bulletin of the American Mathematical Society 53, 1120.
#[test]
fn full_chaos_has_ulams_law_and_the_exponent_ln_2() {
    let n = 400;
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "r": 4.0, "transient": 60 }), (5, n, 2000), 43, streams);
        let cdf = |x: &f64| 2.0 / PI * atan2(x.sqrt(), (1.0 - x).sqrt());
        accept("law", Uniformity::of(paths.slab(0).iter().map(cdf)).p());
        let exponents = (0..5).flat_map(|m| (0..2000).map(move |r| (m, r))).map(|(m, r)| {
            let path = paths.path(m, r);
            path.iter().map(|x| ln(4.0 * (1.0 - 2.0 * x).abs())).sum::<f64>() / n as f64
        });
        accept("exponent", mean_of_known_error(exponents, LN_2, PI / 6_f64.sqrt() / n as f64));
    }
}
