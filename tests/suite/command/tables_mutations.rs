//! `validate` of tables: what is wrong in files is found, and named.

use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use mts_io::{Compression, Encoder, TableFormat, TableSink, open_table};

use mts_tests::golden::Golden;

use super::{Place, Ran};

const DOCUMENT: &str = r"
dataset: kennel
seed: 7
tables:
  owners:
    rows: 300
    columns:
      - {name: owner_id, type: id, start: 100, constraints: {primary_key: true}}
      - {name: code, type: string_pattern, prefix: OW-, width: 5, constraints: {unique: true}}
  pets:
    rows: 3000
    corruption: {missing_by_column: {weight: 0.02}, outlier_rate: 0.01}
    columns:
      - {name: pet_id, type: id, constraints: {primary_key: true, monotonic_increasing: true}}
      - {name: owner_id, type: integer}
      - {name: age, type: integer, min: 0, max: 20, constraints: {not_null: true}}
      - {name: weight, type: float, distribution: normal, mean: 9, std: 2, min: 1, max: 30}
      - {name: kind, type: categorical, categories: [cat, dog, newt], weights: [5, 4, 1], constraints: {allowed_values: [cat, dog, newt]}}
      - {name: tag, type: string, constraints: {pattern: 'T-[0-9]{6}'}}
      - {name: score, type: float, null_rate: 0.1}
      - {name: code, type: string}
relationships:
  - {parent_table: owners, parent_key: owner_id, child_table: pets, child_key: owner_id, min_children: 2, max_children: 30, lookup_columns: {code: code}}
";

