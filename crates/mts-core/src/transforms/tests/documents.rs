//! What documents say, and what they cannot.

use super::*;

fn refused(transform: Value) -> String {
    serde_json::from_value::<Transform>(transform).unwrap_err().to_string()
}

#[test]
fn what_is_written_is_read_again() {
    let more = json!([
        {"burn_in": 0},
        {"drift": {"kind": "gradual", "from": 0, "until": 1, "size": 1, "ramp": "smooth", "channels": [0]}},
        {"anomalies": {"kind": "pattern", "at": [1, 2], "gap": 1, "length": 4, "shape": "sawtooth", "amplitude": 2.0,
            "period": 2.5, "mode": "replace", "sign": "down", "channels": [1]}},
        {"quantise": {"bits": 8, "low": -1, "high": 1, "channels": [2]}},
        {"missing": {"rate": 0.5, "burst": 2, "channels": [1, 0]}},
    ]);
    for list in lists().iter().chain([&more]) {
        let parsed = read(list);
        let written = serde_json::to_value(&parsed).unwrap();
        assert_eq!(read(&written), parsed, "{written}");
        let again = serde_json::to_value(read(&written)).unwrap();
        assert_eq!(again, written);
    }
}

/// Identities hold what is written, so that a default that is given changes none.
#[test]
fn defaults_are_written_once() {
    let short: Transform =
        serde_json::from_value(json!({"anomalies": {"kind": "spike", "at": [1], "size": 5}})).unwrap();
    let long: Transform = serde_json::from_value(
        json!({"anomalies": {"kind": "spike", "at": [1], "size": 5.0, "sign": "random", "gap": 0, "rate": null}}),
    )
    .unwrap();
    assert_eq!(short, long);
    let written = serde_json::to_string(&short).unwrap();
    assert_eq!(written, r#"{"anomalies":{"kind":"spike","size":5.0,"sign":"random","at":[1],"gap":0}}"#);
    let written =
        |json: Value| serde_json::to_string(&serde_json::from_value::<Transform>(json).unwrap()).unwrap();
    assert_eq!(written(json!({"burn_in": 200})), r#"{"burn_in":200}"#);
    assert_eq!(written(json!({"zscore": "time"})), r#"{"zscore":"time"}"#);
    let noise = json!({"observation_noise": {"sigma": 0.1}});
    assert_eq!(written(noise), r#"{"observation_noise":{"law":"normal","sigma":0.1}}"#);
}

#[test]
fn what_is_not_known_is_refused() {
    let all = "`burn_in`, `every`, `zscore`, `mixing`, `drift`, `observation_noise`, `anomalies`, `clip`, \
               `quantise`, `missing`";
    assert_eq!(refused(json!({"burnin": 3})), format!("unknown variant `burnin`, expected one of {all}"));
    assert!(refused(json!({"burn_in": -1})).starts_with("invalid value: integer `-1`, expected usize"));
    assert!(refused(json!({"every": 1.5})).starts_with("invalid type: floating point `1.5`, expected usize"));
    let axes = "unknown variant `row`, expected one of `time`, `channel`, `realization`";
    assert_eq!(refused(json!({"zscore": "row"})), axes);
    for (name, mut of) in [
        ("mixing", json!({"matrix": [[1]]})),
        ("drift", json!({"kind": "linear", "slope": 1})),
        ("drift", json!({"kind": "seasonal", "amplitude": 1, "period": 1})),
        ("drift", json!({"kind": "sudden", "at": 1, "size": 1})),
        ("drift", json!({"kind": "gradual", "from": 1, "until": 2, "size": 1})),
        ("observation_noise", json!({"sigma": 1})),
        ("anomalies", json!({"kind": "spike", "size": 1})),
        ("anomalies", json!({"kind": "level_shift", "size": 1, "length": 2})),
        ("anomalies", json!({"kind": "trend", "size": 1, "length": 2})),
        ("anomalies", json!({"kind": "variance", "factor": 1, "length": 2})),
        ("anomalies", json!({"kind": "flatline", "length": 2})),
        ("anomalies", json!({"kind": "swap", "length": 2})),
        ("anomalies", json!({"kind": "pattern", "length": 2, "shape": "sine"})),
        ("clip", json!({"low": 1})),
        ("quantise", json!({"step": 1})),
        ("missing", json!({"rate": 0.1})),
    ] {
        serde_json::from_value::<Transform>(json!({ name: of })).unwrap();
        of["slop"] = json!(1);
        let message = refused(json!({ name: of }));
        assert!(message.starts_with("unknown field `slop`, expected "), "{of}: {message}");
    }
    let kind = refused(json!({"drift": {"kind": "linea", "slope": 1}}));
    assert_eq!(kind, "unknown variant `linea`, expected one of `linear`, `seasonal`, `sudden`, `gradual`");
    let kind = refused(json!({"anomalies": {"kind": "spikes", "size": 1}}));
    assert!(kind.starts_with("unknown variant `spikes`, expected one of `spike`, `level_shift`, "), "{kind}");
    assert_eq!(refused(json!({"drift": {"slope": 1}})), "missing field `kind`");
    assert_eq!(refused(json!({"anomalies": {"kind": "spike", "rate": 0.1}})), "missing field `size`");
    assert_eq!(refused(json!({"missing": {}})), "missing field `rate`");
    let law = refused(json!({"observation_noise": {"law": "cauchy", "sigma": 1}}));
    assert_eq!(law, "unknown variant `cauchy`, expected one of `normal`, `laplace`, `uniform`, `student_t`");
}

/// Every field of every transform says what it is; and what the schema names is what serde reads.
#[test]
fn the_schema_describes_everything() {
    let schema = serde_json::to_value(schemars::schema_for!(Transform)).unwrap();
    let branches = schema["oneOf"].as_array().unwrap();
    let names: Vec<&str> = branches.iter().map(|branch| branch["required"][0].as_str().unwrap()).collect();
    let all = ["burn_in", "every", "zscore", "mixing", "drift", "observation_noise", "anomalies", "clip"];
    assert_eq!(names, [&all[..], &["quantise", "missing"]].concat());
    let mut fields = 0;
    check(&schema, &mut fields);
    assert!(fields > 70, "{fields}");

    fn check(schema: &Value, fields: &mut usize) {
        if let Some(branches) = schema.get("oneOf").and_then(Value::as_array) {
            assert!(branches.iter().all(|branch| branch.get("description").is_some()), "{schema}");
        }
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let outer = schema.get("description").is_some() && schema["required"] == json!([name]);
            let told = property.get("description").is_some() || property.get("const").is_some();
            assert!(told || outer, "{name}: {property}");
            *fields += 1;
        }
        match schema {
            Value::Object(map) => map.values().for_each(|inner| check(inner, fields)),
            Value::Array(items) => items.iter().for_each(|inner| check(inner, fields)),
            _ => {}
        }
    }
}
