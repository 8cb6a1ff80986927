//! Hénon's map: its chaos, its areas, its fixed points.

use mts_statistics::{Uniformity, mean_of_estimated_error};
use serde_json::json;

use crate::models::lyapunov::Orbits;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "henon";

/// λ = 0.419 per step: J. C. Sprott 2003, Chaos and Time-Series Analysis (0.41922). 100 orbits of 9500 steps each see a
/// difference of 1 %.
#[test]
fn orbits_part_as_published() {
    let orbits = Orbits::new(MODEL, json!({ "transient": 0 }), 2);
    let starts = run(MODEL, json!({}), (2, 1, 100), 44, STREAMS[0]);
    let exponents = orbits.exponents(starts.slab(0), 10, 1000);
    let mean = exponents.iter().sum::<f64>() / 100.0;
    accept(format_args!("exponent {mean}"), mean_of_estimated_error(&exponents, 0.41922));
    assert!((mean - 0.41922).abs() < 0.004, "{mean}");
}

#[test]
fn initial_states_are_uniform() {
    for streams in STREAMS {
        let paths = run(MODEL, json!({ "transient": 0 }), (2, 1, 20_000), 45, streams);
        accept("law", Uniformity::of(paths.slab(0).iter().map(|x| 5.0 * (x + 0.1))).p());
        assert_eq!(paths.array("initial_state"), paths.slab(0));
    }
}

/// The derivative is `(-2ax, 1; b, 0)`, so that each step keeps the share |b| of areas.
#[test]
fn a_step_is_that_of_the_equation() {
    let (a, b) = (1.2, -0.4);
    let orbits = Orbits::new(MODEL, json!({ "a": a, "b": b, "transient": 0 }), 2);
    for [x, y] in [[0.3, 0.1], [-0.7, 0.2], [0.9, -0.3]] {
        let found = orbits.derivative(&[x, y], 1, 1e-5);
        let expected = [[-2.0 * a * x, 1.0], [b, 0.0]];
        for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            assert!((found[(i, j)] - expected[i][j]).abs() < 1e-9, "{found}");
        }
        let areas = orbits.derivative(&[x, y], 4, 1e-5).determinant();
        assert!((areas - b * b * b * b).abs() < 1e-6, "{areas}");
        let params = json!({ "a": a, "b": b, "x0": [x, y], "transient": 0 });
        let paths = run(MODEL, params, (2, 2, 1), 46, STREAMS[0]);
        assert!((paths.at(1, 0, 0) - (1.0 - a * x * x + y)).abs() < 1e-15);
        assert!((paths.at(1, 1, 0) - b * x).abs() < 1e-15);
    }
}

/// `a x² + (1 - b) x - 1 = 0`; with a = 0.2, b = 0.3 the right one attracts all orbits from around 0.
#[test]
fn fixed_points_are_those_of_the_equation() {
    let (a, b): (f64, f64) = (0.2, 0.3);
    let x = ((1.0 - b) * (b - 1.0)).mul_add(-1.0, 4.0 * a).sqrt() / (2.0 * a) - (1.0 - b) / (2.0 * a);
    let params = json!({ "a": a, "b": b, "transient": 500 });
    let paths = run(MODEL, params, (2, 1, 50), 47, STREAMS[0]);
    assert!(paths.across(0, 0).iter().all(|found| (found - x).abs() < 1e-13), "{x}");
    assert!(paths.across(0, 1).iter().all(|found| (found - b * x).abs() < 1e-13));
}
