//! Brownian motion: `X_t` normal with mean `X₀` and variance `σ²t`.

use serde_json::json;

use super::walk;
use crate::models::run::{STREAMS, run};

pub const MODEL: &str = "brownian";

#[test]
fn variance_grows_with_time() {
    for streams in STREAMS {
        let params = json!({ "dt": 0.1, "sigma": 0.5, "X0": -1.0 });
        walk::check(&run(MODEL, params, (3, 81, 1500), 11, streams), -1.0, 0.0, 0.5 * 0.1_f64.sqrt());
    }
}
