//! What is spoilt, and that the ledger tells all of it.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use mts_tables::{Database, Profile};
use serde_json::{Value as Json, json};

use crate::{about, column, database, seeded, table, words};

const ROWS: u64 = 3000;

/// Parents and children with `corruption` of either.
fn family(parents: &Json, children: &Json) -> (Json, Json) {
    let mut a = table(
        300,
        &[
            json!({"name": "v", "type": "integer", "min": 1, "max": 900, "constraints": {"unique": true}}),
            json!({"name": "d", "type": "decimal", "precision": 4, "min": 1, "max": 99}),
        ],
    );
    let mut b = table(
        ROWS,
        &[
            json!({"name": "a_id", "type": "integer"}),
            json!({"name": "n", "type": "integer", "min": 1}),
            json!({"name": "f", "type": "float", "min": 1, "max": 2}),
            json!({"name": "sure", "type": "name", "constraints": {"not_null": true}}),
            json!({"name": "when", "type": "datetime", "null_rate": 0.1}),
        ],
    );
    a["corruption"] = parents.clone();
    b["corruption"] = children.clone();
    let link = json!([{"parent_table": "a", "parent_key": "id", "child_table": "b", "child_key": "a_id"}]);
    (json!({"a": a, "b": b}), link)
}

fn made(parents: Json, children: Json, profile: Profile) -> Database {
    let (tables, links) = family(&parents, &children);
    seeded(&tables, &links, 42, profile).unwrap()
}

fn shown(array: &ArrayRef) -> Vec<Option<String>> {
    words(array)
}

/// Every cell that differs from the clean one is in the ledger, and nothing else is.
fn is_told(dirty: &Database) {
    let clean = made(json!({}), json!({}), Profile::Clean);
    for (at, table) in dirty.tables().iter().enumerate() {
        let before = clean.rows(at, 0..clean.tables()[at].rows()).records;
        let after = dirty.rows(at, 0..table.rows());
        let mut changes = BTreeMap::new();
        let mut copies = BTreeMap::new();
        for change in &after.changes {
            match change.column {
                // What is changed twice is told with what it was, and what it is.
                Some(column) => {
                    let known = changes.entry((change.row, column)).or_insert((change.before.clone(), None));
                    known.1.clone_from(&change.after);
                }
                None => copies.extend([(change.row, change.after.clone().unwrap().parse::<u64>().unwrap())]),
            }
        }
        for column in 0..before.num_columns() {
            let (old, new) = (shown(before.column(column)), shown(after.records.column(column)));
            for row in 0..before.num_rows() as u64 {
                let (old, new) = (&old[row as usize], &new[row as usize]);
                match changes.get(&(row, column)) {
                    None => assert_eq!(old, new, "row {row}, column {column}"),
                    Some((from, to)) => {
                        assert_eq!((old, new), (from, to), "row {row}, column {column}");
                        assert!(old != new);
                    }
                }
            }
            for (copy, source) in &copies {
                assert_eq!(new[*copy as usize], new[*source as usize]);
            }
        }
        assert_eq!(copies.len() as u64, table.rows() - before.num_rows() as u64);
        assert!(copies.keys().all(|row| *row >= before.num_rows() as u64));
    }
}

#[test]
fn the_ledger_tells_every_change() {
    let all = json!({
        "missing_rate": 0.05, "outlier_rate": 0.2, "duplicate_rate": 0.01,
        "missing_by_column": {"when": 0.3}, "type_noise": {"n": {"rate": 0.2}, "a_id": {"rate": 0.1, "value": "?"}},
    });
    is_told(&made(
        json!({"missing_rate": 0.3, "outlier_rate": 1.0, "duplicate_rate": 0.5}),
        all,
        Profile::Document,
    ));
    is_told(&made(json!({}), json!({}), Profile::Dirty));
    is_told(&made(json!({}), json!({}), Profile::Realistic));
}

#[test]
fn rates_are_those_asked_for() {
    let made = made(
        json!({}),
        json!({"missing_rate": 0.1, "outlier_rate": 0.2, "duplicate_rate": 0.05, "type_noise": {"f": {"rate": 0.3}}}),
        Profile::Document,
    );
    assert_eq!(made.tables()[1].rows(), ROWS + ROWS / 20);
    let changes = made.rows(1, 0..ROWS).changes;
    let of = |kind: &str, column: Option<usize>| -> Vec<f64> {
        let mut hit = vec![0.0; ROWS as usize];
        let found = changes
            .iter()
            .filter(|change| change.kind == kind && (column.is_none() || change.column == column));
        found.for_each(|change| hit[change.row as usize] = 1.0);
        hit
    };
    about(&of("missing", Some(2)), 0.1, "missing");
    // Where one of two numbers is missing, the other grows.
    about(&of("outlier", None), 0.2 * 0.99, "outliers");
    about(&of("type_noise", Some(3)), 0.3 * 0.9, "noise");
    // Keys and what may not be missing are spared.
    for spared in [0, 1, 4] {
        assert!(of("missing", Some(spared)).iter().all(|hit| *hit == 0.0));
    }
    let grown = changes.iter().filter(|change| change.kind == "outlier");
    for change in grown {
        let number = |text: &Option<String>| text.as_ref().unwrap().parse::<f64>().unwrap();
        let factor = number(&change.after) / number(&change.before);
        assert!((3.4..=10.6).contains(&factor), "{change:?}");
    }
}

