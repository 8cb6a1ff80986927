//! Files against those of PyMTS 0.1.0.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use mts_hash::{Map, Value, canonical_json};
use mts_tests::golden::{self, Golden};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::command::Place;

/// The document that makes the calls of one golden save: a list that was a value in the call must be
/// protected from being an axis.
fn document(save: &Value) -> String {
    let record = |config: &Value| -> Map {
        let entries = config.as_map().unwrap().iter();
        let protect = |value: &Value| -> Value {
            if value.as_list().is_none() {
                return value.clone();
            }
            let protected: Map = [("value", value.clone())].into_iter().collect();
            protected.into()
        };
        entries.map(|(key, value)| (key.to_owned(), protect(value))).collect()
    };
    let mut root = Map::new();
    root.insert("configs", save.at("configs").items().iter().map(record).collect::<Vec<Map>>());
    for (key, value) in save.at("kwargs").as_map().unwrap().iter() {
        root.insert(key, value.clone());
    }
    canonical_json(&root.into())
}

#[test]
fn files_equal_the_reference() {
    let golden = golden::load("pymts_persistence.json");
    for save in golden.at("saves").items() {
        let place = Place::new();
        place.write("grid.json", &document(save));
        place.run(&["generate", "grid.json", "--csv", "--out", "out"]).expect(0);
        let ours: Vec<String> =
            place.files("out").into_iter().filter(|file| !file.contains(".truth.")).collect();
        let mut theirs: Vec<String> =
            save.at("files").items().iter().map(|file| file.text().to_owned()).collect();
        theirs.sort();
        assert_eq!(ours, theirs);
        for file in ours {
            let path = place.path("out").join(&file);
            let folder = file.rsplit_once('/').unwrap().0;
            match path.extension().unwrap().to_str().unwrap() {
                "csv" => check_csv(&path, save),
                "json" => check_sidecar(&path, save, folder),
                _ => check_parquet(&path, save, folder),
            }
        }
    }
}

fn check_csv(path: &Path, save: &Value) {
    let ours = std::fs::read_to_string(path).unwrap();
    let Some(theirs) = save.get("csv_text").map(Golden::text) else { return };
    assert_eq!(ours.lines().count(), theirs.lines().count());
    assert!(ours.ends_with('\n') && !ours.contains('\r'));
    for (ours, theirs) in ours.lines().zip(theirs.lines()) {
        if ours == theirs {
            continue;
        }
        let (ours, theirs): (Vec<&str>, Vec<&str>) = (ours.split(',').collect(), theirs.split(',').collect());
        let value = |cells: &[&str]| cells[3].parse::<f64>().unwrap();
        let (a, b) = (value(&ours), value(&theirs));
        assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} instead of {b}");
        assert_eq!((&ours[..3], ours[4]), (&theirs[..3], theirs[4]));
    }
}

fn check_sidecar(path: &Path, save: &Value, folder: &str) {
    let ours = mts_hash::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let theirs = mts_hash::parse(save.at("sidecar_text").text().trim()).unwrap();
    for (key, value) in theirs.as_map().unwrap().iter() {
        if key == "storage_dir" {
            assert_eq!(ours.at(key).text(), folder);
        } else {
            assert_eq!(canonical_json(ours.at(key)), canonical_json(value), "{key}");
        }
    }
    let attributes = ours.at("attributes");
    for (key, value) in save.at("kv_metadata").as_map().unwrap().iter() {
        if !["pandas", "zscore", "zscore_axis", "storage_dir"].contains(&key) {
            let text = attribute_text(attributes.at(key));
            assert_eq!(text, value.text(), "attribute {key}");
        }
    }
    assert!(ours.at("recipe").get("spawn_key").is_some());
}

fn attribute_text(value: &Value) -> String {
    value.as_str().map_or_else(|| canonical_json(value), str::to_owned)
}

