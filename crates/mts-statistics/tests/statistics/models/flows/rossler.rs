//! Rössler's band: its chaos, its fixed points, and the order of the integration.

use mts_statistics::mean_of_estimated_error;
use serde_json::json;

use crate::models::lyapunov::Orbits;
use crate::models::order::assert_order;
use crate::models::run::{STREAMS, accept, run};

pub const MODEL: &str = "rossler";

/// λ = 0.0714: J. C. Sprott 2003, Chaos and Time-Series Analysis. 40 orbits of 3800 s each see a difference of 3 %.
#[test]
fn orbits_part_as_published() {
    let orbits = Orbits::new(MODEL, json!({ "transient": 0.0, "dt": 0.05 }), 3);
    let starts = run(MODEL, json!({}), (3, 1, 40), 3, STREAMS[0]);
    let exponents: Vec<f64> =
        orbits.exponents(starts.slab(0), 100, 800).iter().map(|per_step| per_step / 0.05).collect();
    let mean = exponents.iter().sum::<f64>() / 40.0;
    accept(format_args!("exponent {mean}"), mean_of_estimated_error(&exponents, 0.0714));
    assert!((mean - 0.0714).abs() < 0.002, "{mean}");
}

#[test]
fn fixed_points_stay_and_their_neighbours_move_as_the_linear_equation_says() {
    let (a, b, c): (f64, f64, f64) = (0.3, 0.4, 4.0);
    let params = json!({ "a": a, "b": b, "c": c, "transient": 0.0, "dt": 0.002 });
    let orbits = Orbits::new(MODEL, params, 3);
    let root = (c * c - 4.0 * a * b).sqrt();
    for x in [(c - root) / 2.0, (c + root) / 2.0] {
        let z = x / a;
        let linear = [0.0, -1.0, -1.0, 1.0, a, 0.0, z, 0.0, x - c];
        orbits.assert_linear_at(&[x, -z, z], 200, 0.4, &linear);
    }
}

#[test]
fn the_integration_is_of_order_4() {
    let params = json!({ "transient": 0.0, "dt": 2.0, "x0": [3.0, -4.0, 0.5] });
    assert_order(MODEL, &params, (3, 3, 1), 20, 4.0);
}
