//! Configurations of `long_memory` beside the defaults.

use serde_json::json;

use crate::check;

#[test]
fn long_memory() {
    check("fgn", json!({ "H": [0.2, 0.8, 0.8], "sigma": [1, 2, 0] }), (3, 40, 2));
    check("fgn", json!({ "H": 0.5 }), (2, 65, 3));
    check("fbm", json!({ "H": [0.2, 0.8, 0.5], "sigma": 0.3, "dt": 0.01, "X0": [1, 2, 3] }), (3, 40, 2));
    check("fbm", json!({ "H": 0.9 }), (1, 2, 1));
    check("arfima", json!({ "d": [-0.3, 0.4, 0.4], "phi": [0.5, -0.2], "theta": [0.4] }), (3, 40, 2));
    check("arfima", json!({ "d": 0, "theta": [0.4, 0.2], "sigma": [0.5, 2, 1] }), (3, 40, 3));
}
