use serde_json::json;

use crate::check;

#[test]
fn oscillators() {
    let networks = [
        json!({ "topology": "ring" }),
        json!({ "topology": "erdos_renyi", "p": 0.5, "noise_std": 0.1 }),
        json!({ "topology": "sbm", "block_sizes": [2, 4], "p_intra": 0.9, "p_inter": 0.2, "method": "euler" }),
        json!({ "omega_dist": "uniform", "noise_std": 0.2, "method": "euler" }),
        json!({ "alpha": 0.4, "topology": "lattice", "rows": 2 }),
        json!({ "inertia": 0.7, "noise_std": 0.2, "topology": "watts_strogatz", "k": 2, "p_rewire": 0.3 }),
        json!({ "inertia": 0.7, "alpha": 0.1, "topology": "barabasi_albert", "m": 2 }),
        json!({ "delay": 0.05, "topology": "geometric", "radius": 0.5 }),
        json!({ "delay": 0.33, "noise_std": 0.1, "topology": "dag", "p": 0.5 }),
        json!({ "delay": 0.2, "alpha": 0.1, "method": "euler" }),
    ];
    for params in networks {
        check("kuramoto", params, (6, 30, 3));
    }
    check("kuramoto", json!({ "A": [[0, 1, 0.5], [1, 0, 0], [0.5, 0, 0]], "theta0": [1, 2, 3] }), (3, 30, 2));
    check("kuramoto", json!({ "A": [[0, 1, 0.5], [0, 0, 0], [0, 0.5, 0]], "directed": true }), (3, 30, 2));
    check("kuramoto", json!({ "omega_mu": 1.0, "omega_sigma": 0.0, "delay": 0.5 }), (4, 30, 2));
}

#[test]
fn networks_of_flows() {
    let graphs = [
        json!({ "topology": "dag", "p": 0.5 }),
        json!({ "topology": "geometric", "radius": 0.5 }),
        json!({ "topology": "watts_strogatz", "k": 2, "p_rewire": 0.5 }),
        json!({ "topology": "barabasi_albert", "m": 1 }),
        json!({ "topology": "lattice", "rows": 2, "substeps": 2, "transient": 0.35 }),
    ];
    for params in graphs {
        for model in ["stuart_landau", "van_der_pol", "coupled_rossler"] {
            check(model, params.clone(), (4, 30, 2));
        }
    }
    check(
        "stuart_landau",
        json!({ "a": [-0.1, 0.2], "omega": [1, 2], "omega_sigma": 0, "noise_std": 0, "x0": [1, 2, 3, 4] }),
        (2, 30, 3),
    );
    check("van_der_pol", json!({ "mu": [0, 3], "noise_std": 0.2, "x0": [1, 2, 3, 4] }), (2, 30, 3));
    let params = json!({ "omega": [1, 1.1], "omega_sigma": 0, "x0": [1, 2, 3, 4, 0, 0], "transient": 0 });
    check("coupled_rossler", params, (2, 30, 1));
}

#[test]
fn epidemics() {
    check("sir_network", json!({ "beta": 0.3, "gamma": 0.3, "xi": 0.3, "infected": 2 }), (6, 60, 3));
    check("sir_network", json!({ "beta": 1, "gamma": 1, "topology": "ring" }), (9, 20, 2));
    check(
        "sir_network",
        json!({ "beta": 0.2, "topology": "dag", "p": 0.5, "x0": [1, 1, 0, 0, 2, 0] }),
        (6, 40, 2),
    );
    check("sir_network", json!({ "beta": 0.2, "A": [[0, 0.5, 2], [0.5, 0, 0], [2, 0, 0]] }), (3, 40, 5));
}

/// What a configuration is refused with.
fn refused(model: &str, params: serde_json::Value, channels: usize) -> String {
    let registry = mts_models::registry();
    let built = registry.get(model).expect("compiled in").build(params, mts_core::Shape::of(channels, 10, 1));
    built.err().map_or_else(String::new, |problems| problems.to_string())
}

#[test]
fn what_cannot_be_is_refused() {
    let cases = [
        ("stuart_landau", json!({ "a": [1, 2, 3] }), "must be one number or 2 (one per node)"),
        ("stuart_landau", json!({ "G": 30 }), "\"dt\" must be at most substeps"),
        ("stuart_landau", json!({ "noise_std": -1 }), "must be >= 0"),
        ("van_der_pol", json!({ "mu": -1 }), "\"mu\" must be >= 0"),
        ("van_der_pol", json!({ "mu": 20 }), "\"dt\" must be at most substeps · 4.0"),
        ("van_der_pol", json!({ "A": [[0, -1], [-1, 0]] }), "\"A\" must be >= 0"),
        ("sir_network", json!({ "beta": 1.5 }), "\"beta\" must lie in [0, 1]"),
        ("sir_network", json!({ "infected": 5 }), "must be at most M = 4"),
        ("sir_network", json!({ "x0": [0, 1, 3, 2] }), "must be 0, 1 or 2, found 3"),
        (
            "cml",
            json!({ "A": [[0, -1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]] }),
            "\"A\" must be >= 0",
        ),
    ];
    for (model, params, words) in cases {
        let found = refused(model, params, 4);
        assert!(found.contains(words), "{model}: {found}");
    }
    assert!(
        refused("coupled_rossler", json!({ "epsilon": 9, "dt": 0.5 }), 6).contains("\"dt\" must be at most")
    );
    assert!(refused("coupled_rossler", json!({}), 4).contains("must be a multiple of 3"));
}
