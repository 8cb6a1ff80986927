//! Configurations of `neural` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    let x0 = json!([0.1, 0.2, 0.3, -0.1, -0.2, -0.3]);
    vec![
        ("fitzhugh_nagumo", json!({ "x0": x0, "noise_std": 0.3, "transient": 1.0, "substeps": 2 })),
        ("izhikevich", json!({ "cell": "chattering", "noise_std": 0.0 })),
        ("izhikevich", json!({ "a": 0.05, "b": 0.22, "c": -60.0, "d": 3.0, "I": 15.0, "x0": x0 })),
        ("jansen_rit", json!({ "p_std": 0.0, "p_mean": 120.0, "transient": 0.1 })),
        ("wilson_cowan", json!({ "x0": x0, "noise_std": 0.3, "transient": 0.0, "Q": 0.5 })),
    ]
}
