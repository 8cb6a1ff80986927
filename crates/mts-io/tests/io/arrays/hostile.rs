//! Damaged files are refused in words, in bounded memory.

use std::fs;
use std::path::{Path, PathBuf};

use mts_core::{Dataset, Dtype, TimeAxis};
use mts_io::{Format, IoErrorKind, open};

use super::{FORMATS, bits, dataset, dates, read, save};

fn small(time: TimeAxis) -> Dataset {
    dataset(2, 3, 2, time, Dtype::F64)
}

/// All files of a dataset.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| files(&path)).collect()
}

fn error(path: &Path) -> String {
    let error = read(path, true).map(drop).unwrap_err();
    assert!(error.starts_with(path.to_str().unwrap()), "{error} does not name {}", path.display());
    error
}

#[test]
fn every_prefix_is_refused() {
    let folder = crate::scratch();
    for format in FORMATS {
        let (path, _) = save(&small(TimeAxis::Seconds { dt: 0.5 }), format, folder.path(), 3);
        for file in files(&path) {
            let content = fs::read(&file).unwrap();
            for end in 0..content.len() {
                fs::write(&file, &content[..end]).unwrap();
                error(&path);
                // What the head does not need of a folder is not read.
                assert!(read(&path, false).is_err() || format == Format::Zarr);
            }
            fs::write(&file, &content).unwrap();
        }
        assert!(read(&path, true).is_ok());
    }
}

#[test]
fn any_byte_may_be_wrong() {
    let folder = crate::scratch();
    for (format, time) in
        FORMATS.into_iter().zip([TimeAxis::Steps, dates("2024-01-31", "ME", 3), TimeAxis::Steps])
    {
        let dataset = small(time);
        let (path, _) = save(&dataset, format, folder.path(), 3);
        for file in files(&path) {
            let content = fs::read(&file).unwrap();
            for at in 0..content.len() {
                for flip in [1 << (at % 8), 0xff] {
                    let mut damaged = content.clone();
                    damaged[at] ^= flip;
                    fs::write(&file, damaged).unwrap();
                    let _ = read(&path, false);
                    let checked = read(&path, true);
                    // Whatever is read of an archive has its checksum.
                    if let (Format::Npz, Ok(found)) = (format, checked) {
                        let nothing_lost =
                            found.head().attributes.is_empty() || found.head() == dataset.head();
                        assert!(nothing_lost && bits(&found) == bits(&dataset), "{at}");
                    }
                }
            }
            fs::write(&file, &content).unwrap();
        }
    }
}

/// Puts `new` in the place of `old`, which is equally long.
fn replace(path: &Path, old: &[u8], new: &[u8]) {
    let mut content = fs::read(path).unwrap();
    let at = content.windows(old.len()).position(|window| window == old).unwrap();
    content.splice(at..at + old.len(), new.iter().copied());
    fs::write(path, content).unwrap();
}

#[test]
fn sizes_are_not_believed() {
    let folder = crate::scratch();
    let dataset = small(TimeAxis::Steps);

    let (npz, _) = save(&dataset, Format::Npz, folder.path(), 3);
    replace(&npz, b"(3, 2, 2), }             ", b"(3000000000000, 2, 2), } ");
    assert!(
        read(&npz, false).unwrap_err().contains("has the shape [3000000000000, 2, 2] of <f8, and 96 bytes")
    );
    let (npz, _) = save(&dataset, Format::Npz, folder.path(), 3);
    replace(&npz, b"(3, 2, 2), }  ", b"(0, 2, 2), }  ");
    assert!(read(&npz, false).is_err());

    let (nc, _) = save(&dataset, Format::Netcdf, folder.path(), 3);
    let content = fs::read(&nc).unwrap();
    for records in [0, 4, 0x7fff_ffff, 0xffff_fffe_u32] {
        let mut damaged = content.clone();
        damaged[4..8].copy_from_slice(&records.to_be_bytes());
        fs::write(&nc, damaged).unwrap();
        assert!(error(&nc).contains("is empty, or longer than the file"));
    }
    // The length of the file says how many there are.
    let mut streamed = content.clone();
    streamed[4..8].copy_from_slice(&[255; 4]);
    fs::write(&nc, streamed).unwrap();
    assert_eq!(bits(&read(&nc, true).unwrap()), bits(&dataset));
    fs::write(&nc, &content).unwrap();
    replace(&nc, b"realization\0\0\0\0\x02", b"realization\0\x7f\xff\xff\xff");
    error(&nc);

    for (old, new) in [
        ("\"shape\":[3,2,2]", "\"shape\":[3000000000000,2,2]"),
        ("\"shape\":[3,2,2]", "\"shape\":[18446744073709551615,2,2]"),
        ("\"shape\":[3,2,2]", "\"shape\":[99999999999999999999999,2,2]"),
        ("\"shape\":[3,2,2]", "\"shape\":[3,2,2,1]"),
        ("\"shape\":[3,2,2]", "\"shape\":[3,0,2]"),
        ("\"chunk_shape\":[3,2,2]", "\"chunk_shape\":[0,2,2]"),
        ("\"chunk_shape\":[3,2,2]", "\"chunk_shape\":[9223372036854775807,2,2]"),
        ("\"chunk_shape\":[3,2,2]", "\"chunk_shape\":[3,9000000000000,2]"),
        ("\"chunk_shape\":[3,2,2]", "\"chunk_shape\":[3,2,1]"),
        ("\"separator\":\"/\"", "\"separator\":\"/../\""),
        ("\"attributes\":{}", &format!("\"attributes\":{}", "[".repeat(100_000))),
    ] {
        let (zarr, _) = save(&dataset, Format::Zarr, folder.path(), 3);
        replace(&zarr.join("data/zarr.json"), old.as_bytes(), new.as_bytes());
        error(&zarr);
    }
}

