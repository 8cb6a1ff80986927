//! What PyMTS saved.

use std::path::{Path, PathBuf};

use mts_core::{Dataset, Dtype, Head, Shape, TimeAxis};
use mts_hash::{Array, Map, Value, canonical_json, parse};
use mts_io::{Compression, Contents, Form, Format, create, open, open_checked};
use parquet::basic::{Compression as Codec, LogicalType, Type};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;

struct Save {
    golden: Value,
    dataset: Dataset,
    config_id: String,
    extra: Map,
}

/// Entries that PyMTS adds when it saves.
const EXTRA: [&str; 3] = ["zscore", "zscore_axis", "storage_dir"];

fn saves() -> Vec<Save> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/goldens/pymts_persistence.json");
    let golden = parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    golden.get("saves").and_then(Value::as_list).unwrap().iter().map(save).collect()
}

fn save(golden: &Value) -> Save {
    let entries = golden.get("kv_metadata").unwrap();
    let keys = golden.get("kv_metadata_key_order").and_then(Value::as_list).unwrap().iter();
    let (mut attributes, mut extra) = (Map::new(), Map::new());
    for key in keys.map(|key| key.as_str().unwrap()).filter(|key| *key != "pandas") {
        let text = entries.get(key).and_then(Value::as_str).unwrap();
        let value = match parse(text) {
            // Attributes of a model may be arrays; as text they are lists.
            Ok(Value::List(items)) if items.iter().all(|item| matches!(item, Value::Float(_))) => {
                Array::from(items.iter().filter_map(Value::as_f64).collect::<Vec<_>>()).into()
            }
            Ok(value) if key != "hash8" => value,
            _ => text.into(),
        };
        if EXTRA.contains(&key) {
            extra.insert(key, value)
        } else {
            attributes.insert(key, value)
        };
    }
    let params = attributes.get("params").unwrap();
    let size = |key: &str| params.get(key).and_then(Value::as_int).and_then(|n| n.to_u64()).unwrap() as usize;
    let shape = Shape::of(size("M"), size("T"), size("n_realizations"));
    let time = match column(golden, "time")[0] {
        Value::Int(_) => TimeAxis::Steps,
        _ => TimeAxis::Seconds { dt: attributes.get("dt").and_then(Value::as_f64).unwrap() },
    };
    let values = column(golden, "value").iter().map(|value| value.as_f64().unwrap()).collect();
    let config_id = attributes.get("config_id").and_then(Value::as_str).unwrap().to_owned();
    let dataset =
        Dataset::new(Head { shape, time, dtype: Dtype::F64, attributes, truth: None }, values).unwrap();
    Save { golden: golden.clone(), dataset, config_id, extra }
}

fn column<'a>(golden: &'a Value, name: &str) -> &'a [Value] {
    golden.get("columns").and_then(|columns| columns.get(name)).and_then(Value::as_list).unwrap()
}

fn written(save: &Save, format: Format) -> Vec<u8> {
    let (head, config_id, extra) = (save.dataset.head(), save.config_id.as_str(), &save.extra);
    let contents = Contents { head, config_id, form: Form::Long, compression: Compression::default(), extra };
    let mut sink = create(format, Vec::new(), &contents).unwrap();
    sink.write(save.dataset.values()).unwrap();
    sink.finish().unwrap()
}

#[test]
fn csv_text() {
    for save in saves() {
        let text = String::from_utf8(written(&save, Format::Csv)).unwrap();
        assert_eq!(text, save.golden.get("csv_text").and_then(Value::as_str).unwrap());
    }
}

#[test]
fn parquet_metadata() {
    for save in saves() {
        let reader = SerializedFileReader::new(bytes::Bytes::from(written(&save, Format::Parquet))).unwrap();
        let metadata = reader.metadata().file_metadata();
        assert_eq!(metadata.created_by(), Some("mts"));
        let entries = metadata.key_value_metadata().unwrap();
        let mut order = save.golden.get("kv_metadata_key_order").and_then(Value::as_list).unwrap().to_vec();
        order.push("ARROW:schema".into());
        assert_eq!(entries.iter().map(|entry| Value::from(entry.key.as_str())).collect::<Vec<_>>(), order);
        let golden = save.golden.get("kv_metadata").unwrap();
        for entry in entries.iter().filter(|entry| entry.key != "ARROW:schema") {
            let (found, expected) =
                (entry.value.as_deref().unwrap(), golden.get(&entry.key).unwrap().as_str().unwrap());
            if entry.key == "pandas" {
                let without_versions = |text: &str| {
                    let Value::Map(mut map) = parse(text).unwrap() else { panic!("not a mapping") };
                    assert!(map.remove("creator").is_some() && map.remove("pandas_version").is_some());
                    canonical_json(&map.into())
                };
                assert_eq!(without_versions(found), without_versions(expected));
            } else {
                assert_eq!(found, expected, "{}", entry.key);
            }
        }
    }
}

