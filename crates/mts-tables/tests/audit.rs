//! The audit: sound tables of every law and kind of key pass, and what is not tested says so.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use mts_hash::SeedSequence;
use mts_tables::spec::{RelationshipSpec, Spec, TableSpec};
use mts_tables::{Audit, Check, Database, Ledger, Profile, Rows};
use serde_json::{Value as Json, json};

fn database(tables: &[(&str, Json)], relationships: Json, seed: u64) -> Database {
    let tables = tables.iter().map(|(name, table)| TableSpec::from_json(name, table).unwrap()).collect();
    let relationships: Vec<RelationshipSpec> = serde_json::from_value(relationships).unwrap();
    let spec = Spec { dataset: "audited".to_owned(), tables, relationships };
    match Database::new(&spec, &SeedSequence::new(seed), Profile::Document) {
        Ok(database) => database,
        Err(findings) => panic!("{findings:?}"),
    }
}

/// What the audit says of rows that `change` changes, table by table in their order.
fn audited(database: &Database, change: impl Fn(usize, RecordBatch) -> RecordBatch) -> Vec<Check> {
    let made: Vec<_> =
        (0..).zip(database.tables()).map(|(at, table)| database.rows(at, 0..table.rows())).collect();
    let ledgers: Vec<Ledger> = made.iter().map(|made| Ledger::new(made.changes.clone())).collect();
    let mut audit = Audit::new(database, &ledgers);
    for (at, made) in made.into_iter().enumerate() {
        let rows = made.records.num_rows();
        let records = change(at, made.records);
        for start in (0..rows).step_by(700) {
            let end = (start + 700).min(rows);
            audit.read(at, &Rows::Range(start as u64..end as u64), &records.slice(start, end - start));
        }
        audit.close(at, true);
    }
    audit.finish()
}

#[track_caller]
fn is_sound(checks: &[Check]) {
    let wrong: Vec<&Check> = checks.iter().filter(|check| !check.ok).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn detail<'a>(checks: &'a [Check], name: &str) -> &'a str {
    let check = checks.iter().find(|check| check.name == name);
    &check.unwrap_or_else(|| panic!("no {name} in {checks:#?}")).details
}

#[test]
fn every_law_passes_and_is_tested() {
    let laws = [
        json!({"distribution": "uniform", "min": -3, "max": 8}),
        json!({"distribution": "normal", "mean": 4, "std": 2, "min": 1, "max": 6}),
        json!({"distribution": "normal", "mean": 4, "std": 2, "min": 1, "max": 6, "truncate": true}),
        json!({"distribution": "normal", "mean": 4, "std": 2, "constraints": {"min": 1.25, "max": 5}}),
        json!({"distribution": "lognormal", "mean": 1, "sigma": 0.5}),
        json!({"distribution": "exponential", "scale": 3}),
        json!({"distribution": "gamma", "shape": 2.5, "scale": 1.5}),
        json!({"distribution": "beta", "alpha": 2, "beta": 0.7}),
        json!({"distribution": "pareto", "shape": 2.5, "scale": 2}),
        json!({"distribution": "triangular", "min": 1, "mode": 2, "max": 5}),
        json!({"distribution": "normal", "min": -0.4444, "max": 0.6666}),
        json!({"distribution": "normal", "min": -0.4444, "max": 0.6666, "truncate": true}),
        json!({"distribution": "poisson", "lambda": 1.4, "min": 1}),
        json!({"distribution": "poisson", "lambda": 90}),
        json!({"distribution": "zipf", "exponent": 1.7, "max": 1000}),
        json!({"distribution": "geometric", "p": 0.3}),
        json!({"distribution": "binomial", "n": 40, "p": 0.2}),
        json!({"distribution": "empirical", "values": [0.5, 1.5, 4.25], "weights": [1, 2, 3]}),
    ];
    let mut columns = Vec::new();
    for (at, law) in laws.iter().enumerate() {
        for kind in ["integer", "float", "decimal"] {
            let mut column = law.clone();
            if kind == "integer" && column["distribution"] == "triangular" {
                continue;
            }
            if kind == "integer" && column["min"] == -0.4444 {
                continue;
            }
            column["name"] = json!(format!("{kind}_{at}"));
            column["type"] = json!(kind);
            columns.push(column);
        }
    }
    columns.extend([
        json!({"name": "day", "type": "date", "null_rate": 0.2}),
        json!({"name": "rising", "type": "datetime", "timezone": "Europe/Berlin", "constraints": {"monotonic_increasing": true}}),
        json!({"name": "distinct", "type": "integer", "min": 0, "max": 40000, "constraints": {"unique": true}}),
        json!({"name": "fair", "type": "boolean", "true_probability": 0.3}),
        json!({"name": "part", "type": "categorical", "categories": ["a", "b"], "weights": [1, 2],
               "given": {"column": "fair", "weights": {"true": [5, 1]}}}),
        json!({"name": "rate", "type": "categorical", "categories": [0, 0.07, 0.2]}),
    ]);
    let names: Vec<String> =
        columns.iter().map(|column| column["name"].as_str().unwrap().to_owned()).collect();
    let database = database(&[("laws", json!({"rows": 20_000, "columns": columns}))], json!([]), 11);
    let checks = audited(&database, |_, records| records);
    is_sound(&checks);
    for name in names {
        let details = detail(&checks, &format!("{name}.distribution"));
        assert!(details.starts_with("p = "), "{name}: {details}");
    }
}

