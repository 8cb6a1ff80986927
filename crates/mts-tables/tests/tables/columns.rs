//! Every type of column and every law: ranges, means, forms.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_schema::DataType;
use serde_json::{Value as Json, json};

use crate::{about, column, database, distinct, named, numbers, present, table, words, x};

const ROWS: u64 = 4000;

/// Values within two bounds, with about such a mean.
#[track_caller]
fn ranged(spec: Json, [low, high]: [f64; 2], mean: f64) {
    let values = present(&x(ROWS, spec.clone()));
    assert_eq!(values.len() as u64, ROWS);
    assert!(values.iter().all(|value| (low..=high).contains(value)), "{spec}");
    about(&values, mean, &spec.to_string());
}

#[test]
fn laws_have_their_ranges_and_means() {
    let any = [f64::NEG_INFINITY, f64::INFINITY];
    ranged(json!({"type": "integer"}), [0.0, 100.0], 50.0);
    ranged(json!({"type": "integer", "min": -7, "max": -3}), [-7.0, -3.0], -5.0);
    ranged(json!({"type": "float"}), [0.0, 1.0], 0.5);
    ranged(json!({"type": "float", "min": 2, "max": 6, "round": 5}), [2.0, 6.0], 4.0);
    ranged(json!({"type": "float", "distribution": "normal", "mean": 3, "std": 2}), any, 3.0);
    ranged(json!({"type": "integer", "distribution": "normal", "mean": 30, "std": 2}), any, 30.0);
    let lognormal =
        json!({"type": "float", "distribution": "lognormal", "mean": 1, "sigma": 0.5, "round": 6});
    ranged(lognormal, [0.0, f64::INFINITY], mts_rng::math::exp(1.125));
    ranged(json!({"type": "integer", "distribution": "poisson", "lambda": 4}), [0.0, 1e9], 4.0);
    ranged(json!({"type": "integer", "distribution": "poisson", "lambda": 5000}), [0.0, 1e9], 5000.0);
    ranged(
        json!({"type": "float", "distribution": "exponential", "rate": 0.25, "round": 9}),
        [0.0, 1e9],
        4.0,
    );
    ranged(json!({"type": "float", "distribution": "exponential", "scale": 3, "round": 9}), [0.0, 1e9], 3.0);
    ranged(
        json!({"type": "float", "distribution": "gamma", "shape": 2, "scale": 3, "round": 9}),
        [0.0, 1e9],
        6.0,
    );
    ranged(
        json!({"type": "float", "distribution": "beta", "alpha": 1, "beta": 3, "round": 9}),
        [0.0, 1.0],
        0.25,
    );
    let pareto = json!({"type": "float", "distribution": "pareto", "shape": 5, "scale": 2, "round": 9});
    ranged(pareto, [2.0, 1e9], 2.5);
    ranged(json!({"type": "integer", "distribution": "geometric", "p": 0.25}), [1.0, 1e9], 4.0);
    ranged(json!({"type": "integer", "distribution": "binomial", "n": 20, "p": 0.3}), [0.0, 20.0], 6.0);
    let triangular =
        json!({"type": "float", "distribution": "triangular", "min": 0, "mode": 3, "max": 6, "round": 9});
    ranged(triangular, [0.0, 6.0], 3.0);
    let empirical =
        json!({"type": "integer", "distribution": "empirical", "values": [1, 5], "weights": [3, 1]});
    ranged(empirical, [1.0, 5.0], 2.0);
    let zipf = present(&x(ROWS, json!({"type": "integer", "distribution": "zipf", "exponent": 3})));
    let ones = zipf.iter().map(|value| f64::from(u8::from(*value == 1.0))).collect::<Vec<_>>();
    about(&ones, 1.0 / 1.202_056_9, "zipf");
    ranged(json!({"type": "boolean", "true_probability": 0.3}), [0.0, 1.0], 0.3);
}

#[test]
fn bounds_move_values_and_truncation_draws_again() {
    let law = json!({"type": "float", "distribution": "normal", "min": 0, "max": 10, "round": 6});
    let clamped = present(&x(ROWS, law.clone()));
    assert!(clamped.iter().filter(|value| **value == 0.0).count() > 1800);
    let mut truncated = law;
    truncated["truncate"] = true.into();
    let truncated = present(&x(ROWS, truncated));
    assert!(truncated.iter().filter(|value| **value == 0.0).count() < 5);
    about(&truncated, (2.0 / std::f64::consts::PI).sqrt(), "a half of a normal law");
}

