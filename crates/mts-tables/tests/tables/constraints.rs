//! A constraint holds in every row, or is refused: for every type and every constraint.

use std::collections::BTreeSet;

use arrow_array::{Array, ArrayRef};
use serde_json::{Value as Json, json};

use crate::{column, database, distinct, named, numbers, table, told, words, x};

const ROWS: u64 = 60;

/// A column of each type, with room for many values.
fn types() -> Vec<Json> {
    let field = json!({"name": "f", "type": "integer"});
    vec![
        json!({"type": "id"}),
        json!({"type": "id", "id_mode": "uuid"}),
        json!({"type": "integer", "min": 1, "max": 900}),
        json!({"type": "integer", "distribution": "poisson", "lambda": 30}),
        json!({"type": "float", "min": 1, "max": 900}),
        json!({"type": "float", "distribution": "normal", "mean": 30, "std": 20}),
        json!({"type": "decimal", "min": 1, "max": 90}),
        json!({"type": "categorical", "categories": ["S0", "S1", "b"]}),
        json!({"type": "categorical", "categories": (1..80).collect::<Vec<u32>>()}),
        json!({"type": "boolean"}),
        json!({"type": "date"}),
        json!({"type": "datetime"}),
        json!({"type": "string"}),
        json!({"type": "string", "prefix": "S"}),
        json!({"type": "string_pattern", "prefix": "S", "width": 4}),
        json!({"type": "constant", "value": 7}),
        json!({"type": "constant", "value": "S1"}),
        json!({"type": "constant", "value": null}),
        json!({"type": "object", "fields": [field]}),
        json!({"type": "array", "item": field}),
        json!({"type": "email"}),
        json!({"type": "name"}),
        json!({"type": "uuid"}),
        json!({"computed": "id * 3"}),
        json!({"computed": "None if id > 5 else 3"}),
    ]
}

fn constraints() -> Vec<Json> {
    vec![
        json!({"not_null": true}),
        json!({"unique": true}),
        json!({"unique": true, "monotonic_increasing": true}),
        json!({"monotonic_increasing": true}),
        json!({"min": 5}),
        json!({"min": 1000}),
        json!({"max": 40}),
        json!({"max": -1}),
        json!({"min": 5.5, "max": 40.5}),
        json!({"pattern": "S.*"}),
        json!({"pattern": "[0-9a-f-]{36}"}),
        json!({"pattern": "[a-c]{3}"}),
        json!({"allowed_values": [7, 9, "S1", true]}),
        json!({"allowed": [7, 11, "b", false, 1]}),
        json!({"allowed_values": [7, 9, "S1"], "allowed": [9, "S1", 12]}),
        json!({"allowed": []}),
    ]
}

/// Whether every row keeps to `constraints`.
fn hold(values: &ArrayRef, constraints: &Json) -> bool {
    let texts: Vec<String> = words(values).into_iter().flatten().collect();
    let is_number = constraints.get("min").is_some() || constraints.get("max").is_some();
    let within = !is_number || {
        let (min, max) = (constraints["min"].as_f64(), constraints["max"].as_f64());
        let kept = |value: f64| min.is_none_or(|min| value >= min) && max.is_none_or(|max| value <= max);
        numbers(values).into_iter().flatten().all(kept)
    };
    let rising = constraints["monotonic_increasing"] != true || {
        let rises = |pair: &[String]| match pair[0].parse::<f64>() {
            Ok(_) => pair[0].parse::<f64>().unwrap() <= pair[1].parse::<f64>().unwrap(),
            Err(_) => pair[0] <= pair[1],
        };
        texts.windows(2).all(rises)
    };
    let unique = constraints["unique"] != true || texts.iter().collect::<BTreeSet<_>>().len() == texts.len();
    let matching = constraints.get("pattern").is_none_or(|pattern| {
        let whole = regex::Regex::new(&format!("^(?:{})$", pattern.as_str().unwrap())).unwrap();
        texts.iter().all(|text| whole.is_match(text))
    });
    let listed = ["allowed_values", "allowed"].iter().filter_map(|key| constraints.get(*key)).all(|list| {
        let list: Vec<String> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().map_or(one.to_string(), str::to_owned))
            .collect();
        texts.iter().all(|text| list.contains(text))
    });
    let there = constraints["not_null"] != true || values.null_count() == 0;
    within && rising && unique && matching && listed && there
}

#[test]
fn every_constraint_holds_or_is_refused() {
    let mut promised = 0;
    for kind in types() {
        for constraints in constraints() {
            let mut column = named(kind.clone());
            column["constraints"] = constraints.clone();
            let Ok(made) = database(&json!({"t": table(ROWS, &[column])}), &json!([])) else { continue };
            let values = made.rows(0, 0..ROWS).records.column(1).clone();
            let is_one = !values.data_type().is_nested();
            assert!(!is_one || hold(&values, &constraints), "{kind} {constraints}: {:?}", words(&values));
            // Only what says nothing of single values is promised for others.
            assert!(is_one || constraints["not_null"] == true, "{kind} {constraints}");
            promised += 1;
        }
    }
    assert!(promised > 80, "{promised}");
}

