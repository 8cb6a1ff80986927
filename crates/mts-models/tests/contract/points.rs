use mts_core::Shape;
use serde_json::{Value, json};

use crate::check;

#[test]
fn point_processes() {
    check("poisson", json!({ "rate": [0, 0.5, 40], "dt": 0.5 }), (3, 40, 2));
    check("nhpp", json!({ "rates": [[0, 2, 40], [1, 1, 1]], "length": 2.5, "dt": 0.7 }), (2, 40, 3));
    check(
        "nhpp",
        json!({ "base": [1, 30], "amplitude": [1, 0.5], "period": 7.5, "phase": [0, 1] }),
        (2, 40, 2),
    );
    check(
        "hawkes",
        json!({ "alpha": [[0.5, 0, 0.9], [0.2, 0.1, 0], [0, 0.3, 0.2]], "mu": [1, 0, 2] }),
        (3, 40, 2),
    );
    check("hawkes", json!({ "alpha": 0.9, "mu": 2, "beta": 5, "dt": 0.25, "transient": 0 }), (2, 40, 2));
    check("renewal", json!({ "law": "weibull", "shape": [0.7, 3], "rate": [0.5, 4], "dt": 0.5 }), (2, 40, 2));
    check("renewal", json!({ "shape": [0.5, 1] }), (2, 40, 2));
    check("hawkes", json!({ "alpha": 0 }), (2, 40, 2));
}

fn refusal(model: &str, params: Value) -> String {
    let registry = mts_models::registry();
    let entry = registry.get(model).expect("compiled in");
    entry.build(params, Shape::of(2, 10, 1)).err().expect("refused").to_string()
}

#[test]
fn what_cannot_be_is_refused() {
    for (model, params, words) in [
        ("poisson", json!({ "rate": [1, -1] }), "\"rate\" must be >= 0, found -1"),
        (
            "poisson",
            json!({ "rate": [1, 2, 3] }),
            "must be one number or 2 (one per channel), found shape [3]",
        ),
        ("poisson", json!({ "rate": 1e16 }), "times dt must be at most 1e15, found 1e16"),
        ("nhpp", json!({ "amplitude": 1.5 }), "\"amplitude\" must lie in [0, 1], found 1.5"),
        ("nhpp", json!({ "period": 0 }), "\"period\" must be > 0, found 0"),
        (
            "nhpp",
            json!({ "rates": [[1], [2], [3]] }),
            "matrix of 2 rows, one per channel, found shape [3, 1]",
        ),
        ("nhpp", json!({ "rates": [1, -2] }), "\"rates\" must be >= 0, found -2"),
        ("nhpp", json!({ "rates": [1e308], "length": 10 }), "\"rates\" times length must be finite"),
        ("renewal", json!({ "rate": 0 }), "\"rate\" must lie in"),
        ("renewal", json!({ "shape": 0.01 }), "\"shape\" must lie in [0.1, 1000], found 0.01"),
        ("renewal", json!({ "rate": 1e7 }), "times dt must be at most 1e2, found 1e7"),
        ("hawkes", json!({ "alpha": [[0.5, 0.5], [0.5, 0.5]] }), "spectral radius below 1"),
        ("hawkes", json!({ "alpha": 1.25 }), "found 1.25"),
        ("hawkes", json!({ "alpha": -0.1 }), "\"alpha\" must lie in [0, 1000000], found -0.1"),
        ("hawkes", json!({ "alpha": [0.1, 0.2] }), "one number or have shape [2, 2], found [2]"),
        ("hawkes", json!({ "mu": 0 }), "above 0 in at least one channel"),
        ("hawkes", json!({ "mu": 1e7 }), "at most 1e2 events per bin and channel on average"),
        ("hawkes", json!({ "transient": 1e9 }), "at most 1e7 events before the first step"),
    ] {
        let found = refusal(model, params);
        assert!(found.contains(words), "{model}: {found}");
    }
}
