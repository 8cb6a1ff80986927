//! What is written reads back.

use std::io::Write as _;

use mts_core::{Dataset, Dtype, Head, Shape, SlabSource as _, TimeAxis};
use mts_hash::{Map, Value};
use mts_io::{
    Compression, Contents, Digesting, Form, Format, IoErrorKind, Store, begin, create, open, open_checked,
};

use super::{FORMATS, array, bits, dataset, dates, read, save};

/// Sizes below, at and above what chunks, buffers and blocks hold.
const SHAPES: [(usize, usize, usize); 9] = [
    (1, 1, 1),
    (1, 1, 7),
    (3, 1, 2),
    (1, 9, 1),
    (2, 3, 4),
    (7, 333, 3),
    (1, 300_001, 1),
    (100, 30, 700),
    (5, 3, 90_000),
];

#[test]
fn shapes_axes_and_precisions() {
    let folder = crate::scratch();
    for (m, t, r) in SHAPES {
        let axes = [
            TimeAxis::Steps,
            TimeAxis::Seconds { dt: 0.1 },
            dates("2024-01-01", "15min", t),
            dates("2024-01-01T00:00:00.000001", "7us", t),
        ];
        // Large ones are there for their sizes.
        let axes = if m * t * r > 1 << 19 { &axes[..1] } else { &axes };
        for (time, format) in axes.iter().flat_map(|time| FORMATS.map(|format| (*time, format))) {
            for dtype in [Dtype::F64, Dtype::F32] {
                let dataset = dataset(m, t, r, time, dtype);
                let (path, _) = save(&dataset, format, folder.path(), t);
                for open in [open, open_checked] {
                    let mut source = open(&path).unwrap();
                    let read = Dataset::collect(&mut source).unwrap();
                    let (found, expected) = (read.head(), dataset.head());
                    assert_eq!((found.shape, found.dtype), (expected.shape, expected.dtype));
                    if matches!(time, TimeAxis::Instants(_)) && t == 1 {
                        assert_eq!(found.time.at(0), time.at(0));
                    } else {
                        assert_eq!(found.time, time, "{format} {m} {t} {r}");
                    }
                    assert_eq!(found.attributes, expected.attributes, "{format}");
                    assert!(bits(&read) == bits(&dataset), "{format} {m} {t} {r}");
                    source.rewind().unwrap();
                    assert!(Dataset::collect(&mut source).unwrap() == read);
                }
            }
        }
    }
}

#[test]
fn every_calendar() {
    let folder = crate::scratch();
    for (start, frequency, steps) in [
        ("2024-01-31", "ME", 50),
        ("2024-01-01", "QS", 500),
        ("2023-12-29", "B", 300),
        ("2024-02-25", "W", 3),
        ("0001-01-01", "YS", 9999),
        ("9999-12-31T23:59:59", "us", 1_000_000),
        ("0001-01-01", "3652058D", 2),
        ("1969-12-31T23:59:59.5", "500ms", 4),
        ("2024-01-31T06:00", "12ME", 9),
    ] {
        let time = dates(start, frequency, steps);
        let mut dataset = dataset(1, steps, 1, time, Dtype::F64);
        for format in FORMATS {
            let (path, _) = save(&dataset, format, folder.path(), steps);
            let found = read(&path, true).unwrap().head().time;
            assert!((0..steps).all(|step| found.at(step) == time.at(step)), "{format} {start} {frequency}");
        }
        // Where a recipe says it, it is the same axis.
        let recipe: Map =
            [("time", Map::from_iter([("start", start), ("freq", frequency)]))].into_iter().collect();
        let mut head = dataset.head().clone();
        head.attributes.insert("recipe", recipe);
        dataset = Dataset::new(head, dataset.values().to_vec()).unwrap();
        for format in FORMATS {
            let (path, _) = save(&dataset, format, folder.path(), steps);
            assert_eq!(read(&path, true).unwrap().head().time, time, "{format}");
        }
    }
}

