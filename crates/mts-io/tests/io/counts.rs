//! Parquet files that announce more than they hold take no memory for it.

use std::path::Path;

use ::bytes::Bytes;
use mts_core::TimeAxis;
use mts_io::{Catalogue, Format, open, open_checked};
use parquet::basic::Compression;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, ParquetMetaDataWriter};
use proptest::prelude::*;

use crate::{bytes, catalogue, declared, scratch, write};

/// A page may have so much memory and what its bytes stand for; these files have a few thousand.
const MAX_BYTES: u64 = 1 << 26;

/// Reads what `read` returns an error of in little memory.
fn measured<T, E: ToString>(read: impl FnOnce() -> Result<T, E>) -> Result<(), String> {
    let mut outcome = Ok(());
    let info = allocation_counter::measure(|| outcome = read().map(drop).map_err(|error| error.to_string()));
    assert!(info.bytes_max < MAX_BYTES, "{} bytes: {outcome:?}", info.bytes_max);
    outcome
}

fn read(path: &Path) -> Result<(), String> {
    measured(|| -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut source = open_checked(path)?;
        let mut slabs = vec![0.0; source.head().shape.values().min(1 << 16)];
        while source.next(&mut slabs)? > 0 {}
        Ok(())
    })
}

/// A dataset of 20 channels, 300 steps and 10 realizations.
fn file() -> Vec<u8> {
    bytes(&declared(20, 300, 10, TimeAxis::Seconds { dt: 0.5 }), Format::Parquet, 300)
}

fn metadata(file: &[u8]) -> ParquetMetaData {
    ParquetMetaDataReader::new().parse_and_finish(&Bytes::copy_from_slice(file)).unwrap()
}

/// The first page of each column of each row group.
fn pages(file: &[u8]) -> Vec<usize> {
    let metadata = metadata(file);
    let columns = metadata.row_groups().iter().flat_map(|group| group.columns());
    columns.map(|c| c.dictionary_page_offset().unwrap_or(c.data_page_offset()) as usize).collect()
}

