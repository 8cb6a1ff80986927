//! What is encoded here is what the library would write.

use std::sync::Arc;

use mts_core::{Dtype, Instants, Shape, TimeAxis};
use parquet::basic::{Compression as Codec, Encoding};
use parquet::column::writer::{get_column_writer, get_typed_column_writer_mut};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int64Type};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::{ColumnDescPtr, SchemaDescriptor};

use super::chunk::Chunk;
use super::layout::{self, PAGE_ROWS};
use super::places::{Dictionary, Order, Places, whole};
use super::unrolled;
use crate::Compression;
use crate::formats::table::{Column, Content, Stored, Table};

fn description(content: Content, stored: Stored) -> ColumnDescPtr {
    let columns = vec![Column { name: "x".to_owned(), content, stored }];
    let shape = Shape::of(1, 1, 1);
    let table = Table { shape, time: TimeAxis::Steps, columns, rows: 1, names: Vec::new() };
    SchemaDescriptor::new(layout::schema(&table).unwrap()).column(0)
}

/// Rows that the library encodes at once, none of which is missing.
static PRESENT: [i16; 1 << 14] = [1; 1 << 14];

/// What the library writes: in places of a dictionary, or in another encoding.
fn theirs<T: DataType>(
    description: &ColumnDescPtr,
    codec: Codec,
    encoding: Option<Encoding>,
    rows: impl Iterator<Item = T::T>,
) -> Chunk {
    let properties = WriterProperties::builder()
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_write_batch_size(1024)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_statistics_truncate_length(None)
        .set_write_page_header_statistics(false)
        .set_offset_index_disabled(true)
        .set_dictionary_enabled(encoding.is_none())
        .set_encoding(encoding.unwrap_or(Encoding::PLAIN))
        .set_compression(codec)
        .build();
    let mut sink = TrackedWrite::new(Vec::new());
    let pages = Box::new(SerializedPageWriter::new(&mut sink));
    let mut writer = get_column_writer(description.clone(), Arc::new(properties), pages);
    let rows: Vec<_> = rows.collect();
    for batch in rows.chunks(PRESENT.len()) {
        let writer = get_typed_column_writer_mut::<T>(&mut writer);
        writer.write_batch(batch, Some(&PRESENT[..batch.len()]), None).unwrap();
    }
    let metadata = writer.close().unwrap().metadata;
    Chunk { parts: vec![Arc::new(sink.into_inner().unwrap())], metadata }
}

fn assert_same(ours: &Chunk, theirs: &Chunk, case: &str) {
    let bytes = |chunk: &Chunk| -> Vec<u8> { chunk.parts.iter().flat_map(|part| part.to_vec()).collect() };
    assert!(bytes(ours) == bytes(theirs), "{case}: other bytes");
    assert_eq!(format!("{:#?}", ours.metadata), format!("{:#?}", theirs.metadata), "{case}");
}

