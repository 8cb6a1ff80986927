use mts_core::Shape;
use serde_json::{Value, json};

use crate::check;

#[test]
fn composites() {
    let given = json!({ "level": [1, 2], "growth": 0.1, "changepoint_rate": 0, "periods": [7.5, 3],
        "orders": [1, 2], "coefficients": [1, 2, 3, 4, 5, 6], "holiday_effect": [1, -1], "sigma": 0 });
    check("trend_seasonal", given, (2, 90, 2));
    check(
        "trend_seasonal",
        json!({ "changepoint_rate": 0.3, "holiday_offset": 0, "holiday_period": 4 }),
        (3, 42, 2),
    );
    check("trend_seasonal", json!({ "changepoint_rate": 0, "holiday_period": 0 }), (2, 40, 2));
    for (error, trend, season) in FORMS {
        for phi in [1.0, 0.9] {
            let params = json!({ "error": error, "trend": trend, "season": season, "phi": phi, "period": 5 });
            check("ets", params, (2, 30, 2));
        }
    }
    check("ets", json!({ "period": 2, "seasons": [[1, -1], [2, -2]], "sigma": [1, 0] }), (2, 30, 2));
    for law in ["poisson", "negative_binomial", "lognormal"] {
        check("intermittent_demand", json!({ "law": law, "interval": [1, 5], "size": [1, 20] }), (2, 40, 2));
    }
    for class in ["cylinder", "bell", "funnel"] {
        check("cylinder_bell_funnel", json!({ "class": class, "height_std": 0 }), (2, 33, 3));
    }
}

const FORMS: [(&str, &str, &str); 7] = [
    ("additive", "none", "none"),
    ("additive", "additive", "additive"),
    ("multiplicative", "none", "multiplicative"),
    ("multiplicative", "additive", "additive"),
    ("multiplicative", "additive", "multiplicative"),
    ("multiplicative", "multiplicative", "none"),
    ("multiplicative", "multiplicative", "multiplicative"),
];

fn refusal(model: &str, params: Value) -> String {
    let registry = mts_models::registry();
    let entry = registry.get(model).expect("compiled in");
    entry.build(params, Shape::of(2, 10, 1)).err().expect("refused").to_string()
}

#[test]
fn what_cannot_be_is_refused() {
    for (model, params, words) in [
        ("trend_seasonal", json!({ "changepoint_rate": 1 }), "at least 0 and below 1, found 1"),
        ("trend_seasonal", json!({ "periods": [7, 0] }), "\"periods\" must be > 0, found 0"),
        (
            "trend_seasonal",
            json!({ "orders": [1, 2, 3] }),
            "one number or 2 (one per period), found shape [3]",
        ),
        ("trend_seasonal", json!({ "orders": 1.5 }), "integers of at least 1, found 1.5"),
        ("trend_seasonal", json!({ "coefficients": [1, 2] }), "must have shape [8] or [2, 8], found [2]"),
        ("trend_seasonal", json!({ "holiday_window": 46 }), "at most holiday_period = 45, found 46"),
        ("ets", json!({ "season": "multiplicative" }), "multiplicative where the season is"),
        (
            "ets",
            json!({ "error": "multiplicative", "trend": "multiplicative" }),
            "not be additive where the trend is multiplicative",
        ),
        ("ets", json!({ "beta": 0.4 }), "\"beta\" must lie in [0, 0.3], found 0.4"),
        ("ets", json!({ "gamma": 0.8 }), "\"gamma\" must lie in [0, 0.7], found 0.8"),
        ("ets", json!({ "phi": 1.1 }), "above 0 and at most 1, found 1.1"),
        ("ets", json!({ "period": 1 }), "at least 2, found 1"),
        ("ets", json!({ "error": "multiplicative", "level": 0 }), "\"level\" must be > 0, found 0"),
        ("ets", json!({ "seasons": [1, 2] }), "must have shape [12] or [2, 12], found [2]"),
        ("intermittent_demand", json!({ "interval": 0.5 }), "\"interval\" must lie in [1"),
        ("intermittent_demand", json!({ "size": 0.5 }), "\"size\" must lie in [1, 1000000000000], found 0.5"),
        (
            "intermittent_demand",
            json!({ "dispersion": 0 }),
            "\"dispersion\" must lie in [0.001, 1000], found 0",
        ),
        ("cylinder_bell_funnel", json!({ "sigma": -1 }), "\"sigma\" must be >= 0, found -1"),
        ("cylinder_bell_funnel", json!({ "class": "square" }), "unknown variant"),
    ] {
        let found = refusal(model, params);
        assert!(found.contains(words), "{model}: {found}");
    }
}
