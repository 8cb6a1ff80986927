//! What cannot be done, in words.

use super::*;

const SHAPE: Shape = Shape::of(3, 100, 2);

fn refused(list: Value) -> String {
    let mut problems = Problems::default();
    assert!(Transforms::new(read(&list), SHAPE, &mut problems).is_none(), "{list}");
    problems.to_string()
}

fn one(transform: Value, words: &str) {
    assert_eq!(refused(json!([transform])), words);
}

#[test]
fn what_shapes_comes_first() {
    let drift = json!({"drift": {"kind": "linear", "slope": 1}});
    let why = "must come before transforms[0].drift, which spoils the data: labels tell sizes and steps of what \
               comes out";
    for (name, value) in [
        ("burn_in", json!(1)),
        ("every", json!(2)),
        ("zscore", json!("time")),
        ("mixing", json!({"matrix": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]})),
    ] {
        let words = refused(json!([drift, { name: value }]));
        assert_eq!(words, format!("parameter \"transforms[1].{name}\" {why}"));
    }
    let words = refused(json!([{"missing": {"rate": 0.1}}, {"missing": {"rate": 0.1}}, drift]));
    let why =
        "must come before transforms[0].missing, as nothing can be computed from values that are missing";
    assert_eq!(words, format!("parameter \"transforms[2].drift\" {why}"));
}