#[test]
fn digits_are_as_many_as_asked_for() {
    for (digits, factor) in [(0, 1.0), (1, 10.0), (3, 1000.0)] {
        let values = present(&x(500, json!({"type": "float", "max": 50, "round": digits})));
        let is_whole = |value: &f64| ((value * factor).round() / factor - value).abs() < 1e-12;
        assert!(values.iter().all(is_whole), "{digits}");
    }
    let values = x(500, json!({"type": "decimal", "precision": 6, "round": 3, "min": -999, "max": 999}));
    assert_eq!(values.data_type(), &DataType::Decimal128(6, 3));
    assert!(words(&values).into_iter().flatten().all(|text| text.split_once('.').unwrap().1.len() == 3));
    about(&present(&values), 0.0, "decimals");
}

#[test]
fn decimals_keep_to_their_digits() {
    // The greatest number of two digits behind the point, and none before it.
    for spec in [
        json!({"type": "decimal", "precision": 2, "round": 2}),
        json!({"type": "decimal", "precision": 2, "round": 2, "distribution": "normal", "std": 9}),
        json!({"type": "decimal", "precision": 4, "round": 2, "distribution": "pareto", "shape": 0.3}),
    ] {
        let digits = spec["precision"].as_u64().unwrap() as usize;
        let values = words(&x(1000, spec));
        for text in values.into_iter().flatten() {
            let own = text.trim_start_matches(['-', '0', '.']).chars().filter(char::is_ascii_digit).count();
            assert!(own <= digits, "{text}");
        }
    }
}

#[test]
fn ids_count_and_uuids_are_of_version_4() {
    let ids = present(&x(100, json!({"type": "id", "start": 7000})));
    assert!(ids.iter().enumerate().all(|(at, id)| *id == 7000.0 + at as f64));
    let uuids = x(3000, json!({"type": "id", "id_mode": "uuid"}));
    distinct(&uuids);
    for uuid in words(&uuids).into_iter().flatten() {
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert!(["8", "9", "a", "b"].contains(&&uuid[19..20]), "{uuid}");
    }
    assert_eq!(words(&x(2, json!({"type": "string", "prefix": "v"})))[1].as_deref(), Some("v_1"));
    assert_eq!(words(&x(2, json!({"type": "string"})))[0].as_deref(), Some("value_0"));
    let pattern = json!({"type": "string_pattern", "prefix": "S", "width": 4});
    assert_eq!(words(&x(2, pattern))[1].as_deref(), Some("S0002"));
    assert_eq!(words(&x(2, json!({"type": "string_pattern"})))[0].as_deref(), Some("item00001"));
}

#[test]
fn categories_have_their_weights_and_types() {
    let letters = json!({"type": "categorical", "categories": ["a", "b"], "weights": [1, 3]});
    let letters = words(&x(ROWS, letters));
    let shares: Vec<f64> =
        letters.iter().map(|letter| f64::from(u8::from(letter.as_deref() == Some("b")))).collect();
    about(&shares, 0.75, "weights");
    ranged(json!({"type": "categorical", "categories": [0, 0.5, 1]}), [0.0, 1.0], 0.5);
    ranged(json!({"type": "categorical", "categories": [1, 3]}), [1.0, 3.0], 2.0);
    assert_eq!(
        x(3, json!({"type": "categorical", "categories": [true, false]})).data_type(),
        &DataType::Boolean
    );
    assert_eq!(words(&x(1, json!({"type": "categorical"})))[0].as_deref(), Some("unknown"));
    assert_eq!(words(&x(1, json!({"type": "constant"})))[0].as_deref(), Some(""));
    assert_eq!(numbers(&x(2, json!({"type": "constant", "value": 0.05})))[1], Some(0.05));
    assert_eq!(numbers(&x(2, json!({"type": "constant", "value": null})))[1..], [None][..]);
}