#[test]
fn most_constraints_can_be_promised() {
    let made = |column: Json| x(ROWS, column);
    distinct(&made(json!({"type": "integer", "min": 1, "max": 60, "constraints": {"unique": true}})));
    distinct(&made(json!({"type": "email", "constraints": {"unique": true}})));
    distinct(&made(
        json!({"type": "date", "start": "2024-01-01", "end": "2024-02-29", "constraints": {"unique": true}}),
    ));
    distinct(&made(json!({"type": "string", "constraints": {"unique": true, "pattern": "[A-H]{2}"}})));
    distinct(&made(json!({"type": "string", "constraints": {"unique": true, "pattern": "[a-z]{30}"}})));
    let all: Vec<u32> = (0..60).collect();
    distinct(&made(json!({"type": "categorical", "categories": all, "constraints": {"unique": true}})));
    for kind in ["integer", "date", "datetime"] {
        let rising = made(json!({"type": kind, "constraints": {"monotonic_increasing": true}}));
        assert!(numbers(&rising).windows(2).all(|pair| pair[0] <= pair[1]), "{kind}");
    }
    let narrow =
        json!({"type": "integer", "min": 1, "max": 3, "constraints": {"monotonic_increasing": true}});
    let narrow = numbers(&made(narrow));
    assert!(
        narrow.windows(2).all(|pair| pair[0] <= pair[1]) && narrow[0] == Some(1.0) && narrow[59] == Some(3.0)
    );
    let exact = json!({"type": "integer", "min": 1, "max": 60, "constraints": {"unique": true, "monotonic_increasing": true}});
    assert!(numbers(&made(exact)).into_iter().eq((1..=60).map(|value| Some(f64::from(value)))));
    let listed =
        made(json!({"type": "integer", "max": 9, "constraints": {"allowed": [3, 5.0, 40, 7.5, "x"]}}));
    assert_eq!(
        numbers(&listed).into_iter().map(|value| value.unwrap() as u8).collect::<BTreeSet<_>>(),
        BTreeSet::from([3, 5])
    );
}

/// What is known of other columns is known of what is computed from them, over tables as within one.
#[test]
fn bounds_of_expressions_are_followed() {
    let shops = table(9, &[json!({"name": "fee", "type": "float", "min": 1, "max": 3})]);
    let orders = table(
        50,
        &[
            json!({"name": "shop", "type": "integer"}),
            json!({"name": "fee", "type": "constant", "value": 0}),
            json!({"name": "pieces", "type": "integer", "distribution": "poisson", "lambda": 9, "min": 1, "max": 20}),
            json!({"name": "sum", "computed": "round(pieces * fee, 2)", "constraints": {"min": 1, "max": 60, "not_null": true}}),
            json!({"name": "share", "computed": "sum / 60", "constraints": {"max": 1}}),
            json!({"name": "kept", "computed": "clip(normal(0, 1), -0.5, 0.5)", "constraints": {"min": -0.5, "max": 0.5}}),
        ],
    );
    let link = json!([{"parent_table": "shops", "parent_key": "id", "child_table": "orders", "child_key": "shop", "lookup_columns": {"fee": "fee"}}]);
    let made = database(&json!({"shops": shops, "orders": orders}), &link).map_err(|wrong| told(&wrong));
    let records = made.unwrap().rows(0, 0..50).records;
    let sums = numbers(records.column_by_name("sum").unwrap());
    assert!(sums.into_iter().all(|sum| (1.0..=60.0).contains(&sum.unwrap())));
}

/// Gaps between draws that were sorted vary as much as those of arrivals do: the variance is the square of the mean,
/// and less where none may repeat.
#[test]
fn rising_values_are_draws_in_order() {
    let rows = 20_000;
    for (least, greatest, constraints, expected) in [
        (0, 99_999, json!({"monotonic_increasing": true}), 1.0),
        (0, 99_999, json!({"monotonic_increasing": true, "unique": true}), 0.8),
        (-(1_i64 << 40), 1 << 40, json!({"monotonic_increasing": true}), 1.0),
        (i64::MIN, i64::MAX, json!({"monotonic_increasing": true, "unique": true}), 1.0),
    ] {
        let column =
            json!({"type": "integer", "min": least, "max": greatest, "constraints": constraints.clone()});
        let values = numbers(&x(rows, column));
        let gaps: Vec<f64> = values.windows(2).map(|pair| pair[1].unwrap() - pair[0].unwrap()).collect();
        assert!(gaps.iter().all(|gap| *gap >= 0.0));
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let variance = gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum::<f64>() / gaps.len() as f64;
        let ratio = variance / (mean * mean);
        assert!((ratio / expected - 1.0).abs() < 0.08, "{constraints}: {ratio}, not {expected}");
        assert!((mean * rows as f64 / (greatest as f64 - least as f64) - 1.0).abs() < 0.01, "{mean}");
    }
}

#[test]
fn huge_domains_are_drawn_from_everywhere() {
    let bounds = json!({"type": "integer", "min": i64::MIN, "max": i64::MAX});
    for constraints in [json!({}), json!({"unique": true}), json!({"monotonic_increasing": true})] {
        let mut column = bounds.clone();
        column["constraints"] = constraints;
        let values = numbers(&x(ROWS, column));
        let low = values.iter().filter(|value| value.unwrap() < 0.0).count();
        assert!((10..50).contains(&low), "{values:?}");
    }
}

#[test]
fn keys_of_several_columns_do_not_repeat() {
    let columns = json!([
        {"name": "shop", "type": "integer", "max": 3, "constraints": {"primary_key": true}},
        {"name": "number", "type": "id", "constraints": {"primary_key": true}},
    ]);
    let made = database(&json!({"t": {"rows": 50, "columns": columns}}), &json!([])).unwrap();
    assert_eq!(made.tables()[0].relation().primary_key, [0, 1]);
    distinct(&column(&made, "t", "number"));
    let loose = json!([
        {"name": "shop", "type": "integer", "constraints": {"primary_key": true}},
        {"name": "number", "type": "integer", "constraints": {"primary_key": true}},
    ]);
    let wrong = database(&json!({"t": {"rows": 50, "columns": loose}}), &json!([])).err().unwrap();
    assert!(told(&wrong).contains("shop, number are a key together, and nothing keeps them from repeating"));
}