/// Nothing that is said to be spoilt is as it was, what has parts is told whole, and numbers stay numbers.
#[test]
fn what_is_told_can_be_undone() {
    let fields = json!([{"name": "f", "type": "integer"}, {"name": "g", "type": "date", "probability": 0.5}]);
    let columns = [
        json!({"name": "o", "type": "object", "fields": fields}),
        json!({"name": "l", "type": "array", "item": {"type": "word"}}),
        json!({"name": "zeros", "type": "categorical", "categories": [0, 5], "weights": [0.9, 0.1]}),
        json!({"name": "huge", "type": "float", "min": 1e308, "max": 1.7e308}),
        json!({"name": "sure", "type": "integer", "min": 1, "constraints": {"not_null": true}}),
    ];
    let mut t = table(500, &columns);
    t["corruption"] = json!({"outlier_rate": 0.8, "missing_by_column": {"o": 0.3, "l": 0.3}});
    let (dirty, clean) = (json!({"t": t.clone()}), seeded(&json!({"t": t}), &json!([]), 42, Profile::Clean));
    let made = database(&dirty, &json!([])).unwrap().rows(0, 0..500);
    let clean = clean.unwrap().rows(0, 0..500).records;
    let (mut parts, mut numbers) = (0, 0);
    for change in &made.changes {
        assert_ne!(change.before, change.after);
        let (column, row) = (change.column.unwrap(), change.row as usize);
        match change.kind {
            "missing" => {
                let before: Json = serde_json::from_str(change.before.as_ref().unwrap()).unwrap();
                let list = clean.column(2).as_list::<i32>();
                match before {
                    Json::Object(object) => {
                        let first = clean.column(1).as_struct().column(0).as_primitive::<Int64Type>();
                        assert_eq!(object["f"], first.value(row));
                    }
                    before => assert_eq!(before.as_array().unwrap().len(), list.value(row).len()),
                }
                parts += 1;
            }
            _ => {
                assert!(column == 3 || column == 4, "{change:?}");
                numbers += 1;
            }
        }
    }
    assert!(parts > 200 && numbers > 300, "{parts} {numbers}");
    let huge = made.records.column(4).as_primitive::<Float64Type>();
    assert!(huge.values().iter().all(|value| value.is_finite()));
}

#[test]
fn what_is_unique_stays_so_where_numbers_grow() {
    let made = made(json!({"outlier_rate": 1.0}), json!({}), Profile::Document);
    crate::distinct(&column(&made, "a", "v"));
    // A decimal has no more digits than before.
    let decimals = words(&column(&made, "a", "d"));
    assert!(decimals.iter().flatten().all(|text| text.len() <= 5), "{decimals:?}");
    assert!(decimals.iter().flatten().any(|text| text == "99.99"));
}

#[test]
fn keys_that_are_spoilt_are_told_as_none() {
    let keys = |made: &Database| {
        let relation = |at: usize| made.tables()[at].relation();
        let consequences: Vec<String> = made.tables().iter().flat_map(|table| table.consequences()).collect();
        (
            relation(0).primary_key.len(),
            relation(1).primary_key.len(),
            relation(1).foreign_keys.len(),
            consequences.join("; "),
        )
    };
    let noise = |column: &str| json!({"type_noise": {column: {"rate": 0.5}}});
    let none = json!({});
    assert_eq!(keys(&made(none.clone(), none.clone(), Profile::Document)), (1, 1, 1, String::new()));
    let broken = "no foreign key to a: what is spoilt breaks it";
    let gone = |why: &str| format!("id is not the primary key any more: {why}");
    let copied = "some rows are copies";
    let copied_twice = format!("{}; v is not unique any more: {copied}", gone(copied));
    for (parents, children, expected) in [
        (json!({"duplicate_rate": 0.5}), none.clone(), (0, 1, 0, format!("{copied_twice}; {broken}"))),
        (
            noise("id"),
            none.clone(),
            (
                0,
                1,
                0,
                format!(
                    "id becomes text: some of its values are; {}; {broken}",
                    gone("text between its values repeats")
                ),
            ),
        ),
        (
            json!({"missing_by_column": {"id": 0.5}}),
            none.clone(),
            (0, 1, 0, format!("{}; {broken}", gone("some of its values go missing"))),
        ),
        (
            none.clone(),
            noise("a_id"),
            (1, 1, 0, format!("a_id becomes text: some of its values are; {broken}")),
        ),
        (none.clone(), json!({"missing_by_column": {"a_id": 0.5}}), (1, 1, 1, String::new())),
        (none.clone(), json!({"duplicate_rate": 0.1}), (1, 0, 1, gone(copied))),
    ] {
        assert_eq!(keys(&made(parents, children, Profile::Document)), expected);
    }
}

#[test]
fn columns_that_are_not_there_cannot_be_spoilt() {
    let (tables, links) =
        family(&json!({}), &json!({"missing_by_column": {"m": 0.1}, "type_noise": {"whem": {"rate": 0.1}}}));
    let wrong = crate::told(&database(&tables, &links).err().unwrap());
    assert!(wrong.contains("tables.b.corruption.missing_by_column.m: b has no column \"m\""), "{wrong}");
    assert!(
        wrong.contains(
            "tables.b.corruption.type_noise.whem: b has no column \"whem\"\n  hint: did you mean `when`?"
        ),
        "{wrong}"
    );
}

#[test]
fn nothing_of_nothing_is_spoilt() {
    let mut empty = table(0, &[json!({"name": "n", "type": "email", "constraints": {"unique": true}})]);
    empty["corruption"] = json!({"missing_rate": 1.0, "outlier_rate": 1.0, "duplicate_rate": 1.0, "type_noise": {"n": {"rate": 1.0}}});
    let made = database(&json!({"t": empty}), &json!([])).unwrap();
    assert_eq!(made.tables()[0].rows(), 0);
    assert_eq!(column(&made, "t", "n").len(), 0);
}