#[test]
fn weights_may_depend_on_another_column() {
    let kind = json!({"name": "kind", "type": "categorical", "categories": ["cat", "dog", "cow"]});
    let given = json!({"column": "kind", "weights": {"cat": [1, 0], "dog": [0, 1]}});
    let sound = json!({"name": "sound", "type": "categorical", "categories": ["meow", "bark"], "weights": [1, 1], "given": given});
    // It may stand after the column that depends on it.
    let made = database(&json!({"t": table(600, &[sound, kind])}), &json!([])).unwrap();
    let (kinds, sounds) = (words(&column(&made, "t", "kind")), words(&column(&made, "t", "sound")));
    let of = |kind: &str, sound: &str| {
        kinds
            .iter()
            .zip(&sounds)
            .filter(|(a, b)| a.as_deref() == Some(kind) && b.as_deref() == Some(sound))
            .count()
    };
    assert_eq!((of("cat", "bark"), of("dog", "meow")), (0, 0));
    assert!(
        of("cat", "meow") > 100
            && of("dog", "bark") > 100
            && of("cow", "meow") > 50
            && of("cow", "bark") > 50
    );
}

#[test]
fn days_and_times_lie_between_their_ends() {
    let days = x(2000, json!({"type": "date", "start": "2024-02-27", "end": "2024-03-02"}));
    let mut seen = words(&days);
    seen.sort();
    seen.dedup();
    let expected = ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"];
    assert_eq!(seen.into_iter().flatten().collect::<Vec<_>>(), expected);
    let seconds = json!({"type": "datetime", "start": "2024-02-28T23:59:58", "end": "2024-02-29T00:00:01"});
    let mut seen = words(&x(200, seconds));
    seen.sort();
    seen.dedup();
    let expected =
        ["2024-02-28T23:59:58", "2024-02-28T23:59:59", "2024-02-29T00:00:00", "2024-02-29T00:00:01"];
    assert_eq!(seen.into_iter().flatten().collect::<Vec<_>>(), expected);
    // A trailing Z, and a day alone.
    let zulu = json!({"type": "datetime", "start": "2024-02-28T23:59:58Z", "end": "2024-02-28T23:59:58Z"});
    assert_eq!(words(&x(1, zulu))[0].as_deref(), Some("2024-02-28T23:59:58"));
    let far = json!({"type": "date", "start": "0001-01-01", "end": "9999-12-31"});
    about(&present(&x(ROWS, far)), (-719_162.0 + 2_932_896.0) / 2.0, "all days");
}

#[test]
fn instants_are_those_of_their_zone() {
    let spec = json!({"type": "datetime", "start": "2024-03-31T01:59:59", "end": "2024-03-31T03:00:00", "timezone": "Europe/Berlin"});
    let values = x(300, spec);
    assert_eq!(
        values.data_type(),
        &DataType::Timestamp(arrow_schema::TimeUnit::Microsecond, Some("Europe/Berlin".into()))
    );
    let mut seen = words(&values);
    seen.sort();
    seen.dedup();
    // The hour between is none of that day: a second before it, and the second after it.
    let seen: Vec<String> = seen.into_iter().flatten().collect();
    assert_eq!(seen, ["2024-03-31T01:59:59+01:00", "2024-03-31T03:00:00+02:00"]);
}

#[test]
fn values_are_missing_as_often_as_asked_for() {
    let missing = |spec: Json| -> Vec<f64> {
        let values = x(ROWS, spec);
        (0..values.len()).map(|at| f64::from(u8::from(values.is_null(at)))).collect()
    };
    for kind in ["integer", "date", "email", "boolean", "uuid"] {
        about(&missing(json!({"type": kind, "null_rate": 0.2})), 0.2, kind);
    }
    about(&missing(json!({"computed": "id + 1", "null_rate": 0.3})), 0.3, "computed");
    assert!(missing(json!({"type": "integer", "null_rate": 1.0})).iter().all(|missing| *missing == 1.0));
    assert!(missing(json!({"type": "integer", "null_rate": 0.0})).iter().all(|missing| *missing == 0.0));
}

