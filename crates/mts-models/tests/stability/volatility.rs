//! Configurations of `volatility` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    vec![
        ("garch", json!({ "alpha": [0.1, 0.05], "beta": [0.3, 0.2, 0.1], "omega": 0.5 })),
        ("garch", json!({ "alpha": 0.3, "beta": 0.7, "integrated": true, "transient": 0 })),
        ("garch", json!({ "innovations": "student_t", "nu": 4.5 })),
    ]
}
