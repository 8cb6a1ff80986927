//! What NumPy and xarray wrote.

use std::path::{Path, PathBuf};

use mts_core::{Dataset, Dtype, Shape, TimeAxis};
use mts_hash::Value;

use super::{dates, read};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/io/fixtures").join(name)
}

fn expect(read: &Dataset, name: &str) {
    assert_eq!((read.head().shape, read.head().dtype), (Shape::of(3, 5, 2), Dtype::F64), "{name}");
    for (i, value) in read.values().iter().enumerate() {
        assert!(if i == 4 { value.is_nan() } else { *value == i as f64 * 0.5 }, "{name} {i}: {value}");
    }
}

#[test]
fn numpy_saved_an_archive() {
    for check in [false, true] {
        let read = read(&fixture("numpy.npz"), check).unwrap();
        expect(&read, "numpy.npz");
        assert_eq!(read.head().time, TimeAxis::Seconds { dt: 0.25 });
        assert!(read.head().attributes.is_empty());
    }
}

/// Fixed and unlimited time, chunks across channels and realizations, further variables.
#[test]
fn xarray_saved_datasets() {
    for name in ["xarray.nc", "xarray_unlimited.nc", "xarray.zarr"] {
        for check in [false, true] {
            let read = read(&fixture(name), check).unwrap();
            expect(&read, name);
            assert_eq!(read.head().time, dates("2024-01-31", "ME", 5), "{name}");
            assert_eq!(read.head().attributes.get("title").and_then(Value::as_str), Some("others"));
            assert_eq!(read.head().attributes.get("count"), Some(&3.into()));
        }
    }
}
