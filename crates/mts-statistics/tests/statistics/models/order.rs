//! The order of an integration.

use mts_rng::math::log2;
use serde_json::Value;

use crate::models::run::{STREAMS, run};

/// Refuses a model whose last step does not converge like `order` as the Runge–Kutta steps within each step are
/// halved four times: with error `C·h^q·(1 + O(h))`, halving h divides the distance between two results by `2^q`, and
/// the rest of the observed order by about 2.
pub fn assert_order(model: &str, params: &Value, shape: (usize, usize, usize), first: u32, order: f64) {
    let end = |k: u32| {
        let mut params = params.clone();
        params["substeps"] = (first << k).into();
        let paths = run(model, params, shape, 32, STREAMS[0]);
        paths.slab(paths.steps() - 1).to_vec()
    };
    let ends: Vec<Vec<f64>> = (0..5).map(end).collect();
    let distance = |k: usize| {
        let squares = ends[k].iter().zip(&ends[k + 1]).map(|(a, b)| (a - b) * (a - b));
        squares.sum::<f64>().sqrt()
    };
    let rest: Vec<f64> = (0..3).map(|k| (log2(distance(k) / distance(k + 1)) - order).abs()).collect();
    assert!(rest[2] < 0.15 && rest[2] < rest[0], "{model}: {rest:?}");
}
