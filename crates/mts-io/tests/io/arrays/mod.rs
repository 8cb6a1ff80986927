//! The formats of arrays.

mod foreign;
mod hostile;
mod round_trips;

use std::path::{Path, PathBuf};

use mts_core::{Dataset, Dtype, Head, Instants, Shape, SlabSource as _, TimeAxis};
use mts_hash::{Array, Map, Value};
use mts_io::{Compression, Contents, Form, Format, Store, begin};

const FORMATS: [Format; 3] = [Format::Npz, Format::Netcdf, Format::Zarr];

fn dates(start: &str, frequency: &str, steps: usize) -> TimeAxis {
    TimeAxis::Instants(Instants::new(start, frequency, steps).unwrap())
}

/// Values that differ everywhere, rounded as the precision asks for.
fn dataset(m: usize, t: usize, r: usize, time: TimeAxis, dtype: Dtype) -> Dataset {
    let shape = Shape::of(m, t, r);
    let value = |i: usize| (i as f64 * 0.7).fract() - 0.5 / (i + 1) as f64;
    let values = (0..shape.values()).map(|i| dtype.round(value(i))).collect();
    Dataset::new(Head { shape, time, dtype, attributes: attributes(time), truth: None }, values).unwrap()
}

/// One of each type.
fn attributes(time: TimeAxis) -> Map {
    let mut attributes: Map =
        [("config_id", Value::from("x__00c0ffee")), ("hash8", "12345678".into())].into_iter().collect();
    if let TimeAxis::Seconds { dt } = time {
        attributes.insert("dt", dt);
    }
    let params: Map =
        [("alpha", Value::from(0.5)), ("beta", vec![1.0, 2.5].into_iter().collect::<List>().into())]
            .into_iter()
            .collect();
    attributes.insert("params", params);
    attributes.insert("text", "Grüße \"∂x\"\n");
    attributes.insert("empty", "");
    attributes.insert("count", -7);
    attributes.insert("seed", u128::MAX);
    attributes.insert("wide", 1_u64 << 40);
    attributes.insert("flag", true);
    attributes.insert("nothing", Value::Null);
    attributes.insert("infinite", f64::INFINITY);
    attributes.insert("list", Value::List(vec![1.into(), "a".into(), f64::NEG_INFINITY.into()]));
    attributes
}

/// Floats as a list.
struct List(Vec<Value>);

impl FromIterator<f64> for List {
    fn from_iter<I: IntoIterator<Item = f64>>(items: I) -> Self {
        List(items.into_iter().map(Value::from).collect())
    }
}

impl From<List> for Value {
    fn from(list: List) -> Self {
        Value::List(list.0)
    }
}

/// Writes a dataset whose steps arrive `steps` at once; returns its path and checksum.
fn save(dataset: &Dataset, format: Format, folder: &Path, steps: usize) -> (PathBuf, String) {
    let path = folder.join(format!("x.{}", format.extension()));
    let extra = Map::new();
    let contents = Contents {
        head: dataset.head(),
        config_id: "x__00c0ffee",
        form: Form::Long,
        compression: Compression::default(),
        extra: &extra,
    };
    let store = Store::new();
    let mut sink = begin(&store, &path, format, &contents).unwrap();
    for slabs in dataset.values().chunks(steps * dataset.head().shape.slab()) {
        sink.write(slabs).unwrap();
    }
    let finished = sink.finish().unwrap();
    store.commit((), vec![finished.pending]);
    store.flush().into_iter().for_each(|done| drop(done.outcome.unwrap()));
    (path, finished.digest.sha256)
}

fn array(values: &[f64]) -> Value {
    Array::from(values.to_vec()).into()
}

fn bits(dataset: &Dataset) -> Vec<u64> {
    dataset.values().iter().map(|value| value.to_bits()).collect()
}

/// Reads a file to its end.
fn read(path: &Path, check: bool) -> Result<Dataset, String> {
    let source = if check { mts_io::open_checked(path) } else { mts_io::open(path) };
    let mut source = source.map_err(|error| error.to_string())?;
    // Sizes that a file announces are in it.
    assert!(source.head().shape.values() < 1 << 26);
    Dataset::collect(&mut source).map_err(|error| error.to_string())
}
