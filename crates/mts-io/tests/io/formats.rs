//! Every format keeps what it was given.

use mts_core::{Dataset, Dtype, Head, Instants, Rounded, Shape, SlabSource as _, TimeAxis};
use mts_hash::Map;
use mts_io::{Contents, Form, Format, IoErrorKind, Part, create, open, open_checked, stream};
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::{bytes, contents, dataset, declared, files, save, save_as};

const STEPS: TimeAxis = TimeAxis::Steps;
const SECONDS: TimeAxis = TimeAxis::Seconds { dt: 0.1 };

#[test]
fn names() {
    for format in Format::ALL {
        assert_eq!(format.name().parse(), Ok(*format));
        assert_eq!(Format::of(format!("a.b/c.{}", format.extension()).as_ref()), Some(*format));
    }
    assert_eq!(Format::NAMES.len(), Format::ALL.len());
    assert_eq!("xlsx".parse::<Format>(), Err(()));
    assert_eq!(Format::of("parquet".as_ref()), None);
    let error = open("x.foo".as_ref()).map(|_| ()).unwrap_err().to_string();
    assert_eq!(
        error,
        "x.foo: the extension does not say the format; known are .parquet, .csv, .ndjson, .arrow, .npz, .nc, .zarr"
    );
}

/// Sizes below, at and above what pages, periods and row groups hold.
const SHAPES: [(usize, usize, usize); 12] = [
    (1, 1, 1),
    (1, 1, 7),
    (3, 1, 2),
    (1, 9, 1),
    (2, 3, 4),
    (7, 333, 3),
    (1, 5000, 1),
    (64, 300, 2),
    (127, 100, 1),
    (128, 5, 128),
    (200, 60, 300),
    (5, 7, 9000),
];

#[test]
fn round_trips() {
    let folder = crate::scratch();
    for (m, t, r) in SHAPES {
        for time in [STEPS, SECONDS] {
            // Large shapes are there for pages and row groups; as text they are only more of the same.
            let text = |format: &&Format| matches!(format, Format::Csv | Format::Ndjson);
            let large = m * t * r > 100_000;
            for format in Format::ALL.iter().filter(|format| !large || !text(format)) {
                let dataset = declared(m, t, r, time);
                let path = save(&dataset, *format, folder.path());
                for open in [open, open_checked] {
                    let mut source = open(&path).unwrap();
                    let read = Dataset::collect(&mut source).unwrap();
                    assert_eq!(read.values(), dataset.values());
                    assert_eq!(read.head().shape, dataset.head().shape);
                    if *format == Format::Parquet {
                        assert_eq!(read.head(), dataset.head());
                    } else if t > 1 {
                        assert_eq!(read.head().time, time);
                    }
                    source.rewind().unwrap();
                    assert_eq!(Dataset::collect(&mut source).unwrap(), read);
                }
            }
        }
    }
}

#[test]
fn shapes_are_learned_where_none_is_declared() {
    let folder = crate::scratch();
    for (m, t, r) in SHAPES {
        let dataset = dataset(m, t, r, SECONDS);
        let path = save(&dataset, Format::Parquet, folder.path());
        let read = Dataset::collect(&mut open(&path).unwrap()).unwrap();
        assert_eq!((read.head().shape, read.values()), (dataset.head().shape, dataset.values()));
        assert!(t == 1 || read.head().time == SECONDS);
    }
}

#[test]
fn several_row_groups() {
    let folder = crate::scratch();
    for ((m, t, r), groups) in
        [((1, (1 << 21) + 5, 1), 3), ((200, 1100, 10), 3), ((1 << 10, 4, (1 << 10) + 1), 4)]
    {
        for time in [STEPS, SECONDS] {
            let dataset = declared(m, t, r, time);
            let path = save(&dataset, Format::Parquet, folder.path());
            let file = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
            assert_eq!(file.num_row_groups(), groups);
            let read = Dataset::collect(&mut open_checked(&path).unwrap()).unwrap();
            assert!(read == dataset, "{m} {t} {r}");
        }
    }
}

