//! Configurations of `composites` beside the defaults: they reach each branch of each model.

use serde_json::{Value, json};

pub fn cases() -> Vec<(&'static str, Value)> {
    let multiplicative = |trend: &str, season: &str, phi: f64| json!({ "error": "multiplicative", "trend": trend, "season": season, "phi": phi, "period": 5 });
    vec![
        (
            "trend_seasonal",
            json!({ "level": [1, 2, 3], "changepoint_rate": 0.1, "periods": [7.5, 3],
            "coefficients": [1, 2, 3, 4, 5, 6, 7, 8], "holiday_effect": [1, -1, 2], "sigma": [0, 1, 2] }),
        ),
        ("ets", multiplicative("additive", "additive", 0.9)),
        ("ets", multiplicative("multiplicative", "multiplicative", 0.9)),
        ("ets", json!({ "trend": "none", "season": "none" })),
        ("intermittent_demand", json!({ "law": "poisson", "interval": [1, 2, 5], "size": [1, 4, 20] })),
        ("intermittent_demand", json!({ "law": "lognormal", "interval": 2 })),
        ("cylinder_bell_funnel", json!({ "class": "funnel", "sigma": 0 })),
    ]
}
