//! Wilson's and Cowan's populations: their rest, their cycle, their noise, and the order of the integration.

use mts_rng::math::exp;
use mts_statistics::Uniformity;
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::models::lyapunov::Orbits;
use crate::models::order::assert_order;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "wilson_cowan";

/// The response to an input, its slope, and its largest value.
fn response(a: f64, theta: f64, input: f64) -> [f64; 3] {
    let share = 1.0 / (1.0 + exp(-a * (input - theta)));
    let rest = 1.0 / (1.0 + exp(a * theta));
    [share - rest, a * share * (1.0 - share), 1.0 - rest]
}

/// dE/dt and dI/dt of the defaults per `1/τ`, with their derivatives by E and I, row by row.
fn slope([e, i]: [f64; 2], [p, q]: [f64; 2]) -> ([f64; 2], [f64; 4]) {
    let [s_e, d_e, k_e] = response(1.3, 4.0, 16.0 * e - 12.0 * i + p);
    let [s_i, d_i, k_i] = response(2.0, 3.7, 15.0 * e - 3.0 * i + q);
    let (free_e, free_i) = (k_e - e, k_i - i);
    let slopes = [-e + free_e * s_e, -i + free_i * s_i];
    let by = [
        -1.0 - s_e + 16.0 * free_e * d_e,
        -12.0 * free_e * d_e,
        15.0 * free_i * d_i,
        -1.0 - s_i - 3.0 * free_i * d_i,
    ];
    (slopes, by)
}

/// A fixed point by Newton's method.
fn rest(mut x: [f64; 2], input: [f64; 2]) -> [f64; 2] {
    for _ in 0..200 {
        let ([e, i], [a, b, c, d]) = slope(x, input);
        let determinant = a * d - b * c;
        x[0] -= 0.5 * (d * e - b * i) / determinant;
        x[1] -= 0.5 * (a * i - c * e) / determinant;
    }
    assert!(slope(x, input).0.iter().all(|slope| slope.abs() < 1e-14), "{x:?}");
    x
}

#[test]
fn initial_states_are_uniform() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "transient": 0.0 }), (4, 1, 10_000), 55, streams);
        accept("law", Uniformity::of(paths.slab(0).iter().map(|x| 2.0 * x)).p());
        assert_eq!(paths.array("initial_state"), paths.slab(0));
    }
}

#[test]
fn rest_stays_and_its_neighbours_move_as_the_linear_equation_says() {
    let (tau_e, tau_i) = (0.01, 0.02);
    for (start, input) in [([0.0; 2], [0.0; 2]), ([0.1, 0.05], [1.25, 0.0]), ([0.4, 0.3], [2.0, -0.5])] {
        let x = rest(start, input);
        let by = slope(x, input).1;
        let linear = [by[0] / tau_e, by[1] / tau_e, by[2] / tau_i, by[3] / tau_i];
        let params = json!({
            "tau_e": tau_e, "tau_i": tau_i, "P": input[0], "Q": input[1], "dt": 1e-4, "transient": 0.0,
        });
        Orbits::new(MODEL, params, 2).assert_linear_at(&x, 100, 0.01, &linear);
    }
}

/// Without input there is rest alone; with P = 1.25 the rest is unstable and the paper's cycle attracts all (its
/// figure 11).
#[test]
fn input_starts_the_cycle_of_the_paper() {
    let by = slope(rest([0.1, 0.05], [1.25, 0.0]), [1.25, 0.0]).1;
    assert!(by[0] + by[3] > 0.0 && by[0] * by[3] > by[1] * by[2], "an unstable focus");
    let still = run(MODEL, json!({ "P": 0.0 }), (2, 100, 50), 56, STREAMS[0]);
    assert!(still.values().iter().all(|x| x.abs() < 1e-6));
    let paths = run(MODEL, json!({}), (2, 1000, 50), 56, STREAMS[0]);
    for r in 0..50 {
        let path = paths.path(0, r);
        let (low, high) =
            path.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
        assert!(low < 0.11 && high > 0.25, "{low} to {high}");
        let turns = path.windows(2).filter(|w| w[0] < 0.15 && w[1] >= 0.15).count();
        assert!((24..=26).contains(&turns), "{turns} turns in a second");
    }
}

#[test]
fn noise_is_added_to_e_alone() {
    let (noise, dt) = (0.4, 0.001_f64);
    let law = Normal::new(0.0, noise * dt.sqrt()).unwrap();
    for streams in STREAMS {
        let with = |noise: f64| {
            let params =
                json!({ "noise_std": noise, "dt": dt, "transient": 0.0, "x0": [0.3, 0.1, 0.2, 0.4] });
            run(MODEL, params, (4, 2, 40_000), 57, streams)
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
    let params = json!({ "transient": 0.0, "dt": 0.02, "x0": [0.3, 0.1] });
    assert_order(MODEL, &params, (2, 4, 1), 20, 4.0);
}