/// Laws whose values doubles hardly tell apart, or whose series have more terms than anybody can add.
#[test]
fn laws_of_large_numbers_are_judged() {
    let two = |power: u32| 1_i64 << power;
    let laws = [
        json!({"min": two(53), "max": two(53) + 3}),
        json!({"min": two(60), "max": two(60) + 1000}),
        json!({"min": i64::MIN, "max": i64::MAX}),
        json!({"distribution": "zipf", "exponent": 1.05}),
        json!({"distribution": "zipf", "exponent": 1.1}),
        json!({"distribution": "zipf", "exponent": 1.000_000_1}),
        json!({"distribution": "geometric", "p": 1e-17}),
        json!({"distribution": "poisson", "lambda": 9_999}),
        json!({"distribution": "poisson", "lambda": 1e5}),
        json!({"distribution": "poisson", "lambda": 1e9}),
        json!({"distribution": "poisson", "lambda": 1e17}),
        json!({"distribution": "binomial", "n": 20_000, "p": 0.4}),
        json!({"distribution": "binomial", "n": 1_000_000_000_000_000_u64, "p": 0.3}),
        json!({"distribution": "binomial", "n": 1_000_000_000_000_000_u64, "p": 0.9}),
        json!({"distribution": "binomial", "n": 1_000_000_000_000_000_u64, "p": 1e-14}),
        json!({"distribution": "binomial", "n": two(62), "p": 0.5}),
        json!({"distribution": "binomial", "n": two(62), "p": 1e-10}),
        json!({"distribution": "gamma", "shape": 1e14}),
        json!({"distribution": "normal", "mean": 1e17, "std": 1e9}),
        json!({"distribution": "lognormal", "mean": 30, "sigma": 1}),
    ];
    let named = |(at, mut law): (usize, Json)| {
        law["name"] = json!(format!("x{at}"));
        law["type"] = json!("integer");
        law
    };
    let columns: Vec<Json> = laws.iter().cloned().enumerate().map(named).collect();
    let database = database(&[("laws", json!({"rows": 100_000, "columns": columns}))], json!([]), 12);
    let checks = audited(&database, |_, records| records);
    is_sound(&checks);
    for (at, law) in laws.iter().enumerate() {
        let details = detail(&checks, &format!("x{at}.distribution"));
        assert!(details.starts_with("p = "), "{law}: {details}");
    }
    // The third of four neighbours that doubles do not tell from the second.
    let checks = audited(&database, |_, records| {
        let mut columns = records.columns().to_vec();
        let first: &Int64Array = columns[0].as_any().downcast_ref().unwrap();
        let other = |value: i64| if value == two(53) + 2 { value - 1 } else { value };
        columns[0] =
            Arc::new(Int64Array::from_iter_values(first.values().iter().map(|x| other(*x)))) as ArrayRef;
        RecordBatch::try_new(records.schema(), columns).unwrap()
    });
    assert!(
        detail(&checks, "x0.distribution").starts_with("p = 0"),
        "{}",
        detail(&checks, "x0.distribution")
    );
}

