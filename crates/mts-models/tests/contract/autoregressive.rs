use serde_json::json;

use crate::{check, refused};

#[test]
fn autoregressions() {
    check("ar", json!({ "p": 4 }), (6, 40, 2));
    check("ar", json!({ "p": 4 }), (2, 3, 2));
    check("ar", json!({ "p": 2, "phi": [[0.5, 0.2], [1.5, 0.3]], "x0": [1, 2] }), (2, 40, 3));
    check("ar", json!({ "phi": [0.5], "x0": [[[1, 2, 3], [4, 5, 6]]] }), (2, 10, 3));
    check("var", json!({ "p": 3 }), (4, 40, 3));
    check("var", json!({ "Sigma": [[1.0, 0.5], [0.5, 1.0]], "x0": [[1, 2, 3], [4, 5, 6]] }), (2, 40, 3));
}

#[test]
fn mixed() {
    check("arma", json!({ "phi": [0.6, -0.2], "theta": [0.5, 0.1, 0.3], "sigma": [1, 0, 2] }), (3, 40, 2));
    check("arma", json!({ "phi": null, "theta": [[0.5, 2], [0, 0]] }), (2, 40, 3));
    check("arma", json!({ "phi": null, "theta": null }), (2, 10, 1));
    check("arma", json!({ "phi": [1.0], "theta": null, "allow_unstable": true }), (2, 40, 3));
}

#[test]
fn bad_mixed() {
    let radius =
        "parameter \"phi\" must be stationary: the companion matrix of channel 0 has spectral radius 1.2";
    refused("arma", json!({ "phi": [1.2] }), 2, radius);
    refused("arma", json!({ "phi": [[0.5, 0.1], [1.2, 0.1], [0, 0]] }), 3, "channel 1 has spectral radius");
    refused("arma", json!({ "phi": [[0.5, 0.1], [1.2, 0.1]] }), 3, "or a 3 × 2 matrix, found shape [2, 2]");
    refused("arma", json!({ "sigma": -1 }), 2, "parameter \"sigma\" must be >= 0, found -1");
    refused("arma", json!({ "sigma": [1, 2, 3] }), 2, "2 (one per channel), found shape [3]");
    refused("arma", json!({ "theta": [1e200] }), 2, "finite variance");
}

#[test]
fn seasonal() {
    check("sarima", json!({ "phi": [0.5], "theta": null, "Theta": null, "D": 0, "x0": [100] }), (3, 40, 2));
    check(
        "sarima",
        json!({ "d": 0, "D": 0, "Phi": [0.5, 0.2], "s": 4, "burn_in": 0, "sigma": [1, 0] }),
        (2, 40, 3),
    );
    check("sarima", json!({ "d": 2, "D": 1, "s": 2, "x0": [[1, 2, 3, 4], [5, 6, 7, 8]] }), (2, 40, 3));
}

#[test]
fn bad_seasonal() {
    refused("sarima", json!({ "phi": [0.5, 0.6] }), 2, "parameter \"phi\" must be stationary");
    refused("sarima", json!({ "Phi": [1] }), 2, "must have a spectral radius below 1, found 1");
    refused(
        "sarima",
        json!({ "x0": [1, 2] }),
        3,
        "must be d + s·D = 13 numbers, or have shape [3, 13], found [2]",
    );
    refused("sarima", json!({ "d": 4 }), 3, "parameter \"d\" must be at most 3, found 4");
    refused("sarima", json!({ "s": 1 }), 3, "parameter \"s\" must lie in 2..=");
    refused("sarima", json!({ "s": 2000, "D": 2 }), 3, "reach back 2048 steps at most, found 4001");
}

#[test]
fn sparse() {
    check("sparse_var", json!({ "p": 3, "parents": 2, "acyclic": true, "burn_in": 5 }), (6, 40, 2));
    check("sparse_var", json!({ "density": 1, "high": 2, "self_links": false }), (4, 40, 3));
    let edges = [[0.0, 1.0, 3.0, 0.5], [1.0, 0.0, 1.0, -0.5], [1.0, 1.0, 1.0, 0.9]];
    check("sparse_var", json!({ "edges": edges, "noise_std": [1, 0] }), (2, 40, 3));
}