#[test]
fn objects_have_fields_now_and_then() {
    let fields = json!([
        {"name": "sure", "type": "integer"},
        {"name": "maybe", "type": "integer", "probability": 0.3},
        {"name": "half", "type": "integer", "probability": 0.8, "null_rate": 0.5},
        {"name": "inner", "type": "object", "fields": [{"name": "deep", "type": "boolean"}]},
    ]);
    let values = x(ROWS, json!({"type": "object", "fields": fields}));
    let values = values.as_struct();
    let there = |name: &str| -> Vec<f64> {
        let field = values.column_by_name(name).unwrap();
        (0..field.len()).map(|at| f64::from(u8::from(field.is_valid(at)))).collect()
    };
    assert!(there("sure").iter().all(|there| *there == 1.0));
    about(&there("maybe"), 0.3, "probability");
    about(&there("half"), 0.4, "both");
    let inner = values.column_by_name("inner").unwrap().as_struct().column(0).clone();
    about(&present(&inner), 0.5, "an inner field");
}

#[test]
fn lists_have_lengths_and_items() {
    let item = json!({"name": "item", "type": "integer", "min": 1, "max": 3, "null_rate": 0.25});
    let values = x(ROWS, json!({"type": "array", "item": item, "min_length": 2, "max_length": 6}));
    let lists = values.as_list::<i32>();
    let lengths: Vec<f64> = (0..lists.len()).map(|at| f64::from(lists.value_length(at))).collect();
    assert!(lengths.iter().all(|length| (2.0..=6.0).contains(length)));
    about(&lengths, 4.0, "lengths");
    let items = lists.values();
    about(&present(items), 2.0, "items");
    let missing: Vec<f64> = (0..items.len()).map(|at| f64::from(u8::from(items.is_null(at)))).collect();
    about(&missing, 0.25, "missing items");
    // Items of unique lists are different in all rows.
    let item = json!({"name": "item", "type": "integer", "max": 5000, "constraints": {"unique": true}});
    let values = x(1000, json!({"type": "array", "item": item, "max_length": 5}));
    distinct(values.as_list::<i32>().values());
    let item =
        json!({"name": "item", "type": "array", "item": {"name": "item", "type": "date"}, "max_length": 2});
    let nested = x(50, json!({"type": "array", "item": item, "max_length": 2}));
    assert!(nested.as_list::<i32>().values().as_list::<i32>().values().len() > 20);
}

#[test]
fn words_of_a_place_belong_together() {
    let columns = ["city", "state"].map(|kind| json!({"name": kind, "type": kind, "locale": "de"}));
    let made = database(&json!({"t": table(300, &columns)}), &json!([])).unwrap();
    let of = |name: &str| words(&column(&made, "t", name));
    let mut states = std::collections::BTreeMap::new();
    for (city, state) in of("city").into_iter().zip(of("state")) {
        assert_eq!(states.entry(city).or_insert_with(|| state.clone()), &state);
    }
    assert!(states.len() > 5);
}

#[test]
fn computed_columns_see_those_they_name() {
    let columns = [
        named(json!({"computed": "y * 2 + id"})),
        json!({"name": "y", "computed": "float(id) / 2"}),
        json!({"name": "z", "computed": "'big' if x > 10 else 'small'"}),
    ];
    let made = database(&json!({"t": table(20, &columns)}), &json!([])).unwrap();
    let x = numbers(&column(&made, "t", "x"));
    assert!(x.iter().enumerate().all(|(at, x)| *x == Some(2.0 * (at + 1) as f64)));
    assert_eq!(words(&column(&made, "t", "z"))[4..6], [Some("small".to_owned()), Some("big".to_owned())]);
}

#[test]
fn rounding_stays_between_bounds() {
    for kind in ["float", "decimal"] {
        for law in [
            json!({}),
            json!({"distribution": "normal"}),
            json!({"distribution": "normal", "truncate": true}),
            json!({"distribution": "triangular", "mode": -0.44}),
        ] {
            let mut column = law.clone();
            column["type"] = kind.into();
            column["min"] = json!(-0.44);
            column["max"] = json!(0.96);
            column["round"] = json!(1);
            let values = present(&x(2000, column));
            let ends = values.iter().fold([f64::MAX, f64::MIN], |ends, x| [ends[0].min(*x), ends[1].max(*x)]);
            assert_eq!(ends, [-0.4, 0.9], "{kind} {law}");
        }
    }
}