#[test]
fn sizes_beyond_any_memory_are_refused() {
    one(json!({"every": 0}), r#"parameter "transforms[0].every" must be at least 1, found 0"#);
    let most = u64::MAX;
    let words = |name: &str| {
        format!(
            "parameter \"transforms[0].{name}\" must leave a model of fewer than 2⁶³ bytes for T = 100, found {most}"
        )
    };
    one(json!({ "every": most }), &words("every"));
    one(json!({ "burn_in": most }), &words("burn_in"));
    let words = refused(json!([{"every": 1_u64 << 30}, {"burn_in": 1_u64 << 40}]));
    assert!(words.starts_with("parameter \"transforms[0].every\" must leave a model"), "{words}");
}

#[test]
fn matrices_are_square() {
    let words = "parameter \"transforms[0].mixing.matrix\" must have M = 3 rows, found 2\n\
                 parameter \"transforms[0].mixing.matrix[1]\" must have M = 3 columns, found 1";
    one(json!({"mixing": {"matrix": [[1, 2, 3], [1]]}}), words);
}

#[test]
fn channels_exist_and_are_named_once() {
    let words = "parameter \"transforms[0].clip.channels\" must lie in 0..=2, found 3\n\
                 parameter \"transforms[0].clip.channels\" must name each channel once, found 1";
    one(json!({"clip": {"low": 0, "channels": [1, 3, 1]}}), words);
    let words = r#"parameter "transforms[0].missing.channels" must name at least one channel, or be left out, found none"#;
    one(json!({"missing": {"rate": 0.1, "channels": []}}), words);
}

#[test]
fn drifts_lie_within_the_data() {
    let drift = |drift: Value, words: &str| one(json!({ "drift": drift }), words);
    drift(
        json!({"kind": "sudden", "at": 100, "size": 1}),
        r#"parameter "transforms[0].drift.at" must be a step in 0..=99, found 100"#,
    );
    drift(
        json!({"kind": "gradual", "from": 50, "until": 50, "size": 1}),
        r#"parameter "transforms[0].drift.until" must be above from = 50 and at most T = 100, found 50"#,
    );
    drift(
        json!({"kind": "gradual", "from": 50, "until": 101, "size": 1}),
        r#"parameter "transforms[0].drift.until" must be above from = 50 and at most T = 100, found 101"#,
    );
    drift(
        json!({"kind": "seasonal", "amplitude": 1, "period": 0}),
        r#"parameter "transforms[0].drift.period" must be > 0, found 0"#,
    );
    let endless = Transform::Drift(Drift::Linear(LinearDrift { slope: f64::INFINITY, channels: None }));
    let mut problems = Problems::default();
    assert!(Transforms::new(vec![endless], SHAPE, &mut problems).is_none());
    assert_eq!(problems.to_string(), r#"parameter "transforms[0].drift.slope" must be finite, found inf"#);
}

#[test]
fn noise_has_a_law() {
    let noise = |noise: Value, words: &str| one(json!({ "observation_noise": noise }), words);
    noise(json!({"sigma": 0}), r#"parameter "transforms[0].observation_noise.sigma" must be > 0, found 0"#);
    let nu = "parameter \"transforms[0].observation_noise.nu\" must";
    noise(json!({"law": "student_t", "sigma": 1}), &format!("{nu} be given for student_t, found none"));
    noise(json!({"law": "student_t", "nu": -1, "sigma": 1}), &format!("{nu} be > 0, found -1"));
    noise(json!({"law": "laplace", "nu": 3, "sigma": 1}), &format!("{nu} be left out for laplace, found 3"));
}

#[test]
fn anomalies_have_room() {
    let shift = |more: Value, words: &str| {
        let mut anomalies = json!({"kind": "level_shift", "size": 1, "length": 20});
        more.as_object().unwrap().iter().for_each(|(key, value)| anomalies[key] = value.clone());
        one(json!({ "anomalies": anomalies }), &format!("parameter \"transforms[0].anomalies{words}"));
    };
    shift(json!({}), "\" must have either rate or at, found neither");
    shift(json!({"rate": 0.01, "at": [3]}), "\" must have either rate or at, found both");
    shift(json!({"rate": 0.01, "length": 0}), ".length\" must be at least 1, found 0");
    shift(json!({"rate": 0.01, "length": 101}), ".length\" must be at most T = 100, found 101");
    shift(json!({"rate": 0.01, "gap": 101}), ".gap\" must be at most T = 100, found 101");
    shift(json!({"rate": 0.06}), ".rate\" must lie in [0, 1 / (length + gap)] = [0, 0.05], found 0.06");
    shift(
        json!({"rate": 0.03, "gap": 20}),
        ".rate\" must lie in [0, 1 / (length + gap)] = [0, 0.025], found 0.03",
    );
    shift(json!({"rate": -0.1}), ".rate\" must lie in [0, 1 / (length + gap)] = [0, 0.05], found -0.1");
    shift(json!({"at": []}), ".at\" must list at least one step, found none");
    shift(json!({"at": [81]}), ".at\" must lie in 0..=80, to end by T = 100 with length 20, found 81");
    shift(json!({"at": [50, 10, 31]}), ".at\" must lie length + gap = 20 steps apart, found 31 and 50");
    shift(json!({"at": [10, 30], "gap": 1}), ".at\" must lie length + gap = 21 steps apart, found 10 and 30");
    shift(json!({"at": [10], "size": -1}), ".size\" must be > 0, found -1");
    shift(json!({"at": [10], "channels": [9]}), ".channels\" must lie in 0..=2, found 9");
}

#[test]
fn kinds_of_anomalies_have_rules_of_their_own() {
    let anomalies = |anomalies: Value, words: &str| {
        one(json!({ "anomalies": anomalies }), &format!("parameter \"transforms[0].anomalies.{words}"));
    };
    anomalies(
        json!({"kind": "swap", "rate": 0.01, "length": 2}),
        "channels\" must select an even number of channels, which are taken in pairs, found 3",
    );
    anomalies(
        json!({"kind": "variance", "rate": 0.01, "length": 2, "factor": -1}),
        "factor\" must be >= 0, found -1",
    );
    anomalies(json!({"kind": "trend", "rate": 0.01, "length": 2, "size": 0}), "size\" must be > 0, found 0");
    let pattern = |more: Value, words: &str| {
        let mut pattern = json!({"kind": "pattern", "rate": 0.01, "length": 4, "shape": "sine"});
        more.as_object().unwrap().iter().for_each(|(key, value)| pattern[key] = value.clone());
        anomalies(pattern, words);
    };
    pattern(json!({"amplitude": 0}), "amplitude\" must be > 0, found 0");
    pattern(json!({"period": 0}), "period\" must be > 0, found 0");
    pattern(json!({"shape": []}), "shape\" must list at least one value, found none");
    pattern(
        json!({"shape": [1, 2], "period": 3}),
        "period\" must be left out where shape lists values, which are repeated, found 3",
    );
}

#[test]
fn levels_are_apart() {
    let clip = |clip: Value, words: &str| {
        one(json!({ "clip": clip }), &format!("parameter \"transforms[0].clip{words}"));
    };
    clip(json!({}), "\" must have low or high, found neither");
    clip(json!({"low": 1, "high": 1}), ".high\" must be above low = 1.0, found 1");
    let quantise = |quantise: Value, words: &str| {
        one(json!({ "quantise": quantise }), &format!("parameter \"transforms[0].quantise{words}"));
    };
    quantise(json!({}), "\" must have either step or bits, found neither");
    quantise(json!({"step": 1, "bits": 3}), "\" must have either step or bits, found both");
    quantise(json!({"step": 0}), ".step\" must be > 0, found 0");
    quantise(
        json!({"step": 1, "low": 0}),
        ".low\" must be left out with step: put a clip before it, found 0",
    );
    quantise(json!({"bits": 33, "low": 0, "high": 1}), ".bits\" must lie in 1..=32, found 33");
    quantise(json!({"bits": 8, "low": 0}), "\" must have low and high beside bits, found not both");
    quantise(json!({"bits": 8, "low": 1, "high": 0}), ".high\" must be above low = 1.0, found 0");
    quantise(json!({"bits": 32, "low": 0, "high": 5e-324}), ".high\" must leave levels apart, found 5e-324");
    let words = ".high\" must leave levels apart, found 1.0000000000000002e16";
    quantise(json!({"bits": 8, "low": 1e16, "high": 1.0000000000000002e16}), words);
}

#[test]
fn rates_of_missing_values_are_possible() {
    let missing = |missing: Value, words: &str| {
        one(json!({ "missing": missing }), &format!("parameter \"transforms[0].missing{words}"));
    };
    missing(json!({"rate": 1}), ".rate\" must be at least 0 and below 1, found 1");
    missing(json!({"rate": -0.1}), ".rate\" must be at least 0 and below 1, found -0.1");
    missing(json!({"rate": 0.1, "burst": 0.5}), ".burst\" must be at least 1, found 0.5");
    missing(
        json!({"rate": 0.6, "burst": 1}),
        ".rate\" must be at most burst / (burst + 1) = 0.5, as one value lies between runs, found 0.6",
    );
}

#[test]
fn all_problems_are_told_in_order() {
    let words = refused(json!([{"every": 0}, {"missing": {"rate": 2}}, {"clip": {}}]));
    let told: Vec<&str> = words.lines().map(|line| line.split('"').nth(1).unwrap()).collect();
    assert_eq!(
        told,
        ["transforms[2].clip", "transforms[1].missing.rate", "transforms[2].clip", "transforms[0].every"]
    );
}

/// Nothing happens at a rate of 0, which a grid may have among its values.
#[test]
fn rates_of_zero_are_allowed() {
    for list in
        [json!([{"missing": {"rate": 0}}]), json!([{"anomalies": {"kind": "spike", "rate": 0, "size": 1}}])]
    {
        let (values, labels) = collect(spoilt(&list, SHAPE, 1));
        assert_eq!(values, collect(clean(&list, SHAPE, 1)).0);
        assert!(labels.iter().all(|label| label.kind == "regime"));
    }
    let full = json!([{"anomalies": {"kind": "flatline", "rate": 0.1, "length": 10}}, {"anomalies": {"kind": "spike", "rate": 1, "size": 1}}]);
    let labels = collect(spoilt(&full, SHAPE, 1)).1;
    assert_eq!(labels.iter().filter(|label| label.kind == "spike").count(), SHAPE.values());
}
