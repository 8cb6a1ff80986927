//! A value depends on its seed, table, column and row, and on nothing else.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_select::concat::concat_batches;
use arrow_select::take::take_record_batch;
use mts_tables::{Database, Profile};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::{column, database, seeded, table, words, x};

/// Two tables with something of everything.
fn shop(parents: u64, children: u64) -> (Json, Json) {
    let item = json!({"name": "item", "type": "date", "null_rate": 0.2});
    let fields = json!([{"name": "f", "type": "email", "probability": 0.5}, {"name": "l", "type": "array", "item": item}]);
    let given = json!({"column": "flag", "weights": {"true": [1, 0]}});
    let columns = [
        json!({"name": "code", "type": "string", "constraints": {"pattern": "[A-Z]{4}", "unique": true}}),
        json!({"name": "price", "type": "float", "distribution": "gamma", "shape": 3, "null_rate": 0.1}),
        json!({"name": "exact", "type": "decimal", "precision": 8, "max": 50}),
        json!({"name": "flag", "type": "boolean"}),
        json!({"name": "class", "type": "categorical", "categories": ["a", "b"], "given": given}),
        json!({"name": "since", "type": "date", "constraints": {"monotonic_increasing": true}}),
        json!({"name": "parts", "type": "object", "fields": fields}),
        json!({"name": "spent", "computed": "coalesce(price, 0) + normal(0, 1)"}),
    ];
    let orders = [
        json!({"name": "shop", "type": "string"}),
        json!({"name": "price", "type": "float"}),
        json!({"name": "first", "type": "integer"}),
        json!({"name": "paid", "computed": "price if price is not None else -1.0"}),
        json!({"name": "at", "type": "datetime", "timezone": "Asia/Tokyo"}),
        json!({"name": "who", "type": "name"}),
    ];
    let mut orders = table(children, &orders);
    orders["corruption"] = json!({
        "missing_rate": 0.05, "outlier_rate": 0.1, "duplicate_rate": 0.08,
        "missing_by_column": {"who": 0.3}, "type_noise": {"paid": {"rate": 0.2, "value": "n/a"}},
    });
    let relationships = json!([
        {"parent_table": "shops", "parent_key": "code", "child_table": "orders", "child_key": "shop", "min_children": 1, "max_children": 9, "lookup_columns": {"price": "price"}},
        {"parent_table": "orders", "parent_key": "id", "child_table": "orders", "child_key": "first", "null_rate": 0.3, "max_children": 4},
    ]);
    (json!({"shops": table(parents, &columns), "orders": orders}), relationships)
}

fn whole(database: &Database, table: usize) -> RecordBatch {
    database.rows(table, 0..database.tables()[table].rows()).records
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_rows_are_those_of_the_whole(
        cuts in prop::collection::vec(0.0..=1.0, 2..6),
        listed in prop::collection::vec(0.0..1.0, 0..40),
        seed: u64,
    ) {
        let (tables, relationships) = shop(40, 170);
        let make = || seeded(&tables, &relationships, seed, Profile::Document).unwrap();
        let made = make();
        for table in 0..2 {
            let rows = made.tables()[table].rows();
            let all = made.rows(table, 0..rows);
            let mut ends: Vec<u64> = cuts.iter().map(|cut| (cut * rows as f64) as u64).collect();
            ends.extend([0, rows]);
            ends.sort_unstable();
            // From the end to the beginning, and of another database each time.
            let parts: Vec<_> =
                ends.windows(2).rev().map(|pair| make().rows(table, pair[0]..pair[1])).collect();
            let records = parts.iter().rev().map(|part| &part.records);
            let joined = concat_batches(made.tables()[table].schema(), records).unwrap();
            prop_assert_eq!(&joined, &all.records);
            let changes: Vec<_> = parts.into_iter().rev().flat_map(|part| part.changes).collect();
            prop_assert_eq!(changes, all.changes);
            let listed: Vec<u64> = listed.iter().map(|place| (place * rows as f64) as u64).collect();
            let places = arrow_array::UInt64Array::from(listed.clone());
            let taken = take_record_batch(&all.records, &places).unwrap();
            prop_assert_eq!(make().listed(table, &listed), taken);
        }
    }
}

