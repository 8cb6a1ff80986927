//! Libraries that no one here wrote read every format, and find equal values.
//!
//! They are Python's: `install` puts them into the build's folder, `requirements.txt` says which.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod dataset;
mod python;

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use mts_hash::{Map, Value};
use mts_io::Format;

use dataset::describe;
use python::Python;

const MTS: &str = env!("CARGO_BIN_EXE_mts-suite");

/// Every axis of time, both precisions, one and many of everything.
const GRID: &str = "
seed: 11
configs:
  - {model: ar, M: 3, T: 40, n_realizations: 2, p: 2, phi: [0.5, -0.2]}
  - {model: ou, M: 2, T: 30, n_realizations: 3, theta: 0.7, dtype: f32}
  - {model: gbm, M: 1, T: 25, dt: 0.1, time: {start: 2023-11-30, freq: ME}}
  - {model: kuramoto, M: 4, T: 2, time: {start: 2024-02-28T23:59:59.5, freq: 250ms}, dtype: f32}
  - {model: cml, M: 5, T: 600, n_realizations: 2, time: {start: 1999-12-31, freq: B}}
  - {model: brownian, M: 1, T: 1, n_realizations: 1}
  - {model: noise_gaussian, M: 70, T: 800, n_realizations: 6}
";

/// What read what, for every form.
const READ: [&str; 19] = [
    "duckdb csv",
    "duckdb ndjson",
    "duckdb parquet",
    "numpy npz",
    "pandas arrow",
    "pandas csv",
    "pandas ndjson",
    "pandas parquet",
    "polars arrow",
    "polars csv",
    "polars ndjson",
    "polars parquet",
    "pyarrow arrow",
    "pyarrow csv",
    "pyarrow ndjson",
    "pyarrow parquet",
    "scipy netcdf",
    "xarray netcdf",
    "xarray zarr",
];

fn mts(args: &[&str], folder: &std::path::Path) -> Vec<u8> {
    let ran = Command::new(MTS).args(args).current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    ran.stdout
}

#[test]
fn every_reader_finds_equal_values() {
    let python = Python::installed();
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("grid.yaml"), GRID).unwrap();
    let mut expected: Vec<Value> = Vec::new();
    for (form, compression) in [("long", "zstd"), ("wide", "none"), ("panel", "snappy")] {
        let formats = Format::NAMES.join(",");
        let args = [
            "generate",
            "grid.yaml",
            "--json",
            "--compression",
            compression,
            "--form",
            form,
            "--outdir",
            form,
            "--format",
            formats.as_str(),
        ];
        let told = mts_hash::parse(std::str::from_utf8(&mts(&args, place.path())).unwrap().trim()).unwrap();
        for told in told.get("datasets").and_then(Value::as_list).unwrap() {
            let values = format!("{}.f64", expected.len());
            let (entry, bytes) = describe(told, &values);
            std::fs::write(place.path().join(&values), bytes).unwrap();
            expected.push(entry.into());
        }
    }
    let count = expected.len() as u64;
    let text = mts_hash::canonical_json(&Value::List(expected));
    std::fs::write(place.path().join("expected.json"), text).unwrap();
    let counts = python.json("read.py", &["."], place.path(), None);
    let counts: BTreeMap<String, Value> =
        counts.as_map().unwrap().iter().map(|(name, n)| (name.to_owned(), n.clone())).collect();
    for reader in READ.iter().chain(&["zarr zarr"]) {
        assert_eq!(counts.get(*reader), Some(&count.into()), "{reader}");
    }
    assert_eq!(counts.len(), READ.len() + 1);
}

#[test]
fn readers_find_equal_tables() {
    let python = Python::installed();
    let configs = concat!(env!("CARGO_MANIFEST_DIR"), "/../configs/tables");
    for (document, tables) in [("retail.yaml", 5), ("hr.yaml", 4), ("web_events.json", 2)] {
        let place = tempfile::tempdir().unwrap();
        let document = format!("{configs}/{document}");
        let formats = "parquet,csv,json,ndjson,arrow,sqlite";
        mts(&["generate", &document, "--format", formats], place.path());
        let counts = python.json("relational.py", &["data"], place.path(), None);
        for reader in ["pyarrow csv", "json", "sqlite3"] {
            assert_eq!(counts.get(reader), Some(&tables.into()), "{document}: {reader}");
        }
        let count = |reader: &str| counts.get(reader).and_then(|n| n.as_int()?.to_u64()).unwrap_or_default();
        assert_eq!(count("pyarrow parquet") + count("pyarrow partitions"), tables, "{document}");
        assert_eq!(count("duckdb parquet"), count("polars parquet"), "{document}");
    }
}

