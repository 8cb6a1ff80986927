//! Configurations of `maps` beside the defaults.
use serde_json::json;

use crate::check;

#[test]
fn maps() {
    check("cml", json!({ "topology": "erdos_renyi", "p": 0.3 }), (6, 30, 3));
    check("cml", json!({ "topology": "complete", "x0": [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]] }), (3, 30, 2));
    check("logistic", json!({ "r": [3.5, 3.9, 4.0], "transient": 7 }), (3, 30, 2));
    check("logistic", json!({ "x0": [0.1, 0.2] }), (2, 30, 2));
    check("henon", json!({ "x0": [[0.1, 0.2], [0.3, 0.0]], "transient": 0 }), (1, 30, 2));
    check("rulkov", json!({ "alpha": 6.0, "x0": [-1.0, -0.5, -3.0, -2.5], "transient": 1 }), (2, 30, 3));
    check("cml", json!({ "topology": "lattice", "rows": 3, "r": 4.0 }), (9, 30, 1));
    check("cml", json!({ "A": [[0, 1, 0.5], [0, 0, 0], [0, 0.5, 0]], "topology": "dag" }), (3, 30, 2));
}
