//! Which rows refer to which: bounds, laws, orders, lookups, circles, forests.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::Array;
use mts_tables::{Database, Finding};
use serde_json::{Value as Json, json};

use crate::{about, column, database, numbers, table, told, words};

/// Children `b` of parents `a`, with more said of the relationship.
fn family(parents: u64, children: u64, more: &Json) -> Result<Database, Vec<Finding>> {
    let tables = json!({
        "a": table(parents, &[json!({"name": "label", "type": "uuid"}), json!({"name": "n", "type": "integer"})]),
        "b": table(children, &[
            json!({"name": "a_id", "type": "integer"}),
            json!({"name": "label", "type": "string"}),
        ]),
    });
    let mut link = json!({"parent_table": "a", "parent_key": "id", "child_table": "b", "child_key": "a_id", "lookup_columns": {"label": "label"}});
    for (key, value) in more.as_object().unwrap() {
        link[key] = value.clone();
    }
    database(&tables, &json!([link]))
}

/// How many children each parent has.
fn counts(made: &Database, parents: u64) -> Vec<u64> {
    let mut counts = vec![0; parents as usize];
    for id in numbers(&column(made, "b", "a_id")).into_iter().flatten() {
        counts[id as usize - 1] += 1;
    }
    counts
}

#[test]
fn children_keep_bounds_and_exist() {
    for (min, max) in [(0, 12), (1, 6), (3, 5), (4, 4)] {
        let made = family(100, 400, &json!({"min_children": min, "max_children": max})).unwrap();
        let counts = counts(&made, 100);
        assert!(counts.iter().all(|count| (min..=max).contains(count)), "{min} to {max}: {counts:?}");
        assert_eq!(counts.iter().sum::<u64>(), 400);
        // Looked-up columns are those of the parent.
        let (labels, ids) = (words(&column(&made, "a", "label")), numbers(&column(&made, "b", "a_id")));
        for (label, id) in words(&column(&made, "b", "label")).into_iter().zip(ids) {
            assert_eq!(label, labels[id.unwrap() as usize - 1]);
        }
    }
}

#[test]
fn laws_of_counts_have_their_means_and_shapes() {
    let of = |law: Json| {
        counts(&family(1000, 4000, &json!({"children": law, "max_children": 400})).unwrap(), 1000)
    };
    let fixed = of(json!({"law": "fixed"}));
    assert!(fixed.iter().all(|count| *count == 4));
    let most = |counts: &[u64]| *counts.iter().max().unwrap();
    let poisson = of(json!({"law": "poisson", "lambda": 4}));
    let squares: Vec<f64> =
        poisson.iter().map(|count| (*count as f64 - 4.0) * (*count as f64 - 4.0)).collect();
    about(&squares, 4.0, "the variance of poisson");
    let zipf = of(json!({"law": "zipf", "exponent": 1.8}));
    assert!(most(&zipf) > 2 * most(&poisson), "{} {}", most(&zipf), most(&poisson));
    let geometric = of(json!({"law": "geometric", "p": 0.2}));
    assert!(most(&geometric) > most(&poisson));
    let uniform = counts(
        &family(1000, 4000, &json!({"children": {"law": "uniform"}, "max_children": 8})).unwrap(),
        1000,
    );
    let squares: Vec<f64> =
        uniform.iter().map(|count| (*count as f64 - 4.0) * (*count as f64 - 4.0)).collect();
    about(&squares, 60.0 / 9.0, "the variance of nine numbers");
}

#[test]
fn children_are_grouped_or_mixed() {
    let ids = |order: &str| {
        let made = family(100, 400, &json!({"order": order})).unwrap();
        numbers(&column(&made, "b", "a_id")).into_iter().map(Option::unwrap).collect::<Vec<f64>>()
    };
    assert!(ids("grouped").is_sorted());
    let mixed = ids("shuffled");
    let falls = mixed.windows(2).filter(|pair| pair[0] > pair[1]).count();
    assert!((150..250).contains(&falls), "{falls}");
    let mut sorted = mixed;
    sorted.sort_by(f64::total_cmp);
    assert_eq!(sorted, ids("grouped"));
}

#[test]
fn some_children_have_no_parent() {
    let made = family(10, 400, &json!({"null_rate": 0.25})).unwrap();
    let (keys, labels) = (column(&made, "b", "a_id"), column(&made, "b", "label"));
    assert_eq!(keys.null_count(), 100);
    assert!((0..400).all(|row| keys.is_null(row) == labels.is_null(row)));
    let made = family(0, 40, &json!({"null_rate": 1.0})).unwrap();
    assert_eq!(column(&made, "b", "a_id").null_count(), 40);
    assert!(family(0, 0, &json!({})).is_ok() && family(5, 0, &json!({})).is_ok());
}

