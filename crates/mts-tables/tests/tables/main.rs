//! Databases from small documents: what columns hold, which rows refer to which, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod columns;
mod constraints;
mod dirt;
mod independence;
mod links;
mod refusals;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use mts_hash::SeedSequence;
use mts_tables::spec::{RelationshipSpec, Spec, TableSpec};
use mts_tables::{Database, Finding, Profile, texts};
use serde_json::{Value as Json, json};

/// The database of `tables`, a mapping, and `relationships`, a list; or what is wrong.
pub(crate) fn database(tables: &Json, relationships: &Json) -> Result<Database, Vec<Finding>> {
    seeded(tables, relationships, 42, Profile::Document)
}

/// The same with a seed and a profile.
pub(crate) fn seeded(
    tables: &Json,
    relationships: &Json,
    seed: u64,
    profile: Profile,
) -> Result<Database, Vec<Finding>> {
    let table = |(name, table): (&String, &Json)| TableSpec::from_json(name, table).unwrap();
    let relationship = |json: &Json| serde_json::from_value::<RelationshipSpec>(json.clone()).unwrap();
    let spec = Spec {
        dataset: "test".to_owned(),
        tables: tables.as_object().unwrap().iter().map(table).collect(),
        relationships: relationships.as_array().unwrap().iter().map(relationship).collect(),
    };
    Database::new(&spec, &SeedSequence::new(seed), profile)
}

/// A table of the columns given, of which the first is an id.
pub(crate) fn table(rows: u64, columns: &[Json]) -> Json {
    let id = json!({"name": "id", "type": "id", "constraints": {"primary_key": true}});
    let columns: Vec<Json> = std::iter::once(id).chain(columns.iter().cloned()).collect();
    json!({"rows": rows, "columns": columns})
}

/// `column` with the name x.
pub(crate) fn named(mut column: Json) -> Json {
    column["name"] = "x".into();
    column
}

/// The column x of a table of so many rows, as it is made.
#[track_caller]
pub(crate) fn x(rows: u64, column: Json) -> ArrayRef {
    let made =
        database(&json!({"t": table(rows, &[named(column)])}), &json!([])).map_err(|wrong| told(&wrong));
    let made = made.unwrap();
    let records = made.rows(0, 0..rows).records;
    records.column_by_name("x").unwrap().clone()
}

/// A column of a database.
pub(crate) fn column(database: &Database, table: &str, column: &str) -> ArrayRef {
    let at = database.tables().iter().position(|one| one.relation().name == table).unwrap();
    let records = database.rows(at, 0..database.tables()[at].rows()).records;
    records.column_by_name(column).unwrap().clone()
}

/// What is wrong, as it is told.
pub(crate) fn told(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// All values as text, missing ones as none.
pub(crate) fn words(array: &ArrayRef) -> Vec<Option<String>> {
    texts(array).iter().map(|text| text.map(str::to_owned)).collect()
}

/// All values as numbers: days of dates, seconds of times; none where one is missing.
pub(crate) fn numbers(array: &ArrayRef) -> Vec<Option<f64>> {
    let value = |at: usize| match array.data_type() {
        DataType::Int64 => array.as_primitive::<Int64Type>().value(at) as f64,
        DataType::Float64 => array.as_primitive::<Float64Type>().value(at),
        DataType::Date32 => f64::from(array.as_primitive::<Date32Type>().value(at)),
        DataType::Timestamp(..) => array.as_primitive::<TimestampMicrosecondType>().value(at) as f64 / 1e6,
        DataType::Boolean => f64::from(u8::from(array.as_boolean().value(at))),
        _ => texts(array).value(at).parse().unwrap(),
    };
    (0..array.len()).map(|at| array.is_valid(at).then(|| value(at))).collect()
}

/// Those that are there.
pub(crate) fn present(array: &ArrayRef) -> Vec<f64> {
    numbers(array).into_iter().flatten().collect()
}

/// Fails unless `values` have about this mean: within five standard errors.
#[track_caller]
pub(crate) fn about(values: &[f64], mean: f64, what: &str) {
    let n = values.len() as f64;
    let found = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - found) * (value - found)).sum::<f64>() / (n - 1.0);
    let error = (variance / n).sqrt().max(1e-12);
    assert!(((found - mean) / error).abs() < 5.0, "{what}: mean {found}, expected {mean} ± {error}");
}

/// Fails unless no value occurs twice.
#[track_caller]
pub(crate) fn distinct(array: &ArrayRef) {
    let mut values: Vec<String> = words(array).into_iter().flatten().collect();
    let count = values.len();
    values.sort_unstable();
    values.dedup();
    assert_eq!(values.len(), count);
}
