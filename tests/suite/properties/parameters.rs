//! Any parameters: refused with a reason, or finite values (or the place of the first that is not).

use mts_core::{Finite, Series, Shape, SlabSource, Streams};
use mts_hash::SeedSequence;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Numbers that break things, and ordinary ones.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -2.0..2.0,
        1 => prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO,
        1 => prop::sample::select(vec![0.0, -0.0, 1.0, -1.0, 0.5, 1e-308, 1e308, -1e308, 1e9, 2.0, 3.0]),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        6 => number().prop_map(Value::from),
        2 => (0_u64..6).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => prop::sample::select(vec!["ring", "complete", "sbm", "erdos_renyi", "euler", "rk4", "uniform", "normal", "", "x"]).prop_map(Value::from),
    ];
    let vector = prop::collection::vec(number(), 0..5).prop_map(|v| json!(v));
    let matrix = prop::collection::vec(prop::collection::vec(number(), 1..4), 0..4).prop_map(|v| json!(v));
    let cube =
        prop::collection::vec(prop::collection::vec(prop::collection::vec(number(), 2..3), 2..3), 1..3)
            .prop_map(|v| json!(v));
    prop_oneof![5 => scalar, 2 => vector, 2 => matrix, 1 => cube]
}

fn case() -> impl Strategy<Value = (&'static str, Value, (usize, usize, usize), bool)> {
    let names: Vec<&'static str> = mts_models::registry().names().collect();
    (prop::sample::select(names), 1_usize..5, 1_usize..40, 1_usize..4, any::<bool>()).prop_flat_map(
        |(name, channels, steps, realizations, streams)| {
            let registry = mts_models::registry();
            let schema = registry.get(name).unwrap().schema();
            let keys: Vec<String> = schema["properties"].as_object().unwrap().keys().cloned().collect();
            let most = keys.len();
            let chosen = prop::sample::subsequence(keys, 0..=most);
            let params = chosen.prop_flat_map(|keys| {
                let values = prop::collection::vec(value(), keys.len());
                values.prop_map(move |values| {
                    Value::Object(keys.iter().cloned().zip(values).collect::<Map<String, Value>>())
                })
            });
            params.prop_map(move |params| (name, params, (channels, steps, realizations), streams))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn are_refused_or_work((name, params, (channels, steps, realizations), per_realization) in case()) {
        let registry = mts_models::registry();
        let shape = Shape::of(channels, steps, realizations);
        match registry.get(name).unwrap().build(params, shape) {
            Err(problems) => prop_assert!(!problems.is_empty() && !problems.to_string().is_empty()),
            Ok(model) => {
                let facts = model.facts();
                prop_assert!(facts.cost > 0.0);
                let streams = if per_realization { Streams::PerRealization } else { Streams::Shared };
                let mut source = Finite::new(Series::new(model, SeedSequence::new(1_u64), streams));
                let mut slabs = vec![f64::NAN; shape.values()];
                if let Ok(done) = source.next(&mut slabs) {
                    prop_assert_eq!(done, steps);
                    prop_assert!(slabs.iter().all(|x| x.is_finite()));
                }
            }
        }
    }
}