#[test]
fn bad_sparse() {
    refused(
        "sparse_var",
        json!({ "edges": [[0, 0, 1, 1.5]] }),
        2,
        "must have a spectral radius below 1, found 1.5",
    );
    refused(
        "sparse_var",
        json!({ "edges": [[0, 2, 1, 0.5]] }),
        2,
        "must join channels 0 to 1 at lags of at least 1",
    );
    refused("sparse_var", json!({ "edges": [[0, 1, 1, 0.5], [0, 1, 1, 0.2]] }), 2, "name each link once");
    refused("sparse_var", json!({ "edges": [0, 1, 1] }), 2, "[from, to, lag, weight], found shape [3]");
    refused(
        "sparse_var",
        json!({ "parents": 2 }),
        2,
        "parameter \"parents\" must be less than M = 2, found 2",
    );
    refused("sparse_var", json!({ "low": 0.5, "high": 0.3 }), 2, "parameter \"high\" must lie in [0.5, ");
}

#[test]
fn cointegrated() {
    check("vecm", json!({ "alpha": [[-0.2], [0.3]], "beta": [[1], [-1]], "x0": [1, 2] }), (2, 40, 3));
    let gamma = json!([[0.2, 0.1], [0, -0.3]]);
    let params = json!({ "alpha": [[-0.2], [0.3]], "beta": [[1], [-1]], "Gamma": gamma, "Sigma": [[1, 0.5], [0.5, 2]] });
    check("vecm", params, (2, 40, 3));
    check("vecm", json!({ "rank": 3, "speed": 1.5 }), (5, 40, 2));
}

#[test]
fn bad_cointegrated() {
    let beta = json!([[1], [-1]]);
    refused(
        "vecm",
        json!({ "alpha": [[0.2], [-0.3]], "beta": beta }),
        2,
        "spectral radius below 1, found 1.5",
    );
    refused("vecm", json!({ "alpha": [[0.2], [-0.3]] }), 2, "parameter \"beta\" is required beside alpha");
    refused(
        "vecm",
        json!({ "beta": beta, "Gamma": [[0, 0], [0, 0]] }),
        2,
        "\"alpha\" is required beside Gamma",
    );
    refused("vecm", json!({ "beta": [[1, 2], [2, 4], [3, 6]] }), 3, "must have independent columns");
    refused("vecm", json!({ "rank": 3 }), 2, "parameter \"rank\" must lie in 1..=2 = M, found 3");
    refused(
        "vecm",
        json!({ "beta": [[1], [2], [3]] }),
        2,
        "must have shape [2, r] with r of at most 2, found [3, 1]",
    );
    refused(
        "vecm",
        json!({ "alpha": [[1, 2], [3, 4]], "beta": beta }),
        2,
        "as many columns as beta: 1, found 2",
    );
}

#[test]
fn structural() {
    check("scm_lagged", json!({ "noise": "laplace", "contemporaneous": 1, "density": 0.8 }), (6, 40, 2));
    check(
        "scm_lagged",
        json!({ "noise": "uniform", "functions": ["bump"], "parents": 2, "contemporaneous": 0 }),
        (4, 40, 3),
    );
    let links = json!([
        { "from": 1, "to": 0, "lag": 0, "function": "sin" },
        { "from": 2, "to": 1, "lag": 0, "weight": 2 },
        { "from": 0, "to": 2, "lag": 3, "function": "saturating", "weight": -1 },
    ]);
    check(
        "scm_lagged",
        json!({ "links": links, "autocorrelation": [0.5, 0, -0.5], "noise_std": [1, 2, 0] }),
        (3, 40, 3),
    );
}

#[test]
fn bad_structural() {
    let link =
        |from: usize, to: usize, lag: usize| json!({ "from": from, "to": to, "lag": lag, "weight": 2 });
    let links = |links: &[serde_json::Value]| json!({ "links": links });
    let cycle = links(&[link(0, 1, 0), link(1, 2, 0), link(2, 0, 0)]);
    refused("scm_lagged", cycle, 3, "must be acyclic within the step, found the cycle 0 → 1 → 2 → 0");
    refused("scm_lagged", links(&[link(1, 1, 0)]), 3, "found the cycle 1 → 1");
    refused(
        "scm_lagged",
        links(&[link(0, 1, 0), link(1, 0, 1)]),
        3,
        "must have a spectral radius below 1, found 4",
    );
    refused(
        "scm_lagged",
        links(&[link(0, 1, 2), link(0, 3, 1)]),
        3,
        "\"links[1].to\" must be less than M = 3, found 3",
    );
    refused(
        "scm_lagged",
        links(&[link(1, 1, 1)]),
        3,
        "\"links[0]\" must be the only one from 1 to 1 at lag 1",
    );
    refused("scm_lagged", json!({ "autocorrelation": 1 }), 3, "must lie strictly between -1 and 1, found 1");
    refused("scm_lagged", json!({ "functions": [] }), 3, "must name at least one");
}
