//! Parquet and Arrow: every form, time axis and precision, and damage to each.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use mts_core::{Dataset, Dtype, Head, Instants, Shape, SlabSource, TimeAxis};
use mts_hash::{Map, Value};
use mts_io::{Compression, Contents, Form, Format, Part, create, open, open_checked, stream};
use proptest::prelude::*;

const NAME: &str = "x_M1_T1__00c0ffee";
const FORMATS: [Format; 2] = [Format::Parquet, Format::Arrow];
const FORMS: [Form; 3] = [Form::Long, Form::Wide, Form::Panel];
const DTYPES: [Dtype; 2] = [Dtype::F64, Dtype::F32];

fn nth_axis(which: usize, steps: usize) -> TimeAxis {
    let dates = |start, frequency| TimeAxis::Instants(Instants::new(start, frequency, steps).unwrap());
    match which {
        0 => TimeAxis::Steps,
        1 => TimeAxis::Seconds { dt: 0.1 },
        2 => dates("2024-02-29T06:30:00.000001", "15min"),
        _ => dates("1969-12-31", "B"),
    }
}

/// A dataset that declares nothing but its name.
fn plain((m, t, r): (usize, usize, usize), time: TimeAxis, dtype: Dtype) -> Dataset {
    let shape = Shape::of(m, t, r);
    let noise = |i: usize| {
        (i as u32 ^ 0x5bd1_e995).wrapping_mul(0x9e37_79b9).rotate_left(13).wrapping_mul(0x85eb_ca6b)
    };
    let values = (0..shape.values()).map(|i| dtype.round(f64::from(noise(i)) / 3e9 - 0.7));
    let attributes = [("config_id", NAME)].into_iter().collect();
    let values = values.collect();
    Dataset::new(Head { shape, time, dtype, attributes, truth: None }, values).unwrap()
}

/// A dataset as a model declares it; keys are in the order in which Arrow keeps them.
fn declared((m, t, r): (usize, usize, usize), time: TimeAxis, dtype: Dtype) -> Dataset {
    let plain = plain((m, t, r), time, dtype);
    let mut head = plain.head().clone();
    if let TimeAxis::Seconds { dt } = time {
        head.attributes.insert("dt", dt);
    }
    let params: Map = [("M", m), ("T", t), ("n_realizations", r)].into_iter().collect();
    head.attributes.insert("params", params);
    if let TimeAxis::Instants(dates) = time {
        let time: Map = [("freq", dates.frequency()), ("start", dates.start())].into_iter().collect();
        let recipe: Map = [("kind", Value::from("grid")), ("time", time.into())].into_iter().collect();
        head.attributes.insert("recipe", recipe);
    }
    Dataset::new(head, plain.values().to_vec()).unwrap()
}

fn contents(dataset: &Dataset, form: Form) -> Contents<'_> {
    static NOTHING: LazyLock<Map> = LazyLock::new(Map::new);
    Contents {
        head: dataset.head(),
        config_id: NAME,
        form,
        compression: Compression::default(),
        extra: &NOTHING,
    }
}

/// The bytes of a dataset whose steps arrive `steps` at once.
fn bytes(dataset: &Dataset, format: Format, form: Form, steps: usize) -> Vec<u8> {
    let mut sink = create(format, Vec::new(), &contents(dataset, form)).unwrap();
    for slabs in dataset.values().chunks(steps * dataset.head().shape.slab()) {
        sink.write(slabs).unwrap();
    }
    sink.finish().unwrap()
}

fn save(folder: &Path, format: Format, bytes: &[u8]) -> PathBuf {
    let path = folder.join(format!("x.{}", format.extension()));
    fs::write(&path, bytes).unwrap();
    path
}

fn bits(dataset: &Dataset) -> Vec<u64> {
    dataset.values().iter().map(|value| value.to_bits()).collect()
}

/// Sizes below, at and above what pages, batches and row groups hold.
const SHAPES: [(usize, usize, usize); 9] = [
    (1, 1, 1),
    (3, 1, 2),
    (1, 9, 1),
    (2, 5, 4),
    (7, 333, 3),
    (130, 40, 1),
    (3, 30, 200),
    (64, 300, 2),
    (5, 7, 9000),
];

fn every_kind(mut test: impl FnMut(Format, Form, Dtype, usize)) {
    for format in FORMATS {
        for form in FORMS {
            for dtype in DTYPES {
                (0..4).for_each(|axis| test(format, form, dtype, axis));
            }
        }
    }
}

