//! Catalogues.

use std::fs;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use mts_core::{Dtype, Shape};
use mts_hash::{Array, Map, Value, parse};
use mts_io::{Catalogue, CatalogueRow, Digest, Format, Store};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;

use crate::{scratch, write};

pub(crate) fn row(number: usize, params: &str) -> CatalogueRow {
    let Ok(Value::Map(params)) = parse(params) else { panic!("no mapping: {params}") };
    CatalogueRow {
        config_id: format!("ou_M2__{number:08x}"),
        data_id: format!("{:08x}", number * 77),
        model: "ou".to_owned(),
        shape: Shape::of(2, 100, 1 + number),
        dtype: if number == 1 { Dtype::F32 } else { Dtype::F64 },
        seed_entropy: "340282366920938463463374607431768211456".parse().unwrap(),
        spawn_key: if number == 2 { Vec::new() } else { vec![number as u32, u32::MAX] },
        path: format!("ou/pack-00000.parquet#ou_M2__{number:08x}"),
        format: Format::Parquet,
        formats: if number == 0 { vec![Format::Csv, Format::Npz] } else { Vec::new() },
        digest: Digest { bytes: 4096 + number as u64, sha256: "ab".repeat(32) },
        params,
    }
}

pub(crate) fn catalogue(rows: &[CatalogueRow]) -> Catalogue {
    let mut catalogue = Catalogue::new();
    rows.iter().for_each(|row| catalogue.add(row.clone()));
    catalogue
}

pub(crate) fn save(catalogue: &Catalogue, folder: &Path) -> PathBuf {
    let path = folder.join("catalog.parquet");
    let store = Store::new();
    let file = catalogue.write(&store, &path).unwrap();
    let digest = file.digest.clone();
    store.commit((), vec![file.pending]);
    store.flush().into_iter().for_each(|group| drop(group.outcome.unwrap()));
    assert_eq!(Digest::read(&path).unwrap(), digest);
    path
}

fn batch(path: &Path) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    reader.build().unwrap().next().unwrap().unwrap()
}

