//! Configurations of `noise` beside the defaults.

use serde_json::json;

use crate::check;

#[test]
fn white_noise() {
    check("uniform_noise", json!({ "low": 2.0, "high": 2.5 }), (2, 40, 3));
    check("laplace_noise", json!({ "scale": 0.1, "loc": -3.0 }), (2, 40, 3));
    check("student_t_noise", json!({ "nu": 1.0, "scale": 2.0 }), (2, 40, 3));
    for (alpha, beta) in [(2.0, 0.3), (1.0, 0.0), (1.0, -1.0), (0.5, 1.0), (1.3, -0.4)] {
        let params = json!({ "alpha": alpha, "beta": beta, "scale": 0.5, "loc": 1.0 });
        check("alpha_stable", params, (3, 150, 2));
    }
}

#[test]
fn correlated_noise() {
    check("correlated_gaussian", json!({ "rho": -0.2 }), (5, 40, 3));
    check("correlated_gaussian", json!({ "rho": 1.0 }), (3, 40, 1));
    check("correlated_gaussian", json!({ "Sigma": [[2.0, 0.3], [0.3, 0.5]] }), (2, 40, 1));
    check("correlated_gaussian", json!({ "Sigma": 4.0 }), (1, 40, 2));
}

#[test]
fn coloured_noise() {
    check("colored_noise", json!({ "beta": [-1, 0, 2], "sigma": [1, 0, 3], "oversampling": 1 }), (3, 64, 2));
    check("colored_noise", json!({ "beta": 0, "oversampling": 5 }), (2, 33, 3));
}
