//! The same bytes on any number of threads, and under any compression the same values.

use std::fs::File;

use mts_core::{Dataset, Dtype, Head, Shape, TimeAxis};
use mts_hash::Map;
use mts_io::{Compression, Contents, Form, Format, create, open_checked};
use parquet::basic::{Compression as Codec, Encoding};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::statistics::Statistics;
use rayon::ThreadPoolBuilder;

use crate::{CONFIG_ID, dataset, scratch};

const FORMS: [Form; 3] = [Form::Long, Form::Wide, Form::Panel];

fn bytes(dataset: &Dataset, format: Format, form: Form, compression: Compression, steps: usize) -> Vec<u8> {
    let extra = Map::new();
    let contents = Contents { head: dataset.head(), config_id: CONFIG_ID, form, compression, extra: &extra };
    let mut sink = create(format, Vec::new(), &contents).unwrap();
    for slabs in dataset.values().chunks(steps * dataset.head().shape.slab()) {
        sink.write(slabs).unwrap();
    }
    sink.finish().unwrap()
}

/// More than a row group, and pieces that end within steps.
fn large(dtype: Dtype) -> Dataset {
    let plain = dataset(7, 30_001, 5, TimeAxis::Seconds { dt: 0.25 });
    let head = Head { dtype, ..plain.head().clone() };
    let mut values: Vec<f64> = plain.values().iter().map(|value| dtype.round(*value)).collect();
    values[500_000] = f64::NEG_INFINITY;
    values[900_000] = 1e30_f32.into();
    values[1_049_000] = f64::NAN;
    Dataset::new(head, values).unwrap()
}

#[test]
fn threads_move_no_byte() {
    let pools = [1, 2, 3].map(|threads| ThreadPoolBuilder::new().num_threads(threads).build().unwrap());
    for dtype in [Dtype::F64, Dtype::F32] {
        let large = large(dtype);
        let small = Head { dtype, ..dataset(7, 2001, 5, TimeAxis::Seconds { dt: 0.25 }).head().clone() };
        let small = Dataset::new(small, large.values()[..7 * 2001 * 5].to_vec()).unwrap();
        for (format, dataset) in [(Format::Parquet, &large), (Format::Csv, &small), (Format::Ndjson, &small)]
        {
            for form in FORMS {
                let alone = bytes(dataset, format, form, Compression::Snappy, 4096);
                for (pool, steps) in pools.iter().zip([1, 700, 30_001]) {
                    let found = pool.install(|| bytes(dataset, format, form, Compression::Snappy, steps));
                    assert!(found == alone, "{format}, {form}, {dtype:?}, {steps} steps at once");
                }
            }
        }
    }
}

/// A step whose rows are more than a piece, and rows that are.
#[test]
fn pieces_are_not_steps() {
    let pool = ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    for shape in [(3, 3, 20_000), (20_000, 3, 2)] {
        let dataset = dataset(shape.0, shape.1, shape.2, TimeAxis::Steps);
        for form in FORMS {
            for format in [Format::Csv, Format::Ndjson] {
                let alone = bytes(&dataset, format, form, Compression::Snappy, 1);
                let found = pool.install(|| bytes(&dataset, format, form, Compression::Snappy, 3));
                assert!(found == alone, "{format}, {form}");
            }
        }
    }
}

#[test]
fn compressions_hold_the_same_values() {
    let folder = scratch();
    let pool = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    for dtype in [Dtype::F64, Dtype::F32] {
        let dataset = large(dtype);
        for (name, codec, encoding) in [
            ("none", Codec::UNCOMPRESSED, Encoding::PLAIN),
            ("snappy", Codec::SNAPPY, Encoding::PLAIN),
            ("zstd", Codec::ZSTD(Default::default()), Encoding::BYTE_STREAM_SPLIT),
        ] {
            let compression: Compression = name.parse().unwrap();
            assert_eq!(compression.name(), name);
            for form in [Form::Long, Form::Wide] {
                let alone = bytes(&dataset, Format::Parquet, form, compression, 999);
                let found = pool.install(|| bytes(&dataset, Format::Parquet, form, compression, 999));
                assert!(found == alone, "{name}, {form}");
                let path = folder.path().join("x.parquet");
                std::fs::write(&path, &found).unwrap();
                let read = Dataset::collect(&mut open_checked(&path).unwrap()).unwrap();
                let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
                assert!(read.values().iter().zip(dataset.values()).all(same), "{name}, {form}");

                let reader = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
                let group = reader.metadata().row_group(0);
                let value = group
                    .columns()
                    .iter()
                    .find(|column| ["value", "y", "channel_1"].contains(&column.column_descr().name()));
                let value = value.unwrap();
                assert!(value.encodings().any(|found| found == encoding), "{name}");
                match codec {
                    Codec::ZSTD(_) => assert!(matches!(value.compression(), Codec::ZSTD(_))),
                    other => assert_eq!(value.compression(), other),
                }
                if form == Form::Long {
                    let expected = dataset.values()[..value.num_values() as usize].iter().copied();
                    let least = expected.clone().fold(f64::INFINITY, f64::min);
                    let greatest = expected.fold(f64::NEG_INFINITY, f64::max);
                    let (low, high) = match value.statistics().unwrap() {
                        Statistics::Double(found) => (*found.min_opt().unwrap(), *found.max_opt().unwrap()),
                        Statistics::Float(found) => {
                            (f64::from(*found.min_opt().unwrap()), f64::from(*found.max_opt().unwrap()))
                        }
                        other => panic!("{other:?}"),
                    };
                    assert_eq!((low, high), (least, greatest));
                }
            }
        }
    }
}

/// Of all that a file says beside its values, the footer grows with the number of row groups alone.
#[test]
fn footers_are_small() {
    // Steps of a whole row group each.
    let shape = Shape::of(1024, 40, 1024);
    let head = Head { shape, ..dataset(1, 1, 1, TimeAxis::Steps).head().clone() };
    let extra = Map::new();
    let contents = Contents {
        head: &head,
        config_id: CONFIG_ID,
        form: Form::Long,
        compression: Compression::None,
        extra: &extra,
    };
    let mut sink = create(Format::Parquet, Vec::new(), &contents).unwrap();
    let slab = vec![0.5; shape.slab()];
    (0..shape.steps()).for_each(|_| sink.write(&slab).unwrap());
    let bytes = sink.finish().unwrap();
    let length = bytes.len();
    let footer = u32::from_le_bytes(bytes[length - 8..length - 4].try_into().unwrap());
    assert!(footer < 2000 + 1000 * 40, "{footer}");
}
