//! Configurations of `flows` beside the defaults.

use serde_json::json;

use crate::check;

#[test]
fn flows() {
    let x0 = json!({ "x0": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], "transient": 0.0, "substeps": 3 });
    for model in ["lorenz63", "rossler"] {
        check(model, x0.clone(), (1, 30, 2));
    }
    check("lorenz96", x0, (3, 30, 2));
    check("lorenz96", json!({ "F": 4.0, "transient": 0.0 }), (5, 30, 3));
}

#[test]
fn delays() {
    for params in [
        json!({ "tau": 1.0, "substeps": 1, "transient": 0.0 }),
        json!({ "tau": 3.0, "n": 9.65, "transient": 1.0 }),
        json!({ "tau": 2.5, "n": 7.0, "x0": [[0.2, 0.4], [0.6, 0.8]] }),
    ] {
        check("mackey_glass", params, (2, 30, 2));
    }
}

#[test]
fn fields() {
    let coarse = json!({ "L": 12, "grid": 16, "transient": 5, "substeps": 2, "mean": 0.5 });
    check("kuramoto_sivashinsky", coarse, (16, 30, 3));
    check("kuramoto_sivashinsky", json!({ "L": 40, "transient": 0, "amplitude": 0.1 }), (5, 30, 2));
}
