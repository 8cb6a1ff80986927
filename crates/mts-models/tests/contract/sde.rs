use serde_json::json;

use crate::check;

#[test]
fn stochastic_differential_equations() {
    check("brownian", json!({ "X0": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], "dt": 0.1 }), (3, 40, 2));
    check("abm", json!({ "X0": [1, 2, 3], "mu": -1 }), (3, 40, 2));
    check("gbm", json!({ "S0": [1.0, 2.0], "sigma": 0.1 }), (3, 40, 2));
    check("ou", json!({ "mu": [0, 1, 2], "theta": [0.5, 0.0, -0.1], "sigma": [0.1, 0.2, 0.3] }), (3, 40, 2));
    check("ou", json!({ "x0": [[1, 2, 3], [4, 5, 6]], "dt": 0.1 }), (3, 40, 2));
}

#[test]
fn square_roots() {
    check(
        "cir",
        json!({ "kappa": [0.5, 2.0, 1.0], "theta": [1.0, 0.1, 0.5], "sigma": [0.5, 1.0, 2.0] }),
        (3, 40, 2),
    );
    check("cir", json!({ "x0": [0.0, 1.0], "dt": 2.0 }), (2, 40, 3));
    check("heston", json!({ "xi": 1.0, "substeps": 3 }), (2, 40, 3));
    check("heston", json!({ "v0": 0.0, "rho": -1.0, "S0": 1.0, "dt": 0.5 }), (1, 40, 2));
}

#[test]
fn jumps() {
    check("merton_jump", json!({ "lambda": 30.0, "S0": [1.0, 2.0] }), (2, 60, 3));
    check("merton_jump", json!({ "lambda": 0.0 }), (2, 40, 1));
    check("merton_jump", json!({ "lambda": 5000.0, "jump_sd": 0.0, "jump_mean": 0.001 }), (1, 40, 2));
}

#[test]
fn wells() {
    let resonance = json!({ "sigma": 1.2, "amplitude": 0.2, "frequency": 0.05, "dt": 0.25 });
    check("double_well", resonance, (3, 200, 2));
    check("double_well", json!({ "sigma": 0.0, "x0": [0.1, -0.1], "substeps": 1 }), (2, 60, 1));
}

#[test]
fn coupled_channels() {
    let rotating =
        json!({ "A": [[-0.3, -2.0], [2.0, -0.3]], "Sigma": [[1.0, 0.2], [0.2, 0.5]], "mu": [1.0, -1.0] });
    check("multivariate_ou", rotating, (2, 40, 3));
    check("multivariate_ou", json!({ "A": 0.5, "unstable": true }), (1, 40, 2));
    check("multivariate_ou", json!({ "x0": 3.0, "dt": 5.0 }), (4, 40, 1));
}