fn varint(mut n: u64, bytes: &mut Vec<u8>) {
    while n >= 0x80 {
        bytes.push(n as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
}

fn read_varint(bytes: &[u8], at: &mut usize) -> u64 {
    let mut n = 0;
    for shift in (0..).step_by(7) {
        *at += 1;
        n |= u64::from(bytes[*at - 1] & 0x7f) << shift;
        if bytes[*at - 1] < 0x80 {
            break;
        }
    }
    n
}

/// Gives the page at `at` another size and number of values. Its header grows into its body, of which it
/// announces less, so that the pages after it are where they were.
fn announce(file: &mut [u8], at: usize, size: Option<u64>, count: u64) {
    let mut end = at;
    let mut integer = |head: u8| {
        assert_eq!(file[end], head, "no header of ours");
        end += 1;
        read_varint(file, &mut end) >> 1
    };
    let [kind, uncompressed, compressed] = [0x15; 3].map(&mut integer);
    let marker = if kind == 2 { 0x4c } else { 0x2c };
    assert_eq!(file[end], marker);
    end += 1;
    assert_eq!(file[end], 0x15);
    end += 1;
    read_varint(file, &mut end);
    let about = if kind == 2 { 5 } else { 8 };
    let rest = file[end..end + about].to_vec();
    end += about;
    let header = |compressed: u64| {
        let mut bytes = Vec::new();
        for n in [kind, size.unwrap_or(uncompressed), compressed] {
            bytes.push(0x15);
            varint(n << 1, &mut bytes);
        }
        bytes.extend([marker, 0x15]);
        varint(count << 1, &mut bytes);
        bytes.extend(&rest);
        bytes
    };
    // A shorter number would make the header shorter in turn: the longest one that fits.
    let last = end + compressed as usize;
    let fits = (0..=compressed).rev().find(|left| at + header(*left).len() + *left as usize == last);
    if let Some(left) = fits {
        let header = header(left);
        file[at..at + header.len()].copy_from_slice(&header);
    }
}

/// Where the lengths of texts begin in a catalogue of one record.
fn deltas(file: &[u8]) -> Vec<usize> {
    file.windows(4).enumerate().filter(|(_, bytes)| *bytes == [0x80, 1, 4, 1]).map(|(at, _)| at + 3).collect()
}

/// A number in seven bytes, whatever it is.
fn wide(count: u64) -> [u8; 7] {
    std::array::from_fn(|place| (count >> (7 * place)) as u8 & 0x7f | if place < 6 { 0x80 } else { 0 })
}

#[test]
fn lengths_of_texts_are_as_many_as_texts() {
    let folder = scratch();
    let path = catalogue::save(&catalogue::catalogue(&[catalogue::row(0, "{}")]), folder.path());
    let sound = std::fs::read(&path).unwrap();
    assert_eq!(measured(|| Catalogue::read(&path)), Ok(()));
    let places = deltas(&sound);
    assert!(!places.is_empty());
    for at in places {
        let mut file = sound.clone();
        file[at..at + 7].copy_from_slice(&wide(1 << 44));
        let path = write(folder.path(), "x.parquet", file);
        let error = measured(|| Catalogue::read(&path)).unwrap_err();
        assert!(error.ends_with("a page of row group 0 announces more than it can hold"), "{error}");
    }
}

#[test]
fn an_uncompressed_page_is_as_long_as_it_is() {
    let folder = scratch();
    let mut file = file();
    assert_eq!(read(&write(folder.path(), "x.parquet", &file)), Ok(()));
    let at = pages(&file)[0];
    let count = (1 << 28) - 1;
    announce(&mut file, at, Some(8 * count), count);
    let path = write(folder.path(), "x.parquet", file);
    let error = measured(|| open(&path)).unwrap_err();
    assert!(error.ends_with("a page of row group 0 announces more than it can hold"), "{error}");
}

/// Else all rows behind it would be those of others.
#[test]
fn a_page_that_is_short_is_refused() {
    let folder = scratch();
    let dataset = declared(1, 100, 1, TimeAxis::Steps);
    let sound = bytes(&dataset, Format::Parquet, 100);
    for (place, at) in pages(&sound).into_iter().enumerate() {
        let mut file = sound.clone();
        // Of a dictionary, that is not seen.
        if file[at + 1] == 4 {
            continue;
        }
        announce(&mut file, at, None, 99);
        let error = read(&write(folder.path(), "x.parquet", file)).unwrap_err();
        assert!(error.contains("a page of row group 0 announces"), "column {place}: {error}");
    }
    let mut file = sound;
    let column = pages(&file)[0];
    file[column..column + 20].fill(0);
    let error = read(&write(folder.path(), "x.parquet", file)).unwrap_err();
    assert!(error.contains("a page of row group 0 announces"), "{error}");
}

#[test]
fn unknown_compressions_are_named() {
    let folder = scratch();
    let mut file = file();
    let found = metadata(&file);
    let groups = found.row_groups().iter().map(|group| {
        let columns = group.columns().iter().map(|column| {
            let codec = Compression::GZIP(Default::default());
            column.clone().into_builder().set_compression(codec).build().unwrap()
        });
        group.clone().into_builder().set_column_metadata(columns.collect()).build().unwrap()
    });
    let changed = found.clone().into_builder().set_row_groups(groups.collect()).build();
    let tail = file.len() - 8;
    let footer = u32::from_le_bytes(file[tail..tail + 4].try_into().unwrap()) as usize;
    file.truncate(tail - footer);
    ParquetMetaDataWriter::new(&mut file, &changed).finish().unwrap();
    let error = read(&write(folder.path(), "x.parquet", file)).unwrap_err();
    assert!(error.contains("is compressed with GZIP"), "{error}");
    assert!(error.ends_with("write it with SNAPPY, ZSTD or without compression"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn announced_counts_take_no_memory(
        page in any::<prop::sample::Index>(),
        count in 0..=i32::MAX as u64,
        bits in 0..31_u32,
        size in prop::option::of(prop::sample::select(vec![1_u64, 4, 8, 12])),
    ) {
        let folder = scratch();
        let mut file = file();
        let at = *page.get(&pages(&file));
        let count: u64 = count >> bits;
        announce(&mut file, at, size.map(|width: u64| (count * width).min(i32::MAX as u64)), count);
        let _ = read(&write(folder.path(), "x.parquet", file));
    }

    #[test]
    fn announced_lengths_of_texts_take_no_memory(
        place in any::<prop::sample::Index>(),
        count in 0..1_u64 << 49,
        bits in 0..49_u32,
    ) {
        let folder = scratch();
        let path = catalogue::save(&catalogue::catalogue(&[catalogue::row(0, "{}")]), folder.path());
        let mut file = std::fs::read(&path).unwrap();
        let at = *place.get(&deltas(&file));
        file[at..at + 7].copy_from_slice(&wide(count >> bits));
        let path = write(folder.path(), "x.parquet", file);
        let _ = measured(|| Catalogue::read(&path));
    }
}
