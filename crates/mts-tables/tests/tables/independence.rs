//! A value depends on its seed, table, column and row, and on nothing else.

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_select::concat::concat_batches;
use arrow_select::take::take_record_batch;
use mts_tables::{Database, Profile};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::{column, database, seeded, table, x};

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
    // Which number an outlier hits depends on what numbers there are.
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
