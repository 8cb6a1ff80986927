//! Files of every kind, written and read.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail as tests do")]

mod formats;
mod golden;
mod hostile;
mod sidecar;
mod store;
mod truth;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use mts_core::{Dataset, Head, Shape, TimeAxis};
use mts_hash::Map;
use mts_io::{Format, create};

const CONFIG_ID: &str = "x_M1_T1__00c0ffee";

/// A dataset with values that differ everywhere, in a head without attributes that declare its
/// shape.
fn dataset(m: usize, t: usize, r: usize, time: TimeAxis) -> Dataset {
    let shape = Shape::of(m, t, r);
    let values = (0..shape.values()).map(|i| (i as f64 * 0.7).fract() - 0.5 / (i + 1) as f64).collect();
    let attributes = [("config_id", CONFIG_ID)].into_iter().collect();
    Dataset::new(Head { shape, time, attributes, truth: None }, values).unwrap()
}

/// As [`dataset`], declared as every dataset of a model is.
fn declared(m: usize, t: usize, r: usize, time: TimeAxis) -> Dataset {
    let plain = dataset(m, t, r, time);
    let mut head = plain.head().clone();
    if let TimeAxis::Seconds { dt } = time {
        head.attributes.insert("dt", dt);
    }
    let params: Map = [("M", m), ("T", t), ("n_realizations", r)].into_iter().collect();
    head.attributes.insert("params", params);
    Dataset::new(head, plain.values().to_vec()).unwrap()
}

/// The bytes of a dataset whose steps arrive `steps` at once.
fn bytes(dataset: &Dataset, format: Format, steps: usize) -> Vec<u8> {
    let mut sink = create(format, Vec::new(), dataset.head(), CONFIG_ID, &Map::new()).unwrap();
    for slabs in dataset.values().chunks(steps * dataset.head().shape.slab()) {
        sink.write(slabs).unwrap();
    }
    sink.finish().unwrap()
}

fn save(dataset: &Dataset, format: Format, folder: &Path) -> PathBuf {
    let path = folder.join(format!("x.{}", format.extension()));
    let mut sink =
        create(format, File::create(&path).unwrap(), dataset.head(), CONFIG_ID, &Map::new()).unwrap();
    sink.write(dataset.values()).unwrap();
    sink.finish().unwrap();
    path
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}
