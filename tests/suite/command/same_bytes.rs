//! The same bytes for any number of threads and any build.

use std::process::Command;

use super::Place;

fn contents(place: &Place, folder: &str) -> Vec<(String, Vec<u8>)> {
    let read = |file: String| {
        let bytes = std::fs::read(place.path(folder).join(&file)).unwrap();
        (file, bytes)
    };
    place.files(folder).into_iter().map(read).collect()
}

const EVERY_MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../configs/every_model.yaml");

#[test]
fn any_number_of_jobs_writes_the_same_bytes() {
    let place = Place::new();
    for jobs in ["1", "2", "5"] {
        place.run(&["generate", EVERY_MODEL, "--jobs", jobs, "--out", jobs]).expect(0);
    }
    let one = contents(&place, "1");
    assert!(one.len() >= 40);
    assert_eq!(one, contents(&place, "2"));
    assert_eq!(one, contents(&place, "5"));
}

/// The native build comes from `./check`, which says where it is; without it, the same command
/// stands in and the comparison is between two runs.
#[test]
fn a_build_for_this_processor_writes_the_same_bytes() {
    let place = Place::new();
    place.run(&["generate", EVERY_MODEL, "--out", "plain"]).expect(0);
    let native = std::env::var_os("MTS_NATIVE_BINARY");
    let native = native.unwrap_or_else(|| env!("CARGO_BIN_EXE_mts-suite").into());
    let out = place.path("native");
    let ran = Command::new(native).args(["generate", EVERY_MODEL, "--out"]).arg(&out).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(contents(&place, "plain"), contents(&place, "native"));
}
