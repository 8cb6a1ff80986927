//! Configurations of `neural` beside the defaults.
use serde_json::json;

use crate::check;

#[test]
fn populations() {
    let x0 = json!({ "x0": [[0.1, 0.2], [0.3, 0.4]], "noise_std": 0.3, "transient": 0.0, "substeps": 2 });
    check("fitzhugh_nagumo", x0.clone(), (1, 30, 2));
    check("wilson_cowan", x0, (1, 30, 2));
    check("jansen_rit", json!({ "p_std": 0.0, "transient": 0.0, "substeps": 2 }), (3, 30, 2));
}

#[test]
fn neurons() {
    for kind in ["chattering", "fast_spiking", "resonator"] {
        check("izhikevich", json!({ "cell": kind, "I": 20.0, "noise_std": 5.0 }), (3, 120, 2));
    }
    check("izhikevich", json!({ "d": 4.0, "noise_std": 0.0, "x0": [-60.0, 40.0, -14.0, -13.0] }), (2, 60, 3));
}
