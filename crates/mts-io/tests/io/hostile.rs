//! Damaged files are refused in words, in bounded memory.

use std::path::Path;

use mts_core::{SlabSource, TimeAxis};
use mts_io::{Format, open, open_checked};
use proptest::prelude::*;

use crate::{bytes, dataset, declared, save, write};

/// Reads a file to its end, as far as it pretends to be of a modest size.
fn read(path: &Path, check: bool) -> Result<(), String> {
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

fn error(path: &Path) -> String {
    let error = read(path, true).unwrap_err();
    let name = path.display().to_string();
    error
        .strip_prefix(&format!("{name}: "))
        .unwrap_or_else(|| panic!("{error} does not name {name}"))
        .to_owned()
}

/// The most memory that this process has had.
#[cfg(target_os = "linux")]
fn peak_mebibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

fn damage(bytes: &mut Vec<u8>, flips: &[(prop::sample::Index, u8)], cut: Option<prop::sample::Index>) {
    for (at, bits) in flips {
        let at = at.index(bytes.len());
        bytes[at] ^= bits;
    }
    if let Some(cut) = cut {
        bytes.truncate(cut.index(bytes.len()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn damaged_bytes_neither_panic_nor_fill_the_memory(
        format in prop::sample::select(crate::files().collect::<Vec<_>>()),
        kind in 0..6,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let time = TimeAxis::Seconds { dt: 0.5 };
        let mut file = match (kind, format) {
            (0, _) => bytes(&declared(2, 3, 2, time), format, 3),
            (1, _) => bytes(&dataset(2, 3, 2, time), format, 3),
            (2, _) => bytes(&declared(16, 4, 10, time), format, 4),
            (3, _) => bytes(&dataset(1, 20, 1, time), format, 20),
            (_, Format::Csv) => include_bytes!("fixtures/pandas.csv").to_vec(),
            (4, Format::Parquet) => include_bytes!("fixtures/pymts.parquet").to_vec(),
            (5, Format::Parquet) => include_bytes!("fixtures/foreign.parquet").to_vec(),
            _ => bytes(&dataset(3, 2, 1, TimeAxis::Steps), format, 1),
        };
        damage(&mut file, &flips, cut);
        let folder = crate::scratch();
        let path = write(folder.path(), &format!("x.{}", format.extension()), file);
        let _ = read(&path, false);
        let _ = read(&path, true);
        #[cfg(target_os = "linux")]
        prop_assert!(peak_mebibytes() < 2048);
    }

    /// The footer is where sizes are announced.
    #[test]
    fn damaged_footers_neither_panic_nor_fill_the_memory(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut file = bytes(&declared(2, 3, 2, TimeAxis::Steps), Format::Parquet, 3);
        let tail = file.len() - 8;
        let footer = u32::from_le_bytes(file[tail..tail + 4].try_into().unwrap()) as usize;
        let mut part = file.split_off(tail - footer);
        let end = part.split_off(footer);
        damage(&mut part, &flips, None);
        file.extend(part);
        file.extend(end);
        let folder = crate::scratch();
        let _ = read(&write(folder.path(), "x.parquet", file), true);
        #[cfg(target_os = "linux")]
        prop_assert!(peak_mebibytes() < 2048);
    }
}

#[test]
fn every_prefix_is_refused() {
    let folder = crate::scratch();
    for format in crate::files() {
        let dataset = declared(2, 3, 2, TimeAxis::Steps);
        let file = bytes(&dataset, format, 3);
        let header = match format {
            Format::Csv => Some(1),
            Format::Ndjson => Some(0),
            _ => None,
        };
        let name = format!("x.{}", format.extension());
        for end in 0..file.len() {
            let path = write(folder.path(), &name, &file[..end]);
            let lines = file[..end].iter().filter(|b| **b == b'\n').count();
            let rows = header.filter(|_| file[..end].ends_with(b"\n")).map(|header| lines - header);
            // A text that ends with a step is a shorter dataset, and a first step that breaks off a
            // smaller step.
            if !rows.is_some_and(|rows| (1..4).contains(&rows) || rows > 0 && rows % 4 == 0) {
                error(&path);
            }
        }
    }
}

#[test]
fn damage_is_named() {
    let folder = crate::scratch();
    let at = |name: &str, text: &str| error(&write(folder.path(), name, text));
    let header = "time,channel,realization,value,config_id\n";
    let csv = |rows: &str| at("x.csv", &format!("{header}{rows}"));
    assert_eq!(
        at("x.csv", "a,b\n"),
        "line 1: expected the columns time, channel, realization, value, config_id (long form), time, realization and \
         one per channel (wide form), or unique_id, ds, y (panel form)"
    );
    assert_eq!(csv(""), "line 2: there are no rows");
    assert_eq!(csv("0,0,0,1.0,x"), "line 2: no line end: the file is cut off");
    assert_eq!(csv("0,0,0,1.0\n"), "line 2: expected 5 fields");
    assert_eq!(csv("0,0,0,one,x\n"), "line 2: expected a number, found \"one\"");
    assert_eq!(csv("0,0,0,1.0,x\n0,0,1,1.0,y\n"), "line 3: the config_id is not that of the first row");
    assert_eq!(
        csv("0,0,0,1.0,x\n0,0,2,1.0,x\n"),
        "line 3: found (time 0, channel 0, realization 2), expected (time 0, channel 0, realization 1)"
    );
    assert_eq!(csv(&"0".repeat(1 << 23)), "line 2: the line is longer than 4194304 bytes");
    assert!(at("x.parquet", "PAR1").starts_with("the file is too short"));
    assert!(
        at("x.parquet", "PAR1 and nothing else").starts_with("the file does not end as a Parquet file does")
    );
    assert!(
        at("x.parquet", "PAR1........\u{1}\u{7f}\0\0PAR1").starts_with("the footer is larger than the file")
    );
    assert_eq!(error(&folder.path().join("none.csv")), "there is no such file or folder");
    std::fs::create_dir(folder.path().join("d.parquet")).unwrap();
    assert!(error(&folder.path().join("d.parquet")).starts_with("this is a folder"));
    std::fs::create_dir(folder.path().join("d.csv")).unwrap();
    assert!(error(&folder.path().join("d.csv")).starts_with("this is a folder"));
}

#[test]
fn rows_out_of_order_are_named() {
    let folder = crate::scratch();
    let mut dataset = declared(2, 300, 70, TimeAxis::Seconds { dt: 0.5 });
    let path = save(&dataset, Format::Parquet, folder.path());
    assert_eq!(read(&path, true), Ok(()));

    // What the attributes declare is not what the columns hold.
    let mut head = dataset.head().clone();
    let params: mts_hash::Map = [("M", 70), ("T", 300), ("n_realizations", 2)].into_iter().collect();
    head.attributes.insert("params", params);
    let swapped = bytes_with(&dataset, &head);
    let path = write(folder.path(), "x.parquet", swapped);
    assert_eq!(read(&path, false), Ok(()));
    assert_eq!(
        error(&path),
        "row 2: found (time 0.0, channel 0, realization 2), expected (time 0.0, channel 1, realization 0)"
    );

    head.attributes.insert("params", mts_hash::Map::from_iter([("M", 2), ("T", 9), ("n_realizations", 2)]));
    let path = write(folder.path(), "x.parquet", bytes_with(&dataset, &head));
    assert_eq!(
        error(&path),
        "the parameters ask for M=2 · T=9 · n_realizations=2 = 36 rows, and there are 42000"
    );

    head = dataset.head().clone();
    head.attributes.insert("config_id", "another");
    let path = write(folder.path(), "x.parquet", bytes_with(&dataset, &head));
    assert_eq!(error(&path), "row 0: found config_id \"x_M1_T1__00c0ffee\", expected \"another\"");
    dataset = declared(1, 1, 1, TimeAxis::Steps);
    assert_eq!(read(&save(&dataset, Format::Parquet, folder.path()), true), Ok(()));
}

/// The values of `dataset` in their own order, under attributes that say something else.
fn bytes_with(dataset: &mts_core::Dataset, head: &mts_core::Head) -> Vec<u8> {
    let head = mts_core::Head { shape: dataset.head().shape, ..head.clone() };
    bytes(&mts_core::Dataset::new(head, dataset.values().to_vec()).unwrap(), Format::Parquet, 300)
}