#[test]
fn parquet_columns() {
    for save in saves() {
        let reader = SerializedFileReader::new(bytes::Bytes::from(written(&save, Format::Parquet))).unwrap();
        let columns = reader.metadata().file_metadata().schema_descr().columns();
        let expected = save.golden.get("parquet_schema").and_then(Value::as_list).unwrap();
        assert_eq!(columns.len(), expected.len());
        for (column, expected) in columns.iter().zip(expected) {
            assert_eq!(Some(column.name()), expected.get("name").unwrap().as_str());
            assert_eq!(
                Some(column.physical_type().to_string().as_str()),
                expected.get("physical").unwrap().as_str()
            );
            let text = column.logical_type_ref() == Some(&LogicalType::String);
            assert_eq!(text, expected.get("logical").unwrap().as_str() == Some("String"));
            assert_eq!((column.max_def_level(), column.max_rep_level()), (1, 0));
        }
        let seconds = columns[0].physical_type() == Type::DOUBLE;
        for (row, i) in reader.get_row_iter(None).unwrap().zip(0..) {
            let row = row.unwrap();
            let time: Value =
                if seconds { row.get_double(0).unwrap().into() } else { row.get_long(0).unwrap().into() };
            assert_eq!(time, column(&save.golden, "time")[i]);
            assert_eq!(Value::from(row.get_long(1).unwrap()), column(&save.golden, "channel")[i]);
            assert_eq!(Value::from(row.get_long(2).unwrap()), column(&save.golden, "realization")[i]);
            assert_eq!(Value::from(row.get_double(3).unwrap()), column(&save.golden, "value")[i]);
            assert_eq!(
                Value::from(row.get_string(4).unwrap().as_str()),
                column(&save.golden, "config_id")[i]
            );
        }
        let group = reader.metadata().row_group(0);
        assert_eq!(reader.num_row_groups(), 1);
        assert_eq!(group.column(3).compression(), Codec::SNAPPY);
        assert!(group.columns().iter().all(|column| column.statistics().is_some()));
    }
}

#[test]
fn reads_what_pymts_saved() {
    let save = &saves()[1];
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/io/fixtures/pymts.parquet");
    let mut source = open_checked(&path).unwrap();
    let read = Dataset::collect(&mut source).unwrap();
    assert_eq!(read.values(), save.dataset.values());
    assert_eq!((read.head().shape, read.head().time), (save.dataset.head().shape, save.dataset.head().time));
    let mut expected: Vec<_> = save.dataset.head().attributes.iter().chain(save.extra.iter()).collect();
    let mut found: Vec<_> = read.head().attributes.iter().collect();
    expected.sort_by_key(|(key, _)| *key);
    found.sort_by_key(|(key, _)| *key);
    let text = |entries: Vec<(&str, &Value)>| {
        let entries = entries.into_iter().map(|(key, value)| (key, value.clone()));
        canonical_json(&entries.collect::<Map>().into())
    };
    assert_eq!(text(found), text(expected));
}

#[test]
fn reads_what_others_saved() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/io/fixtures");
    for name in ["foreign.parquet", "pandas.csv"] {
        for open in [open, open_checked] {
            let mut source = open(&folder.join(name)).unwrap();
            let read = Dataset::collect(&mut source).unwrap();
            assert_eq!(read.head().shape, Shape::of(3, 5, 2), "{name}");
            assert_eq!(read.head().time, TimeAxis::Seconds { dt: 0.25 });
            for (i, value) in read.values().iter().enumerate() {
                assert!(
                    if i == 4 { value.is_nan() } else { *value == i as f64 * 0.5 },
                    "{name} {i}: {value}"
                );
            }
        }
    }
}