#[test]
fn damage_is_named() {
    let folder = crate::scratch();
    let dataset = small(TimeAxis::Seconds { dt: 0.5 });
    let (npz, _) = save(&dataset, Format::Npz, folder.path(), 3);
    replace(&npz, &0.5_f64.to_le_bytes(), &0.75_f64.to_le_bytes());
    assert!(error(&npz).contains("the array \"time\" is damaged"));

    let (nc, _) = save(&dataset, Format::Netcdf, folder.path(), 3);
    replace(&nc, &1.0_f64.to_be_bytes(), &1.25_f64.to_be_bytes());
    assert!(error(&nc).ends_with("the time of step 2 is 1.25, expected 1.0"));
    assert!(read(&nc, false).is_err());
    let (nc, _) = save(&dataset, Format::Netcdf, folder.path(), 3);
    replace(
        &nc,
        &[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1],
        &[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2],
    );
    assert!(error(&nc).ends_with("the realization 2 stands where 1 is expected"));
    assert!(read(&nc, false).is_ok());
    fs::write(&nc, "CDF\x05........").unwrap();
    assert!(error(&nc).contains("64-bit data"));
    fs::write(&nc, "\u{89}HDF").unwrap();
    fs::write(&nc, b"\x89HDF\r\n\x1a\n").unwrap();
    assert!(error(&nc).contains("NetCDF-4 (HDF5) is not read"));

    let (zarr, _) = save(&dataset, Format::Zarr, folder.path(), 3);
    let chunk = zarr.join("data/c/0/0/0");
    fs::write(&chunk, [0; 95]).unwrap();
    assert_eq!(error(&zarr), format!("{}: the chunk has 95 bytes, expected 96", chunk.display()));
    fs::remove_file(&chunk).unwrap();
    assert_eq!(error(&zarr), format!("{}: the chunk is missing", chunk.display()));
    let (zarr, _) = save(&dataset, Format::Zarr, folder.path(), 3);
    fs::remove_file(zarr.join("realization/c/0")).unwrap();
    assert!(error(&zarr).ends_with("the realization 0 stands where 1 is expected"));
    let (zarr, _) = save(&dataset, Format::Zarr, folder.path(), 3);
    replace(&zarr.join("data/zarr.json"), b"{\"name\":\"bytes\"", b"{\"name\":\"zstd\" ");
    assert!(error(&zarr).ends_with("the codec \"zstd\" is not read: write without compressors"));
}

#[test]
fn a_chunk_that_disappears_while_reading_is_named() {
    let folder = crate::scratch();
    let dataset = dataset(1, (1 << 20) + 5, 1, TimeAxis::Steps, Dtype::F32);
    let (path, _) = save(&dataset, Format::Zarr, folder.path(), 1 << 19);
    assert_eq!(bits(&read(&path, true).unwrap()), bits(&dataset));
    let mut source = open(&path).unwrap();
    let chunk = path.join("data/c/1/0/0");
    fs::remove_file(&chunk).unwrap();
    let error = Dataset::collect(&mut source).unwrap_err().to_string();
    assert_eq!(error, format!("{}: the chunk is missing", chunk.display()));
}

#[test]
fn folders_are_no_files() {
    let folder = crate::scratch();
    for format in FORMATS {
        let path = folder.path().join("x").with_extension(format.extension());
        let error = open(&path).map(drop).unwrap_err();
        assert!(matches!(error.kind(), IoErrorKind::NotFound));
        if format == Format::Zarr {
            fs::write(&path, "text").unwrap();
        } else {
            fs::create_dir(&path).unwrap();
        }
        let error = open(&path).map(drop).unwrap_err();
        let expected = if format == Format::Zarr {
            matches!(error.kind(), IoErrorKind::NotFolder)
        } else {
            matches!(error.kind(), IoErrorKind::IsFolder)
        };
        assert!(expected, "{error}");
        assert_eq!(error.path(), Some(path.as_path()));
    }
}

#[test]
fn an_attribute_is_no_array() {
    let folder = crate::scratch();
    let mut file = b"CDF\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0c\0\0\0\x01\0\0\0\x01a\0\0\0\0\0\0\x01".to_vec();
    file.extend((1_u32 << 22).to_be_bytes());
    file.resize(file.len() + (1 << 22) + 8, 0);
    let error = mts_io::open(&crate::write(folder.path(), "x.nc", file)).map(drop).unwrap_err().to_string();
    assert!(error.ends_with("the attribute \"a\" announces 4194304 values"), "{error}");
}
