//! Configurations of `kernels` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    let wave = json!({ "periodic": { "period": 7, "length": 0.5, "variance": 0.5 } });
    let matern = |nu: f64| json!({ "matern": { "nu": nu, "length": 3 } });
    let slow = json!({ "rational_quadratic": { "alpha": 0.5, "length": 100 } });
    let kernels = [
        json!({ "sum": [{ "rbf": { "length": 5 } }, wave, { "white": { "variance": 0.01 } }] }),
        json!({ "sum": [matern(0.5), matern(1.5), matern(2.5)] }),
        json!({ "product": [slow, wave, { "linear": { "offset": 1 } }] }),
    ];
    let mut cases: Vec<(&'static str, Value)> =
        kernels.into_iter().map(|kernel| ("gp", json!({ "kernel": kernel, "mean": 3 }))).collect();
    cases.push(("kernelsynth", json!({ "max_kernels": 2 })));
    cases
}