#[test]
fn more_columns_and_tables_change_no_other_value() {
    let (tables, relationships) = shop(40, 170);
    let made = database(&tables, &relationships).unwrap();
    let mut more = tables.clone();
    let aside = table(7, &[json!({"name": "n", "type": "integer"})]);
    more["aside"] = aside;
    for name in ["shops", "orders"] {
        let columns = more[name]["columns"].as_array_mut().unwrap();
        columns.insert(1, json!({"name": "new", "type": "integer", "null_rate": 0.5}));
        columns.push(json!({"name": "newer", "computed": "new"}));
    }
    let other = database(&more, &relationships).unwrap();
    let at = |name: &str| other.tables().iter().position(|table| table.relation().name == name).unwrap();
    assert_eq!(other.tables().len(), 3);
    // Which number an outlier hits depends on what numbers there are: new ones take theirs, and move no other.
    {
        let name = "orders";
        let place = made.tables().iter().position(|table| table.relation().name == name).unwrap();
        let grown = |made: &Database, place: usize| -> Vec<(u64, String, Option<String>)> {
            let changes = made.rows(place, 0..made.tables()[place].rows()).changes.into_iter();
            let columns = &made.tables()[place].relation().columns;
            let outliers = changes.filter(|change| change.kind == "outlier");
            outliers
                .map(|change| (change.row, columns[change.column.unwrap()].name.clone(), change.after))
                .collect()
        };
        let (before, after) = (grown(&made, place), grown(&other, at(name)));
        let old = after.iter().filter(|(_, column, _)| !column.starts_with("new")).count();
        assert!(old > 0 && old < after.len() && old < before.len(), "{name}: {old}");
        assert!(after.iter().all(|one| one.1.starts_with("new") || before.contains(one)), "{name}");
    }
    let clean = |tables: &Json| seeded(tables, &relationships, 42, Profile::Clean).unwrap();
    let (one, two) = (clean(&tables), clean(&more));
    for name in ["shops", "orders"] {
        let place = made.tables().iter().position(|table| table.relation().name == name).unwrap();
        let (one, two) = (whole(&one, place), whole(&two, at(name)));
        for column in one.schema().fields() {
            assert_eq!(
                one.column_by_name(column.name()),
                two.column_by_name(column.name()),
                "{name}.{column}"
            );
        }
    }
}

#[test]
fn seeds_tables_and_columns_have_values_of_their_own() {
    let integers = |name: &str| json!({"name": name, "type": "integer", "max": 1_000_000});
    let tables = json!({"a": table(50, &[integers("x"), integers("y")]), "b": table(50, &[integers("x")])});
    let made = database(&tables, &json!([])).unwrap();
    let (ax, ay, bx) = (column(&made, "a", "x"), column(&made, "a", "y"), column(&made, "b", "x"));
    assert!(ax.to_data() != ay.to_data() && ax.to_data() != bx.to_data());
    let other = seeded(&tables, &json!([]), 43, Profile::Document).unwrap();
    assert!(ax.to_data() != column(&other, "a", "x").to_data());
}

/// No name leads to draws that have another purpose.
#[test]
fn columns_are_called_what_they_like() {
    let float = |name: &str| json!({"name": name, "type": "float", "round": 6});
    let field = |name: &str, more: Json| {
        let mut field = json!({"name": name, "type": "object", "fields": [float("null"), float("present")]});
        field.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        field
    };
    let rows = 2000;
    let mut t = table(
        rows,
        &[
            float("outlier"),
            float("missing"),
            json!({"name": "duplicate", "type": "integer", "max": rows - 1}),
            field("o", json!({"null_rate": 0.5})),
            json!({"name": "whole", "type": "object", "fields": [field("p", json!({"probability": 0.5}))]}),
        ],
    );
    t["corruption"] =
        json!({"outlier_rate": 0.5, "missing_by_column": {"missing": 0.5}, "duplicate_rate": 0.5});
    let made = database(&json!({"t": t}), &json!([])).unwrap();
    let all = made.rows(0, 0..rows + rows / 2);
    let middle = |numbers: Vec<f64>, what: &str| {
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        assert!(numbers.len() > 400 && (mean - 0.5).abs() < 0.08, "{what}: {mean} of {}", numbers.len());
    };
    let before = |kind: &str, column: usize| -> Vec<f64> {
        let hit = all.changes.iter().filter(|change| change.kind == kind && change.column == Some(column));
        hit.map(|change| change.before.as_ref().unwrap().parse().unwrap()).collect()
    };
    middle([before("outlier", 1), before("outlier", 2)].concat(), "outlier");
    middle(before("missing", 2), "missing");
    let copied = all.changes.iter().filter(|change| change.kind == "duplicate");
    let source: Vec<u64> = copied.map(|change| change.after.as_ref().unwrap().parse().unwrap()).collect();
    let own = all.records.column_by_name("duplicate").unwrap().as_primitive::<Int64Type>();
    let same = source.iter().zip(own.values()).filter(|(source, own)| **source == **own as u64).count();
    assert!(same < 20, "{same}");
    let there = |object: &ArrayRef, field: usize| -> Vec<f64> {
        let values = object.as_struct().column(field).as_primitive::<Float64Type>();
        (0..rows as usize).filter(|at| object.is_valid(*at)).map(|at| values.value(at)).collect()
    };
    let o = all.records.column_by_name("o").unwrap();
    let p = all.records.column_by_name("whole").unwrap().as_struct().column(0);
    middle(there(o, 0), "null");
    middle(there(p, 1), "present");
}

