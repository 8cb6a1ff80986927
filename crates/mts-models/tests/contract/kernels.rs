//! Configurations of `kernels` beside the defaults.

use serde_json::json;

use crate::check;

#[test]
fn kernels() {
    let wave = json!({ "periodic": { "period": 7, "length": 0.5, "variance": 0.5 } });
    let smooth = json!({ "rational_quadratic": { "alpha": 0.5, "length": 100 } });
    for kernel in [
        json!({ "sum": [{ "rbf": { "length": 5 } }, wave, { "white": { "variance": 0.01 } }] }),
        json!({ "product": [smooth, wave] }),
        json!({ "product": [{ "sum": [{ "linear": { "offset": 1 } }, { "constant": {} }] }, { "matern": { "nu": 0.5 } }] }),
    ] {
        check("gp", json!({ "kernel": kernel, "mean": 3 }), (3, 40, 3));
    }
    check("kernelsynth", json!({ "max_kernels": 1 }), (20, 30, 1));
    check("kernelsynth", json!({ "max_kernels": 3 }), (10, 30, 3));
}