/// Every kind of parameter, and each missing somewhere.
fn rows() -> [CatalogueRow; 3] {
    [
        row(0, r#"{"M":2,"dt":1,"flag":true,"graph":{"kind":"ring"},"mu":[1.5,2.0],"name":"a","x0":null}"#),
        row(1, r#"{"M":3,"dt":0.5,"graph":7,"mu":null,"name":null}"#),
        row(2, r#"{"dt":2.5,"flag":false,"mu":[],"name":"é,\n","late":18446744073709551616}"#),
    ]
}

#[test]
fn rows_come_back() {
    let folder = scratch();
    let path = save(&catalogue(&rows()), folder.path());
    let read = Catalogue::read(&path).unwrap();
    assert_eq!((read.len(), read.is_empty()), (3, false));
    let expected = rows().map(|mut row| {
        let params = row.params.sorted().into_iter().filter(|(_, value)| **value != Value::Null);
        row.params = params.map(|(name, value)| (name, value.clone())).collect();
        row
    });
    let mut first = expected[0].clone();
    // A column of numbers has one type.
    first.params.insert("dt", 1.0);
    assert_eq!(read.rows().collect::<Vec<_>>(), [first, expected[1].clone(), expected[2].clone()]);

    // What is read is written again, and with more behind it.
    assert_eq!(fs::read(save(&read, folder.path())).unwrap(), fs::read(&path).unwrap());
    let mut more = read.clone();
    more.add(row(3, r#"{"name":1}"#));
    let read = Catalogue::read(&save(&more, folder.path())).unwrap();
    let names: Vec<Option<Value>> = read.rows().map(|row| row.params.get("name").cloned()).collect();
    assert_eq!(names, [Some("a".into()), None, Some("é,\n".into()), Some(1.into())]);
}

#[test]
fn columns_have_types() {
    let folder = scratch();
    let batch = batch(&save(&catalogue(&rows()), folder.path()));
    let schema = batch.schema();
    let columns = schema.fields().iter().map(|field| format!("{}:{}", field.name(), field.data_type()));
    assert_eq!(
        columns.collect::<Vec<_>>().join(" "),
        "config_id:Utf8 data_id:Utf8 model:Utf8 channels:Int64 steps:Int64 realizations:Int64 dtype:Utf8 \
         seed_entropy:Utf8 spawn_key:List(Int64) path:Utf8 format:Utf8 formats:Utf8 bytes:Int64 sha256:Utf8 \
         param_M:Int64 param_dt:Float64 param_flag:Boolean param_graph:Utf8 param_late:Utf8 param_mu:List(Float64) \
         param_name:Utf8"
    );
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let text = |name: &str| column(name).as_string::<i32>().iter().collect::<Vec<_>>();
    assert_eq!(text("param_graph"), [Some("{\"kind\":\"ring\"}"), Some("7"), None]);
    assert_eq!(text("formats"), [Some("csv,npz"), Some(""), Some("")]);
    assert_eq!(text("param_late"), [None, None, Some("18446744073709551616")]);
    let numbers: Vec<_> = column("param_dt").as_primitive::<Float64Type>().iter().collect();
    assert_eq!(numbers, [Some(1.0), Some(0.5), Some(2.5)]);
    let numbers: Vec<_> = column("param_M").as_primitive::<Int64Type>().iter().collect();
    assert_eq!(numbers, [Some(2), Some(3), None]);
    assert_eq!(
        column("param_mu").as_list::<i32>().value(0).as_primitive::<Float64Type>().values(),
        &[1.5, 2.0]
    );
}

#[test]
fn parameters_whose_names_differ_in_case_have_columns_of_their_own() {
    let folder = scratch();
    let rows = [row(0, r#"{"Phi":[[1.5]],"sigma":0.5}"#), row(1, r#"{"phi":2,"sigma":1.0}"#)];
    let path = save(&catalogue(&rows), folder.path());
    let columns = batch(&path);
    let small: Vec<f64> =
        columns.column_by_name("param_sigma").unwrap().as_primitive::<Float64Type>().values().to_vec();
    assert_eq!(small, [0.5, 1.0]);
    let mut names: Vec<String> =
        columns.schema().fields().iter().map(|field| field.name().to_lowercase()).collect();
    assert!(names.contains(&"param_phi_2".to_owned()) && names.contains(&"param_phi".to_owned()));
    names.sort();
    names.dedup();
    assert_eq!(names.len(), columns.num_columns());
    let again = Catalogue::read(&path).unwrap();
    assert_eq!(again.rows().collect::<Vec<_>>(), rows);
    assert_eq!(again.digest().unwrap(), Digest::read(&path).unwrap());
}

#[test]
fn an_empty_catalogue_is_one() {
    let folder = scratch();
    let path = save(&Catalogue::new(), folder.path());
    assert_eq!(Catalogue::read(&path).unwrap().rows().len(), 0);
}

#[test]
fn several_row_groups() {
    let folder = scratch();
    let mut all = Catalogue::new();
    let count = (1 << 17) + 3;
    for number in 0..count {
        let mut row = row(number % 5, "{}");
        row.params.insert("i", number);
        row.params.insert("mu", Array::from(vec![number as f64, 0.5]));
        all.add(row);
    }
    let path = save(&all, folder.path());
    assert_eq!(Digest::read(&path).unwrap().sha256[..16], *"749178d6d12edda8");
    let read = Catalogue::read(&path).unwrap();
    assert_eq!(read.len(), count);
    for (number, row) in read.rows().enumerate().skip((1 << 17) - 3) {
        assert_eq!(row.config_id, format!("ou_M2__{:08x}", number % 5));
        let mu = vec![Value::from(number as f64), 0.5.into()];
        assert_eq!(row.params, Map::from_iter([("i", Value::from(number)), ("mu", mu.into())]));
    }
}

#[test]
fn golden_bytes() {
    let folder = scratch();
    let digest = Digest::read(&save(&catalogue(&rows()), folder.path())).unwrap();
    assert_eq!(digest.sha256[..16], *"730948676b30d5cc");
}

#[test]
fn what_is_no_catalogue_is_refused() {
    let folder = scratch();
    let error = |path: &Path| {
        let text = Catalogue::read(path).map(drop).unwrap_err().to_string();
        text.strip_prefix(&format!("{}: ", path.display())).unwrap().to_owned()
    };
    assert_eq!(error(&folder.path().join("none.parquet")), "there is no such file or folder");
    assert!(error(&write(folder.path(), "x.parquet", "PAR1 and nothing else")).contains("no Parquet file"));
    let dataset = crate::declared(2, 3, 1, mts_core::TimeAxis::Steps);
    assert_eq!(error(&crate::save(&dataset, Format::Parquet, folder.path())), "this is no catalogue");
    let path = save(&catalogue(&rows()), folder.path());
    let whole = fs::read(&path).unwrap();
    let changed = |from: &str, to: &str| {
        let mut bytes = whole.clone();
        let found: Vec<usize> =
            (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from.as_bytes())).collect();
        assert!(!found.is_empty(), "{from}");
        found.iter().for_each(|at| bytes[*at..at + to.len()].copy_from_slice(to.as_bytes()));
        error(&write(folder.path(), "changed.parquet", bytes))
    };
    assert_eq!(changed("data_id", "data_ib"), "the column data_id is missing");
    assert_eq!(changed("mts_catalogue", "mts_catalogus"), "this is no catalogue");
}

/// Reads a file that may be anything, and looks at all of it.
fn look(path: &Path) -> bool {
    Catalogue::read(path)
        .is_ok_and(|catalogue| catalogue.rows().map(|row| row.params.len()).sum::<usize>() < usize::MAX)
}

#[test]
fn every_flipped_byte_and_every_prefix_is_survived() {
    let folder = scratch();
    let whole = fs::read(save(&catalogue(&rows()), folder.path())).unwrap();
    for at in 0..whole.len() {
        for bits in [0x01, 0x80] {
            let mut bytes = whole.clone();
            bytes[at] ^= bits;
            look(&write(folder.path(), "x.parquet", bytes));
        }
        assert!(!look(&write(folder.path(), "x.parquet", &whole[..at])), "{at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn damaged_bytes_neither_panic_nor_fill_the_memory(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 2..6),
    ) {
        let folder = scratch();
        let mut bytes = fs::read(save(&catalogue(&rows()), folder.path())).unwrap();
        for (at, bits) in &flips {
            let at = at.index(bytes.len());
            bytes[at] ^= bits;
        }
        look(&write(folder.path(), "x.parquet", bytes));
    }
}