#[test]
fn pieces_of_any_size_make_the_same_bytes() {
    for format in files() {
        for (m, t, r) in [(3, 50, 4), (1, 2000, 1), (130, 40, 1)] {
            let dataset = declared(m, t, r, SECONDS);
            let whole = bytes(&dataset, format, t);
            for steps in [1, 7, 49] {
                assert!(bytes(&dataset, format, steps) == whole, "{format} {steps}");
            }
        }
    }
    let dataset = declared(5, 500_000, 1, STEPS);
    let whole = bytes(&dataset, Format::Parquet, 500_000);
    for steps in [1 << 10, 209_715, 209_716, 300_000] {
        assert!(bytes(&dataset, Format::Parquet, steps) == whole, "{steps}");
    }
}

#[test]
fn any_float_survives() {
    let folder = crate::scratch();
    let values =
        [0.0, -0.0, 5e-324, -2.5e-310, f64::MIN_POSITIVE, f64::MAX, f64::MIN, 0.1, 1e16, 1e-5, 1.0 / 3.0];
    let special = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let all = [values.as_slice(), &special].concat();
    let head = Head {
        time: STEPS,
        shape: Shape::of(1, all.len(), 1),
        dtype: Dtype::F64,
        attributes: Map::new(),
        truth: None,
    };
    let dataset = Dataset::new(head, all).unwrap();
    for format in Format::ALL {
        let path = save(&dataset, *format, folder.path());
        let read = Dataset::collect(&mut open(&path).unwrap()).unwrap();
        let bits = |dataset: &Dataset| dataset.values().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read), bits(&dataset), "{format}");
    }
}

#[test]
fn sinks_refuse_what_is_no_dataset() {
    let dataset = declared(2, 3, 2, STEPS);
    for format in files() {
        let extra = Map::new();
        let sink = || create(format, Vec::new(), &contents(&dataset, Form::Long, &extra)).unwrap();
        assert_eq!(
            sink().write(&[0.0; 3]).unwrap_err().to_string(),
            "3 values are not whole steps of 4 values"
        );
        assert_eq!(sink().write(&[0.0; 16]).unwrap_err().to_string(), "received 4 of 3 steps");
        let mut short = sink();
        short.write(&[0.0; 8]).unwrap();
        assert_eq!(short.finish().unwrap_err().to_string(), "received only 2 of 3 steps");
    }
    let head = Head { shape: Shape::of(1 << 20, 40_000, 1), ..dataset.head().clone() };
    let extra = Map::new();
    let large = Contents { head: &head, ..contents(&dataset, Form::Long, &extra) };
    assert!(create(Format::Parquet, Vec::new(), &large).is_err());
    let named = Contents { config_id: "a,b", ..contents(&dataset, Form::Long, &extra) };
    assert!(create(Format::Csv, Vec::new(), &named).is_err());
}

#[test]
fn a_writer_that_fails_says_so() {
    let dataset = declared(20, 5000, 2, STEPS);
    for format in files() {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let extra = Map::new();
        let outcome = create(format, full, &contents(&dataset, Form::Long, &extra)).and_then(|mut sink| {
            sink.write(dataset.values())?;
            sink.finish().map(drop)
        });
        assert!(matches!(outcome.unwrap_err().kind(), IoErrorKind::Full), "{format}");
    }
}

/// All axes, and names of theirs.
fn axes() -> [TimeAxis; 4] {
    let dates = |start, frequency| TimeAxis::Instants(Instants::new(start, frequency, 10_000).unwrap());
    [STEPS, SECONDS, dates("2024-02-28T23:59:59.5", "500ms"), dates("2023-11-30", "ME")]
}

