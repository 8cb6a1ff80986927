//! White uniform noise: its distribution function, and nothing beyond its bounds.

use serde_json::json;

use super::white;
use crate::models::run::{STREAMS, run};

pub const MODEL: &str = "uniform_noise";

#[test]
fn is_uniform_and_white() {
    white::check(MODEL, &json!({ "low": -0.5, "high": 1.5 }), 30, |x| (x + 0.5) / 2.0);
    let paths = run(MODEL, json!({ "low": -0.5, "high": 1.5 }), (4, 10_000, 10), 30, STREAMS[0]);
    assert!(paths.values().iter().all(|x| (-0.5..1.5).contains(x)));
}
