//! Every model keeps the promises of `mts_core::Model`; one line per configuration.

use mts_core::{Shape, contract};
use serde_json::{Value, json};

fn check(model: &str, params: Value, shape: (usize, usize, usize)) {
    let registry = mts_models::registry();
    let entry = registry.get(model).expect("compiled in");
    contract::check(entry, &params, Shape::of(shape.0, shape.1, shape.2));
}

#[test]
fn every_model_keeps_the_contract_with_its_defaults() {
    for name in mts_models::registry().names() {
        for shape in [(1, 1, 1), (1, 50, 1), (3, 130, 2), (7, 20, 5)] {
            check(name, json!({}), shape);
        }
    }
}

#[cfg(feature = "sde")]
#[test]
fn stochastic_differential_equations() {
    check("brownian", json!({ "X0": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], "dt": 0.1 }), (3, 40, 2));
    check("abm", json!({ "X0": [1, 2, 3], "mu": -1 }), (3, 40, 2));
    check("gbm", json!({ "S0": [1.0, 2.0], "sigma": 0.1 }), (3, 40, 2));
    check("ou", json!({ "mu": [0, 1, 2], "theta": [0.5, 0.0, -0.1], "sigma": [0.1, 0.2, 0.3] }), (3, 40, 2));
    check("ou", json!({ "x0": [[1, 2, 3], [4, 5, 6]], "dt": 0.1 }), (3, 40, 2));
}

#[cfg(feature = "autoregressive")]
#[test]
fn autoregressions() {
    check("ar", json!({ "p": 4 }), (6, 40, 2));
    check("ar", json!({ "p": 4 }), (2, 3, 2));
    check("ar", json!({ "p": 2, "phi": [[0.5, 0.2], [1.5, 0.3]], "x0": [1, 2] }), (2, 40, 3));
    check("ar", json!({ "phi": [0.5], "x0": [[[1, 2, 3], [4, 5, 6]]] }), (2, 10, 3));
    check("var", json!({ "p": 3 }), (4, 40, 3));
    check("var", json!({ "Sigma": [[1.0, 0.5], [0.5, 1.0]], "x0": [[1, 2, 3], [4, 5, 6]] }), (2, 40, 3));
}

#[cfg(feature = "oscillators")]
#[test]
fn oscillators() {
    let networks = [
        json!({ "topology": "ring" }),
        json!({ "topology": "erdos_renyi", "p": 0.5, "noise_std": 0.1 }),
        json!({ "topology": "sbm", "block_sizes": [2, 4], "p_intra": 0.9, "p_inter": 0.2, "method": "euler" }),
        json!({ "omega_dist": "uniform", "noise_std": 0.2, "method": "euler" }),
    ];
    for params in networks {
        check("kuramoto", params, (6, 30, 3));
    }
    check("kuramoto", json!({ "A": [[0, 1, 0.5], [1, 0, 0], [0.5, 0, 0]], "theta0": [1, 2, 3] }), (3, 30, 2));
}

#[cfg(feature = "maps")]
#[test]
fn maps() {
    check("cml", json!({ "topology": "erdos_renyi", "p": 0.3 }), (6, 30, 3));
    check("cml", json!({ "topology": "complete", "x0": [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]] }), (3, 30, 2));
}
