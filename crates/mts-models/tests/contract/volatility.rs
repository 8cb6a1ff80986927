use serde_json::json;

use crate::check;

#[test]
fn garch() {
    check("garch", json!({ "alpha": [0.1, 0.05], "beta": [0.3, 0.2, 0.1] }), (2, 40, 3));
    check("garch", json!({ "alpha": 0.3, "beta": 0.7, "integrated": true, "transient": 0 }), (2, 40, 1));
    check("garch", json!({ "innovations": "student_t", "nu": 4.5, "transient": 7 }), (1, 700, 2));
}