#[test]
fn round_trips() {
    let folder = crate::scratch();
    every_kind(|format, form, dtype, axis| {
        for shape in SHAPES {
            let dataset = declared(shape, nth_axis(axis, shape.1), dtype);
            let path = save(folder.path(), format, &bytes(&dataset, format, form, shape.1));
            for open in [open, open_checked] {
                let mut source = open(&path).unwrap();
                assert_eq!(source.head(), dataset.head(), "{format} {form}");
                let read = Dataset::collect(&mut source).unwrap();
                assert!(bits(&read) == bits(&dataset), "{format} {form} {shape:?}");
                source.rewind().unwrap();
                let mut one = vec![0.0; dataset.head().shape.slab()];
                for slab in dataset.values().chunks(one.len()) {
                    assert_eq!(source.next(&mut one).unwrap(), 1);
                    assert_eq!(one, slab);
                }
                assert_eq!(source.next(&mut one).unwrap(), 0);
            }
        }
    });
}

#[test]
fn shape_and_axis_are_learned_where_nothing_declares_them() {
    let folder = crate::scratch();
    every_kind(|format, form, dtype, axis| {
        for shape in SHAPES {
            let axis = nth_axis(axis, shape.1);
            let dataset = plain(shape, axis, dtype);
            let path = save(folder.path(), format, &bytes(&dataset, format, form, shape.1));
            let read = Dataset::collect(&mut open(&path).unwrap()).unwrap();
            assert_eq!((read.head().shape, read.head().dtype), (dataset.head().shape, dtype));
            for step in 0..shape.1 {
                assert_eq!(read.head().time.at(step), axis.at(step));
            }
            assert!(bits(&read) == bits(&dataset), "{format} {form} {shape:?}");
            assert!(open_checked(&path).is_ok());
        }
    });
}

#[test]
fn several_groups() {
    let folder = crate::scratch();
    for (shape, dtype, axis) in [
        ((1, (1 << 20) + 5, 1), Dtype::F32, 2),
        ((200, 1100, 10), Dtype::F64, 1),
        ((3, 5, 1 << 18), Dtype::F64, 0),
    ] {
        for (format, form) in FORMATS.into_iter().flat_map(|format| FORMS.map(|form| (format, form))) {
            let dataset = declared(shape, nth_axis(axis, shape.1), dtype);
            let whole = bytes(&dataset, format, form, shape.1);
            let path = save(folder.path(), format, &whole);
            assert!(
                Dataset::collect(&mut open_checked(&path).unwrap()).unwrap() == dataset,
                "{format} {form}"
            );
            let pieces = [65_536, 209_716].map(|values| values / (shape.0 * shape.2));
            for steps in pieces.into_iter().filter(|steps| *steps > 0) {
                assert!(bytes(&dataset, format, form, steps) == whole, "{format} {form} {steps}");
            }
        }
    }
}

#[test]
fn pieces_of_any_size_make_the_same_bytes() {
    every_kind(|format, form, dtype, axis| {
        for shape in [(3, 50, 4), (1, 2000, 1), (130, 40, 1)] {
            let dataset = declared(shape, nth_axis(axis, shape.1), dtype);
            let whole = bytes(&dataset, format, form, shape.1);
            for steps in [1, 7, 49] {
                assert!(bytes(&dataset, format, form, steps) == whole, "{format} {form} {steps}");
            }
        }
    });
}

