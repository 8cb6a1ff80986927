//! Configurations of `maps` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    vec![
        ("cml", json!({ "topology": "complete", "r": 4.0, "epsilon": 0.3 })),
        ("cml", json!({ "topology": "sbm", "block_sizes": [1, 2], "p_intra": 0.9, "p_inter": 0.5 })),
        ("logistic", json!({ "r": [3.5, 3.9, 4.0], "transient": 5 })),
        ("henon", json!({ "a": 1.2, "b": -0.3, "x0": [0.1, 0.2], "transient": 0 })),
        (
            "rulkov",
            json!({ "alpha": 4.1, "sigma": 0.2, "mu": 0.01, "x0": [-1.0, -0.5, 0.5, -3.0, -2.5, -3.5] }),
        ),
        ("cml", json!({ "A": [[0, 1, 0.5], [0, 0, 0], [0, 0.5, 0]], "directed": true })),
    ]
}
