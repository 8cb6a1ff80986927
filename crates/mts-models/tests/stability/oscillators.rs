//! Configurations of `oscillators` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    vec![
        ("kuramoto", json!({ "topology": "ring", "method": "euler", "noise_std": 0.2 })),
        ("kuramoto", json!({ "topology": "erdos_renyi", "p": 0.5, "omega_dist": "uniform" })),
        ("kuramoto", json!({ "A": [[0, 1, 0.5], [1, 0, 2], [0.5, 2, 0]], "theta0": [1, 2, 3] })),
        ("kuramoto", json!({ "topology": "watts_strogatz", "k": 2, "p_rewire": 0.5, "alpha": 0.5 })),
        ("kuramoto", json!({ "topology": "barabasi_albert", "m": 1, "inertia": 0.5 })),
        ("kuramoto", json!({ "topology": "geometric", "radius": 0.6, "inertia": 0.5, "noise_std": 0.2 })),
        ("kuramoto", json!({ "topology": "dag", "p": 0.7, "delay": 0.22, "noise_std": 0.2 })),
        ("kuramoto", json!({ "topology": "lattice", "rows": 1, "delay": 0.1, "method": "euler" })),
        (
            "stuart_landau",
            json!({ "a": -0.1, "noise_std": 0, "omega_sigma": 0, "topology": "ring", "substeps": 2 }),
        ),
        ("van_der_pol", json!({ "mu": 3, "noise_std": 0.2, "topology": "complete", "transient": 0.5 })),
        ("coupled_rossler", json!({ "omega_sigma": 0, "topology": "erdos_renyi", "p": 0.5, "transient": 1 })),
        ("sir_network", json!({ "beta": 0.2, "gamma": 0.1, "xi": 0.3, "topology": "ring" })),
        ("sir_network", json!({ "beta": 0.2, "A": [[0, 0.5, 2], [0.5, 0, 0], [2, 0, 0]] })),
    ]
}