#[test]
fn what_bounds_forbid_is_told_with_its_numbers() {
    let wrong = |parents, children, more: Json| told(&family(parents, children, &more).err().unwrap());
    for (parents, children, more, words) in [
        (12, 40, json!({"max_children": 3}), "12 parents × at most 3 children = 36 < 40 rows"),
        (12, 40, json!({"min_children": 4}), "12 parents × at least 4 children = 48 > 40 rows"),
        (12, 40, json!({"min_children": 4, "max_children": 2}), "at least 4 > at most 2 children"),
    ] {
        assert_eq!(wrong(parents, children, more), format!("relationships[0]: a → b: {words}"));
    }
    assert!(wrong(0, 40, json!({})).starts_with("relationships[0]: a → b: "));
}

#[test]
fn lookups_go_through_two_levels() {
    let tables = json!({
        // Children stand before parents: the order of the document is free.
        "c": table(300, &[json!({"name": "b", "type": "string"}), json!({"name": "top", "type": "string"}), json!({"name": "next", "computed": "add_days(top, 1)"})]),
        "b": {"rows": 60, "columns": [
            {"name": "code", "type": "id", "id_mode": "uuid", "constraints": {"primary_key": true}},
            {"name": "a", "type": "string"}, {"name": "middle", "type": "date"},
        ]},
        "a": table(20, &[json!({"name": "day", "type": "date", "null_rate": 0.2})]),
    });
    let links = json!([
        {"parent_table": "b", "parent_key": "code", "child_table": "c", "child_key": "b", "lookup_columns": {"middle": "top"}},
        {"parent_table": "a", "parent_key": "id", "child_table": "b", "child_key": "a", "lookup_columns": {"day": "middle"}},
    ]);
    let mut tables = tables;
    tables["c"]["columns"][3] = json!({"name": "next", "computed": "year(top)"});
    let made = database(&tables, &links).map_err(|wrong| told(&wrong)).unwrap();
    let days = words(&column(&made, "a", "day"));
    let of_b: BTreeMap<_, _> = words(&column(&made, "b", "code"))
        .into_iter()
        .zip(numbers(&column(&made, "b", "a")).into_iter().map(|id| days[id.unwrap() as usize - 1].clone()))
        .collect();
    let (keys, tops) = (words(&column(&made, "c", "b")), words(&column(&made, "c", "top")));
    assert!(tops.iter().any(Option::is_none) && tops.iter().any(Option::is_some));
    for ((key, top), year) in keys.iter().zip(&tops).zip(words(&column(&made, "c", "next"))) {
        assert_eq!(&of_b[key], top);
        assert_eq!(top.as_ref().map(|day| day[..4].to_owned()), year);
    }
}

#[test]
fn two_parents_meet_once() {
    let tables = json!({
        "student": table(60, &[]),
        "course": table(12, &[]),
        "enrolment": {"rows": 240, "columns": [
            {"name": "student", "type": "integer", "constraints": {"primary_key": true}},
            {"name": "course", "type": "integer", "constraints": {"primary_key": true}},
        ]},
    });
    let links = json!([
        {"parent_table": "student", "parent_key": "id", "child_table": "enrolment", "child_key": "student", "min_children": 1, "max_children": 7},
        {"parent_table": "course", "parent_key": "id", "child_table": "enrolment", "child_key": "course"},
    ]);
    let made = database(&tables, &links).unwrap();
    let of = |name: &str| numbers(&column(&made, "enrolment", name)).into_iter().map(|id| id.unwrap() as u64);
    let pairs: BTreeSet<(u64, u64)> = of("student").zip(of("course")).collect();
    assert_eq!(pairs.len(), 240);
    assert!(of("course").all(|id| (1..=12).contains(&id)));
    let each = |student| pairs.iter().filter(|pair| pair.0 == student).count();
    assert!((1..=60).all(|student| (1..=7).contains(&each(student))));
}

