//! Configurations of `points` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    vec![
        ("renewal", json!({ "law": "weibull", "shape": [0.7, 3, 1], "rate": [0.5, 4, 2], "dt": 0.5 })),
        ("poisson", json!({ "rate": [0, 0.5, 40], "dt": 0.5 })),
        ("nhpp", json!({ "rates": [0, 2, 40], "length": 2.5, "dt": 0.7 })),
        (
            "hawkes",
            json!({ "alpha": [[0.5, 0, 0.9], [0.2, 0.1, 0], [0, 0.3, 0.2]], "mu": [1, 0, 2], "beta": 2 }),
        ),
    ]
}
