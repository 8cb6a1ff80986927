//! Configurations of `regimes` beside the defaults.

use serde_json::json;

use crate::{check, refused};

#[test]
fn markov_chains() {
    let params = json!({ "transition": [[0.6, 0.4], [0.5, 0.5]], "sigma": [0.5, 2], "mu": [[0, 1], [2, 3]] });
    check("markov_switching_var", params, (2, 40, 3));
    check("markov_switching_var", json!({ "regimes": 3, "stay": 0.3, "burn_in": 0 }), (3, 40, 2));
    // Explosive while it lasts.
    let phi = [[[1.2]], [[0.1]]];
    check("markov_switching_var", json!({ "Phi": phi, "stay": 0.5, "mu": [0, 0] }), (1, 40, 2));
    check("markov_switching_var", json!({ "regimes": 1, "stay": 1 }), (2, 10, 2));
}

#[test]
fn bad_chains() {
    let name = "markov_switching_var";
    refused(
        name,
        json!({ "transition": [[0.6, 0.5], [0.5, 0.5]] }),
        2,
        "rows that add up to 1, found 1.1 in row 0",
    );
    refused(name, json!({ "transition": [[1.0]] }), 2, "must have shape [2, 2], found [1, 1]");
    refused(
        name,
        json!({ "transition": [[1.2, -0.2], [0, 1]] }),
        2,
        "parameter \"transition\" must lie in [0, 1]",
    );
    refused(name, json!({ "regimes": 0 }), 2, "parameter \"regimes\" must lie in 1..=64, found 0");
    refused(name, json!({ "Phi": [[[1.2]], [[0.1]]] }), 1, "must have a spectral radius below 1, found 1.36");
    refused(name, json!({ "Phi": [[[0.5]], [[0.1]]] }), 2, "must have shape [2, 2, 2], found [2, 1, 1]");
    refused(name, json!({ "sigma": [1, -1] }), 2, "parameter \"sigma\" must be >= 0, found -1");
    refused(
        name,
        json!({ "mu": [1, 2, 3] }),
        2,
        "2 numbers (one per regime) or a 2 × 2 matrix, found shape [3]",
    );
}

#[test]
fn thresholds() {
    let phi = [[0.9, 0.0], [0.2, -0.3], [0.1, 0.8]];
    check(
        "setar",
        json!({ "thresholds": [-1, 1], "delay": 3, "phi": phi, "intercept": 0, "sigma": [1, 2, 0] }),
        (2, 40, 3),
    );
    check("setar", json!({ "label_regimes": true }), (3, 40, 2));
    check("setar", json!({ "phi": [[-5], [-0.1]], "label_regimes": false, "burn_in": 0 }), (3, 40, 2));
}

#[test]
fn bad_thresholds() {
    refused(
        "setar",
        json!({ "phi": [[0.5], [1]] }),
        2,
        "below 1 in the outer regimes, and so must be their product",
    );
    refused("setar", json!({ "phi": [[-2], [-0.6]] }), 2, "found -2 and -0.6");
    refused("setar", json!({ "phi": [[-2], [-0.1]], "delay": 2 }), 2, "add up to less than 1, found 2");
    refused(
        "setar",
        json!({ "thresholds": [1, 1], "phi": [[0.1], [0.1], [0.1]] }),
        2,
        "ascending numbers, found [1.0, 1.0]",
    );
    refused("setar", json!({ "thresholds": [0, 1] }), 2, "must have 3 rows, one per regime, found 2");
    refused("setar", json!({ "sigma": [1, 2, 3] }), 2, "one number or 2 (one per regime), found shape [3]");
    refused("setar", json!({ "delay": 0 }), 2, "parameter \"delay\" must lie in 1..=1024, found 0");
}

#[test]
fn pieces() {
    let segments = json!([
        { "model": "markov_switching_var", "steps": 7 },
        { "model": "setar", "params": { "delay": 2 }, "steps": 1 },
        { "model": "var", "params": { "p": 3 }, "steps": 20 },
        { "model": "arma" },
    ]);
    check("piecewise", json!({ "segments": segments }), (3, 40, 2));
    check("piecewise", json!({ "segments": segments }), (2, 8, 3));
    check("piecewise", json!({ "segments": [{ "model": "setar", "steps": 3 }] }), (2, 20, 1));
}

#[test]
fn bad_pieces() {
    let bad = |segments: serde_json::Value, words: &str| {
        refused("piecewise", json!({ "segments": segments }), 2, words)
    };
    bad(json!([]), "parameter \"segments\" must be 1 to 1000, found 0");
    bad(
        json!([{ "model": "piecewise" }]),
        "\"segments[0].model\" must be a model of the catalogue, and not piecewise",
    );
    bad(json!([{ "model": "ar" }, { "model": "ar" }]), "\"segments[0].steps\" must be at least 1");
    let unstable = json!({ "model": "arma", "params": { "phi": [1.5] } });
    bad(json!([{ "model": "ar", "steps": 200 }, unstable]), "\"segments[1].params.phi\" must be stationary");
    let unknown = json!({ "model": "ar", "params": { "phy": [1.5] } });
    bad(json!([unknown]), "parameter \"segments[0].params\" unknown field `phy`");
}
