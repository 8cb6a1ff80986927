//! Files of every kind, written and read.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail as tests do")]

mod arrays;
mod catalogue;
mod counts;
mod databases;
mod formats;
mod golden;
mod hostile;
mod packs;
mod places;
mod relational;
mod relations;
mod resume;
mod sidecar;
mod skip;
mod store;
mod tables;
mod threads;
mod truth;

use std::fs;
use std::path::{Path, PathBuf};

use mts_core::{Dataset, Dtype, Head, Shape, TimeAxis};
use mts_hash::Map;
use mts_io::{Compression, Contents, Digest, Form, Format, Store, begin, create, stored_bytes};

const CONFIG_ID: &str = "x_M1_T1__00c0ffee";

/// A dataset with values that differ everywhere, in a head without attributes that declare its
/// shape.
fn dataset(m: usize, t: usize, r: usize, time: TimeAxis) -> Dataset {
    let shape = Shape::of(m, t, r);
    let values = (0..shape.values()).map(|i| (i as f64 * 0.7).fract() - 0.5 / (i + 1) as f64).collect();
    let attributes = [("config_id", CONFIG_ID)].into_iter().collect();
    Dataset::new(Head { shape, time, dtype: Dtype::F64, attributes, truth: None }, values).unwrap()
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

/// The formats whose files are no folders.
fn files() -> impl Iterator<Item = Format> {
    Format::ALL.iter().copied().filter(|format| !format.is_folder())
}

/// The bytes of a dataset whose steps arrive `steps` at once.
fn bytes(dataset: &Dataset, format: Format, steps: usize) -> Vec<u8> {
    let mut sink = create(format, Vec::new(), &contents(dataset, Form::Long, &Map::new())).unwrap();
    for slabs in dataset.values().chunks(steps * dataset.head().shape.slab()) {
        sink.write(slabs).unwrap();
    }
    sink.finish().unwrap()
}

fn contents<'a>(dataset: &'a Dataset, form: Form, extra: &'a Map) -> Contents<'a> {
    Contents { head: dataset.head(), config_id: CONFIG_ID, form, compression: Compression::default(), extra }
}

/// A folder in memory where the system has one: these tests make thousands of small files.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn save(dataset: &Dataset, format: Format, folder: &Path) -> PathBuf {
    save_as(dataset, format, Form::Long, folder)
}

fn save_as(dataset: &Dataset, format: Format, form: Form, folder: &Path) -> PathBuf {
    let path = folder.join(format!("x.{}", format.extension()));
    let store = Store::new();
    let extra = Map::new();
    let mut sink = begin(&store, &path, format, &contents(dataset, form, &extra)).unwrap();
    sink.write(dataset.values()).unwrap();
    let finished = sink.finish().unwrap();
    let digest = finished.digest.clone();
    let committed = store.commit((), vec![finished.pending]);
    committed.into_iter().chain(store.flush()).for_each(|group| drop(group.outcome.unwrap()));
    assert_eq!(Digest::read(&path).unwrap(), digest);
    assert_eq!(stored_bytes(&path).unwrap(), digest.bytes);
    path
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    path
}