#[test]
fn every_form_axis_and_precision_comes_back() {
    let folder = crate::scratch();
    for (m, t, r) in [(1, 1, 1), (1, 30, 1), (3, 25, 4), (2, 700, 1)] {
        for time in axes() {
            for dtype in [Dtype::F64, Dtype::F32] {
                let plain = declared(m, t, r, time);
                let dataset = Dataset::collect(&mut Rounded::new(plain.source(), dtype)).unwrap();
                for format in Format::ALL {
                    for form in forms(*format) {
                        let path = save_as(&dataset, *format, form, folder.path());
                        let read = Dataset::collect(&mut open_checked(&path).unwrap()).unwrap();
                        let what = format!("{format} {form} {time:?} {dtype:?} {m} {t} {r}");
                        // Text has no precision of its own: readers round.
                        let values: Vec<u64> =
                            read.values().iter().map(|value| dtype.round(*value).to_bits()).collect();
                        let expected: Vec<u64> =
                            dataset.values().iter().map(|value| value.to_bits()).collect();
                        assert!(values == expected, "{what}");
                        assert_eq!(read.head().shape, dataset.head().shape, "{what}");
                        assert!((0..t).all(|step| t == 1 && step == 0 || read.head().time.at(step) == time.at(step)), "{what}");
                    }
                }
            }
        }
    }
}

fn forms(format: Format) -> Vec<Form> {
    if format.is_table() { vec![Form::Long, Form::Wide, Form::Panel] } else { vec![Form::Long] }
}

#[test]
fn streams_of_several_datasets_are_one_table() {
    let (one, two) = (declared(2, 3, 1, STEPS), declared(2, 2, 2, STEPS));
    for (format, form) in
        [(Format::Csv, Form::Long), (Format::Csv, Form::Wide), (Format::Ndjson, Form::Panel)]
    {
        let extra = Map::new();
        let mut bytes = Vec::new();
        for (dataset, part) in
            [(&one, Part { first: true, last: false }), (&two, Part { first: false, last: true })]
        {
            let mut sink = stream(format, bytes, &contents(dataset, form, &extra), part).unwrap();
            sink.write(dataset.values()).unwrap();
            bytes = sink.finish().unwrap();
        }
        let whole = |dataset: &Dataset| {
            let mut sink = create(format, Vec::new(), &contents(dataset, form, &extra)).unwrap();
            sink.write(dataset.values()).unwrap();
            String::from_utf8(sink.finish().unwrap()).unwrap()
        };
        let header = if format == Format::Csv { 1 } else { 0 };
        let rows: String = whole(&two).split_inclusive('\n').skip(header).collect();
        assert_eq!(String::from_utf8(bytes).unwrap(), whole(&one) + &rows);
    }
    assert!(
        stream(Format::Parquet, Vec::new(), &contents(&one, Form::Long, &Map::new()), Part::WHOLE).is_err()
    );
}

#[test]
fn rows_of_other_writers_are_read() {
    let folder = crate::scratch();
    let text = "{\"value\": 1.5, \"config_id\": \"x\", \"time\": 0, \"channel\": 0, \"realization\": 0}\n\
                {\"time\": 1, \"channel\": 0, \"realization\": 0, \"value\": null, \"config_id\": \"x\"}\n";
    let path = crate::write(folder.path(), "x.ndjson", text);
    let read = Dataset::collect(&mut open(&path).unwrap()).unwrap();
    assert_eq!(read.values()[0], 1.5);
    assert!(read.values()[1].is_nan());
    // Blanks behind colons alone, and a letter written out.
    let text = "{\"time\": 0,\"realization\": 0,\"a\": 1.5}\n{\"time\": 1,\"realization\": 0,\"a\": 2}\n";
    let read = Dataset::collect(&mut open(&crate::write(folder.path(), "y.ndjson", text)).unwrap()).unwrap();
    assert_eq!(read.values(), [1.5, 2.0]);
    let text = "{\"unique_id\":\"\\u0078/0/0\",\"ds\":0,\"y\":1.5}\n";
    let read = Dataset::collect(&mut open(&crate::write(folder.path(), "z.ndjson", text)).unwrap()).unwrap();
    assert_eq!(read.head().attributes.get("config_id"), Some(&"x".into()));
    let text = "time,realization,a,b\n2024-01-01 00:00:00,0,1,2\n2024-01-01 00:15:00,0,,4\n";
    let read = Dataset::collect(&mut open(&crate::write(folder.path(), "x.csv", text)).unwrap()).unwrap();
    assert_eq!(read.head().shape, Shape::of(2, 2, 1));
    assert_eq!(read.head().time, TimeAxis::Instants(Instants::new("2024-01-01", "15min", 2).unwrap()));
    assert_eq!([read.values()[1], read.values()[3]], [2.0, 4.0]);
}