/// Words of a row are one person's and of one place, unless there are more columns of a type, or they are said to be
/// another's.
#[test]
fn a_second_person_is_another_one() {
    let word = |name: &str, kind: &str| json!({"name": name, "type": kind});
    let mut boss = word("boss", "name");
    boss["of"] = json!("boss");
    let mut mail = word("boss_mail", "username");
    mail["of"] = json!("boss");
    let tables = json!({"t": table(500, &[
        word("buyer", "name"), word("seller", "name"), word("from", "city"), word("to", "city"),
        word("from_state", "state"), word("buyer_last", "last_name"), word("seller_last", "last_name"), boss, mail,
        json!({"name": "o", "type": "object", "fields": [word("who", "name")]}),
        json!({"name": "all", "type": "array", "item": word("who", "name"), "min_length": 2}),
    ])});
    let made = database(&tables, &json!([])).unwrap();
    let texts = |name: &str| words(&column(&made, "t", name));
    let same = |a: &[Option<String>], b: &[Option<String>]| a.iter().zip(b).filter(|(a, b)| a == b).count();
    assert!(same(&texts("buyer"), &texts("seller")) < 10);
    assert!(same(&texts("from"), &texts("to")) < 100);
    let ends = |all: &str, last: &str| {
        let pairs = texts(all).into_iter().zip(texts(last));
        pairs.filter(|(all, last)| all.as_ref().unwrap().ends_with(last.as_ref().unwrap())).count()
    };
    assert_eq!((ends("buyer", "buyer_last"), ends("seller", "seller_last")), (500, 500));
    assert!(ends("seller", "buyer_last") < 20);
    let (boss, mail) = (texts("boss"), texts("boss_mail"));
    let initials = boss.iter().zip(&mail).filter(|(name, mail)| {
        let last = name.as_ref().unwrap().rsplit(' ').next().unwrap().to_lowercase();
        mail.as_ref().unwrap().contains(&last)
    });
    assert!(initials.count() > 250, "{boss:?} {mail:?}");
    let objects = column(&made, "t", "o");
    assert!(same(&texts("buyer"), &words(objects.as_struct().column(0))) < 10);
    let lists = column(&made, "t", "all");
    let items = words(lists.as_list::<i32>().values());
    assert!(same(&texts("buyer"), &items[..500]) < 10);
}

#[test]
fn a_longer_table_begins_as_a_shorter_one() {
    for spec in [
        json!({"type": "integer"}),
        json!({"type": "float", "distribution": "normal"}),
        json!({"type": "email"}),
        json!({"type": "id", "id_mode": "uuid"}),
        json!({"type": "date", "constraints": {"unique": true}}),
        json!({"type": "categorical", "categories": ["a", "b"], "weights": [1, 2]}),
        json!({"computed": "normal(0, 1) + id"}),
    ] {
        assert_eq!(x(30, spec.clone()).to_data(), x(70, spec.clone()).slice(0, 30).to_data(), "{spec}");
    }
}

#[test]
fn parents_are_the_same_whatever_the_children() {
    let (tables, relationships) = shop(40, 170);
    let (fewer, _) = shop(40, 90);
    let (one, two) = (database(&tables, &relationships).unwrap(), database(&fewer, &relationships).unwrap());
    let at =
        |made: &Database| made.tables().iter().position(|table| table.relation().name == "shops").unwrap();
    assert_eq!(whole(&one, at(&one)), whole(&two, at(&two)));
    assert!(one.tables().iter().all(|table| table.schema().fields().len() > 5));
    assert!(column(&one, "shops", "parts").as_struct().num_columns() == 2);
}
