//! Configurations of `long_memory` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    vec![
        ("fgn", json!({ "H": [0.2, 0.8, 0.8], "sigma": [1, 2, 0.5] })),
        ("fbm", json!({ "H": [0.2, 0.8, 0.5], "sigma": 0.3, "dt": 0.01, "X0": [1, 2, 3] })),
        (
            "arfima",
            json!({ "d": [-0.3, 0.4, 0.4], "phi": [0.5, -0.2], "theta": [0.4], "sigma": [0.5, 2, 1] }),
        ),
        ("arfima", json!({ "d": 0.2 , "theta": [0.4, 0.2] })),
    ]
}