fn check_parquet(path: &Path, save: &Value, folder: &str) {
    let file = File::open(path).unwrap();
    let reader = SerializedFileReader::new(file.try_clone().unwrap()).unwrap();
    let metadata = reader.metadata().file_metadata();
    let pairs = metadata.key_value_metadata().unwrap();
    let ours: BTreeMap<&str, &str> =
        pairs.iter().map(|pair| (pair.key.as_str(), pair.value.as_deref().unwrap_or_default())).collect();
    for (key, value) in save.at("kv_metadata").as_map().unwrap().iter() {
        match key {
            "storage_dir" => assert_eq!(ours[key], folder),
            "pandas" => check_pandas(ours[key], value.text()),
            _ => assert_eq!(ours[key], value.text(), "{key}"),
        }
    }
    let order: Vec<&str> = pairs.iter().map(|pair| pair.key.as_str()).collect();
    let expected: Vec<&str> = save.at("kv_metadata_key_order").items().iter().map(Golden::text).collect();
    let kept: Vec<&str> = order.into_iter().filter(|key| expected.contains(key)).collect();
    assert_eq!(kept, expected);

    let arrow = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).unwrap();
    let fields = arrow.schema().fields();
    assert_eq!(fields.len(), save.at("arrow_schema").items().len());
    for (field, golden) in fields.iter().zip(save.at("arrow_schema").items()) {
        assert_eq!(field.name(), golden.at("name").text());
        assert_eq!(&Value::from(field.is_nullable()), golden.at("nullable"));
        let expected = match golden.at("type").text() {
            "int64" => "Int64",
            "double" => "Float64",
            _ => "LargeUtf8",
        };
        assert_eq!(format!("{:?}", field.data_type()), expected);
    }
    for (column, golden) in metadata.schema_descr().columns().iter().zip(save.at("parquet_schema").items()) {
        assert_eq!(column.physical_type().to_string(), golden.at("physical").text());
        let logical = column.logical_type_ref().map_or("None".to_owned(), |logical| format!("{logical:?}"));
        assert_eq!(logical, golden.at("logical").text());
    }
    check_rows(&reader, save);
}

/// Everything but who wrote it.
fn check_pandas(ours: &str, theirs: &str) {
    let (ours, theirs) = (mts_hash::parse(ours).unwrap(), mts_hash::parse(theirs).unwrap());
    for key in ["index_columns", "column_indexes", "columns", "attributes"] {
        assert_eq!(ours.at(key), theirs.at(key), "{key}");
    }
    assert_eq!(ours.at("creator").at("library").text(), "mts");
}

fn check_rows(reader: &SerializedFileReader<File>, save: &Value) {
    let columns = save.at("columns");
    let rows = reader.metadata().file_metadata().num_rows() as usize;
    assert_eq!(rows, columns.at("value").items().len());
    for (index, row) in reader.get_row_iter(None).unwrap().enumerate() {
        for (name, field) in row.unwrap().into_columns() {
            let golden = &columns.at(&name).items()[index];
            let text = field.to_string();
            match golden {
                Value::Str(golden) => assert_eq!(text.trim_matches('"'), golden),
                number => {
                    let (ours, theirs) = (text.parse::<f64>().unwrap(), number.float());
                    assert!((ours - theirs).abs() <= 1e-12 * theirs.abs().max(1.0), "{name}[{index}]");
                }
            }
        }
    }
}

/// The command line's grid of the reference: same records in the same order, and here the plan's
/// names are those of the files.
#[test]
fn the_plan_names_the_files_of_the_reference() {
    let golden = golden::load("pymts_persistence.json");
    let cli = golden.at("cli");
    let place = Place::new();
    place.write("grid.yaml", cli.at("yaml").text());
    place.run(&["generate", "grid.yaml", "--out", "o", "--csv", "--limit", "3"]).expect(0);
    let ours: Vec<String> = place.files("o").into_iter().filter(|file| !file.contains(".truth.")).collect();
    let written = cli.at("files_after_run");
    assert!(ours.iter().map(String::as_str).eq(written.items().iter().map(Golden::text)));
    let models = |plan: &Value, key: &str| -> Vec<String> {
        plan.items().iter().map(|task| task.at(key).text().to_owned()).collect()
    };
    let plan = place.run(&["generate", "grid.yaml", "--dry-run", "--json"]).expect(0).json();
    assert_eq!(models(plan.at("datasets"), "model"), models(cli.at("dry_run").at("planned"), "model"));
}
