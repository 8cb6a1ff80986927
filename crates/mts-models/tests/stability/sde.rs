//! Configurations of `sde` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    vec![
        ("brownian", json!({ "dt": 0.01, "sigma": 0.3, "X0": [1, 2, 3] })),
        ("abm", json!({ "dt": 0.01, "mu": -0.5, "X0": [[1, 2], [3, 4], [5, 6]] })),
        ("gbm", json!({ "dt": 0.01, "mu": 0.1, "sigma": 0.4, "S0": 100 })),
        ("ou", json!({ "dt": 0.1, "mu": [1, 0, -1], "theta": [0.7, 0.0, -0.2], "sigma": [0.1, 0.2, 0.3] })),
        ("cir", json!({ "kappa": 0.5, "theta": 0.1, "sigma": 0.8, "dt": 0.5 })),
        ("cir", json!({ "kappa": [0.5, 2.0, 1.0], "theta": [1.0, 0.1, 0.5], "x0": [0, 1, 2] })),
        ("heston", json!({ "xi": 1.0, "substeps": 3, "rho": 0.3 })),
        ("heston", json!({ "v0": 0.01, "rho": -1.0, "dt": 0.5 })),
        ("merton_jump", json!({ "lambda": 5.0, "dt": 0.1 })),
        ("merton_jump", json!({ "lambda": 5000.0, "jump_mean": 0.001, "jump_sd": 0.0, "S0": [1, 2, 3] })),
        ("double_well", json!({ "sigma": 1.2, "amplitude": 0.2, "frequency": 0.05, "dt": 0.25 })),
        ("double_well", json!({ "sigma": 0.0, "x0": 0.1, "substeps": 1 })),
        ("multivariate_ou", json!({ "A": [[-0.3, -2, 0], [2, -0.3, 0], [0.5, 0, -9]], "mu": [1, 0, -1] })),
        ("multivariate_ou", json!({ "A": [[0.1, 0, 0], [0, 0, 0], [0, 1, -1]], "unstable": true, "x0": 1 })),
    ]
}