fn schema(table: &str) -> SchemaRef {
    let (integer, float, text) = (DataType::Int64, DataType::Float64, DataType::Utf8);
    let columns = match table {
        "owners" => vec![("owner_id", integer), ("code", text)],
        _ => vec![
            ("pet_id", integer.clone()),
            ("owner_id", integer.clone()),
            ("age", integer),
            ("weight", float.clone()),
            ("kind", text.clone()),
            ("tag", text.clone()),
            ("score", float),
            ("code", text),
        ],
    };
    let fields = columns.into_iter().map(|(name, kind)| Field::new(name, kind, true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Something done to a column of a file, and to that of a database.
struct Mutation {
    table: &'static str,
    column: &'static str,
    change: fn(ArrayRef) -> ArrayRef,
    sql: &'static str,
    /// What the message says.
    rule: &'static str,
}

fn integers(array: ArrayRef, change: impl FnOnce(&mut Vec<Option<i64>>)) -> ArrayRef {
    let mut values: Vec<Option<i64>> = array.as_primitive::<Int64Type>().iter().collect();
    change(&mut values);
    Arc::new(Int64Array::from(values))
}

fn floats(array: ArrayRef, change: impl FnOnce(&mut Vec<Option<f64>>)) -> ArrayRef {
    let mut values: Vec<Option<f64>> = array.as_primitive::<Float64Type>().iter().collect();
    change(&mut values);
    Arc::new(Float64Array::from(values))
}

fn words(array: ArrayRef, change: impl FnOnce(&mut Vec<Option<String>>)) -> ArrayRef {
    let mut values: Vec<Option<String>> =
        array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect();
    change(&mut values);
    Arc::new(StringArray::from(values))
}

const MUTATIONS: &[Mutation] = &[
    Mutation {
        table: "pets",
        column: "age",
        change: |array| integers(array, |values| values[40] = values[40].map(|age| (age + 1) % 20)),
        sql: "UPDATE pets SET age = (age + 1) % 20 WHERE pet_id = 41",
        rule: "expected",
    },
    Mutation {
        table: "pets",
        column: "owner_id",
        change: |array| integers(array, |values| values[1200] = Some(99_999)),
        sql: "UPDATE pets SET owner_id = 99999 WHERE pet_id = 1201",
        rule: "(foreign_key)",
    },
    Mutation {
        table: "pets",
        column: "owner_id",
        change: |array| {
            integers(array, |values| values.iter_mut().for_each(|id| *id = if *id == Some(150) { Some(151) } else { *id }))
        },
        sql: "UPDATE pets SET owner_id = 151 WHERE owner_id = 150",
        rule: "(min_children)",
    },
    Mutation {
        table: "pets",
        column: "code",
        change: |array| words(array, |values| values.swap(5, 2500)),
        sql: "UPDATE pets SET code = (SELECT code FROM owners WHERE owner_id <> pets.owner_id LIMIT 1) WHERE pet_id = 6",
        rule: "(lookup_columns)",
    },
    Mutation {
        table: "owners",
        column: "code",
        change: |array| words(array, |values| values[17] = values[200].clone()),
        sql: "CREATE TABLE other AS SELECT * FROM owners; DROP TABLE owners; ALTER TABLE other RENAME TO owners;
              UPDATE owners SET code = (SELECT code FROM owners WHERE owner_id = 300) WHERE owner_id = 117",
        rule: "(unique)",
    },
    Mutation {
        table: "owners",
        column: "owner_id",
        change: |array| integers(array, |values| values[17] = values[18]),
        sql: "CREATE TABLE other AS SELECT * FROM owners; DROP TABLE owners; ALTER TABLE other RENAME TO owners;
              UPDATE owners SET owner_id = 118 WHERE owner_id = 117",
        rule: "(primary_key)",
    },
    Mutation {
        table: "pets",
        column: "age",
        change: |array| integers(array, |values| values[77] = None),
        sql: "CREATE TABLE other AS SELECT * FROM pets; DROP TABLE pets; ALTER TABLE other RENAME TO pets;
              UPDATE pets SET age = NULL WHERE pet_id = 78",
        rule: "(not_null)",
    },
    Mutation {
        table: "pets",
        column: "age",
        change: |array| integers(array, |values| values.iter_mut().take(60).for_each(|age| *age = Some(21))),
        sql: "UPDATE pets SET age = 21 WHERE pet_id <= 60",
        rule: "(max)",
    },
    Mutation {
        table: "pets",
        column: "tag",
        change: |array| words(array, |values| values[9] = Some("T-12".to_owned())),
        sql: "UPDATE pets SET tag = 'T-12' WHERE pet_id = 10",
        rule: "(pattern)",
    },
    Mutation {
        table: "pets",
        column: "kind",
        change: |array| words(array, |values| values[9] = Some("cow".to_owned())),
        sql: "UPDATE pets SET kind = 'cow' WHERE pet_id = 10",
        rule: "(allowed_values)",
    },
    Mutation {
        table: "pets",
        column: "score",
        change: |array| floats(array, |values| values.iter_mut().step_by(20).for_each(|score| *score = None)),
        sql: "UPDATE pets SET score = NULL WHERE pet_id % 20 = 1",
        rule: "(null_rate)",
    },
    Mutation {
        table: "pets",
        column: "kind",
        change: |array| {
            words(array, |values| values.iter_mut().take(300).for_each(|kind| *kind = Some("newt".to_owned())))
        },
        sql: "UPDATE pets SET kind = 'newt' WHERE pet_id <= 300",
        rule: "(distribution)",
    },
    Mutation {
        table: "pets",
        column: "weight",
        change: |array| {
            floats(array, |values| {
                values.iter_mut().for_each(|weight| *weight = weight.map(|weight| (weight + 0.6).min(30.0)));
            })
        },
        sql: "UPDATE pets SET weight = min(weight + 0.6, 30)",
        rule: "(distribution)",
    },
    Mutation {
        table: "pets",
        column: "weight",
        change: |array| {
            floats(array, |values| values.iter_mut().for_each(|weight| *weight = weight.or(Some(9.0))))
        },
        sql: "UPDATE pets SET weight = 9.0 WHERE weight IS NULL",
        rule: "(ledger)",
    },
];

fn rewrite(path: &Path, format: TableFormat, table: &str, change: impl FnOnce(&mut Vec<ArrayRef>)) {
    let schema = schema(table);
    let mut batches = open_table(path, format, &schema).unwrap().map(|batch| batch.unwrap().0);
    let mut columns = batches.next().unwrap().columns().to_vec();
    assert!(batches.next().is_none(), "{table} is one batch");
    change(&mut columns);
    let records = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
    let encoder = Encoder::new(format, schema, Compression::default()).unwrap();
    let mut sink = TableSink::create(Vec::new(), &encoder).unwrap();
    sink.append(encoder.encode(&records).unwrap()).unwrap();
    std::fs::write(path, sink.finish().unwrap()).unwrap();
}

fn kennel() -> Place {
    let place = Place::new();
    place.write("kennel.yaml", DOCUMENT);
    place
        .run(&["generate", "kennel.yaml", "--out", "data", "--format", "csv,ndjson,parquet,sqlite"])
        .expect(0);
    validate(&place).expect(0);
    place
}

fn validate(place: &Place) -> Ran {
    place.run(&["validate", "kennel.yaml", "--out", "data"])
}

/// Fails unless a line says that all of `words`.
#[track_caller]
fn has_line(ran: &Ran, words: &[&str]) {
    let found =
        ran.stderr.lines().chain(ran.stdout.lines()).any(|line| words.iter().all(|word| line.contains(word)));
    assert!(found, "no line with {words:?}:\n{}\n{}", ran.stdout, ran.stderr);
}

fn mutate_files(format: TableFormat) {
    let place = kennel();
    for mutation in MUTATIONS {
        let file = format!("{}.{}", mutation.table, format.extension());
        let path = place.path("data").join(&file);
        let before = std::fs::read(&path).unwrap();
        let at = schema(mutation.table).index_of(mutation.column).unwrap();
        rewrite(&path, format, mutation.table, |columns| {
            columns[at] = (mutation.change)(columns[at].clone());
        });
        let ran = validate(&place).expect(1);
        has_line(&ran, &[&file, mutation.table, mutation.column, mutation.rule]);
        std::fs::write(&path, before).unwrap();
    }
    let file = format!("pets.{}", format.extension());
    let path = place.path("data").join(&file);
    let before = std::fs::read(&path).unwrap();
    // Two rows change places.
    rewrite(&path, format, "pets", |columns| {
        for column in columns {
            *column = match column.data_type() {
                DataType::Int64 => integers(column.clone(), |values| values.swap(100, 2000)),
                DataType::Float64 => floats(column.clone(), |values| values.swap(100, 2000)),
                _ => words(column.clone(), |values| values.swap(100, 2000)),
            };
        }
    });
    has_line(&validate(&place).expect(1), &[&file, "pets", "pet_id", "(monotonic_increasing)"]);
    // The end is lost.
    std::fs::write(&path, &before[..before.len() * 2 / 3]).unwrap();
    has_line(&validate(&place).expect(1), &[&file]);
    std::fs::write(&path, before).unwrap();
    validate(&place).expect(0);
}

#[test]
fn wrong_csv_is_found() {
    mutate_files(TableFormat::Csv);
}

#[test]
fn wrong_ndjson_is_found() {
    mutate_files(TableFormat::Ndjson);
}

#[test]
fn wrong_parquet_is_found() {
    mutate_files(TableFormat::Parquet);
}

#[test]
fn wrong_databases_are_found() {
    let place = kennel();
    let path = place.path("data/kennel.sqlite");
    let before = std::fs::read(&path).unwrap();
    let swap =
        "UPDATE pets SET pet_id = -1 WHERE pet_id = 101; UPDATE pets SET pet_id = 101 WHERE pet_id = 2001;
                UPDATE pets SET pet_id = 2001 WHERE pet_id = -1";
    let swapped = ("pets", "owner_id", swap, "expected");
    let missing = ("pets", "owner_id", "DELETE FROM owners WHERE owner_id = 160", "(foreign_key)");
    let columns =
        MUTATIONS.iter().map(|mutation| (mutation.table, mutation.column, mutation.sql, mutation.rule));
    for (table, column, sql, rule) in columns.chain([swapped, missing]) {
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection
            .execute_batch(&format!("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}"))
            .unwrap();
        drop(connection);
        let ran = validate(&place).expect(1);
        // What a typed column cannot hold is found where it is read.
        let rule = if rule == "(not_null)" { "the column allows no null" } else { rule };
        has_line(&ran, &["kennel.sqlite", table, column, rule]);
        std::fs::write(&path, &before).unwrap();
    }
    std::fs::write(&path, &before[..before.len() * 2 / 3]).unwrap();
    has_line(&validate(&place).expect(1), &["kennel.sqlite"]);
}

#[test]
fn sound_tables_are_valid_whatever_is_spoilt_in_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/tables");
    let mut documents: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    documents.sort();
    assert!(documents.len() >= 3);
    for document in documents {
        for profile in ["document", "clean", "realistic", "dirty"] {
            let place = Place::new();
            let document = document.to_str().unwrap();
            let mut args =
                vec!["generate", document, "--out", "data", "--format", "csv,ndjson,parquet,arrow,sqlite"];
            let mut check = vec!["validate", document, "--out", "data"];
            if profile != "document" {
                args.extend(["--profile", profile]);
                check.extend(["--profile", profile]);
            }
            place.run(&args).expect(0);
            place.run(&check).expect(0);
            let text = std::fs::read_to_string(place.path("data/validation_report.json")).unwrap();
            let report = mts_hash::parse(&text).unwrap();
            let checks = report.at("datasets").items()[0].at("checks").items().to_vec();
            assert!(checks.len() > 20 && checks.iter().all(|check| check.at("ok") == &true.into()));
        }
    }
}
