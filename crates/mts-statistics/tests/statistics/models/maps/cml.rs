//! Coupled logistic maps: bounds, Ulam's chaos, synchrony.

use std::f64::consts::{LN_2, PI};

use mts_rng::math::{atan2, ln};
use mts_statistics::{Uniformity, mean_of_known_error};
use serde_json::json;

use crate::models::run::{Paths, STREAMS, accept, after, run};

pub const MODEL: &str = "cml";

#[test]
fn values_stay_between_0_and_1() {
    for topology in ["ring", "complete", "erdos_renyi"] {
        for (r, epsilon) in [(3.8, 0.1), (4.0, 0.0), (4.0, 0.5), (2.5, 1.0), (4.5, 0.2)] {
            let params = json!({ "r": r, "epsilon": epsilon, "topology": topology });
            let paths = run(MODEL, params, (16, 500, 4), 35, STREAMS[0]);
            assert!(paths.values().iter().all(|x| (0.0..=1.0).contains(x)), "{topology} {r} {epsilon}");
        }
    }
}

#[test]
fn initial_states_are_uniform() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({}), (5000, 1, 40), 40, streams);
        accept("law", Uniformity::of(paths.slab(0).iter().map(|x| (x - 0.001) / 0.998)).p());
        assert_eq!(paths.array("initial_state"), paths.slab(0));
    }
}

/// Free maps with r = 4, long after the beginning: it is forgotten like 2^-t.
fn ulam(steps: usize, realizations: usize, streams: usize) -> Paths {
    let params = json!({ "r": 4.0, "epsilon": 0.0 });
    after(60, MODEL, params, (10, steps, realizations), 36, STREAMS[streams])
}

/// The invariant law of Ulam's map has the distribution function `2/π·asin √x`: Ulam & von Neumann 1947, Bulletin of
/// the American Mathematical Society 53, 1120.
#[test]
fn free_maps_have_ulams_law() {
    let cdf = |x: f64| 2.0 / PI * atan2(x.sqrt(), (1.0 - x).sqrt());
    for streams in [0, 1] {
        let paths = ulam(1, 20_000, streams);
        accept("law", Uniformity::of(paths.slab(0).iter().map(|x| cdf(*x))).p());
    }
}

/// `ln |f'(x_t)| = ln |4(1 - 2x_t)| = ln 2 + l(x_{t+1}) - l(x_t)` with `l(x) = ln √(x(1-x))`, as Ulam's map is a tent
/// after a change of variable. So the average along n steps is `ln 2 + (l(x_n) - l(x_0))/n`, and as l has the variance
/// π²/12 of `ln |sin|`, its standard deviation is `π/√6/n`.
#[test]
fn free_maps_have_the_lyapunov_exponent_ln_2() {
    let n = 400;
    for streams in [0, 1] {
        let paths = ulam(n, 1000, streams);
        let mut sums = vec![0.0; paths.slab(0).len()];
        for step in 0..n {
            sums.iter_mut()
                .zip(paths.slab(step))
                .for_each(|(sum, x)| *sum += ln(4.0 * (1.0 - 2.0 * x).abs()));
        }
        let exponents = || sums.iter().map(|sum| sum / n as f64);
        let mean = exponents().sum::<f64>() / sums.len() as f64;
        let p = mean_of_known_error(exponents(), LN_2, PI / 6_f64.sqrt() / n as f64);
        accept(format_args!("exponent {mean} for {LN_2}"), p);
    }
}

#[test]
fn equal_maps_stay_equal() {
    for topology in ["ring", "complete"] {
        let params = json!({ "r": 3.9, "epsilon": 0.3, "topology": topology, "x0": vec![0.3; 8] });
        let paths = run(MODEL, params, (8, 1000, 1), 37, STREAMS[0]);
        for step in 0..1000 {
            let slab = paths.slab(step);
            assert!(slab.iter().all(|x| x.to_bits() == slab[0].to_bits()), "{topology}, step {step}");
        }
        // Coupled equals are free: as far as chaos lets a rounding error of 10⁻¹⁶ be followed.
        let mut x: f64 = 0.3;
        for step in 0..30 {
            assert!((paths.at(step, 0, 0) - x).abs() < 1e-5, "{topology}, step {step}");
            x = 3.9 * x * (1.0 - x);
        }
    }
}

/// On the complete graph a difference between maps is multiplied by `(1 - εM/(M-1))·f'(x)` in each step: with r = 4,
/// by `2·|1 - εM/(M-1)|` on average. Kaneko 1990, doi:10.1016/0167-2789(90)90119-A.
#[test]
fn synchrony_is_stable_where_coupling_beats_chaos() {
    let distance = |epsilon: f64| {
        let params = json!({ "r": 4.0, "epsilon": epsilon, "topology": "complete" });
        let paths = after(400, MODEL, params, (5, 1, 50), 38, STREAMS[0]);
        (0..50).filter(|r| (paths.at(0, 0, *r) - paths.at(0, 1, *r)).abs() < 1e-9).count()
    };
    // Factors 2·0.25 and 2·0.875.
    assert_eq!(distance(0.6), 50);
    assert_eq!(distance(0.1), 0);
}

/// One step by hand, on the ring.
#[test]
fn a_step_is_that_of_the_equation() {
    let (r, epsilon) = (3.7, 0.35);
    let params = json!({ "r": r, "epsilon": epsilon });
    let paths = run(MODEL, params, (7, 2, 3), 39, STREAMS[0]);
    let f = |m: usize, realization: usize| {
        let x = paths.at(0, m % 7, realization);
        r * x * (1.0 - x)
    };
    for (m, realization) in (0..7).flat_map(|m| (0..3).map(move |r| (m, r))) {
        let expected = (1.0 - epsilon) * f(m, realization)
            + epsilon / 2.0 * (f(m + 1, realization) + f(m + 6, realization));
        assert!((paths.at(1, m, realization) - expected).abs() < 1e-15);
    }
}