#[test]
fn pieces_of_any_size_make_the_same_bytes() {
    let folder = crate::scratch();
    for (m, t, r) in [(3, 50, 4), (1, 2000, 1), (700, 5, 1000), (300, 40, 100)] {
        for format in FORMATS {
            for dtype in [Dtype::F64, Dtype::F32] {
                let dataset = dataset(m, t, r, TimeAxis::Seconds { dt: 0.5 }, dtype);
                let whole = save(&dataset, format, folder.path(), t).1;
                for steps in [1, 7, 39] {
                    assert!(save(&dataset, format, folder.path(), steps).1 == whole, "{format} {steps}");
                }
            }
        }
    }
}

/// What these say is in the world: a change is one of *Values*.
#[test]
fn bytes_do_not_move() {
    let folder = crate::scratch();
    for (format, expected) in FORMATS.into_iter().zip([
        "8301555580f5a41b125472e2e8352e9c45860e8decaf72f438108705079600c5",
        "53af296c3b55b80c6584c43459c38870f997b0f53ca3ec4f953507bda42b6efc",
        "8db560aed8fe11485901eb630c1bafe6dee1d2c3866d75298fd5ba98c553ecf1",
    ]) {
        let mut all = String::new();
        for time in [TimeAxis::Steps, TimeAxis::Seconds { dt: 0.5 }, dates("2024-01-31", "ME", 3)] {
            for dtype in [Dtype::F64, Dtype::F32] {
                all += &save(&dataset(2, 3, 2, time, dtype), format, folder.path(), 3).1;
            }
        }
        let mut digesting = Digesting::new(std::io::sink());
        digesting.write_all(all.as_bytes()).unwrap();
        assert_eq!(digesting.finish().1.sha256, expected, "{format}");
    }
}

#[test]
fn any_float_survives() {
    let folder = crate::scratch();
    let mut values = vec![0.0, -0.0, 5e-324, -2.5e-310, f64::MAX, f64::MIN, 0.1, 1e16, 1.0 / 3.0];
    values.extend([f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 9.969_209_968_386_869e36]);
    // NaN with something in it.
    values.push(f64::from_bits(0x7ff8_0000_dead_beef));
    let head = |dtype| Head {
        time: TimeAxis::Steps,
        shape: Shape::of(1, values.len(), 1),
        dtype,
        attributes: Map::new(),
        truth: None,
    };
    for format in FORMATS {
        for dtype in [Dtype::F64, Dtype::F32] {
            let values = values.iter().map(|value| dtype.round(*value)).collect();
            let dataset = Dataset::new(head(dtype), values).unwrap();
            let (path, _) = save(&dataset, format, folder.path(), 4);
            assert_eq!(bits(&read(&path, true).unwrap()), bits(&dataset), "{format}");
        }
    }
}

#[test]
fn extra_attributes_follow_and_replace() {
    let folder = crate::scratch();
    let dataset = dataset(1, 2, 1, TimeAxis::Steps, Dtype::F64);
    let extra: Map = [("zscore", Value::from(true)), ("count", 8.into()), ("array", array(&[1.0, f64::NAN]))]
        .into_iter()
        .collect();
    for format in FORMATS {
        let path = folder.path().join(format!("y.{}", format.extension()));
        let contents = Contents {
            head: dataset.head(),
            config_id: "x",
            form: Form::Long,
            compression: Compression::default(),
            extra: &extra,
        };
        let store = Store::new();
        let mut sink = begin(&store, &path, format, &contents).unwrap();
        sink.write(dataset.values()).unwrap();
        store.commit((), vec![sink.finish().unwrap().pending]);
        store.flush();
        let read = read(&path, true).unwrap();
        let keys: Vec<&str> = read.head().attributes.iter().map(|(key, _)| key).collect();
        let mut expected: Vec<&str> = dataset.head().attributes.iter().map(|(key, _)| key).collect();
        expected.extend(["zscore", "array"]);
        assert_eq!(keys, expected, "{format}");
        assert_eq!(read.head().attributes.get("count"), Some(&8.into()));
        let array = read.head().attributes.get("array").and_then(Value::as_list).unwrap();
        assert!(array[0].as_f64() == Some(1.0) && array[1].as_f64().is_some_and(f64::is_nan));
    }
}

