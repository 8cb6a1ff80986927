//! Arithmetic Brownian motion: `X_t` normal with mean `X₀ + μt` and variance `σ²t`.

use serde_json::json;

use super::walk;
use crate::models::run::{STREAMS, run};

pub const MODEL: &str = "abm";

#[test]
fn mean_and_variance_grow_with_time() {
    for streams in STREAMS {
        let params = json!({ "dt": 0.25, "mu": -3.0, "sigma": 1.5, "X0": 2.0 });
        walk::check(&run(MODEL, params, (3, 81, 1500), 12, streams), 2.0, -3.0 * 0.25, 1.5 * 0.5);
    }
}