#[test]
fn keys_of_several_columns_are_referred_to_together() {
    let tables = json!({
        "a": {"rows": 30, "columns": [
            {"name": "region", "type": "categorical", "categories": ["n", "s"], "constraints": {"primary_key": true}},
            {"name": "number", "type": "id", "constraints": {"primary_key": true}},
        ]},
        "b": table(90, &[json!({"name": "r", "type": "string"}), json!({"name": "n", "type": "integer"})]),
    });
    let link = |parent: Json, child: Json| json!([{"parent_table": "a", "parent_key": parent, "child_table": "b", "child_key": child}]);
    let made = database(&tables, &link(json!(["region", "number"]), json!(["r", "n"]))).unwrap();
    let pairs = |table: &str, one: &str, two: &str| -> BTreeSet<_> {
        words(&column(&made, table, one)).into_iter().zip(words(&column(&made, table, two))).collect()
    };
    assert!(pairs("b", "r", "n").is_subset(&pairs("a", "region", "number")));
    // A part of a key is none.
    let wrong = database(&tables, &link(json!("number"), json!("n"))).err().unwrap();
    assert!(told(&wrong).starts_with("relationships[0].parent_key: number is no key: values may repeat"));
}

#[test]
fn a_child_may_be_the_only_one() {
    let mut tables = json!({
        "a": table(40, &[]),
        "b": table(25, &[json!({"name": "a_id", "type": "integer", "constraints": {"unique": true}})]),
    });
    let link = json!([{"parent_table": "a", "parent_key": "id", "child_table": "b", "child_key": "a_id"}]);
    crate::distinct(&column(&database(&tables, &link).unwrap(), "b", "a_id"));
    tables["b"]["rows"] = 41.into();
    let wrong = told(&database(&tables, &link).err().unwrap());
    assert_eq!(wrong, "relationships[0]: a → b: 40 parents × at most 1 children = 40 < 41 rows");
    // It may be the primary key too.
    let mut tables = json!({
        "a": table(40, &[]),
        "b": {"rows": 40, "columns": [{"name": "a_id", "type": "integer", "constraints": {"primary_key": true}}]},
    });
    crate::distinct(&column(&database(&tables, &link).unwrap(), "b", "a_id"));
    tables["b"]["rows"] = 39.into();
    crate::distinct(&column(&database(&tables, &link).unwrap(), "b", "a_id"));
}

#[test]
fn rows_of_a_table_may_refer_to_rows_before_them() {
    let tables = json!({"staff": table(500, &[json!({"name": "boss", "type": "integer"}), json!({"name": "name", "type": "name"}), json!({"name": "boss_name", "type": "string"})])});
    let link = json!([{"parent_table": "staff", "parent_key": "id", "child_table": "staff", "child_key": "boss", "null_rate": 0.02, "max_children": 5, "lookup_columns": {"name": "boss_name"}}]);
    let made = database(&tables, &link).unwrap();
    let (names, boss_names) =
        (words(&column(&made, "staff", "name")), words(&column(&made, "staff", "boss_name")));
    let mut reports = vec![0; 500];
    let mut roots = 0;
    for (row, boss) in numbers(&column(&made, "staff", "boss")).into_iter().enumerate() {
        match boss {
            None => {
                roots += 1;
                assert_eq!(boss_names[row], None);
            }
            Some(boss) => {
                let boss = boss as usize - 1;
                assert!(boss < row, "row {row} refers to {boss}");
                assert_eq!(boss_names[row], names[boss]);
                reports[boss] += 1;
            }
        }
    }
    assert!((1..40).contains(&roots), "{roots}");
    assert!(reports.iter().all(|count| *count <= 5));
}

#[test]
fn a_circle_needs_an_edge_that_may_be_null() {
    let tables = json!({
        "a": table(30, &[json!({"name": "b_id", "type": "integer"})]),
        "b": table(50, &[json!({"name": "a_id", "type": "integer"})]),
    });
    let link = |one: &str, other: &str, rate: f64| json!({"parent_table": one, "parent_key": "id", "child_table": other, "child_key": format!("{one}_id"), "null_rate": rate});
    let made = database(&tables, &json!([link("a", "b", 0.0), link("b", "a", 0.5)])).unwrap();
    assert_eq!(made.parents_first(), [0, 1]);
    assert_eq!(column(&made, "a", "b_id").null_count(), 15);
    assert!(numbers(&column(&made, "b", "a_id")).into_iter().all(|id| (1.0..=30.0).contains(&id.unwrap())));
    let wrong = told(&database(&tables, &json!([link("a", "b", 0.0), link("b", "a", 0.0)])).err().unwrap());
    assert_eq!(
        wrong,
        "relationships[0]: a, b refer to each other in a circle\n  hint: let one of the references be null sometimes: `null_rate: 0.1`"
    );
}