#[test]
fn any_float_survives() {
    let folder = crate::scratch();
    let values = [
        0.0,
        -0.0,
        5e-324,
        -2.5e-310,
        f64::MIN_POSITIVE,
        f64::MAX,
        f64::MIN,
        0.1,
        1e16,
        1e-5,
        1.0 / 3.0,
        0.7,
    ];
    let special = [f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let all = [values.as_slice(), &special].concat();
    every_kind(|format, form, dtype, axis| {
        for shape in [(1, 16, 1), (4, 2, 2)] {
            let values = all.iter().map(|value| dtype.round(*value)).collect();
            let dataset =
                Dataset::new(declared(shape, nth_axis(axis, 16), dtype).head().clone(), values).unwrap();
            let path = save(folder.path(), format, &bytes(&dataset, format, form, 1));
            let read = Dataset::collect(&mut open(&path).unwrap()).unwrap();
            assert_eq!(bits(&read), bits(&dataset), "{format} {form} {dtype:?}");
        }
    });
}

#[test]
fn what_the_rows_do_not_hold_is_named() {
    let folder = crate::scratch();
    let dates = nth_axis(2, 9);
    for format in FORMATS {
        let error = |dataset: &Dataset, form: Form, attribute: (&str, Value)| {
            let mut head = dataset.head().clone();
            head.attributes.insert(attribute.0, attribute.1);
            let wrong = Dataset::new(head, dataset.values().to_vec()).unwrap();
            let path = save(folder.path(), format, &bytes(&wrong, format, form, 9));
            let error = open_checked(&path).err().unwrap().to_string();
            error.strip_prefix(&format!("{}: ", path.display())).unwrap().to_owned()
        };
        let params = |m: usize, t: usize, r: usize| {
            let params: Map = [("M", m), ("T", t), ("n_realizations", r)].into_iter().collect();
            ("params", params.into())
        };
        let dataset = declared((2, 9, 3), dates, Dtype::F64);
        assert_eq!(
            error(&dataset, Form::Panel, params(3, 9, 2)),
            "row 2: found (time 2024-02-29T06:30:00.000001, channel 0, realization 2), expected (time \
             2024-02-29T06:30:00.000001, channel 1, realization 0)"
        );
        assert_eq!(
            error(&dataset, Form::Wide, params(3, 9, 3)),
            "the parameters ask for M=3 · T=9 · n_realizations=3, and there are 2 columns of values"
        );
        assert_eq!(
            error(&dataset, Form::Wide, params(2, 9, 2)),
            "the parameters ask for M=2 · T=9 · n_realizations=2 = 18 rows, and there are 27"
        );
        let time: Map = [("start", "2024-02-29T06:30:00.000001"), ("freq", "30min")].into_iter().collect();
        let recipe: Map = [("time", time)].into_iter().collect();
        assert_eq!(
            error(&dataset, Form::Long, ("recipe", recipe.into())),
            "row 6: found (time 2024-02-29T06:45:00.000001, channel 0, realization 0), expected (time \
             2024-02-29T07:00:00.000001, channel 0, realization 0)"
        );
        assert_eq!(
            error(&dataset, Form::Long, ("config_id", "another".into())),
            "row 0: found config_id \"x_M1_T1__00c0ffee\", expected \"another\""
        );
        assert_eq!(
            error(&dataset, Form::Panel, ("config_id", "another".into())),
            "row 0: found unique_id \"x_M1_T1__00c0ffee/0/0\", expected one of \"another\""
        );
    }
}

#[test]
fn what_a_form_cannot_hold_is_refused() {
    let head = |m, t, r| Head {
        shape: Shape::of(m, t, r),
        ..plain((1, 1, 1), TimeAxis::Steps, Dtype::F64).head().clone()
    };
    for (format, form, (m, t, r), what) in [
        (
            Format::Parquet,
            Form::Wide,
            (1 << 17, 1, 1),
            "the wide form has at most 65536 channels, found 131072",
        ),
        (
            Format::Arrow,
            Form::Wide,
            (1 << 17, 1, 1),
            "the wide form has at most 65536 channels, found 131072",
        ),
        (Format::Parquet, Form::Wide, (1 << 16, 1 << 10, 1), "× 65536 channels = 4194304 column chunks"),
        (
            Format::Parquet,
            Form::Panel,
            (1 << 20, 40_000, 1),
            "40000 steps of 1048576 values make 40000 row groups",
        ),
        (Format::Arrow, Form::Panel, (1 << 12, 1, 1 << 12), "the panel form has at most 4194304 series"),
    ] {
        let head = head(m, t, r);
        let contents = Contents {
            head: &head,
            config_id: NAME,
            form,
            compression: Compression::default(),
            extra: &Map::new(),
        };
        let error = create(format, Vec::new(), &contents).err().unwrap().to_string();
        assert!(error.contains(what), "{error}");
        assert_eq!(format.objection(head.shape, form), Some(error));
    }
}

#[test]
fn sizes_are_about_right() {
    every_kind(|format, form, dtype, axis| {
        for shape in [(1, 20_000, 1), (20, 3000, 5), (300, 2000, 1)] {
            let dataset = declared(shape, nth_axis(axis, shape.1), dtype);
            let size = bytes(&dataset, format, form, shape.1).len() as f64;
            let said = format.size(dataset.head().shape, dtype, form, NAME) as f64;
            assert!(
                (0.5..2.0).contains(&(said / size)),
                "{format} {form} {dtype:?} {shape:?}: {said} {size}"
            );
        }
    });
}

/// Two datasets of the same columns, one after the other.
fn streamed(form: Form, dtype: Dtype, axis: usize) -> Vec<u8> {
    let mut writer = Vec::new();
    for (t, name, part) in [
        (30, "a__00000001", Part { first: true, last: false }),
        (40, "b__00000002", Part { first: false, last: true }),
    ] {
        let dataset = declared((2, t, 3), nth_axis(axis, t), dtype);
        let contents = Contents { config_id: name, ..contents(&dataset, form) };
        let mut sink = stream(Format::Arrow, writer, &contents, part).unwrap();
        sink.write(dataset.values()).unwrap();
        writer = sink.finish().unwrap();
    }
    writer
}

#[test]
fn streams_are_read_like_files() {
    let folder = crate::scratch();
    every_kind(|format, form, dtype, axis| {
        if format != Format::Arrow {
            return;
        }
        let dataset = declared((2, 9, 3), nth_axis(axis, 9), dtype);
        let mut sink = stream(format, Vec::new(), &contents(&dataset, form), Part::WHOLE).unwrap();
        sink.write(dataset.values()).unwrap();
        let path = save(folder.path(), format, &sink.finish().unwrap());
        assert_eq!(Dataset::collect(&mut open_checked(&path).unwrap()).unwrap(), dataset);
        // Two datasets are none, and the seam is where it shows.
        let path = save(folder.path(), format, &streamed(form, dtype, axis));
        let error = open(&path).err().unwrap().to_string();
        let row = if form == Form::Wide { "row 90" } else { "row 180" };
        assert!(error.contains(row), "{error}");
    });
    assert!(
        stream(
            Format::Parquet,
            Vec::new(),
            &contents(&plain((1, 1, 1), TimeAxis::Steps, Dtype::F64), Form::Long),
            Part::WHOLE
        )
        .is_err()
    );
}

/// Files of polars 2.1 and pandas 3.1: names as views and dictionaries, missing values, narrow
/// integers, timestamps of other units.
#[test]
fn what_others_wrote_is_read() {
    let fixture = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/io/fixtures").join(name);
    for name in ["polars.arrow", "pandas.arrow", "wide.parquet"] {
        for open in [open, open_checked] {
            let read = Dataset::collect(&mut open(&fixture(name)).unwrap()).unwrap();
            assert_eq!((read.head().shape, read.head().dtype), (Shape::of(2, 3, 2), Dtype::F64), "{name}");
            let dates = Instants::new("2024-01-31", "ME", 3).unwrap();
            assert!(
                (0..3).all(|step| read.head().time.at(step) == TimeAxis::Instants(dates).at(step)),
                "{name}"
            );
            for (i, value) in read.values().iter().enumerate() {
                assert!(*value == i as f64 / 4.0 || i == 5 && value.is_nan(), "{name}: {value}");
            }
        }
    }
    let error = open(&fixture("compressed.arrow")).err().unwrap().to_string();
    assert!(
        error.ends_with("the file is compressed with lz4, which is not read: write it without compression")
    );
}

/// Reads a file to its end, as far as it pretends to be of a modest size.
fn exhaust(path: &Path, check: bool) -> Result<(), String> {
    let source = if check { open_checked(path) } else { open(path) };
    let mut source = source.map_err(|error| error.to_string())?;
    let slab = source.head().shape.slab();
    if slab > 1 << 16 {
        return Ok(());
    }
    let mut slabs = vec![0.0; slab * 4];
    for _ in 0..1000 {
        match source.next(&mut slabs) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(())
}

#[test]
fn every_prefix_is_refused() {
    let folder = crate::scratch();
    let refused = |format: Format, bytes: &[u8], check: bool| {
        let path = save(folder.path(), format, bytes);
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        for end in (0..bytes.len()).rev() {
            file.set_len(end as u64).unwrap();
            assert!(exhaust(&path, check).is_err(), "{format} {end}");
        }
    };
    for format in FORMATS {
        for form in FORMS {
            let dataset = declared((2, 3, 2), nth_axis(2, 3), Dtype::F32);
            refused(format, &bytes(&dataset, format, form, 3), true);
        }
    }
    let dataset = declared((2, 3, 2), nth_axis(1, 3), Dtype::F64);
    let mut sink = stream(Format::Arrow, Vec::new(), &contents(&dataset, Form::Panel), Part::WHOLE).unwrap();
    sink.write(dataset.values()).unwrap();
    refused(Format::Arrow, &sink.finish().unwrap(), false);
}

/// The most memory that this process has had.
#[cfg(target_os = "linux")]
fn peak_mebibytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn damage_neither_panics_nor_fills_the_memory(
        format in prop::sample::select(FORMATS.to_vec()),
        form in prop::sample::select(FORMS.to_vec()),
        dtype in prop::sample::select(DTYPES.to_vec()),
        axis in 0_usize..4,
        as_stream in any::<bool>(),
        is_declared in any::<bool>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        let make = if is_declared { declared } else { plain };
        let dataset = make((2, 5, 3), nth_axis(axis, 5), dtype);
        let mut file = bytes(&dataset, format, form, 5);
        if format == Format::Arrow && as_stream {
            file = streamed(form, dtype, axis);
        }
        for (at, bits) in flips {
            let at = at.index(file.len());
            file[at] ^= bits;
        }
        let folder = crate::scratch();
        let path = save(folder.path(), format, &file);
        let _ = exhaust(&path, false);
        let _ = exhaust(&path, true);
        #[cfg(target_os = "linux")]
        prop_assert!(peak_mebibytes() < 2048);
    }
}
