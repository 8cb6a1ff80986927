//! Configurations of `regimes` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    let segments = json!([{ "model": "setar", "steps": 20 }, { "model": "sparse_var" }]);
    vec![
        ("markov_switching_var", json!({ "regimes": 3, "stay": 0.3, "sigma": [0.5, 1, 2], "burn_in": 0 })),
        ("setar", json!({ "delay": 3, "phi": [[0.5, 0.2], [-0.3, 0.1]], "label_regimes": false })),
        ("piecewise", json!({ "segments": segments })),
    ]
}