fn shop(seed: u64) -> Database {
    let key = json!({"primary_key": true});
    let tables = [
        (
            "staff",
            json!({"rows": 500, "columns": [
            {"name": "id", "type": "id", "constraints": key}, {"name": "boss", "type": "integer"},
            {"name": "tongue", "type": "categorical", "categories": ["de", "fr"]},
            {"name": "boss_tongue", "type": "string"}]}),
        ),
        (
            "goods",
            json!({"rows": 200, "corruption": {"missing_rate": 0.05, "outlier_rate": 0.2}, "columns": [
            {"name": "sku", "type": "id", "id_mode": "uuid", "constraints": {"unique": true, "not_null": true}},
            {"name": "price", "type": "float", "min": 1, "max": 9}]}),
        ),
        (
            "sales",
            json!({"rows": 4000,
            "corruption": {"duplicate_rate": 0.01, "type_noise": {"price": {"rate": 0.05}, "on": {"rate": 0.02}}},
            "columns": [
                {"name": "seller", "type": "integer", "constraints": key},
                {"name": "sku", "type": "string", "constraints": key},
                {"name": "price", "type": "float"},
                {"name": "buyer", "type": "integer"},
                {"name": "on", "type": "date"}]}),
        ),
    ];
    let relationships = json!([
        {"parent_table": "staff", "parent_key": "id", "child_table": "staff", "child_key": "boss", "null_rate": 0.1,
         "max_children": 8, "lookup_columns": {"tongue": "boss_tongue"}},
        {"parent_table": "staff", "parent_key": "id", "child_table": "sales", "child_key": "seller", "min_children": 2,
         "max_children": 30},
        {"parent_table": "goods", "parent_key": "sku", "child_table": "sales", "child_key": "sku",
         "lookup_columns": {"price": "price"}},
        {"parent_table": "staff", "parent_key": "id", "child_table": "sales", "child_key": "buyer", "null_rate": 0.25},
    ]);
    database(&tables, relationships, seed)
}

#[test]
fn keys_copies_and_noise_pass() {
    for seed in 0..5 {
        let checks = audited(&shop(seed), |_, records| records);
        is_sound(&checks);
        assert_eq!(detail(&checks, "buyer.null_rate"), "1000 rows without a parent");
        assert_eq!(detail(&checks, "seller.foreign_key"), "4000 rows of staff");
        assert_eq!(detail(&checks, "primary_key"), "4000 keys");
    }
}

#[test]
fn a_row_beneath_nobody_is_named_with_its_place() {
    let checks = audited(&shop(1), |at, records| {
        if at != 0 {
            return records;
        }
        let boss = Int64Array::from_iter((0..500).map(|row| (row == 321).then_some(9_999)));
        let mut columns = records.columns().to_vec();
        columns[1] = Arc::new(boss) as ArrayRef;
        RecordBatch::try_new(records.schema(), columns).unwrap()
    });
    let found: Vec<&str> = checks.iter().flat_map(|check| &check.findings).map(String::as_str).collect();
    assert!(
        found.contains(&"staff, row 321, column boss: no such parent in staff (foreign_key)"),
        "{found:#?}"
    );
}

#[test]
fn noise_in_place_of_what_the_ledger_says_is_told() {
    let database = shop(2);
    let sound = |at: usize| database.rows(at, 0..database.tables()[at].rows()).records;
    let records = sound(2);
    let text = arrow_array::StringArray::from_iter_values((0..records.num_rows()).map(|_| "?"));
    let checks = audited(&database, |at, records| {
        if at != 2 {
            return records;
        }
        let mut columns = records.columns().to_vec();
        columns[4] = Arc::new(text.clone());
        RecordBatch::try_new(records.schema(), columns).unwrap()
    });
    let found: Vec<&Check> = checks.iter().filter(|check| !check.ok).collect();
    let names: Vec<&str> = found.iter().map(|check| check.name.as_str()).collect();
    assert!(names.contains(&"on.type") && names.contains(&"on.ledger"), "{names:?}");
    let types = found.iter().find(|check| check.name == "on.type").unwrap();
    assert_eq!(types.findings.len(), 4, "three are told, and how many more: {:?}", types.findings);
}
