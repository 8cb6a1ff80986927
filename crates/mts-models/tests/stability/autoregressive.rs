//! Configurations of `autoregressive` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    vec![
        ("ar", json!({ "p": 4 })),
        ("ar", json!({ "p": 2, "phi": [1.5, 0.3], "x0": [1, 2] })),
        ("var", json!({ "p": 3 })),
        ("var", json!({ "Sigma": [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 0]] })),
        ("arma", json!({ "phi": [0.6, -0.2], "theta": [0.5, 0.1, 0.3], "sigma": [1, 0, 2] })),
        ("arma", json!({ "phi": null, "theta": [[0.5, 2], [0, 0], [1, 1]] })),
        ("arma", json!({ "phi": [1.0], "theta": null, "allow_unstable": true })),
        ("sarima", json!({ "phi": [0.5], "theta": null, "Theta": null, "D": 0, "x0": [100] })),
        ("sarima", json!({ "d": 0, "D": 0, "Phi": [0.5, 0.2], "s": 4, "burn_in": 0, "sigma": [1, 0, 2] })),
        ("sparse_var", json!({ "p": 3, "parents": 2, "acyclic": true, "high": 2, "burn_in": 5 })),
        ("sparse_var", json!({ "edges": [[0, 1, 3, 0.5], [1, 0, 1, -0.5]], "noise_std": [1, 0, 2] })),
        ("vecm", json!({ "alpha": [[-0.2], [0.3], [0]], "beta": [[1], [-1], [0.5]], "x0": [1, 2, 3] })),
        ("vecm", json!({ "rank": 2, "speed": 1.5, "Sigma": [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 0]] })),
        ("scm_lagged", json!({ "noise": "laplace", "contemporaneous": 1, "density": 1, "high": 2 })),
        ("scm_lagged", json!({ "noise": "uniform", "functions": ["bump", "sin"], "parents": 2 })),
        ("scm_lagged", json!({ "links": [{ "from": 1, "to": 0, "lag": 0, "function": "saturating" }] })),
    ]
}
