//! Configurations of `noise` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    vec![
        ("uniform_noise", json!({ "low": 2.0, "high": 2.5 })),
        ("laplace_noise", json!({ "scale": 0.1, "loc": -3.0 })),
        ("student_t_noise", json!({ "nu": 1.5, "scale": 2.0 })),
        ("alpha_stable", json!({ "alpha": 2.0, "scale": 0.5 })),
        ("alpha_stable", json!({ "alpha": 1.0, "scale": 0.5, "loc": 1.0 })),
        ("alpha_stable", json!({ "alpha": 1.0, "beta": -1.0, "scale": 0.5 })),
        ("alpha_stable", json!({ "alpha": 0.5, "beta": 1.0 })),
        ("alpha_stable", json!({ "alpha": 1.3, "beta": -0.4, "loc": 1.0 })),
        ("correlated_gaussian", json!({ "rho": -0.2 })),
        ("correlated_gaussian", json!({ "Sigma": [[2, 0.3, 0], [0.3, 0.5, 0.1], [0, 0.1, 1]] })),
        ("colored_noise", json!({ "beta": [-1, 0, 2], "sigma": [1, 2, 3], "oversampling": 1 })),
        ("colored_noise", json!({ "beta": 0 })),
    ]
}