#[test]
fn values() {
    // All bits differ, so that nothing shows Snappy a way.
    let noise = |i: usize| f64::from_bits((i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 2);
    let cases: [(&str, Vec<f64>); 8] = [
        ("one", vec![-0.5]),
        ("noise", (0..3 * PAGE_ROWS + 5).map(noise).collect()),
        ("zeros", vec![0.0, -0.0, 0.0]),
        ("constant", vec![7.0; PAGE_ROWS + 1]),
        ("holes", (0..100).map(|i| if i % 3 == 0 { f64::NAN } else { noise(i) }).collect()),
        ("only holes", vec![f64::NAN; 40]),
        ("infinite", vec![f64::INFINITY, 1.0, f64::NEG_INFINITY]),
        ("above all", vec![f64::INFINITY; 17]),
    ];
    for (name, values) in &cases {
        for compression in [Compression::None, Compression::Snappy, Compression::Zstd] {
            for dtype in [Dtype::F64, Dtype::F32] {
                let stored = if dtype == Dtype::F64 { Stored::Double } else { Stored::Single };
                let description = description(Content::Value(0), stored);
                let floats = layout::floats(dtype, compression);
                let pieces = [&values[..values.len() / PAGE_ROWS / 2 * PAGE_ROWS], values];
                let rest = pieces[1].split_at(pieces[0].len()).1;
                let pieces = [pieces[0], rest].into_iter().filter(|values| !values.is_empty());
                let pieces = pieces.map(|values| floats.encode(values, vec![1; 10]).unwrap());
                let ours = floats.chunk(&description, pieces).unwrap();
                let (codec, encoding) = (floats.compression, Some(floats.values.encoding()));
                let values = values.iter().copied();
                let theirs = match dtype {
                    Dtype::F64 => theirs::<DoubleType>(&description, codec, encoding, values),
                    Dtype::F32 => {
                        theirs::<FloatType>(&description, codec, encoding, values.map(|value| value as f32))
                    }
                };
                assert_same(&ours, &theirs, &format!("{name}, {compression:?}, {dtype:?}"));
            }
        }
    }
}

#[test]
fn integers() {
    let description = description(Content::Channel, Stored::Integer);
    for (places, run, rows) in [
        (1, 1, 1),
        (1, 1, 2 * PAGE_ROWS + 3),
        (2, 1, 5),
        (2, 5, 3000),
        (3, 8, 24),
        (3, 9, 27),
        (5, 1, PAGE_ROWS),
        (7, 13, 7 * 13 * 300),
        (255, 2, 600),
        (256, 3, 4096),
        (257, 1, PAGE_ROWS + 1),
        (300, 100, 30_000),
        (70_000, 1, 70_000),
    ] {
        for codec in [Codec::UNCOMPRESSED, Codec::SNAPPY, Codec::ZSTD(Default::default())] {
            let order = Order { places, run };
            let ours = Places::new(&description, codec, (rows, rows), order).unwrap();
            let ours = ours.chunk(Dictionary::counting(places)).unwrap();
            let numbers = (0..rows).map(|row| (row / run % places) as i64);
            let theirs = theirs::<Int64Type>(&description, codec, None, numbers);
            assert_same(&ours, &theirs, &format!("{places} places, runs of {run}, {rows} rows, {codec:?}"));
        }
    }
}

#[test]
fn times() {
    let codec = Codec::UNCOMPRESSED;
    let instants = Instants::new("2024-02-28", "h", 1000).unwrap();
    for (rows, steps) in [(128, 0..7), (1000, 0..700), (128, 5..1000), (40_000, 2..4)] {
        let case = format!("{rows} rows in each of {steps:?}");
        let order = Order { places: steps.len(), run: rows };
        let count = rows * steps.len();
        let numbers = steps.clone().flat_map(|step| vec![step; rows]);
        for axis in [TimeAxis::Steps, TimeAxis::Instants(instants)] {
            let description = description(Content::Time, Stored::Integer);
            let ours = Places::new(&description, codec, (count, count), order).unwrap();
            let ours = ours.chunk(Dictionary::times(axis, steps.clone())).unwrap();
            let theirs =
                theirs::<Int64Type>(&description, codec, None, numbers.clone().map(|step| whole(axis, step)));
            assert_same(&ours, &theirs, &case);
        }
        let description = description(Content::Time, Stored::Double);
        let axis = TimeAxis::Seconds { dt: 0.1 };
        let ours = Places::new(&description, codec, (count, count), order).unwrap();
        let ours = ours.chunk(Dictionary::times(axis, steps.clone())).unwrap();
        let theirs =
            theirs::<DoubleType>(&description, codec, None, numbers.map(|step| axis.at(step).as_f64()));
        assert_same(&ours, &theirs, &case);
    }
}

#[test]
fn texts() {
    let description = description(Content::Name, Stored::Text);
    for (names, rows) in [(1, 1), (1, 50_000), (2, 2), (12, 1200), (1000, 30_000)] {
        let texts: Vec<String> = (0..names).map(|i| format!("series {} äö", i * 37 % names)).collect();
        let order = Order { places: names, run: 1 };
        let ours = Places::new(&description, Codec::SNAPPY, (rows, rows), order).unwrap();
        let ours = ours.chunk(Dictionary::texts(&texts, rows / names)).unwrap();
        let cells = texts.iter().cycle().take(rows).map(|text| ByteArray::from(text.as_str()));
        let theirs = theirs::<ByteArrayType>(&description, Codec::SNAPPY, None, cells);
        assert_same(&ours, &theirs, &format!("{names} names in {rows} rows"));
    }
}

#[test]
fn pages_repeat() {
    let description = description(Content::Realization, Stored::Integer);
    let chunk = |rows, period| {
        let places = Places::new(&description, Codec::SNAPPY, (rows, period), Order { places: 10, run: 1 });
        places.unwrap().chunk(Dictionary::counting(10)).unwrap()
    };
    let (one, rest) = (chunk(4000, 4000), chunk(20, 20));
    let all = chunk(8020, 4000);
    let data = |chunk: &Chunk| chunk.parts[1].to_vec();
    assert_eq!(data(&all), [data(&one), data(&one), data(&rest)].concat());
    assert_eq!(all.metadata.num_values(), 8020);
}

#[test]
fn unrolled_integers() {
    let description = description(Content::Time, Stored::Integer);
    let cases: [(&str, Vec<i64>); 7] = [
        ("one", vec![-7]),
        ("steps", (0..3000).map(|row| row / 10).collect()),
        ("pages", (0..2 * PAGE_ROWS as i64 + 1).collect()),
        ("one more than a block", (0..258).map(|row| row * row).collect()),
        ("down", (0..257).rev().collect()),
        ("months", (0..500).map(|row| row * 2_629_746_000_000 + row % 7 * 86_400_000_000).collect()),
        ("ends", vec![i64::MAX, i64::MIN, 0, i64::MAX, i64::MIN + 1, -1]),
    ];
    for (name, numbers) in cases {
        let ours = unrolled::integers(&description, Codec::SNAPPY, numbers.iter().copied()).unwrap();
        let encoding = Some(Encoding::DELTA_BINARY_PACKED);
        let theirs = theirs::<Int64Type>(&description, Codec::SNAPPY, encoding, numbers.into_iter());
        assert_same(&ours, &theirs, name);
    }
}

#[test]
fn unrolled_texts() {
    let description = description(Content::Name, Stored::Text);
    let texts: Vec<String> = (0..30).map(|i| format!("series {i}")).collect();
    let ours = unrolled::texts(&description, Codec::SNAPPY, &texts, 40_000).unwrap();
    let cells = texts.iter().cycle().take(40_000).map(|text| ByteArray::from(text.as_str()));
    let theirs = theirs::<ByteArrayType>(&description, Codec::SNAPPY, Some(Encoding::PLAIN), cells);
    assert_same(&ours, &theirs, "texts");
}