#[test]
fn streams_are_read_while_they_are_written() {
    let python = Python::installed();
    let place = tempfile::tempdir().unwrap();
    std::fs::write(
        place.path().join("grid.yaml"),
        "seed: 2\nconfigs: [{model: ou, M: [2, 30], T: 3000, n_realizations: 4}]",
    )
    .unwrap();
    let mut seen: Vec<Map> = Vec::new();
    for format in ["arrow", "csv", "ndjson"] {
        let mut writer = Command::new(MTS)
            .args(["generate", "grid.yaml", "-o", "-", "--format", format])
            .current_dir(place.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let read = python.json("streams.py", &[format], place.path(), writer.stdout.take());
        assert!(writer.wait().unwrap().success());
        seen.push(read.as_map().unwrap().clone());
    }
    assert_eq!(seen[0].get("rows"), Some(&(3000 * 4 * 32).into()));
    assert_eq!(seen[0].get("names").and_then(Value::as_list).unwrap().len(), 2);
    assert!(seen.iter().all(|other| *other == seen[0]), "{seen:?}");
}

/// A sparse VAR(1) with eight channels: about a quarter of all pairs are edges.
const SPARSE: &str = "
model: var
seed: 5
M: 8
T: 5000
Phi:
  - [[0.5, 0, 0, 0.2, 0, 0, 0, 0],
     [0.3, 0.4, 0, 0, 0, 0, 0, 0],
     [0, -0.25, 0.4, 0, 0, 0, 0, 0],
     [0, 0, 0, 0.5, 0, 0, 0.2, 0],
     [0, 0, 0.3, 0, 0.3, 0, 0, 0],
     [0, 0, 0, 0, -0.3, 0.4, 0, 0],
     [0, 0, 0, 0, 0, 0, 0.5, 0.15],
     [0, 0.2, 0, 0, 0, 0, 0, 0.4]]
";

#[test]
fn the_truth_of_a_var_scores_a_method() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("var.yaml"), SPARSE).unwrap();
    let scores = scores("var", "var.yaml", &place);
    assert_eq!((scores.get("edges"), scores.get("pairs")), (Some(&16.into()), Some(&64.into())));
    let auroc = scores.get("auroc").and_then(Value::as_f64).unwrap();
    assert!(auroc >= 0.99, "AUROC {auroc}");
}

#[test]
fn the_truth_of_oscillators_gives_their_derivative() {
    let place = tempfile::tempdir().unwrap();
    for topology in ["complete", "ring", "erdos_renyi"] {
        let text = format!(
            "{{model: kuramoto, M: 12, T: 8, n_realizations: 3, K: 2.5, dt: 0.001, p: 0.4, topology: {topology}, seed: 8}}"
        );
        std::fs::write(place.path().join("k.yaml"), text).unwrap();
        let scores = scores("kuramoto", "k.yaml", &place);
        let number = |key: &str| scores.get(key).and_then(Value::as_f64).unwrap();
        assert!(number("size") > 0.1 && number("error") < 1e-9, "{topology}: {scores:?}");
    }
}

#[test]
fn labels_score_a_detector() {
    let place = tempfile::tempdir().unwrap();
    let document = "
model: ou
seed: 3
M: 4
T: 5000
transforms:
  - zscore: time
  - anomalies: {kind: spike, rate: 0.004, size: 4}
  - anomalies: {kind: level_shift, rate: 0.0003, length: 8, size: 6, channels: [1, 3]}
";
    std::fs::write(place.path().join("x.yaml"), document).unwrap();
    let found = scores("anomalies", "x.yaml", &place);
    let count = found.get("positive").and_then(|count| count.as_int()?.to_u64()).unwrap();
    assert!((60..150).contains(&count), "{found:?}");
    assert_eq!(found.get("kinds"), Some(&Value::from(vec!["level_shift".to_owned(), "spike".to_owned()])));
    let auroc = found.get("auroc").and_then(Value::as_f64).unwrap();
    assert!(auroc >= 0.9, "AUROC {auroc}");
}

#[test]
fn graphs_score_a_causal_method() {
    let place = tempfile::tempdir().unwrap();
    for (model, least) in [("sparse_var", 0.99), ("scm_lagged", 0.9)] {
        std::fs::write(place.path().join("x.yaml"), format!("{{model: {model}, M: 8, T: 5000, seed: 5}}"))
            .unwrap();
        let found = scores("causes", "x.yaml", &place);
        let auroc = found.get("auroc").and_then(Value::as_f64).unwrap();
        assert!(auroc >= least, "{model}: {found:?}");
    }
}

#[test]
fn a_twin_shows_whom_an_intervention_reaches() {
    let place = tempfile::tempdir().unwrap();
    let held = "do: [{channel: 2, at: 300, value: 4}]";
    let text = format!("{{model: sparse_var, M: 8, T: 500, seed: 5, clean: true, {held}}}");
    std::fs::write(place.path().join("x.yaml"), text).unwrap();
    let found = scores("effect", "x.yaml", &place);
    assert_eq!(found.get("first"), Some(&300.into()));
    assert_eq!(found.get("changed"), found.get("reached"));
}

fn scores(kind: &str, document: &str, place: &tempfile::TempDir) -> Map {
    let told = mts(&["generate", document, "--json"], place.path());
    let told = mts_hash::parse(std::str::from_utf8(&told).unwrap().trim()).unwrap();
    let dataset = &told.get("datasets").and_then(Value::as_list).unwrap()[0];
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap().to_owned();
    let file = dataset.get("files").and_then(Value::as_list).map(|files| &files[0]);
    let path = format!("{}/{}", text(dataset.get("path")), text(file));
    let scores = Python::installed().json("scores.py", &[kind, &path], place.path(), None);
    scores.as_map().unwrap().clone()
}