#[test]
fn digests_are_those_of_what_is_stored() {
    let folder = crate::scratch();
    for format in FORMATS {
        let dataset = dataset(7, 333, 3, TimeAxis::Steps, Dtype::F64);
        let (path, sha256) = save(&dataset, format, folder.path(), 100);
        let stored = mts_io::Digest::read(&path).unwrap();
        assert_eq!(stored.sha256, sha256);
        assert_eq!(stored.bytes, mts_io::stored_bytes(&path).unwrap());
        let announced = format.size(dataset.head().shape, Dtype::F64, Form::Long, "x") as f64;
        assert!((0.8..1.2).contains(&(announced / stored.bytes as f64)), "{format} {announced}");
    }
}

#[test]
fn sinks_refuse_what_is_no_dataset() {
    let folder = crate::scratch();
    let dataset = dataset(2, 3, 2, TimeAxis::Steps, Dtype::F64);
    let extra = Map::new();
    let contents = Contents {
        head: dataset.head(),
        config_id: "x",
        form: Form::Long,
        compression: Compression::default(),
        extra: &extra,
    };
    let store = Store::<()>::new();
    for format in FORMATS {
        let path = folder.path().join("x").with_extension(format.extension());
        let sink = || begin(&store, &path, format, &contents).unwrap();
        let error = sink().write(&[0.0; 3]).unwrap_err().to_string();
        assert_eq!(error, "3 values are not whole steps of 4 values");
        assert_eq!(sink().write(&[0.0; 16]).unwrap_err().to_string(), "received 4 of 3 steps");
        let mut short = sink();
        short.write(&[0.0; 8]).unwrap();
        assert_eq!(short.finish().unwrap_err().to_string(), "received only 2 of 3 steps");
        assert!(!path.exists());
    }
    let error = create(Format::Zarr, Vec::new(), &contents).map(drop).unwrap_err().to_string();
    assert!(error.contains("is a folder"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn netcdf_says_what_it_cannot_hold() {
    let objection = |m, t, r| Format::Netcdf.objection(Shape::of(m, t, r), Form::Long);
    assert_eq!(objection(1, (1 << 31) - 1, 1), None);
    assert_eq!(
        objection(1, 1 << 31, 1).unwrap(),
        "netcdf holds at most 2147483647 steps, found T=2147483648: use zarr"
    );
    assert_eq!(
        objection(1 << 19, 1, 1 << 10).unwrap(),
        "netcdf holds at most 4294967292 bytes per step, found M=524288 · n_realizations=1024 · 8 = 4294967296: \
         use zarr"
    );
    let steps = 3_000_000;
    let head = Head {
        shape: Shape::of(1, steps, 1),
        time: dates("0001-01-01", "4294967291us", steps),
        dtype: Dtype::F64,
        attributes: Map::new(),
        truth: None,
    };
    let extra = Map::new();
    let contents = Contents {
        head: &head,
        config_id: "x",
        form: Form::Long,
        compression: Compression::default(),
        extra: &extra,
    };
    let error = create(Format::Netcdf, Vec::new(), &contents).map(drop).unwrap_err().to_string();
    assert!(error.contains("netcdf counts to 9007199254740992"), "{error}");
    assert!(create(Format::Npz, Vec::new(), &contents).is_ok());
}

#[cfg(target_os = "linux")]
#[test]
fn a_writer_that_fails_says_so() {
    let dataset = dataset(20, 5000, 2, TimeAxis::Steps, Dtype::F64);
    let extra = Map::new();
    let contents = Contents {
        head: dataset.head(),
        config_id: "x",
        form: Form::Long,
        compression: Compression::default(),
        extra: &extra,
    };
    for format in [Format::Npz, Format::Netcdf] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let outcome = create(format, full, &contents).and_then(|mut sink| {
            sink.write(dataset.values())?;
            sink.finish().map(drop)
        });
        assert!(matches!(outcome.unwrap_err().kind(), IoErrorKind::Full), "{format}");
    }
}
