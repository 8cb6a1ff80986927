//! Configurations of `flows` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    let x0 = json!([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
    vec![
        ("lorenz63", json!({ "x0": x0, "transient": 0.0, "substeps": 2 })),
        ("lorenz96", json!({ "F": 5.0, "x0": x0, "transient": 1.0 })),
        ("mackey_glass", json!({ "tau": 1.0, "substeps": 1, "n": 9.65 })),
        ("mackey_glass", json!({ "tau": 23.0, "x0": [0.5, 0.9, 1.3], "transient": 0.0 })),
        ("rossler", json!({ "a": 0.3, "x0": [1.0, 2.0, 3.0], "transient": 0.0 })),
        ("kuramoto_sivashinsky", json!({ "L": 12, "grid": 16, "transient": 5, "substeps": 2, "mean": 0.5 })),
        ("kuramoto_sivashinsky", json!({ "L": 40, "transient": 0, "amplitude": 0.1 })),
    ]
}
